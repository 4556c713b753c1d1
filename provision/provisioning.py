"""Provisioning from the account to the config, and removal; the API used by the commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from provision.agent_inventory import TEST_ALIAS
from provision.aws_session import AwsSession, CallError, WaitClock
from provision.destroy import Left, destroy, find_existing
from provision.errors import ProvisionError, call_failed
from provision.package import package
from provision.plan import Action, PlanStep, plan, resources
from provision.plan_executor import OnProgress, PlanExecutor
from provision.resource import Resource
from provision.spec import Spec
from provision.state_file import StateFile
from travel_tui.agent import ErrorKind, Problem
from travel_tui.agentcore_config import AGENTCORE, LAMBDA, AgentCoreConfig
from travel_tui.backends.shared.boto_clients import client_factory, own_endpoint
from travel_tui.backends.shared.errors import AgentLocation
from travel_tui.config import AgentConfig

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Where:
    """The location given by the caller; None fields are resolved by boto3."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @property
    def options(self) -> str:
        """Return the command line's options for it, each with a leading space."""
        return AgentLocation("", "", self.region, self.profile, self.endpoint_url).options


class Provisioning:
    """One agent in one account.

    Raises ProvisionError if AWS or the network fails, and AgentError if an AWS setting cannot be used.
    """

    def __init__(self, where: Where, config: Path, code: Path, again: str, *, clock: WaitClock | None = None) -> None:
        """`code` is the folder of the Lambda function's source, `again` the command to resume with."""
        self.where = where
        self._config, self._code = config, code
        self.again = again
        self._clock = clock or WaitClock()
        self._place = AgentLocation("", "", where.region, where.profile, where.endpoint_url)
        self._maker = client_factory(self._place)
        self._cloud: AwsSession
        self._built: list[Resource]
        self.record: StateFile

    def account(self) -> tuple[str, str, str]:
        """Return Region, account and partition of the caller."""
        region = self._maker.region
        if region is None:
            why = "Neither --region nor AWS_REGION nor the profile names one."
            raise ProvisionError(Problem(ErrorKind.INVALID, "No AWS Region is set.", why, "Pass --region."))
        probe = AwsSession(self._maker, Spec(region, ""))
        try:
            who = probe.call("sts", "GetCallerIdentity")
        except CallError as error:
            raise call_failed(None, error, self._place, self.again) from error
        return region, str(who["Account"]), str(who["Arn"]).split(":")[1]

    def open(self, spec: Spec) -> None:
        """Open the agent that `spec` describes, in the state its last run left it. Raises NewerError and OSError."""
        self.record = self._state(spec)
        self._cloud = AwsSession(self._maker, spec, self._clock)
        self._built = resources(self._cloud, self.record, package(self._code))

    def has_state(self, spec: Spec) -> bool:
        """Whether a run left a state of this agent. Raises NewerError."""
        return bool(self._state(spec).values)

    def _state(self, spec: Spec) -> StateFile:
        place = f"{spec.suffix}-{self.where.endpoint_url or ''}"
        return StateFile(self._config, spec.name, f"{place}-{AGENTCORE}" if spec.backend == AGENTCORE else place)

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """Return kind and name of each of its resources."""
        return frozenset((each.kind, each.name) for each in self._built)

    @property
    def spec(self) -> Spec:
        """Return the specification that was opened."""
        return self._cloud.spec

    def plan(self, *, adopt: bool = False) -> list[PlanStep]:
        """Return the actions to take; nothing is changed."""
        return self._asked(lambda: plan(self._built, adopt=adopt))

    def apply(self, steps: list[PlanStep], tell: OnProgress) -> AgentConfig:
        """Execute the steps; return the agent's entry for the config."""
        if any(step.action is not Action.KEEP for step in steps):
            self.record.set(made=[step.resource.kind for step in steps], name=self._cloud.spec.name)
        PlanExecutor(steps, self._clock, self._place, self.again, tell).run()
        return self._entry()

    def existing(self) -> list[Resource]:
        """Return the existing resources created by this tool."""
        return self._asked(lambda: find_existing(self._built))

    def destroy(self, found: list[Resource], tell: Callable[[Resource, str], None]) -> list[Left]:
        """Remove these resources and return the leftovers. The state file is deleted if there are none."""
        left = destroy(found, self._clock, self._place, self.again, tell)
        if not left:
            self.record.forget()
        return left

    def _asked(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except CallError as error:
            raise call_failed(None, error, self._place, self.again, self._cloud.spec) from error

    def _entry(self) -> AgentConfig:
        spec = self._cloud.spec
        if spec.backend == AGENTCORE:
            return self._harness_entry(spec)
        endpoint = own_endpoint(self._maker.client("bedrock-agent-runtime"))
        return AgentConfig(
            spec.name,
            str(self.record.get("agent_id")),
            str(self.record.get("alias_id") or TEST_ALIAS) if spec.alias else TEST_ALIAS,
            region=spec.region,
            profile=self.where.profile,
            endpoint_url=self.where.endpoint_url or endpoint,
            memory_days=spec.storage_days,
            provisioned=self._made(spec),
        )

    def _harness_entry(self, spec: Spec) -> AgentConfig:
        target = AgentCoreConfig(
            str(self.record.get("harness_arn")),
            agentcore_memory_id=str(self.record.get("memory_resource")),
            function_name=spec.function,
            run_functions=LAMBDA,
        )
        return AgentConfig(
            spec.name,
            target.agent_id,
            target.alias_id,
            region=spec.region,
            profile=self.where.profile,
            endpoint_url=self.where.endpoint_url or own_endpoint(self._maker.client("bedrock-agentcore")),
            provisioned=self._made(spec),
            backend=AGENTCORE,
            agentcore=target,
        )

    def _made(self, spec: Spec) -> dict[str, str]:
        """Return what was created, by kind, for the config."""
        made = {each.kind.replace(" ", "_"): each.name for each in self._built if each.kind != "preparation"}
        return {"account": spec.account, **made}
