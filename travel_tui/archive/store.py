"""What was said and seen, kept: a call returns when a kill -9 can no longer lose what it wrote."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from travel_tui.agent import Cause, SessionSummary, TextDelta, Trouble, TurnEvent
from travel_tui.archive.file import ArchiveError, DamagedError, connect, open_or_set_aside, spoken, suspect
from travel_tui.archive.records import (
    Change,
    MemoryRecord,
    SessionRecord,
    TurnRecord,
    TurnState,
    event_from_json,
    event_to_json,
    joined,
    trouble_from_json,
    trouble_to_json,
)
from travel_tui.clock import Clock

_EVENTS = "SELECT event FROM events WHERE turn = ? ORDER BY id"
_ALL = 2**62
_NEWEST_SESSION = "SELECT id FROM sessions WHERE session_id = ? ORDER BY opened_at DESC, id DESC LIMIT 1"

P = ParamSpec("P")
R = TypeVar("R")

INTERRUPTED = Trouble(
    Cause.CUT_OFF,
    "The answer was not received to its end.",
    "travel-tui was stopped while it was coming, or another one is receiving it now.",
    "What had arrived stands; ask again in a new turn.",
)


class Archive:
    """Sessions, turns and memories in SQLite. Safe to use from several threads and several processes.

    All methods raise ArchiveError. `notice` has what a person should be told after opening: a damaged file was set
    aside. With no path the archive is in memory and ends with the process.
    """

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self.path = path
        self.notice: str | None = None
        self._lock = threading.RLock()  # held while SQLite works, also while it waits for another process
        self._starting = threading.Lock()
        self._ours: set[int] = set()  # turns that this process has begun and not finished
        self._worker: ThreadPoolExecutor | None = None
        if path is None:
            self._connection = connect(None)
        else:
            self._connection, self.notice = open_or_set_aside(path, clock.now)

    def run(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[R]:
        """Start `call` (what uses the methods here) in the archive's one worker thread and return its future.

        A locked file stalls no screen this way. Calls are done in the order they were made, also where nobody
        awaits them or the one who does is cancelled.
        """
        return asyncio.shield(asyncio.wrap_future(self.submit(call, *args, **kwargs)))

    def submit(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """As `run`, for what nobody waits for: the loop is not woken at its end."""
        with self._starting:
            if self._worker is None:
                self._worker = ThreadPoolExecutor(1, "archive")
            return self._worker.submit(call, *args, **kwargs)

    def open_session(self, session_id: str, agent: str, memory_id: str | None, at: datetime) -> None:
        """Note that a session is open; one that was ended before is open again."""
        with self.transaction():
            self._connection.execute(
                "INSERT INTO sessions (session_id, agent, memory_id, opened_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (session_id, agent) DO UPDATE SET memory_id = excluded.memory_id, "
                "ended_at = NULL, stored_at = NULL, summary_latency_s = NULL",
                (_text(session_id), _text(agent), memory_id and _text(memory_id), _time(at)),
            )

    def end_session(self, session_id: str, at: datetime) -> None:
        """Note when a session was ended."""
        with self.transaction():
            self._connection.execute(
                "UPDATE sessions SET ended_at = ? WHERE id = ?", (_time(at), self._session(session_id))
            )

    def store_session(self, session_id: str, at: datetime, latency_s: float | None) -> None:
        """Note when a session's summary was seen, and how many seconds after its end; the first time counts."""
        with self.transaction():
            self._connection.execute(
                "UPDATE sessions SET stored_at = ?, summary_latency_s = ? WHERE id = ? AND stored_at IS NULL",
                (_time(at), latency_s, self._session(session_id)),
            )

    def begin_turn(self, session_id: str, text: str, at: datetime) -> int:
        """Keep what is about to be sent, and return the turn's id."""
        with self.transaction():
            session = self._session(session_id)
            turn_id = self._connection.execute(
                "INSERT INTO turns (session, number, sent_at, text, state) VALUES "
                "(?, (SELECT coalesce(max(number), 0) + 1 FROM turns WHERE session = ?), ?, ?, ?) RETURNING id",
                (session, session, _time(at), _text(text), TurnState.SENT),
            ).fetchone()[0]
            self._ours.add(turn_id)
        return int(turn_id)

    def add_event(self, turn_id: int, event: TurnEvent) -> None:
        """Keep an event of a turn."""
        self.add_events(turn_id, (event,))

    def add_events(self, turn_id: int, events: Iterable[TurnEvent]) -> None:
        """Keep events of a turn, all or none."""
        rows = [(turn_id, event_to_json(event)) for event in joined(events)]
        with self.transaction():
            self._connection.executemany("INSERT INTO events (turn, event) VALUES (?, ?)", rows)

    def finish_turn(
        self,
        turn_id: int,
        state: TurnState,
        first_text_s: float | None = None,
        total_s: float | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        """Note how a turn ended; its text, kept piece by piece until now, becomes one event a run."""
        with self.transaction():
            before = [row[0] for row in self._connection.execute(_EVENTS, (turn_id,))]
            events = [event_from_json(text) for text in before]
            if None not in events:
                after = [event_to_json(event) for event in joined(event for event in events if event)]
                if len(after) < len(before):
                    self._connection.execute("DELETE FROM events WHERE turn = ?", (turn_id,))
                    self._connection.executemany(
                        "INSERT INTO events (turn, event) VALUES (?, ?)", [(turn_id, text) for text in after]
                    )
            self._connection.execute(
                "UPDATE turns SET state = ?, first_text_s = ?, total_s = ?, trouble = ? WHERE id = ?",
                (state, first_text_s, total_s, trouble_to_json(trouble), turn_id),
            )
        self._ours.discard(turn_id)

    def sessions(
        self, agent: str | None = None, memory_id: str | None = None, limit: int | None = None
    ) -> list[SessionRecord]:
        """Sessions, newest first; of one agent or one memory where they are given."""
        rows = self.rows(
            "SELECT session_id, agent, memory_id, opened_at, ended_at, stored_at, summary_latency_s, "
            "(SELECT count(*) FROM turns WHERE session = sessions.id), "
            "(SELECT sent_at FROM turns WHERE session = sessions.id ORDER BY number DESC LIMIT 1) FROM sessions "
            "WHERE (?1 IS NULL OR agent = ?1) AND (?2 IS NULL OR memory_id = ?2) "
            "ORDER BY opened_at DESC, id DESC LIMIT ?3",
            (agent, memory_id, -1 if limit is None else limit),
        )
        return [
            SessionRecord(
                session_id,
                key,
                memory,
                _moment(opened),
                _optional(ended),
                _optional(stored),
                latency,
                turns,
                _optional(last),
            )
            for session_id, key, memory, opened, ended, stored, latency, turns, last in rows
        ]

    def turns(self, session_id: str, *, last: int | None = None, before: int | None = None) -> list[TurnRecord]:
        """The turns of a session with all their events, oldest first; empty where there is no such session.

        With `last` so many at most, those before the turn of the number `before`, or before the end.

        A turn whose answer nobody is receiving any more (travel-tui was killed) reads as FAILED, its text kept.
        """
        with self._lock:
            wanted = f"FROM turns WHERE session = ({_NEWEST_SESSION}) AND number < ? ORDER BY number DESC LIMIT ?"
            values = (session_id, _ALL if before is None else before, -1 if last is None else last)
            events: dict[int, list[TurnEvent]] = {}
            for turn_id, text in self.rows(
                f"SELECT turn, event FROM events WHERE turn IN (SELECT id {wanted}) ORDER BY turn, id", values
            ):
                if event := event_from_json(text):
                    events.setdefault(turn_id, []).append(event)
            columns = "id, number, sent_at, text, state, first_text_s, total_s, trouble"
            rows = self.rows(f"SELECT {columns} {wanted}", values)
            return [self._turn(session_id, row, events.get(row[0], [])) for row in reversed(rows)]

    def record_memory(self, agent: str, memory_id: str, summaries: Sequence[SessionSummary], at: datetime) -> bool:
        """Keep what a look at a memory found, newest first, and say whether it differs from the look before."""
        with self.transaction():
            known = {record.summary.session_id: record for record in self._latest_memories(agent, memory_id)}
            changes: list[tuple[Change, SessionSummary]] = []
            for summary in _newest_of_each(summaries):
                last = known.pop(summary.session_id, None)
                if last is None or last.change is Change.GONE:
                    changes.append((Change.SEEN, summary))
                elif last.summary != summary:
                    changes.append((Change.CHANGED, summary))
            changes += [(Change.GONE, last.summary) for last in known.values() if last.change is not Change.GONE]
            self._connection.executemany(
                "INSERT INTO memories (agent, memory_id, session_id, at, change, text, started_at, ended_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (agent, memory_id, found.session_id, _time(at), change, found.text, *_span(found))
                    for change, found in changes
                ],
            )
        return bool(changes)

    def memory_history(self, agent: str, memory_id: str) -> list[MemoryRecord]:
        """Every change of a memory that was ever seen, oldest first, also of what the service has forgotten."""
        return self._memories("agent = ? AND memory_id = ?", agent, memory_id)

    def latencies(self, agent: str) -> list[float]:
        """Seconds from a session's end to its summary, for every session where both were seen."""
        return [
            row[0]
            for row in self.rows(
                "SELECT summary_latency_s FROM sessions WHERE agent = ? AND summary_latency_s IS NOT NULL ORDER BY id",
                (agent,),
            )
        ]

    def close(self) -> None:
        """Finish what `run` has begun, then close the file."""
        with self._starting:
            worker, self._worker = self._worker, None
        if worker:
            worker.shutdown(wait=True)
        with self._lock, spoken(self.path):
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One commit around the block, or none at all."""
        with self._lock, self._spoken():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._lock, self._spoken():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        try:
            with spoken(self.path):
                yield
        except DamagedError:
            suspect(self.path)
            raise

    def _turn(self, session_id: str, row: Sequence[Any], events: list[TurnEvent]) -> TurnRecord:
        turn_id, number, sent_at, text, state_name, first_text_s, total_s, trouble_text = row
        known = {state.value for state in TurnState}
        state = TurnState(state_name) if state_name in known else TurnState.FAILED
        trouble = trouble_from_json(trouble_text)
        if state is TurnState.SENT and turn_id not in self._ours:
            state, trouble = TurnState.FAILED, INTERRUPTED
        answer = "".join(event.text for event in events if isinstance(event, TextDelta))
        return TurnRecord(
            turn_id,
            session_id,
            number,
            _moment(sent_at),
            text,
            answer,
            state,
            tuple(joined(events)),
            first_text_s,
            total_s,
            trouble,
        )

    def _session(self, session_id: str) -> int:
        """The newest session of that id; ids can repeat across agents."""
        rows = self.rows(_NEWEST_SESSION, (session_id,))
        if not rows:
            raise ArchiveError(f"The archive has no session {session_id!r}; it is opened with its first turn.")
        return int(rows[0][0])

    def _latest_memories(self, agent: str, memory_id: str) -> list[MemoryRecord]:
        newest = "SELECT max(id) FROM memories WHERE agent = ? AND memory_id = ? GROUP BY session_id"
        return self._memories(f"id IN ({newest})", agent, memory_id)

    def _memories(self, condition: str, agent: str, memory_id: str) -> list[MemoryRecord]:
        rows = self.rows(
            f"SELECT at, change, session_id, text, started_at, ended_at FROM memories WHERE {condition} ORDER BY id",
            (agent, memory_id),
        )
        return [
            MemoryRecord(
                _moment(at), Change(change), SessionSummary(memory_id, session, text, _optional(start), _optional(end))
            )
            for at, change, session, text, start, end in rows
        ]


def _text(value: str) -> str:
    """Text that SQLite takes: half a surrogate pair becomes a question mark."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _newest_of_each(summaries: Sequence[SessionSummary]) -> list[SessionSummary]:
    """One summary a session, as it will be read back; a session that was ended twice can have two."""
    newest_last = reversed(summaries)
    return list({found.session_id: replace(found, text=_text(found.text)) for found in newest_last}.values())


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def _span(summary: SessionSummary) -> tuple[str | None, str | None]:
    return _time(summary.started_at), _time(summary.ended_at)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _optional(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)
