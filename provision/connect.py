"""Looks at the agents that an account has already, with as few permissions as the caller may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError, ProfileNotFound

from provision.found import (
    DRAFT,
    MEMORY,
    TEST_ALIAS,
    ActionGroup,
    Found,
    ListedAgent,
    ListedAlias,
    Unchecked,
    action_group,
    listed_agent,
    listed_alias,
    settings_of,
)
from travel_tui.agent import AgentError, Cause, Trouble
from travel_tui.bedrock.boto_clients import PATIENT, Patience, client_maker, own_endpoint
from travel_tui.bedrock.errors import Place, explain

T = TypeVar("T")

_WHO_S = 10
"""How long GetCallerIdentity may be silent: without it an account's number is missing, no more."""


class Account:
    """The agents of an account in one Region; it only reads. Whatever fails raises AgentError."""

    def __init__(
        self,
        profile: str | None = None,
        region: str | None = None,
        endpoint_url: str | None = None,
        patience: Patience = PATIENT,
    ) -> None:
        self._patience = patience
        self.place = Place("", "", region, profile, endpoint_url)
        self.maker = self.ask("", lambda: client_maker(profile, region, endpoint_url))
        self.place = replace(self.place, region=self.maker.region)

    @property
    def region(self) -> str | None:
        """The Region that was asked for or that boto3 has resolved."""
        return self.place.region

    @property
    def endpoint_url(self) -> str | None:
        """Where turns are sent, where that is not AWS."""
        return self.ask("", lambda: own_endpoint(self.client("bedrock-agent-runtime")))

    @property
    def partition(self) -> str:
        """The first part of this Region's ARNs."""
        return self.ask("", lambda: str(self.maker.session.get_partition_for_region(self.region or "us-east-1")))

    def number(self) -> str | None:
        """The account's number; None where AWS does not tell."""
        try:
            client = self.maker.client("sts", Patience(read_s=_WHO_S, attempts=1))
            return str(client.get_caller_identity()["Account"])
        except (BotoCoreError, ClientError):
            return None

    def agents(self) -> list[ListedAgent]:
        """All agents, by name; an error where there are none."""
        found = self._read("ListAgents").get("agentSummaries")
        if not found:
            where = f"Region {self.region}" if self.endpoint_url is None else str(self.endpoint_url)
            what = f"There are no agents in {where}."
            advice = "Look elsewhere with --region or --profile; `travel-tui demo` needs no agent of yours."
            raise AgentError(Trouble(Cause.NOT_FOUND, what, "This account has none there.", advice))
        return sorted(map(listed_agent, found), key=lambda agent: agent.name)

    def aliases(self, agent_id: str) -> list[ListedAlias]:
        """All aliases of an agent, by name; the draft's, which every agent has, whether AWS lists it or not."""
        found = self._read("ListAgentAliases", agentId=agent_id).get("agentAliasSummaries", [])
        aliases = {alias.alias_id: alias for alias in map(listed_alias, found)}
        aliases.setdefault(TEST_ALIAS, ListedAlias(TEST_ALIAS, "AgentTestAlias", "PREPARED", DRAFT))
        return sorted(aliases.values(), key=lambda alias: alias.name)

    def look(self, agent_id: str, alias_id: str) -> Found:
        """What can be known of an agent and its alias; what the caller may not see stands in `unchecked`."""
        unchecked: list[Unchecked] = []

        def seen(operation: str, unknown: str, **parameters: str) -> dict[str, Any]:
            try:
                return self._read(operation, agentId=agent_id, **parameters)
            except AgentError as error:
                unchecked.append(_forbidden(error, operation, unknown))
                return {}

        found = Found(agent_id, alias_id, version=DRAFT if alias_id == TEST_ALIAS else None)
        answer = seen("GetAgentAlias", "where the alias points and whether it is prepared", agentAliasId=alias_id)
        if answer:
            alias = listed_alias(answer["agentAlias"])
            found = replace(found, alias_name=alias.name, alias_status=alias.status, version=alias.version or None)
        unknown = "whether the agent is prepared and remembers"
        if found.version in (None, DRAFT):
            agent = seen("GetAgent", unknown).get("agent")
        else:
            agent = seen("GetAgentVersion", unknown, agentVersion=found.version).get("agentVersion")
        if agent:
            found = replace(found, arn=agent["agentArn"], name=agent["agentName"], description=agent.get("description"))
        if found.version:
            found = replace(
                found, **(settings_of(agent) if agent else {}), action_groups=_action_groups(seen, found.version)
            )
        return replace(found, unchecked=tuple(unchecked))

    def with_memory_read(self, found: Found, memory_id: str) -> Found:
        """`found`, after one summary of that memory was read: it stands in `unchecked` where the caller may not."""
        operation = "GetAgentMemory"
        address = {"agentId": found.agent_id, "agentAliasId": found.alias_id, "memoryId": memory_id}
        client = self.ask("", lambda: self.client("bedrock-agent-runtime"))
        try:
            self.ask(
                operation, lambda: client.get_agent_memory(**address, memoryType=MEMORY, maxItems=1), found.agent_id
            )
        except AgentError as error:
            forbidden = _forbidden(error, operation, "whether its memory can be read")
            return replace(found, unchecked=(*found.unchecked, forbidden))
        return found

    def _read(self, operation: str, **parameters: str) -> dict[str, Any]:
        """The whole answer of one of bedrock-agent's operations, all pages of it."""

        def call() -> dict[str, Any]:
            client, name = self.client("bedrock-agent"), xform_name(operation)
            if client.can_paginate(name):
                whole: dict[str, Any] = client.get_paginator(name).paginate(**parameters).build_full_result()
                return whole
            answer: dict[str, Any] = getattr(client, name)(**parameters)
            return answer

        return self.ask(operation, call, parameters.get("agentId", ""))

    def client(self, service: str) -> Any:
        """A client of that service, for what else is to be known of the place."""
        return self.maker.client(service, self._patience)

    def ask(self, operation: str, call: Callable[[], T], agent_id: str = "") -> T:
        """What `call` returns. Whatever it raises becomes an AgentError, with advice for `operation` of that agent."""
        try:
            return call()
        except Exception as error:
            raise AgentError(_explained(error, operation, replace(self.place, agent_id=agent_id))) from error


def _action_groups(seen: Callable[..., dict[str, Any]], version: str) -> tuple[ActionGroup, ...] | None:
    answer = seen("ListAgentActionGroups", "what the agent can do", agentVersion=version)
    if not answer:
        return None
    groups, readable = [], True
    for summary in answer["actionGroupSummaries"]:
        if summary["actionGroupState"] != "ENABLED":
            continue
        details = {}
        if readable:
            group_id = summary["actionGroupId"]
            unknown = "which functions the agent has"
            answer = seen("GetAgentActionGroup", unknown, agentVersion=version, actionGroupId=group_id)
            readable = bool(answer)
            details = answer.get("agentActionGroup", {})
        groups.append(action_group(summary, details))
    return tuple(groups)


def _forbidden(error: AgentError, operation: str, unknown: str) -> Unchecked:
    """What stays unknown because a call is forbidden, or absent where it is sent; other errors are raised again."""
    absent = error.trouble.cause is Cause.UNKNOWN and isinstance(error.__cause__, ClientError)
    if error.trouble.cause is not Cause.DENIED and not absent:
        raise error
    return Unchecked(f"bedrock:{operation}", unknown, error.trouble.why, denied=not absent)


def _explained(error: Exception, operation: str, place: Place) -> Trouble:
    """As `explain` has it, with advice for somebody who connects: there is no turn that could have been sent."""
    trouble = explain(error, place)
    return replace(trouble, advice=_advice(error, trouble, operation, place))


def _advice(error: Exception, trouble: Trouble, operation: str, place: Place) -> str:
    if isinstance(error, NoRegionError):
        return "Name one with --region, or set AWS_REGION."
    if isinstance(error, ProfileNotFound):
        return "See which there are with `aws configure list-profiles`, and correct --profile or AWS_PROFILE."
    match trouble.cause:
        case Cause.CREDENTIALS:
            return trouble.advice
        case Cause.DENIED if operation == "GetAgentMemory":
            return f"{place.who}, and ask for what `travel-tui connect --print-policy` prints."
        case Cause.DENIED:
            return (
                f"{place.who}, and ask for bedrock:{operation}; or name --agent-id and --alias-id, which is enough to "
                "connect."
            )
        case Cause.NOT_FOUND | Cause.INVALID:
            return "Compare --agent-id, --alias-id and --region with the list that `travel-tui connect` shows."
        case Cause.UNREACHABLE if place.endpoint_url:
            return "Look whether the endpoint runs; `travel-tui local` starts one on this machine."
        case Cause.UNREACHABLE:
            return "Check the network, the proxy and --region, and try again."
        case _:
            return "Nothing was changed. Wait a moment and try again."
