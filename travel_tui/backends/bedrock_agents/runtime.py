"""`Agent` interface for Agents for Amazon Bedrock, using boto3's bedrock-agent-runtime without exposing it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from travel_tui.agent import (
    AgentError,
    ErrorKind,
    MemoryRecord,
    Problem,
    ReturnControl,
    ReturnedResult,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    TurnRequest,
    session_summary,
)
from travel_tui.backends.bedrock_agents.capabilities import BEDROCK_AGENTS
from travel_tui.backends.bedrock_agents.stream import events
from travel_tui.backends.bedrock_agents.trace import TraceParser
from travel_tui.backends.shared.boto_clients import Clients
from travel_tui.backends.shared.errors import AgentLocation, describe_error, outside_a_turn
from travel_tui.backends.shared.invocation import Invocation, call_noted
from travel_tui.backends.shared.threads import in_thread, stream_from_thread

if TYPE_CHECKING:
    from botocore.eventstream import EventStream

T = TypeVar("T")

END_TEXT = "end"
"""Input text sent with endSession, as in the reference notebook; the service does not answer it."""
PAGE = 100

_LOG = logging.getLogger(__name__)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class BedrockAgent:
    """One alias of one agent; implements travel_tui.agent.Agent."""

    def __init__(self, clients: Clients, place: AgentLocation) -> None:
        self._clients = clients
        self._place = place
        self._address = {"agentId": place.agent_id, "agentAliasId": place.alias_id}

    async def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Send a turn as specified by `Agent`. Each frame of the stream is delivered as soon as it is complete."""
        invocation = self._invocation(_parameters(request))
        last: TurnEvent = TurnCompleted()
        try:
            self._check(request.session_id, request.memory_id)
            async with aclosing(stream_from_thread(invocation.run(), invocation.stop)) as batches:
                async for batch in batches:
                    for event in batch:
                        if isinstance(event, ReturnControl):
                            last = event  # trace events can follow it
                        else:
                            yield event
        except AgentError as error:
            last = TurnFailed(error.problem)
        except Exception as error:  # noqa: BLE001 - a failed turn is an event
            last = TurnFailed(_of_returned(self._explain(error), request))
        yield last

    async def end_session(self, session_id: str, memory_id: str | None) -> None:
        """End a session, with a single attempt; the response is read to its end and discarded."""
        self._check(session_id, memory_id)
        request = TurnRequest(END_TEXT, session_id, memory_id, trace=False)
        invocation = self._invocation({**_parameters(request), "endSession": True})
        await self._call(lambda: list(invocation.run()))

    async def list_memories(self, memory_id: str) -> list[MemoryRecord]:
        """Return all summaries of a memory, newest first. Retried where AWS allows it."""
        self._check(None, memory_id)
        return await self._call(lambda: self._memories(memory_id))

    async def delete_memory(self, memory_id: str, session_id: str | None = None) -> None:
        """Delete one session's summary, or the whole memory if session_id is None."""
        self._check(session_id, memory_id)
        chosen = {"memoryId": memory_id} if session_id is None else {"memoryId": memory_id, "sessionId": session_id}
        await self._call(lambda: self._clients.reads.delete_agent_memory(**self._address, **chosen))

    def _invocation(self, parameters: dict[str, Any]) -> Invocation:
        def send() -> EventStream[Any]:
            stream: EventStream[Any] = self._clients.turns.invoke_agent(**self._address, **parameters)["completion"]
            return stream

        return Invocation(self._clients, send, _read)

    def _memories(self, memory_id: str) -> list[MemoryRecord]:
        pages = self._clients.reads.get_paginator("get_agent_memory").paginate(
            **self._address, memoryId=memory_id, memoryType="SESSION_SUMMARY", PaginationConfig={"PageSize": PAGE}
        )
        found = [
            session_summary(
                memory_id=record.get("memoryId", memory_id),
                session_id=record.get("sessionId", ""),
                text=record.get("summaryText", ""),
                started_at=record.get("sessionStartTime"),
                ended_at=record.get("sessionExpiryTime"),
            )
            for page in pages
            for content in page.get("memoryContents", [])
            if (record := content.get("sessionSummary"))
        ]
        return _with_own_ids(sorted(found, key=lambda summary: summary.started_at or _EARLIEST, reverse=True))

    async def _call(self, call: Callable[[], T]) -> T:
        try:
            return await in_thread(lambda: call_noted(self._clients, call))
        except Exception as error:
            raise AgentError(outside_a_turn(self._explain(error))) from error

    def _explain(self, error: Exception) -> Problem:
        problem = describe_error(error, self._place)
        if problem.cause is ErrorKind.UNKNOWN:
            _LOG.info("unexpected failure", exc_info=error)  # a warning would print the traceback on the terminal
        return problem

    def _check(self, session_id: str | None, memory_id: str | None) -> None:
        for name, value in (("session", session_id), ("memory", memory_id)):
            if value is not None and (problem := BEDROCK_AGENTS.check_id(name, value)):
                raise AgentError(problem)


def _with_own_ids(newest_first: Sequence[MemoryRecord]) -> list[MemoryRecord]:
    """Return the same records, with a number added to the id of each that is not the oldest with its id."""
    seen: Counter[str] = Counter()
    found: list[MemoryRecord] = []
    for record in reversed(newest_first):
        seen[record.record_id] += 1
        number = seen[record.record_id]
        found.append(record if number == 1 else replace(record, record_id=f"{record.record_id}#{number}"))
    return found[::-1]


def _read(stream: EventStream[Any]) -> Iterator[tuple[TurnEvent, ...]]:
    reader = TraceParser()
    for event in events(stream):
        yield tuple(reader.read(event))
    yield tuple(reader.end())


def _of_returned(problem: Problem, request: TurnRequest) -> Problem:
    """Return the problem of a turn; where the caller reported a failure itself, there is no Lambda to look at."""
    failed = [result.function for result in request.returned if result.state == "FAILURE"]
    if problem.cause is not ErrorKind.DEPENDENCY or not failed:
        return problem
    advice = f"You reported that {', '.join(failed)} failed. Actions may already have run; check before retrying."
    return replace(problem, advice=advice)


def _parameters(request: TurnRequest) -> dict[str, Any]:
    """Return InvokeAgent's parameters; unused ones are omitted, because boto3 rejects None."""
    parameters: dict[str, Any] = {
        "sessionId": request.session_id,
        "enableTrace": request.trace,
        "streamingConfigurations": {"streamFinalResponse": True},
    }
    if request.text:
        parameters["inputText"] = request.text
    if request.memory_id is not None:
        parameters["memoryId"] = request.memory_id
    state: dict[str, Any] = {}
    if request.session_attributes:
        state["sessionAttributes"] = dict(request.session_attributes)
    if request.prompt_attributes:
        state["promptSessionAttributes"] = dict(request.prompt_attributes)
    if request.invocation_id:
        state["invocationId"] = request.invocation_id
    if request.returned:
        state["returnControlInvocationResults"] = [_returned(result) for result in request.returned]
    if state:
        parameters["sessionState"] = state
    return parameters


def _returned(result: ReturnedResult) -> dict[str, Any]:
    """Convert one result; a function named "GET /trips" belongs to an API schema, as named by trace.py."""
    verb, _, path = result.function.partition(" ")
    values: dict[str, Any] = {"actionGroup": result.action_group}
    if path.startswith("/"):
        kind, body = "apiResult", "application/json"
        values |= {"httpMethod": verb, "apiPath": path}
    else:
        kind, body = "functionResult", "TEXT"
        values["function"] = result.function
    if result.text or result.confirmed is None:
        values["responseBody"] = {body: {"body": result.text}}
    if result.confirmed is not None:
        values["confirmationState"] = "CONFIRM" if result.confirmed else "DENY"
    if result.state:
        values["responseState"] = result.state
    return {kind: values}
