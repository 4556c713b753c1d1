"""Queries for archived sessions and their turns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from travel_tui.agent import ErrorKind, Problem, TextDelta, ToolResult, TurnEvent
from travel_tui.archive.connection import ArchiveConnection
from travel_tui.archive.records import (
    SessionKey,
    SessionRecord,
    TurnRecord,
    TurnStatus,
    event_from_json,
    merge_text_deltas,
    problem_from_json,
    to_deleted_by,
)
from travel_tui.archive.values import SESSION, from_optional_time, from_time, identity
from travel_tui.attribution.types import SaidText, Turn
from travel_tui.clock import Clock

_ALL = 2**62

INTERRUPTED = Problem(
    ErrorKind.CUT_OFF,
    "The answer was not received completely.",
    "travel-tui was stopped while it was arriving, or another travel-tui is receiving it now.",
    "Partial answer kept. Actions may already have run; check before retrying.",
)


class SessionReader(ArchiveConnection):
    """Queries for sessions and turns. All methods raise ArchiveError."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        super().__init__(path, clock)
        self._clock = clock
        self._unfinished: set[int] = set()
        """Turns that this process has begun and not finished."""

    def sessions(
        self, agent: str | None = None, memory_id: str | None = None, limit: int | None = None
    ) -> list[SessionRecord]:
        """Return sessions, the one with the newest turn first; filtered by agent and memory if given."""
        rows = self.rows(
            "WITH chosen AS ("
            "SELECT id, (SELECT sent_at FROM turns WHERE session = sessions.id ORDER BY number DESC LIMIT 1) AS last "
            "FROM sessions WHERE (?1 IS NULL OR agent = ?1) AND (?2 IS NULL OR memory_id = ?2) "
            "ORDER BY coalesce(last, opened_at) DESC, id DESC LIMIT ?3) "
            "SELECT session_id, agent, memory_id, opened_at, ended_at, stored_at, summary_latency_s, "
            "(SELECT count(*) FROM turns WHERE session = sessions.id), last, "
            "(SELECT substr(text, 1, 400) FROM turns WHERE session = sessions.id ORDER BY number LIMIT 1), removed_by "
            "FROM chosen JOIN sessions USING (id) ORDER BY coalesce(last, opened_at) DESC, id DESC",
            (agent, memory_id, -1 if limit is None else limit),
        )
        return [
            SessionRecord(
                session_id=session_id,
                agent=key,
                memory_id=memory,
                opened_at=from_time(opened),
                ended_at=from_optional_time(ended),
                stored_at=from_optional_time(stored),
                summary_latency_s=latency,
                turns=turns,
                last_sent_at=from_optional_time(last),
                first_text=first or "",
                removed_by=to_deleted_by(removed),
            )
            for session_id, key, memory, opened, ended, stored, latency, turns, last, first, removed in rows
        ]

    def turns(self, session: SessionKey, *, last: int | None = None, before: int | None = None) -> list[TurnRecord]:
        """Return the turns of a session with all their events, oldest first; empty for an unknown session.

        `last` limits the number of turns, counted back from turn number `before`, or from the end.
        A turn whose answer nobody receives any more (travel-tui was killed) is FAILED, with its text kept.
        """
        with self._lock:
            wanted = f"FROM turns WHERE session = ({SESSION}) AND number < ? ORDER BY number DESC LIMIT ?"
            values = (*identity(session), _ALL if before is None else before, -1 if last is None else last)
            events: dict[int, list[TurnEvent]] = {}
            for turn_id, text in self.rows(
                f"SELECT turn, event FROM events WHERE turn IN (SELECT id {wanted}) ORDER BY turn, id", values
            ):
                if event := event_from_json(text):
                    events.setdefault(turn_id, []).append(event)
            columns = "id, number, sent_at, text, state, first_text_s, total_s, trouble"
            rows = self.rows(f"SELECT {columns} {wanted}", values)
            return [self._turn(session.session_id, row, events.get(row[0], [])) for row in reversed(rows)]

    def said(self, session: SessionKey, before: int) -> list[Turn]:
        """Return the texts of a session's turns before turn number `before`, in order."""
        rows = self.rows(
            "SELECT number, text, sent_at, event FROM turns LEFT JOIN events ON turn = turns.id AND "
            '(event LIKE \'{"event":"TextDelta"%\' OR event LIKE \'{"event":"ToolResult"%\') '
            f"WHERE session = ({SESSION}) AND number < ? ORDER BY number, events.id",
            (*identity(session), before),
        )
        found: list[Turn] = []
        for (_, text, sent_at), its in groupby(rows, key=lambda row: row[:3]):
            events = [event_from_json(event) for *_, event in its if event]
            answer = "".join(event.text for event in events if isinstance(event, TextDelta))
            tools = tuple(event.text for event in events if isinstance(event, ToolResult) and event.text)
            found.append(Turn(text, answer, tools, self._clock.day(from_time(sent_at))))
        return found

    def messages(self, agent: str, memory_id: str, limit: int = 2000) -> list[SaidText]:
        """Return the newest messages sent with a memory, oldest first."""
        rows = self.rows(
            "SELECT session_id, number, turns.text, sent_at FROM turns JOIN sessions ON sessions.id = turns.session "
            "WHERE agent = ? AND memory_id = ? ORDER BY turns.id DESC LIMIT ?",
            (agent, memory_id, limit),
        )
        return [SaidText(session_id, number, text, from_time(at)) for session_id, number, text, at in reversed(rows)]

    def latencies(self, agent: str) -> list[float]:
        """Return the seconds from end to summary for every session where both were seen."""
        return [
            row[0]
            for row in self.rows(
                "SELECT summary_latency_s FROM sessions WHERE agent = ? AND summary_latency_s IS NOT NULL ORDER BY id",
                (agent,),
            )
        ]

    def _turn(self, session_id: str, row: Sequence[Any], events: list[TurnEvent]) -> TurnRecord:
        turn_id, number, sent_at, text, state_name, first_text_s, total_s, problem_text = row
        known = {state.value for state in TurnStatus}
        state = TurnStatus(state_name) if state_name in known else TurnStatus.FAILED
        problem = problem_from_json(problem_text)
        if state is TurnStatus.SENT and turn_id not in self._unfinished:
            state, problem = TurnStatus.FAILED, INTERRUPTED
        answer = "".join(event.text for event in events if isinstance(event, TextDelta))
        return TurnRecord(
            turn_id=turn_id,
            session_id=session_id,
            number=number,
            sent_at=from_time(sent_at),
            text=text,
            answer=answer,
            state=state,
            events=tuple(merge_text_deltas(events)),
            first_text_s=first_text_s,
            total_s=total_s,
            problem=problem,
        )
