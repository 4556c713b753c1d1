"""A provision from its account to the config, and the destruction of one: what the commands call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from botocore.exceptions import BotoCoreError

from provision.apply import Apply, Tell
from provision.cloud import CallError, Clock, Cloud
from provision.destroy import Left, destroy, standing
from provision.found import TEST_ALIAS
from provision.package import package
from provision.plan import Action, Step, plan, resources
from provision.record import Record
from provision.resource import Resource
from provision.spec import Spec
from provision.troubles import ProvisionError, of_call
from travel_tui.agent import Cause, Trouble
from travel_tui.bedrock.boto_clients import ClientMaker, client_maker, own_endpoint
from travel_tui.bedrock.errors import Place, explain
from travel_tui.config import AgentConfig

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Where:
    """The place as the caller named it; None is what boto3 finds by itself."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @property
    def options(self) -> str:
        """The command line's options for it, each with a leading space."""
        return Place("", "", self.region, self.profile, self.endpoint_url).options


class Provisioning:
    """One agent in one account. Raises ProvisionError wherever AWS or the network fails."""

    def __init__(self, where: Where, config: Path, code: Path, again: str, *, clock: Clock | None = None) -> None:
        """`code` is the folder of the Lambda function's source, `again` the command that is run to go on."""
        self.where = where
        self._config, self._code, self._again = config, code, again
        self._clock = clock or Clock()
        self._place = Place("", "", where.region, where.profile, where.endpoint_url)
        self._maker = self._opened()
        self._cloud: Cloud
        self._built: list[Resource]
        self.record: Record

    def account(self) -> tuple[str, str, str]:
        """Region, account and partition of the caller."""
        region = self._maker.region
        if region is None:
            why = "Neither --region nor AWS_REGION nor the profile names one."
            raise ProvisionError(Trouble(Cause.INVALID, "No AWS Region is chosen.", why, "Name one with --region."))
        probe = Cloud(self._maker, Spec(region, ""))
        try:
            who = probe.call("sts", "GetCallerIdentity")
        except CallError as error:
            raise of_call(None, error, self._place, self._again) from error
        return region, str(who["Account"]), str(who["Arn"]).split(":")[1]

    def open(self, spec: Spec) -> None:
        """Take up the agent that `spec` describes, where its last run left it."""
        self.record = Record(self._config, spec.name, f"{spec.suffix}-{self.where.endpoint_url or ''}")
        self._cloud = Cloud(self._maker, spec, self._clock)
        self._built = resources(self._cloud, self.record, package(self._code))

    def plan(self, *, adopt: bool = False) -> list[Step]:
        """What has to be done; it only looks."""
        return self._asked(lambda: plan(self._built, adopt=adopt))

    def apply(self, steps: list[Step], tell: Tell) -> AgentConfig:
        """Do it; what the config has to say of the agent then."""
        if any(step.action is not Action.KEEP for step in steps):
            self.record.set(made=[step.resource.kind for step in steps], name=self._cloud.spec.name)
        Apply(steps, self._clock, self._place, self._again, tell).run()
        return self._entry()

    def standing(self) -> list[Resource]:
        """What there is of it in the account and was built here."""
        return self._asked(lambda: standing(self._built))

    def destroy(self, found: list[Resource], tell: Callable[[Resource, str], None]) -> list[Left]:
        """Remove these; what is left. The record goes when nothing is."""
        left = destroy(found, self._clock, self._place, self._again, tell)
        if not left:
            self.record.forget()
        return left

    def _asked(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except CallError as error:
            raise of_call(None, error, self._place, self._again, self._cloud.spec) from error

    def _opened(self) -> ClientMaker:
        try:
            return client_maker(self.where.profile, self.where.region, self.where.endpoint_url)
        except (BotoCoreError, ValueError) as error:
            raise ProvisionError(explain(error, self._place)) from error

    def _entry(self) -> AgentConfig:
        spec = self._cloud.spec
        endpoint = own_endpoint(self._maker.client("bedrock-agent-runtime"))
        return AgentConfig(
            spec.name,
            str(self.record.get("agent_id")),
            str(self.record.get("alias_id") or TEST_ALIAS) if spec.alias else TEST_ALIAS,
            region=spec.region,
            profile=self.where.profile,
            endpoint_url=self.where.endpoint_url or endpoint,
            memory_days=spec.storage_days,
            provisioned={
                "account": spec.account,
                **{each.kind.replace(" ", "_"): each.name for each in self._built if each.kind != "preparation"},
            },
        )
