"""Reading an account's existing agents, even with few permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from provision.agent_inventory import (
    DRAFT,
    MEMORY,
    TEST_ALIAS,
    ActionGroupReport,
    AgentReport,
    ListedAgent,
    ListedAlias,
    Unchecked,
    action_group,
    listed_agent,
    listed_alias,
    settings_of,
)
from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.backends.shared.boto_clients import PATIENT_RETRIES, RetryPolicy, client_factory, own_endpoint
from travel_tui.backends.shared.errors import AgentLocation, describe_error

T = TypeVar("T")

_WHO_S = 10
"""Read timeout of GetCallerIdentity in seconds: without its answer only the account number is missing."""


class Account:
    """The agents of an account in one Region; read-only. All errors are raised as AgentError."""

    def __init__(
        self,
        profile: str | None = None,
        region: str | None = None,
        endpoint_url: str | None = None,
        patience: RetryPolicy = PATIENT_RETRIES,
    ) -> None:
        self._patience = patience
        self.maker = client_factory(AgentLocation("", "", region, profile, endpoint_url))
        self.place = self.maker.place

    @property
    def region(self) -> str | None:
        """The requested Region, or the one resolved by boto3."""
        return self.place.region

    @property
    def endpoint_url(self) -> str | None:
        """Endpoint for turns, or None for AWS's own."""
        return self.ask("", lambda: own_endpoint(self.client("bedrock-agent-runtime")))

    @property
    def partition(self) -> str:
        """Partition of this Region's ARNs."""
        return self.ask("", lambda: str(self.maker.session.get_partition_for_region(self.region or "us-east-1")))

    def number(self) -> str | None:
        """Return the account number; None if AWS does not return it."""
        try:
            client = self.maker.client("sts", RetryPolicy(read_s=_WHO_S, attempts=1))
            return str(client.get_caller_identity()["Account"])
        except (AgentError, BotoCoreError, ClientError, OSError, ValueError):
            # The last two are raised for a credential_process that cannot be run. The next required call reports it.
            return None

    def agents(self) -> list[ListedAgent]:
        """Return all agents, by name; raises AgentError if there are none."""
        found = self._read("ListAgents").get("agentSummaries")
        if not found:
            where = f"Region {self.region}" if self.endpoint_url is None else str(self.endpoint_url)
            what = f"No agents in {where}."
            advice = "Try another --region or --profile; `travel-tui demo` needs no agent of your own."
            raise AgentError(Problem(ErrorKind.NOT_FOUND, what, "This account has none there.", advice))
        return sorted(map(listed_agent, found), key=lambda agent: agent.name)

    def aliases(self, agent_id: str) -> list[ListedAlias]:
        """Return all aliases of an agent, by name, including the draft's, which every agent has even if AWS does not
        list it."""
        found = self._read("ListAgentAliases", agentId=agent_id).get("agentAliasSummaries", [])
        aliases = {alias.alias_id: alias for alias in map(listed_alias, found)}
        aliases.setdefault(TEST_ALIAS, ListedAlias(TEST_ALIAS, "AgentTestAlias", "PREPARED", DRAFT))
        return sorted(aliases.values(), key=lambda alias: alias.name)

    def inspect(self, agent_id: str, alias_id: str) -> AgentReport:
        """Report on an agent and its alias; properties that the caller may not read are in `unchecked`."""
        unchecked: list[Unchecked] = []

        def seen(operation: str, unknown: str, **parameters: str) -> dict[str, Any]:
            try:
                return self._read(operation, agentId=agent_id, **parameters)
            except AgentError as error:
                unchecked.append(_forbidden(error, operation, unknown))
                return {}

        found = AgentReport(agent_id, alias_id, version=DRAFT if alias_id == TEST_ALIAS else None)
        answer = seen("GetAgentAlias", "where the alias points and whether it is prepared", agentAliasId=alias_id)
        if answer:
            alias = listed_alias(answer["agentAlias"])
            found = replace(found, alias_name=alias.name, alias_status=alias.status, version=alias.version or None)
        unknown = "whether the agent is prepared and has memory"
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

    def with_memory_read(self, found: AgentReport, memory_id: str) -> AgentReport:
        """Return `found` after reading one summary of that memory; `unchecked` has an entry if the caller may not read
        it."""
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
        """Return all pages of the response of a bedrock-agent operation."""

        def call() -> dict[str, Any]:
            client, name = self.client("bedrock-agent"), xform_name(operation)
            if client.can_paginate(name):
                whole: dict[str, Any] = client.get_paginator(name).paginate(**parameters).build_full_result()
                return whole
            answer: dict[str, Any] = getattr(client, name)(**parameters)
            return answer

        return self.ask(operation, call, parameters.get("agentId", ""))

    def client(self, service: str) -> Any:
        """Create a client of another service for the same location."""
        return self.maker.client(service, self._patience)

    def ask(self, operation: str, call: Callable[[], T], agent_id: str = "") -> T:
        """Return the result of `call`; errors become AgentErrors with advice for `operation` on that agent."""
        try:
            return call()
        except AgentError:  # the client could not be created; the error says what to do
            raise
        except Exception as error:
            raise AgentError(_explained(error, operation, replace(self.place, agent_id=agent_id))) from error


def _action_groups(seen: Callable[..., dict[str, Any]], version: str) -> tuple[ActionGroupReport, ...] | None:
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
    """Return an entry for a call that is forbidden or missing at the endpoint; other errors are raised again."""
    absent = error.problem.cause is ErrorKind.UNKNOWN and isinstance(error.__cause__, ClientError)
    if error.problem.cause is not ErrorKind.DENIED and not absent:
        raise error
    return Unchecked(f"bedrock:{operation}", unknown, error.problem.why, denied=not absent)


def _explained(error: Exception, operation: str, place: AgentLocation) -> Problem:
    """Describe an error like `describe_error`, with advice for connecting, where no turn could have been sent."""
    problem = describe_error(error, place)
    return replace(problem, advice=_advice(error, problem, operation, place))


def _advice(error: Exception, problem: Problem, operation: str, place: AgentLocation) -> str:
    if isinstance(error, NoRegionError):
        return "Pass --region, or set AWS_REGION."
    match problem.cause:
        case ErrorKind.CREDENTIALS:
            return problem.advice
        case ErrorKind.INVALID if not isinstance(error, ClientError):  # an AWS setting, not an id
            return problem.advice
        case ErrorKind.DENIED if operation == "GetAgentMemory":
            return f"{place.who}, and ask for what `travel-tui connect --print-policy` prints."
        case ErrorKind.DENIED:
            return (
                f"{place.who}, and ask for bedrock:{operation}; or name --agent-id and --alias-id, which is enough to "
                "connect."
            )
        case ErrorKind.NOT_FOUND | ErrorKind.INVALID:
            return "Compare --agent-id, --alias-id and --region with the list that `travel-tui connect` shows."
        case ErrorKind.UNREACHABLE if place.endpoint_url:
            return "Check that the endpoint is running; `travel-tui local` starts one on this machine."
        case ErrorKind.UNREACHABLE:
            return "Check the network, the proxy and --region, and try again."
        case _:
            return "Nothing was changed. Wait a moment and try again."
