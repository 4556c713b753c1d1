"""Probes of members: functions that set members of an operation, and look at what that does."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any

from tests.endpoint import RunningEndpoint, text_of
from tests.local.agentcore.clients import AgentCore
from tests.local.services.clients import Aws
from tests.local.services.weather import allow, group, prepare, weather_agent
from travel_tui.local.members.table import MEMBERS


class World(Aws):
    """The endpoint's clients, and resources that probes look at without changing them."""

    def __init__(self, endpoint: RunningEndpoint) -> None:
        super().__init__(endpoint)

    @staticmethod
    def name(kind: str) -> str:
        """A name that nothing else has."""
        return f"{kind}-{uuid.uuid4().hex[:12]}"

    @cached_property
    def core(self) -> AgentCore:
        """AgentCore at the endpoint."""
        return AgentCore(self.endpoint)

    @contextmanager
    def recording(self) -> Iterator[list[tuple[str, dict[str, Any]]]]:
        """What is asked of AgentCore meanwhile, at this endpoint or another: operations with their input."""
        asked: list[tuple[str, dict[str, Any]]] = []
        AgentCore.recorders.append(asked)
        try:
            yield asked
        finally:
            AgentCore.recorders.remove(asked)

    @cached_property
    def bedrock_role(self) -> str:
        """A role that Bedrock can assume."""
        return self.role(self.name("role"), "bedrock.amazonaws.com")

    @cached_property
    def lambda_role(self) -> str:
        """A role that Lambda can assume."""
        return self.role(self.name("role"), "lambda.amazonaws.com")

    @cached_property
    def weather(self) -> str:
        """A prepared agent with an action group."""
        return weather_agent(self, self.name("weather"))

    def new_agent(self, **more: Any) -> dict[str, Any]:
        """A new agent, as GetAgent shows it."""
        agent = self.agent(self.name("agent"), **{"agentResourceRoleArn": self.bedrock_role, **more})
        found: dict[str, Any] = self.bedrock_agent.get_agent(agentId=agent)["agent"]
        return found

    def with_group(self, **more: Any) -> tuple[str, dict[str, Any]]:
        """A new prepared agent with an action group, and the group."""
        agent = str(self.new_agent()["agentId"])
        made = group(self, agent, self.echo, **more)
        if "lambda" in made.get("actionGroupExecutor", {}):
            allow(self, self.echo.rpartition(":")[2], agent)
        prepare(self, agent)
        return agent, made

    @cached_property
    def echo(self) -> str:
        """The ARN of a function."""
        return str(self.function(self.name("echo"), Role=self.lambda_role)["FunctionArn"])

    def turn(self, agent: str, text: str = "hello", **more: Any) -> list[dict[str, Any]]:
        """The events of a turn."""
        asked = {"agentId": agent, "agentAliasId": "TSTALIASID", "sessionId": uuid.uuid4().hex, "inputText": text}
        with closing(self.bedrock_agent_runtime.invoke_agent(**{**asked, **more})["completion"]) as events:
            return list(events)

    def say(self, agent: str, text: str = "hello", **more: Any) -> str:
        """The answer to a turn."""
        return text_of(self.turn(agent, text, **more))

    def prompt(self, agent: str, text: str = "hello", **more: Any) -> dict[str, Any]:
        """The prompt of a turn's first step, as it is traced."""
        found: dict[str, Any] = self.turn(agent, text, enableTrace=True, **more)[0]["trace"]["trace"][
            "orchestrationTrace"
        ]["modelInvocationInput"]
        return found


Probe = Callable[[World], None]
PROBES: dict[tuple[str, str, tuple[str, ...]], Probe] = {}
"""Functions by the service, the operation, and the members that they look at."""


def taken_paths(service: str, operation: str, prefix: str = "") -> list[str]:
    """The members of an operation that are not refused, below a path."""
    members = MEMBERS[service][operation]
    return [path for path, member in members.items() if member.kind != "refused" and path.startswith(prefix)]


def probe(service: str, operation: str, *members: str) -> Callable[[Probe], Probe]:
    """Register a probe of an operation's members."""

    def register(function: Probe) -> Probe:
        PROBES[service, operation, members] = function
        return function

    return register
