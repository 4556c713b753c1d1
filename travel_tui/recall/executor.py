"""Executor of one test: runs its sessions in order, with each step on disk before the next, to be resumable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from travel_tui.agent import AgentError, TurnRequest
from travel_tui.clock import Clock
from travel_tui.recall.budget import Budget
from travel_tui.recall.expectations import answer_checks, call_checks, memory_checks, saved
from travel_tui.recall.identity import Identity
from travel_tui.recall.memory_steps import DELETED_S, MemorySteps
from travel_tui.recall.memory_wait import up_to
from travel_tui.recall.rate_limiter import RateLimiter
from travel_tui.recall.results import (
    Check,
    Outcome,
    SessionResult,
    StoredMemory,
    TestResult,
    TurnResult,
    memories_from_json,
)
from travel_tui.recall.scenario import Session, Turn
from travel_tui.recall.target import Target
from travel_tui.recall.turn_step import send_turn
from travel_tui.recall.undecided import UndecidedError
from travel_tui.recall.variables import all_filled, filled

Data = dict[str, Any]
DAY_S = 86_400


@dataclass(slots=True)
class Environment:
    """Dependencies of a test. `done` are the steps of an earlier run, which are not repeated."""

    target: Target
    pace: RateLimiter
    clock: Clock
    done: Sequence[Data]
    cut_off: int | None
    """Number of the turn in progress when the earlier run ended."""
    sending: Callable[[int], Awaitable[None]]
    """Records that a turn is about to be sent."""
    finished: Callable[[int, Data], Awaitable[None]]
    """Records the result of a step."""
    tell: Callable[[str], None]
    """Reports the current activity."""
    budget: Budget = field(default_factory=Budget)
    """What the whole run may send."""


@dataclass(slots=True)
class Leftover:
    """State that a test leaves at the agent."""

    open: dict[str, str] = field(default_factory=dict)
    """Memory ids of sessions that were not ended, by session id."""
    ended: dict[str, str] = field(default_factory=dict)
    """Memory ids of ended sessions whose summaries were not seen yet, by session id."""
    unanswered: list[str] = field(default_factory=list)
    """Open sessions in which no turn got any answer, so that there is nothing to summarise."""
    memories: list[str] = field(default_factory=list)


class TestExecutor:
    """Runs one test."""

    def __init__(self, casting: Identity, stage: Environment) -> None:
        self.leftover = Leftover()
        self._cast = casting
        self._stage = stage
        self._memories = MemorySteps(stage.target.agent, stage.pace)
        self._number = 0
        self._values = dict(casting.test.variables)
        self._sessions: list[SessionResult] = []
        self._ids: dict[str, str] = {}  # session ids by session name
        self._deleted: set[str] = set()  # ended sessions whose summaries were deleted, so that none is awaited
        self._used: set[str] = set()  # memories with an earlier session
        self._seconds = 0.0

    async def run(self) -> TestResult:
        """Run the test to its end, or until it cannot continue."""
        reason = ""
        try:
            for number, session in enumerate(self._cast.test.sessions, 1):
                await self._session(number, session)
        except UndecidedError as error:
            reason = str(error)
        except AgentError as error:
            reason = str(error.problem)
        result = TestResult(
            key=self._cast.key,
            source=self._cast.source,
            name=self._cast.test.name,
            category=self._cast.test.category,
            attempt=self._cast.attempt,
            outcome=Outcome.HELD,
            reason=reason,
            seconds=self._seconds,
            sessions=tuple(self._sessions),
        )
        unchecked = [check for check in result.checks if check.outcome is Outcome.UNDECIDED]
        if unchecked and not reason:
            reason = f"{unchecked[0].kind}: {unchecked[0].what}: {unchecked[0].verdict}"
        outcome = Outcome.BROKE if result.broken else Outcome.UNDECIDED if reason else Outcome.HELD
        return replace(result, outcome=outcome, reason=reason)

    async def _session(self, number: int, session: Session) -> None:
        where = f"session {number} of {len(self._cast.test.sessions)}"
        memory_id = None
        if session.memory_id is not None:
            memory_id = filled(session.memory_id, self._values)
        if memory_id is not None and not session.existing:
            memory_id = self._cast.memory_id(memory_id)
            if memory_id not in self.leftover.memories:
                self.leftover.memories.append(memory_id)
        session_id = self._ids[session.name] = self._cast.session_id(number)
        record = SessionResult(session.name, session_id, memory_id)
        self._sessions.append(record)
        if memory_id is not None:
            before, waited = await self._memory(session, memory_id, where)
            found = await self._found(session, memory_id)
            checks = await _evaluated(memory_checks(session.memory_assert, self._values, before, found))
            self._replace(before=before, waited_s=waited, checks=checks)
        elif session.advance_days is not None:
            await self._advance(session.advance_days)
        injected: str | None = None
        for turn_number, turn in enumerate(session.turns, 1):
            self._stage.tell(f"{where}, turn {turn_number} of {len(session.turns)}")
            injected = await self._turn(session, turn, injected)
        if session.end_session:
            self._stage.tell(f"{where}, ending it")
            await self._end(session_id, memory_id)
        if memory_id is not None and session.turns:
            self._used.add(memory_id)

    async def _memory(
        self, session: Session, memory_id: str, where: str
    ) -> tuple[tuple[StoredMemory, ...], float | None]:
        """Return the memory at the start of the session, after its memory actions; and the time waited."""
        waited, found = None, None
        if session.wait_memory is not None:
            timeout_s = session.wait_memory
            what = "summary" if self._stage.target.capabilities.ends_sessions else "records"
            self._stage.tell(f"{where}, waiting for the {what} ({up_to(timeout_s)})")
            awaited = {s for s, memory in self.leftover.ended.items() if memory == memory_id} - self._deleted
            data = await self._step(lambda: self._memories.wait(memory_id, awaited, session.wait_kinds, timeout_s))
            waited, found = data["seconds"], memories_from_json(data["memory"])
            for stored in awaited:
                del self.leftover.ended[stored]
        if session.delete_memory is not None:
            self._stage.tell(f"{where}, deleting from the memory ({up_to(DELETED_S)})")
            chosen = None if session.delete_memory == "all" else self._ids[session.delete_memory]
            found = memories_from_json((await self._step(lambda: self._memories.delete(memory_id, chosen)))["memory"])
            of_memory = {s for s, memory in self.leftover.ended.items() if memory == memory_id}
            self._deleted |= {chosen} if chosen else of_memory
        if session.advance_days is not None:
            await self._advance(session.advance_days)
            found = None
        if found is None and (session.existing or memory_id in self._used):
            found = memories_from_json((await self._step(lambda: self._memories.read(memory_id)))["memory"])
        return found or (), waited

    async def _found(self, session: Session, memory_id: str) -> dict[int, tuple[StoredMemory, ...]]:
        """Return what the query of each assertion that has one finds, by the assertion's number."""
        found: dict[int, tuple[StoredMemory, ...]] = {}
        for number, asserted in enumerate(session.memory_assert):
            if asserted.query:
                query, namespace = (filled(text, self._values) for text in (asserted.query, asserted.namespace))
                search = partial(self._memories.retrieve, memory_id, query, asserted.kind, namespace, asserted.top)
                found[number] = memories_from_json((await self._step(search))["memory"]) or ()
        return found

    async def _turn(self, session: Session, turn: Turn, injected: str | None) -> str | None:
        """Run one turn; return the memory known to be in the session's prompt."""
        record, stage = self._sessions[-1], self._stage
        request = TurnRequest(
            filled(turn.user, self._values),
            record.session_id,
            record.memory_id,
            all_filled(session.session_attributes, self._values),
            all_filled(session.prompt_attributes, self._values),
        )
        if self._sends_next() and not stage.budget.take_turn():  # before the session counts as open
            raise UndecidedError(stage.budget.exhausted)
        if record.memory_id is not None:
            self.leftover.open[record.session_id] = record.memory_id
        data = await self._step(lambda: self._send(request), sends=True)
        if data["trouble"] and not (record.turns or data["answer"] or data["calls"]):
            self.leftover.unanswered.append(record.session_id)
        derived = data.get("derived", False)  # an earlier version wrote none
        if derived or data["prompt_memory"] is not None:  # a trace tells it once a session
            injected = data["prompt_memory"]
        remembered = record.memory_id in self._used
        checks, values = await _saved(turn, self._values, data["answer"])
        summaries = record.before
        today = date.fromisoformat(data["day"])
        if not data["trouble"]:
            checks += await _evaluated(call_checks(turn, self._values, data["calls"]))
            checks += await _evaluated(
                answer_checks(turn, self._values, data["answer"], summaries, injected, remembered, today, derived)
            )
        self._values |= values
        calls = tuple(_call_text(call) for call in data["calls"])
        inputs, outputs = data.get("tokens", (None, None))
        result = TurnResult(
            request.text, data["answer"], calls, injected, data["seconds"],
            () if data["trouble"] else checks, data["trouble"], inputs, outputs, derived,
        )  # fmt: skip
        self._replace(turns=(*record.turns, result))
        if data["trouble"]:
            raise UndecidedError(data["trouble"])
        if len(values) < len(turn.save):
            raise UndecidedError("A variable could not be saved from the answer, so the test stopped there.")
        return injected

    async def _end(self, session_id: str, memory_id: str | None) -> None:
        await self._step(lambda: self._ending(session_id, memory_id))
        if memory_id is not None:
            self.leftover.open.pop(session_id, None)
            self.leftover.ended[session_id] = memory_id

    def _replace(self, **values: Any) -> None:
        last = self._sessions[-1]
        self._sessions[-1] = replace(last, **values)

    def _sends_next(self) -> bool:
        """Whether the next step is done now: not in an earlier run, nor begun there."""
        return self._number >= len(self._stage.done) and self._number != self._stage.cut_off

    async def _send(self, request: TurnRequest) -> Data:
        stage = self._stage
        data = await send_turn(stage.target, stage.pace, stage.clock, request)
        stage.budget.spend(*data["tokens"])
        return data

    async def _step(self, action: Callable[[], Awaitable[Data]], *, sends: bool = False) -> Data:
        """Return the result of a step, from the earlier run if it was done there."""
        number, self._number = self._number, self._number + 1
        if number < len(self._stage.done):
            data = self._stage.done[number]
        elif sends and number == self._stage.cut_off:
            raise UndecidedError(
                "The run was interrupted during this turn, and no turn is sent twice. "
                "--resume with --again repeats the test."
            )
        else:
            if sends:
                await self._stage.sending(number)
            began = self._stage.clock.counter()
            data = {**await action(), "seconds": round(self._stage.clock.counter() - began, 3)}
            await self._stage.finished(number, data)
        self._seconds += data["seconds"]
        return data

    async def _advance(self, days: float) -> None:
        async def move() -> Data:
            if self._stage.target.advance is None:  # the command rejects such tests before anything runs
                raise UndecidedError("Only the local endpoint's clock can be advanced.")
            await self._stage.target.advance(days * DAY_S)
            return {}

        self._stage.tell(f"advancing the clock by {days:g} days")
        await self._step(move)

    async def _ending(self, session_id: str, memory_id: str | None) -> Data:
        if self._stage.target.capabilities.ends_sessions:  # elsewhere the memory comes without it
            await self._stage.pace.turn()
            await self._stage.target.agent.end_session(session_id, memory_id)
        return {}


async def _evaluated(checks: Iterator[Check]) -> tuple[Check, ...]:
    """Evaluate checks in a thread, one by one, so that a slow pattern delays neither other tests nor ctrl+c."""
    found = []
    while (check := await asyncio.to_thread(next, checks, None)) is not None:
        found.append(check)
    return tuple(found)


async def _saved(turn: Turn, values: Mapping[str, str], answer: str) -> tuple[tuple[Check, ...], dict[str, str]]:
    """Extract the variables from the answer, with a check for each that is missing."""
    checks: list[Check] = []
    found: dict[str, str] = {}
    for name, pattern in turn.save.items():
        value, check = await asyncio.to_thread(saved, name, pattern, values, answer)
        if value is None:
            checks.append(check)
        else:
            found[name] = value
    return tuple(checks), found


def _call_text(call: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in call["parameters"].items())
    return f"{call['function']}({given})"
