"""Plays one test: its sessions in order, each step on disk before the next, so that it can be gone on with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from travel_tui.agent import AgentError, MemoryInjected, ReturnControl, TextDelta, ToolCall, TurnFailed, TurnRequest
from travel_tui.clock import Clock
from travel_tui.recall.expectations import answer_checks, call_checks, memory_checks, saved
from travel_tui.recall.pace import Pace
from travel_tui.recall.results import Memory, Outcome, SessionResult, TestResult, TurnResult, memories_from_json
from travel_tui.recall.scenario import Session, Test, Turn
from travel_tui.recall.target import Target
from travel_tui.recall.variables import all_filled, filled
from travel_tui.recall.verdict import Verdict
from travel_tui.recall.waiting import wait_for

Data = dict[str, Any]
DELETED_S = 60.0
"""Seconds that a deletion may take to be seen: AWS accepts it (202) and does it later."""
DAY_S = 86_400


class UndecidedError(Exception):
    """The test cannot go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Casting:
    """One run of one test, and the names that it has in it."""

    key: str
    source: str
    test: Test
    attempt: int
    suffix: str
    """Makes its memory and session ids unique."""

    def memory_id(self, name: str) -> str:
        """The id of the memory that the file calls `name`."""
        return f"{name}.{self.suffix}"

    def session_id(self, number: int) -> str:
        """The id of the session of that number, from 1."""
        return f"recall.{self.suffix}.{number}"


@dataclass(slots=True)
class Stage:
    """What a test is played with. `done` are the steps of an earlier run, which are not done again."""

    target: Target
    pace: Pace
    clock: Clock
    done: Sequence[Data]
    cut_off: int | None
    """The number of the turn that was being sent when the earlier run ended."""
    sending: Callable[[int], Awaitable[None]]
    """Notes that a turn is about to leave."""
    finished: Callable[[int, Data], Awaitable[None]]
    """Notes what a step brought."""
    tell: Callable[[str], None]
    """Says what is being done now."""


@dataclass(slots=True)
class Leftover:
    """What a test leaves at the agent."""

    open: dict[str, str] = field(default_factory=dict)
    """Memory ids of sessions that were not ended, by the session's id."""
    ended: dict[str, str] = field(default_factory=dict)
    """Memory ids of ended sessions whose summaries were not seen yet, by the session's id."""
    memories: list[str] = field(default_factory=list)


class Play:
    """One test being played."""

    def __init__(self, casting: Casting, stage: Stage) -> None:
        self.leftover = Leftover()
        self._cast = casting
        self._stage = stage
        self._number = 0
        self._values = dict(casting.test.variables)
        self._sessions: list[SessionResult] = []
        self._ids: dict[str, str] = {}  # session ids by the sessions' names
        self._gone: set[str] = set()  # sessions whose summaries were deleted
        self._used: set[str] = set()  # memories with an earlier session
        self._seconds = 0.0

    async def run(self) -> TestResult:
        """Play it to its end, or to where it cannot go on."""
        reason = ""
        try:
            for number, session in enumerate(self._cast.test.sessions, 1):
                await self._session(number, session)
        except UndecidedError as error:
            reason = str(error)
        except AgentError as error:
            reason = str(error.trouble)
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
        outcome = Outcome.BROKE if result.broken else Outcome.UNDECIDED if reason else Outcome.HELD
        return TestResult(**{**{n: getattr(result, n) for n in result.__slots__}, "outcome": outcome})

    async def _session(self, number: int, session: Session) -> None:
        where = f"session {number} of {len(self._cast.test.sessions)}"
        memory_id = None
        if session.memory_id is not None:
            memory_id = self._cast.memory_id(filled(session.memory_id, self._values))
            if memory_id not in self.leftover.memories:
                self.leftover.memories.append(memory_id)
        session_id = self._ids[session.name] = self._cast.session_id(number)
        record = SessionResult(session.name, session_id, memory_id)
        self._sessions.append(record)
        if memory_id is not None:
            before, waited = await self._memory(session, memory_id, where)
            checks = memory_checks(session.memory_assert, self._values, before)
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

    async def _memory(self, session: Session, memory_id: str, where: str) -> tuple[tuple[Memory, ...], float | None]:
        """What the session begins with, after what it does to the memory first; and how long it waited."""
        waited, found = None, None
        if session.wait_memory is not None:
            self._stage.tell(f"{where}, waiting for the summary")
            data = await self._step(lambda: self._wait(memory_id, session.wait_memory or 0.0))
            waited, found = data["seconds"], memories_from_json(data["memory"])
            for stored in [s for s, memory in self.leftover.ended.items() if memory == memory_id]:
                del self.leftover.ended[stored]
        if session.delete_memory is not None:
            self._stage.tell(f"{where}, deleting from the memory")
            chosen = None if session.delete_memory == "all" else self._ids[session.delete_memory]
            found = memories_from_json((await self._step(lambda: self._delete(memory_id, chosen)))["memory"])
        if session.advance_days is not None:
            await self._advance(session.advance_days)
            found = None
        if found is None and memory_id in self._used:
            found = memories_from_json((await self._step(lambda: self._look(memory_id)))["memory"])
        return found or (), waited

    async def _turn(self, session: Session, turn: Turn, injected: str | None) -> str | None:
        """One turn; returns what of the memory is known to be in the session's prompt."""
        record = self._sessions[-1]
        request = TurnRequest(
            filled(turn.user, self._values),
            record.session_id,
            record.memory_id,
            all_filled(session.session_attributes, self._values),
            all_filled(session.prompt_attributes, self._values),
        )
        if record.memory_id is not None:
            self.leftover.open[record.session_id] = record.memory_id
        data = await self._step(lambda: self._send(request), sends=True)
        if data["prompt_memory"] is not None:
            injected = data["prompt_memory"]
        remembered = record.memory_id in self._used
        checks, values = saved(turn, self._values, data["answer"])
        summaries = record.before
        today = date.fromisoformat(data["day"])
        if not data["trouble"]:
            checks += call_checks(turn, self._values, data["calls"])
            checks += answer_checks(turn, self._values, data["answer"], summaries, injected, remembered, today)
        self._values |= values
        calls = tuple(_call_text(call) for call in data["calls"])
        result = TurnResult(
            request.text, data["answer"], calls, injected, data["seconds"],
            () if data["trouble"] else tuple(checks), data["trouble"],
        )  # fmt: skip
        self._replace(turns=(*record.turns, result))
        if data["trouble"]:
            raise UndecidedError(data["trouble"])
        if any(check.kind == "save" and check.verdict is not Verdict.HELD for check in checks):
            raise UndecidedError("What was to be saved from an answer is not in it, so the test cannot go on.")
        return injected

    async def _end(self, session_id: str, memory_id: str | None) -> None:
        await self._step(lambda: self._ending(session_id, memory_id))
        if memory_id is not None:
            self.leftover.open.pop(session_id, None)
            self.leftover.ended[session_id] = memory_id

    def _replace(self, **values: Any) -> None:
        last = self._sessions[-1]
        self._sessions[-1] = SessionResult(**{**{n: getattr(last, n) for n in last.__slots__}, **values})

    async def _step(self, action: Callable[[], Awaitable[Data]], *, sends: bool = False) -> Data:
        """What a step brings, from the earlier run where it was done there."""
        number, self._number = self._number, self._number + 1
        if number < len(self._stage.done):
            data = self._stage.done[number]
        elif sends and number == self._stage.cut_off:
            raise UndecidedError(
                "The run was interrupted while this turn was being answered, and a turn is never sent again by itself."
            )
        else:
            if sends:
                await self._stage.sending(number)
            began = self._stage.clock.counter()
            data = {**await action(), "seconds": round(self._stage.clock.counter() - began, 3)}
            await self._stage.finished(number, data)
        self._seconds += data["seconds"]
        return data

    async def _wait(self, memory_id: str, timeout_s: float) -> Data:
        ended = {s for s, memory in self.leftover.ended.items() if memory == memory_id}
        stage = self._stage
        found, there = await wait_for(stage.target.agent, stage.pace, memory_id, there=ended, timeout_s=timeout_s)
        if not there:
            raise UndecidedError(f"The summary of an ended session was not there within {timeout_s:g} s.")
        return {"memory": [{"session_id": summary.session_id, "text": summary.text} for summary in found]}

    async def _delete(self, memory_id: str, session_id: str | None) -> Data:
        stage = self._stage
        before = await self._look(memory_id)
        await stage.pace.turn()
        await stage.target.agent.forget(memory_id, session_id)
        gone = {session_id} if session_id else {memory["session_id"] for memory in before["memory"]}
        found, done = await wait_for(
            stage.target.agent, stage.pace, memory_id, there=(), gone=gone, timeout_s=DELETED_S
        )
        if not done:
            raise UndecidedError(f"What was deleted could still be read {DELETED_S:g} s later.")
        return {"memory": [{"session_id": summary.session_id, "text": summary.text} for summary in found]}

    async def _look(self, memory_id: str) -> Data:
        await self._stage.pace.turn()
        found = await self._stage.target.agent.memories(memory_id)
        return {"memory": [{"session_id": summary.session_id, "text": summary.text} for summary in found]}

    async def _advance(self, days: float) -> None:
        async def move() -> Data:
            if self._stage.target.advance is None:  # the command refuses such tests before anything runs
                raise UndecidedError("Time can be moved on the local endpoint alone.")
            await self._stage.target.advance(days * DAY_S)
            return {}

        self._stage.tell(f"moving the clock on by {days:g} days")
        await self._step(move)

    async def _ending(self, session_id: str, memory_id: str | None) -> Data:
        await self._stage.pace.turn()
        await self._stage.target.agent.end(session_id, memory_id)
        return {}

    async def _send(self, request: TurnRequest) -> Data:
        await self._stage.pace.turn()
        pieces: list[str] = []
        calls: list[Data] = []
        memory, trouble = None, ""
        async with aclosing(self._stage.target.agent.invoke(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        pieces.append(text)
                    case ToolCall():
                        calls.append(_call(event))
                    case MemoryInjected(synopsis):
                        memory = synopsis
                    case ReturnControl(calls=returned):
                        calls += [_call(call) for call in returned]
                        trouble = "The agent returned control for a call, which recall checks do not answer."
                    case TurnFailed(failure):
                        trouble = str(failure)
                    case _:
                        pass
        day = self._stage.clock.now().date().isoformat()
        return {"answer": "".join(pieces), "calls": calls, "prompt_memory": memory, "trouble": trouble, "day": day}


def _call(call: ToolCall) -> Data:
    return {
        "action_group": call.action_group,
        "function": call.function,
        "parameters": {parameter.name: parameter.value for parameter in call.parameters},
    }


def _call_text(call: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in call["parameters"].items())
    return f"{call['function']}({given})"
