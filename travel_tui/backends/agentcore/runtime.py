"""`Agent` and `MemoryStore` for a harness with its memory, or a memory alone, without exposing boto3."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

from travel_tui.agent import (
    AgentError,
    ErrorKind,
    MemoryRecord,
    Problem,
    ReturnControl,
    ReturnedResult,
    ToolCall,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    TurnRequest,
)
from travel_tui.agentcore_config import NO_HARNESS, AgentCoreConfig
from travel_tui.backends.agentcore.actor import actor_id
from travel_tui.backends.agentcore.capabilities import AGENTCORE
from travel_tui.backends.agentcore.errors import HarnessLocation
from travel_tui.backends.agentcore.function import invoke_function
from travel_tui.backends.agentcore.record_import import add_records, is_recalled, namespace_of
from travel_tui.backends.agentcore.records import Records
from travel_tui.backends.agentcore.resource import ResourceReader
from travel_tui.backends.agentcore.short_term import ShortTermMemory
from travel_tui.backends.agentcore.stream import turn_events
from travel_tui.backends.shared.boto_clients import Clients
from travel_tui.backends.shared.errors import outside_a_turn
from travel_tui.backends.shared.invocation import Invocation, call_noted
from travel_tui.backends.shared.threads import in_thread, stream_from_thread
from travel_tui.memory_store import (
    AddedRecord,
    FailedExtraction,
    NewRecord,
    RecordQuery,
    StoredEvent,
    StoredSession,
    Strategy,
)

if TYPE_CHECKING:
    from botocore.eventstream import EventStream

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_ENDS = (TurnCompleted, TurnFailed, ReturnControl)


class AgentCoreAgent:
    """One endpoint of a harness, or a memory alone; implements travel_tui.agent.Agent and RecordImporter."""

    def __init__(
        self,
        config: AgentCoreConfig,
        clients: Clients,
        control: Callable[[], Any],
        lambda_client: Callable[[], Any],
        location: HarnessLocation,
    ) -> None:
        """`control` and `lambda_client` create the clients of the control plane and of Lambda, when first needed."""
        self._config, self._clients, self._location = config, clients, location
        self._resource = ResourceReader(config, control, location)
        self._lambda = lambda_client
        self._returned: dict[str, str] = {}
        """Invocation id of the returned control that each session waits for."""

    async def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Send a turn as specified by `Agent`: only its new message, and never twice."""
        last: TurnEvent = TurnFailed(_CUT_OFF)
        try:
            invocation = self._invocation(request)
            async with aclosing(stream_from_thread(invocation.run(), invocation.stop)) as batches:
                async for batch in batches:
                    for event in batch:
                        if isinstance(event, _ENDS):
                            last = event
                        else:
                            yield event
        except AgentError as error:
            last = TurnFailed(error.problem)
        except Exception as error:  # noqa: BLE001 - a failed turn is an event
            last = TurnFailed(self._explain(error))
        if isinstance(last, ReturnControl):
            self._returned[request.session_id] = last.invocation_id
        yield last

    async def end_session(self, session_id: str, memory_id: str | None) -> None:
        """Do nothing: the service has no end of a session, and makes records of each event as it comes."""

    async def list_memories(self, memory_id: str) -> list[MemoryRecord]:
        """Return all records of a user, newest first."""
        _check("memory", memory_id)
        return await self._call(lambda: self._records().of_user(memory_id))

    async def delete_memory(self, memory_id: str, session_id: str | None = None) -> None:
        """Delete the records and the events of one session, or all of the user's."""
        _check("memory", memory_id)
        await self._call(lambda: self._delete(memory_id, session_id))

    async def strategies(self) -> Sequence[Strategy]:
        return (await self._call(self._resource.read)).strategies

    async def list_users(self, known: Collection[str] = ()) -> list[str]:
        actors = {actor_id(each) for each in known}
        return [each for each in await self._call(lambda: self._short_term().actors()) if each not in actors]

    async def list_sessions(self, memory_id: str) -> list[StoredSession]:
        return await self._call(lambda: self._short_term().sessions(actor_id(memory_id)))

    async def list_events(self, memory_id: str, session_id: str, most: int | None = None) -> list[StoredEvent]:
        return await self._call(lambda: self._short_term().events(actor_id(memory_id), session_id, most))

    async def list_records(self, memory_id: str, query: RecordQuery) -> list[MemoryRecord]:
        return await self._call(lambda: self._records().query(memory_id, query))

    async def retrieve(self, memory_id: str, text: str, query: RecordQuery, most: int) -> list[MemoryRecord]:
        return await self._call(lambda: self._records().retrieve(memory_id, text, query, most))

    async def preview_recall(self, memory_id: str, session_id: str, text: str) -> tuple[list[MemoryRecord], int] | None:
        if not self._config.preview_recall or self._config.harness_arn is None:
            return None

        def find() -> tuple[list[MemoryRecord], int] | None:
            resource = self._resource.read()
            if resource.retrievals is None:
                return None
            found = self._records().would_recall(memory_id, session_id, text, resource.retrievals)
            return found, len(resource.retrievals)

        return await self._call(find)

    async def delete_record(self, record: MemoryRecord) -> None:
        await self._call(lambda: self._records().delete([record]))

    async def edit_record(self, record: MemoryRecord, text: str) -> None:
        await self._call(lambda: self._records().edit(record, text))

    async def add_record(self, memory_id: str, strategy: Strategy, text: str, session_id: str | None = None) -> str:
        return await self._call(lambda: self._records().add(memory_id, strategy, text, session_id))

    def actor_of(self, memory_id: str) -> str:
        return actor_id(memory_id)

    def namespace_of(self, strategy: Strategy, memory_id: str, session_id: str) -> str:
        return namespace_of(strategy, memory_id, session_id)

    async def is_managed(self) -> bool:
        return (await self._call(self._resource.read)).managed

    async def recalls_from(self, namespace: str, memory_id: str) -> bool | None:
        retrievals = (await self._call(self._resource.read)).retrievals
        return None if retrievals is None else is_recalled(namespace, memory_id, retrievals)

    async def add_records(self, strategy: Strategy, records: Sequence[NewRecord], token: str) -> list[AddedRecord]:
        def add() -> list[AddedRecord]:
            memory_id = self._resource.read().memory_id
            return add_records(self._clients.reads, memory_id, strategy.strategy_id, records, token)

        return await self._call(add)

    async def failed_extractions(self, memory_id: str) -> list[FailedExtraction]:
        return await self._call(lambda: self._short_term().failed(actor_id(memory_id)))

    async def restart_extraction(self, job_id: str) -> None:
        await self._call(lambda: self._short_term().restart(job_id))

    @property
    def function_name(self) -> str | None:
        """The Lambda function for returned calls, as the config names it."""
        return self._config.function_name

    async def run_function(self, call: ToolCall) -> ReturnedResult:
        """Invoke the Lambda function for a returned call."""
        name = self._config.function_name or ""
        return await self._call(lambda: invoke_function(self._lambda(), name, call), acts=True)

    def _delete(self, memory_id: str, session_id: str | None) -> None:
        actor, records, short_term = actor_id(memory_id), self._records(), self._short_term()
        found = records.of_user(memory_id)
        records.delete([each for each in found if session_id in (None, each.session_id)])
        sessions = [session_id] if session_id else [each.session_id for each in short_term.sessions(actor)]
        for each in sessions:
            short_term.delete_session(actor, each)

    def _records(self) -> Records:
        return Records(self._clients.reads, self._resource.read())

    def _short_term(self) -> ShortTermMemory:
        return ShortTermMemory(self._clients.reads, self._resource.read().memory_id)

    def _invocation(self, request: TurnRequest) -> Invocation:
        """Return the call of a turn. Raises AgentError where it must not be sent."""
        if self._config.harness_arn is None:
            raise AgentError(NO_HARNESS)
        _check("session", request.session_id)
        if request.memory_id is not None:
            _check("memory", request.memory_id)
        waiting = self._returned.pop(request.session_id, None)
        if request.returned and request.invocation_id != waiting:
            raise AgentError(_STALE)
        parameters: dict[str, Any] = {
            "qualifier": self._config.harness_endpoint,
            "runtimeSessionId": request.session_id,
            "messages": [{"role": "user", "content": _content(request)}],
        }
        if request.memory_id is not None:
            parameters["actorId"] = actor_id(request.memory_id)

        def send() -> EventStream[Any]:
            arn = self._resource.harness_arn()
            stream: EventStream[Any] = self._clients.turns.invoke_harness(harnessArn=arn, **parameters)["stream"]
            return stream

        return Invocation(self._clients, send, turn_events)

    async def _call(self, call: Callable[[], T], *, acts: bool = False) -> T:
        """Make a call that is no turn; one that `acts` may have done so where its answer failed."""
        try:
            return await in_thread(lambda: call_noted(self._clients, call))
        except Exception as error:
            problem = self._explain(error)
            raise AgentError(problem if acts else outside_a_turn(problem)) from error

    def _explain(self, error: Exception) -> Problem:
        problem = self._location.describe(error)
        if problem.cause is ErrorKind.UNKNOWN:
            _LOG.info("unexpected failure", exc_info=error)  # a warning would print the traceback on the terminal
        return problem


_CUT_OFF = Problem(ErrorKind.CUT_OFF, "The answer was cut off.", "The stream ended before the answer did.")
_STALE = Problem(
    ErrorKind.INVALID,
    "The harness no longer waits for this result.",
    "Another message was sent in the session, or the result was sent already.",
    "Nothing was sent. Ask again.",
)


def _content(request: TurnRequest) -> list[dict[str, Any]]:
    """Return the content of the one new message: the text, or the results of the returned calls."""
    if not request.returned:
        return [{"text": request.text}]
    ids = (request.invocation_id or "").split(",")
    return [
        {
            "toolResult": {
                "toolUseId": tool_use_id,
                "content": [{"text": result.text or "(no result)"}],
                "status": "error" if result.state else "success",
            }
        }
        for tool_use_id, result in zip(ids, request.returned, strict=True)
    ]


def _check(name: str, value: str) -> None:
    if problem := AGENTCORE.check_id(name, value):
        raise AgentError(problem)
