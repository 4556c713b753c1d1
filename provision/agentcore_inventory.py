"""Harnesses and memories of Amazon Bedrock AgentCore in an account: listed, and reported on before connecting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from provision.agent_inventory import Unchecked
from provision.connect import Account
from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.agentcore_config import HARNESS_ARN, MEMORY_ID
from travel_tui.backends.shared.boto_clients import own_endpoint
from travel_tui.backends.shared.errors import describe_error, outside_a_turn

T = TypeVar("T")

OWN, MANAGED, DISABLED = "own", "managed", "disabled"
"""Kinds of a harness's memory."""
_CONTROL = "bedrock-agentcore-control"


@dataclass(frozen=True, slots=True)
class ListedHarness:
    """A harness of the account, as listed by ListHarnesses."""

    harness_id: str
    arn: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class ListedMemory:
    """A memory of the account, as listed by ListMemories; `managed_by` is the harness that it belongs to, if one."""

    memory_id: str
    status: str
    managed_by: str = ""


@dataclass(frozen=True, slots=True)
class StrategyReport:
    """A strategy of a memory."""

    name: str
    type: str
    namespace: str
    status: str


@dataclass(frozen=True, slots=True)
class AgentCoreReport:
    """Report on a harness, a memory, or both; None means that a property could not be read, or is not there."""

    harness_arn: str | None = None
    name: str | None = None
    status: str | None = None
    reason: str = ""
    version: str | None = None
    model: str | None = None
    tools: tuple[str, ...] | None = None
    memory_kind: str | None = None
    memory_id: str | None = None
    memory_status: str | None = None
    event_days: int | None = None
    strategies: tuple[StrategyReport, ...] | None = None
    unchecked: tuple[Unchecked, ...] = ()

    def problem(self) -> Problem | None:
        """Return the known problem that prevents connecting; None if there is none."""
        if self.status not in (None, "READY"):
            why = f"Its state is {self.status}. {self.reason}".strip()
            return Problem(
                ErrorKind.CONFLICT, "The harness is not ready.", why, "Wait until it is READY and try again."
            )
        if self.memory_kind == DISABLED and self.memory_id is None:
            advice = "Give it a memory (UpdateHarness), or pass --memory-id as well to inspect one beside it."
            return Problem(ErrorKind.CONFLICT, "The harness has no memory.", "Its memory is disabled.", advice)
        if self.memory_status not in (None, "ACTIVE", "UPDATING"):
            why = f"Its state is {self.memory_status}."
            return Problem(
                ErrorKind.CONFLICT, "The memory is not active.", why, "Wait until it is ACTIVE and try again."
            )
        return None


class AgentCoreAccount:
    """The harnesses and memories of an account in one Region; read-only. All errors are raised as AgentError."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: Any = None

    @property
    def endpoint_url(self) -> str | None:
        """Endpoint for turns, or None for AWS's own."""
        return own_endpoint(self._account.client("bedrock-agentcore"))

    def harnesses(self) -> list[ListedHarness]:
        """Return all harnesses, by name."""
        found = self._pages("ListHarnesses", "list_harnesses", "harnesses")
        listed = [ListedHarness(each["harnessId"], each["arn"], each["harnessName"], each["status"]) for each in found]
        return sorted(listed, key=lambda each: each.name)

    def memories(self) -> list[ListedMemory]:
        """Return all memories, by id."""
        found = self._pages("ListMemories", "list_memories", "memories")
        listed = [
            ListedMemory(
                str(each.get("id", "")), str(each.get("status", "")), str(each.get("managedByResourceArn", ""))
            )
            for each in found
        ]
        return sorted(listed, key=lambda each: each.memory_id)

    def look(self, harness: str | None, memory: str | None) -> AgentCoreReport:
        """Report on a harness, by its ARN or id, and on its memory; or on a memory alone.

        What the caller may not read is in `unchecked`, unless it is needed: the ARN of a harness named by its id.
        """
        found = AgentCoreReport()
        if harness is not None:
            found = self._harness(harness)
        if memory is not None and (match := MEMORY_ID.fullmatch(memory)):
            found = replace(found, memory_id=match[1])
        return self._with_memory(found) if found.memory_id else found

    def _harness(self, harness: str) -> AgentCoreReport:
        match = HARNESS_ARN.fullmatch(harness)
        harness_id = match[1] if match else harness
        try:
            got = self._ask("GetHarness", lambda: self._control().get_harness(harnessId=harness_id)["harness"])
        except AgentError as error:
            if match is None or error.problem.cause is not ErrorKind.DENIED:
                raise
            return AgentCoreReport(
                harness, unchecked=(_unchecked(error, "GetHarness", "whether the harness is ready"),)
            )
        kind, memory_id = _memory_of(got.get("memory") or {})
        return AgentCoreReport(
            harness_arn=got["arn"],
            name=got["harnessName"],
            status=got["status"],
            reason=got.get("failureReason", ""),
            version=got.get("harnessVersion"),
            model=next((str(each.get("modelId")) for each in (got.get("model") or {}).values()), None),
            tools=tuple(str(each.get("name") or each.get("type")) for each in got.get("tools") or ()),
            memory_kind=kind,
            memory_id=memory_id,
        )

    def _with_memory(self, found: AgentCoreReport) -> AgentCoreReport:
        try:
            memory = self._ask("GetMemory", lambda: self._control().get_memory(memoryId=found.memory_id)["memory"])
        except AgentError as error:
            if error.problem.cause is not ErrorKind.DENIED:
                raise
            unchecked = _unchecked(error, "GetMemory", "the memory's state and strategies")
            return replace(found, unchecked=(*found.unchecked, unchecked))
        strategies = tuple(
            StrategyReport(
                str(each.get("name", "")),
                str(each.get("type", "")),
                str(next(iter(each.get("namespaceTemplates") or each.get("namespaces") or ()), "")),
                str(each.get("status", "")),
            )
            for each in memory.get("strategies") or ()
        )
        name = found.name or str(memory.get("name") or found.memory_id)
        days = memory.get("eventExpiryDuration")
        return replace(found, name=name, memory_status=memory["status"], event_days=days, strategies=strategies)

    def _pages(self, operation: str, name: str, key: str) -> list[Mapping[str, Any]]:
        def call() -> list[Mapping[str, Any]]:
            whole: Mapping[str, Any] = self._control().get_paginator(name).paginate().build_full_result()
            return list(whole.get(key) or ())

        return self._ask(operation, call)

    def _control(self) -> Any:
        if self._client is None:
            self._client = self._account.client(_CONTROL)
        return self._client

    def _ask(self, operation: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except AgentError:  # the client could not be created; the error says what to do
            raise
        except Exception as error:
            problem = outside_a_turn(describe_error(error, self._account.place))
            if problem.cause is ErrorKind.NOT_FOUND:
                problem = replace(problem, what="Harness or memory not found.")
            raise AgentError(replace(problem, advice=self._advice(problem, operation))) from error

    def _advice(self, problem: Problem, operation: str) -> str:
        match problem.cause:
            case ErrorKind.DENIED:
                who = self._account.place.who
                return f"{who}, and ask for bedrock-agentcore:{operation}; or pass --harness ARN or --memory-id ID."
            case ErrorKind.NOT_FOUND | ErrorKind.INVALID:
                return "Compare --harness, --memory-id and --region with the list that `travel-tui connect` shows."
            case _:
                return problem.advice


def _memory_of(memory: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the kind of a harness's memory, and its id."""
    kinds = {"agentCoreMemoryConfiguration": OWN, "managedMemoryConfiguration": MANAGED, "disabled": DISABLED}
    for name, kind in kinds.items():
        if name in memory:
            match = MEMORY_ID.fullmatch(str((memory[name] or {}).get("arn", "")))
            return kind, match[1] if match else None
    return None, None


def _unchecked(error: AgentError, operation: str, unknown: str) -> Unchecked:
    return Unchecked(f"bedrock-agentcore:{operation}", unknown, error.problem.why)
