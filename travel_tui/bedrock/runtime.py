"""The port over Agents for Amazon Bedrock: boto3's bedrock-agent-runtime, and nothing of it to be seen above."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from travel_tui.agent import (
    AgentError,
    Cause,
    ReturnControl,
    ReturnedResult,
    SessionSummary,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    TurnRequest,
    refused_id,
)
from travel_tui.bedrock.boto_clients import Clients
from travel_tui.bedrock.errors import Place, explain
from travel_tui.bedrock.stream import body_of, events
from travel_tui.bedrock.threads import in_thread, relayed
from travel_tui.bedrock.trace import Reader

if TYPE_CHECKING:
    from botocore.eventstream import EventStream

T = TypeVar("T")

END_TEXT = "end"
"""What is sent with endSession, as the reference notebook does; the service does not answer it."""
PAGE = 100

_LOG = logging.getLogger(__name__)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class BedrockAgent:
    """One alias of one agent; implements travel_tui.agent.Agent."""

    def __init__(self, clients: Clients, place: Place) -> None:
        self._clients = clients
        self._place = place
        self._address = {"agentId": place.agent_id, "agentAliasId": place.alias_id}

    async def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Send a turn; see the port. A frame of the stream is handed over the moment it is whole."""
        invocation = _Invocation(self._clients, {**self._address, **_parameters(request)})
        last: TurnEvent = TurnCompleted()
        try:
            self._check(request.session_id, request.memory_id)
            async with aclosing(relayed(invocation.run(), invocation.stop)) as batches:
                async for batch in batches:
                    for event in batch:
                        if isinstance(event, ReturnControl):
                            last = event  # trace can follow it
                        else:
                            yield event
        except AgentError as error:
            last = TurnFailed(error.trouble)
        except Exception as error:  # noqa: BLE001 - a failed turn is an event
            last = TurnFailed(self._explain(error))
        yield last

    async def end(self, session_id: str, memory_id: str | None) -> None:
        """End a session. It is tried once; the session's own answer to it is read to its end and dropped."""
        self._check(session_id, memory_id)
        request = TurnRequest(END_TEXT, session_id, memory_id, trace=False)
        invocation = _Invocation(self._clients, {**self._address, **_parameters(request), "endSession": True})
        await self._call(lambda: list(invocation.run()))

    async def memories(self, memory_id: str) -> list[SessionSummary]:
        """All summaries of a memory, newest first. Retried where AWS says that it may be."""
        self._check(None, memory_id)
        return await self._call(lambda: self._memories(memory_id))

    async def forget(self, memory_id: str, session_id: str | None = None) -> None:
        """Delete one session's summary, or with no session_id all of that memory."""
        self._check(session_id, memory_id)
        chosen = {"memoryId": memory_id} if session_id is None else {"memoryId": memory_id, "sessionId": session_id}
        await self._call(lambda: self._clients.reads.delete_agent_memory(**self._address, **chosen))

    def _memories(self, memory_id: str) -> list[SessionSummary]:
        pages = self._clients.reads.get_paginator("get_agent_memory").paginate(
            **self._address, memoryId=memory_id, memoryType="SESSION_SUMMARY", PaginationConfig={"PageSize": PAGE}
        )
        found = [
            SessionSummary(
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
        return sorted(found, key=lambda summary: summary.started_at or _EARLIEST, reverse=True)

    async def _call(self, call: Callable[[], T]) -> T:
        try:
            return await in_thread(call)
        except Exception as error:
            raise AgentError(self._explain(error)) from error

    def _explain(self, error: Exception) -> Trouble:
        trouble = explain(error, self._place)
        if trouble.cause is Cause.UNKNOWN:
            _LOG.error("unexpected failure", exc_info=error)
        return trouble

    def _check(self, session_id: str | None, memory_id: str | None) -> None:
        for name, value in (("session", session_id), ("memory", memory_id)):
            if value is not None and (trouble := refused_id(name, value)):
                raise AgentError(trouble)


class _Invocation:
    """One call of InvokeAgent: `run` in a thread, `stop` from another."""

    def __init__(self, clients: Clients, parameters: dict[str, Any]) -> None:
        self._clients = clients
        self._parameters = parameters
        self._lock = threading.Lock()
        self._stream: EventStream[Any] | None = None
        self._stopped = False

    def run(self) -> Generator[tuple[TurnEvent, ...], None, None]:
        """The port's events of each frame. Raises what boto3, urllib3 and the stream's own checks raise."""
        response = self._clients.turns.invoke_agent(**self._parameters)
        stream: EventStream[Any] = response["completion"]
        with self._lock:
            self._stream = stream
            stopped = self._stopped
        try:
            if stopped:
                return
            reader = Reader()
            for event in events(stream):
                yield tuple(reader.read(event))
            yield tuple(reader.end())
        finally:
            stream.close()

    def stop(self) -> None:
        """Make `run` give up. close() alone would block until the next frame; before the answer's head has come
        nothing can be shut, and the thread gives up when it comes."""
        with self._lock:
            self._stopped = True
            stream = self._stream
        if stream is not None:
            with suppress(ValueError, RuntimeError, OSError):  # it has ended by itself
                body_of(stream).shutdown()


def _parameters(request: TurnRequest) -> dict[str, Any]:
    """InvokeAgent's parameters; what is not wanted is left out, because None is an error there."""
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
    """One result; a function called "GET /trips" is one of an API schema, as trace.py names them."""
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
