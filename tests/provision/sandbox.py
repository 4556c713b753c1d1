"""A sandbox for provisioning: an endpoint with AWS's own times, whose clock passes as fast as provision waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from botocore.exceptions import ConnectionClosedError

from provision.agentcore import BUILT_IN as BUILT_IN_HARNESS
from provision.agents import BUILT_IN
from provision.aws_session import WaitClock
from provision.destroy import Left
from provision.plan import Action
from provision.plan_executor import Progress
from provision.provisioning import Provisioning, Where
from provision.spec import NAME, Spec
from tests.endpoint import RunningEndpoint, client_at, running_endpoint
from travel_tui.backends.shared.boto_clients import ClientFactory
from travel_tui.config import AgentConfig
from travel_tui.local.faults import read_fault
from travel_tui.local.runtime.functions import packaged_code

ACCOUNT = "123456789012"
SPEC = Spec("us-east-1", ACCOUNT, alias="live")
HARNESS_SPEC = Spec("us-east-1", ACCOUNT, name="travel-harness", backend="agentcore")


class Killed(BaseException):
    """The process ends sandbox."""


@dataclass
class InjectedFailure:
    """What happens at a call, counted from 0 over all calls of a run."""

    kind: str
    at: int


KINDS = {
    "throttled": "ThrottlingException:4",
    "denied": "AccessDeniedException:1",
    "failed": "InternalServerException:4",
}
"""Answered four times where boto3 asks four times."""
AFTER = ("dropped", "killed")
"""The call takes effect; then the connection or the process is gone."""


@dataclass
class Sandbox:
    """One endpoint and one config, provisioned and destroyed as often as one likes."""

    endpoint: RunningEndpoint
    config: Path
    seconds: float = 0.0
    told: list[Progress] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    _failure: InjectedFailure | None = None
    _maker: ClientFactory | None = None
    _clients: dict[str, Any] = field(default_factory=dict)
    _uncounted: dict[str, Any] = field(default_factory=dict)

    def _pause(self, seconds: float) -> None:
        self.seconds += seconds
        self.endpoint.advance(seconds=seconds)

    def project(self, spec: Spec = SPEC, failure: InjectedFailure | None = None) -> Provisioning:
        """Provision as one run of the command has it; boto3's clients are those of the run before."""
        clock = WaitClock(lambda: self.seconds, self._pause)
        where = Where(endpoint_url=self.endpoint.url)
        project = Provisioning(where, self.config, packaged_code(), "travel-tui provision", clock=clock)
        if self._maker is None:
            self._maker = project._maker
            self._maker.session.events.register("before-call.*", self._before)
            self._maker.session.events.register("after-call.*", self._after)
        project._maker = self._maker
        project.open(spec)
        project._cloud._clients = self._clients
        self.calls, self._failure = [], failure
        return project

    def _before(self, model: Any, **_: Any) -> None:
        number, failure = len(self.calls), self._failure
        self.calls.append((model.service_model.service_name, model.name))
        if failure and number == failure.at and failure.kind in KINDS:
            fault = read_fault(f"{model.name}={KINDS[failure.kind]}")
            self.endpoint.do(lambda its: its.faults.add([fault]))

    def _after(self, **_: Any) -> None:
        if (failure := self._failure) and len(self.calls) - 1 == failure.at:
            if failure.kind == "dropped":
                raise ConnectionClosedError(endpoint_url=self.endpoint.url)
            if failure.kind == "killed":
                raise Killed

    def provision(
        self, spec: Spec = SPEC, failure: InjectedFailure | None = None, *, adopt: bool = False
    ) -> AgentConfig:
        project = self.project(spec, failure)
        return project.apply(project.plan(adopt=adopt), self.told.append)

    def destroy(self, spec: Spec = SPEC, failure: InjectedFailure | None = None) -> list[Left]:
        project = self.project(spec, failure)
        found = project.existing()
        return project.destroy(found, lambda *_: None)

    def left_to_do(self, spec: Spec = SPEC) -> list[tuple[str, str]]:
        """What another run would do."""
        steps = self.project(spec).plan()
        return [(step.resource.kind, str(step.action)) for step in steps if step.action is not Action.KEEP]

    def reset(self) -> None:
        """Make the account as it was at the first start."""
        asyncio.run_coroutine_threadsafe(self.endpoint._endpoint.reset(), self.endpoint._loop).result(20)

    def everything(self) -> dict[str, list[str]]:
        """What there is in the account, by kind, but for what is there from the start."""
        look, agents = self.uncounted_client, self.uncounted_client("bedrock-agent")
        found = {
            "roles": [each["RoleName"] for each in look("iam").list_roles()["Roles"]],
            "functions": [each["FunctionName"] for each in look("lambda").list_functions()["Functions"]],
            "tables": list(look("dynamodb").list_tables()["TableNames"]),
            "log groups": [each["logGroupName"] for each in look("logs").describe_log_groups()["logGroups"]],
            "agents": [
                each["agentId"] for each in agents.list_agents()["agentSummaries"] if each["agentId"] != BUILT_IN
            ],
            "groups": [],
            "aliases": [],
            **self._of_agentcore(),
        }
        for agent_id in found["agents"]:
            groups = agents.list_agent_action_groups(agentId=agent_id, agentVersion="DRAFT")
            found["groups"] += [each["actionGroupName"] for each in groups["actionGroupSummaries"]]
            aliases = agents.list_agent_aliases(agentId=agent_id)["agentAliasSummaries"]
            found["aliases"] += [each["agentAliasName"] for each in aliases if each["agentAliasId"] != "TSTALIASID"]
        return {kind: [name for name in names if "travel-demo" not in name] for kind, names in found.items()}

    def _of_agentcore(self) -> dict[str, list[str]]:
        control = self.uncounted_client("bedrock-agentcore-control")
        harnesses, memories = control.list_harnesses()["harnesses"], control.list_memories()["memories"]
        return {
            "harnesses": [each["harnessName"] for each in harnesses if each["harnessId"] != BUILT_IN_HARNESS],
            "memories": [each["id"] for each in memories if each["id"] != BUILT_IN_HARNESS],
        }

    def _client(self, service: str) -> Any:
        return client_at(self.endpoint.url, self.endpoint.key, service)

    def uncounted_client(self, service: str) -> Any:
        """A client that counts no calls and meets no injected failure, kept."""
        if service not in self._uncounted:
            self._uncounted[service] = self._client(service)
        return self._uncounted[service]

    def policy_of(self, function: str) -> list[dict[str, Any]]:
        found = json.loads(self.uncounted_client("lambda").get_policy(FunctionName=function)["Policy"])
        statements: list[dict[str, Any]] = found["Statement"]
        return statements


WHOLE = {
    "roles": 2,
    "functions": 1,
    "tables": 1,
    "log groups": 1,
    "agents": 1,
    "groups": 1,
    "aliases": 1,
    "harnesses": 0,
    "memories": 0,
}
"""How many of each a provision builds."""
WHOLE_HARNESS = {**WHOLE, "agents": 0, "groups": 0, "aliases": 0, "harnesses": 1, "memories": 1}
"""The same, on AgentCore."""


@contextmanager
def running_sandbox(folder: Path, **flags: Any) -> Iterator[Sandbox]:
    """Run a sandbox whose config is in `folder`."""
    with running_endpoint(**{"realistic": True, "seed": 7, **flags}) as endpoint:
        sandbox = Sandbox(endpoint, folder / "config.toml")
        yield sandbox
        for client in (*sandbox._clients.values(), *sandbox._uncounted.values()):
            client.close()


def counts(everything: dict[str, list[str]]) -> dict[str, int]:
    return {kind: len(names) for kind, names in everything.items()}


def without_alias(spec: Spec = SPEC) -> Spec:
    return replace(spec, alias=None)


__all__ = [
    "AFTER",
    "HARNESS_SPEC",
    "KINDS",
    "NAME",
    "SPEC",
    "WHOLE",
    "WHOLE_HARNESS",
    "Callable",
    "InjectedFailure",
    "Killed",
    "Sandbox",
    "counts",
    "running_sandbox",
]
