"""Conversations in export formats: Markdown to read, JSON to process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from travel_tui.agent import ReturnControl, ToolCall, ToolResult, TurnEvent
from travel_tui.archive import Note, NoteKind, SessionRecord, TurnRecord
from travel_tui.archive.records import event_to_plain
from travel_tui.clock import Clock
from travel_tui.conversation.returned_calls import numbered_calls
from travel_tui.text import clock_time, one_line, quick, safe


@dataclass(frozen=True, slots=True)
class SessionTranscript:
    """A session of this client, with its turns and the notes on them."""

    session: SessionRecord
    turns: Sequence[TurnRecord]
    notes: Sequence[Note] = ()


def markdown(held: Sequence[SessionTranscript], memory_id: str, clock: Clock) -> str:
    """Return the conversation as Markdown, oldest session first; messages are block quotes."""
    lines = [f"# Conversation of {one_line(memory_id)}", ""]
    for each in held:
        opened = clock.shown(each.session.opened_at)
        lines += [f"## Session {one_line(each.session.session_id)}", "", f"{opened:%Y-%m-%d %H:%M}", ""]
        notes = _by_turn(each.notes)
        for turn in each.turns:
            lines += _turn(turn, notes.get(turn.number, ()), clock)
    return "\n".join(lines).rstrip("\n") + "\n"


def as_data(held: Sequence[SessionTranscript]) -> list[dict[str, Any]]:
    """Return the conversation as plain data, each turn with all its events."""
    return [
        {
            "session_id": each.session.session_id,
            "memory_id": each.session.memory_id,
            "agent": each.session.agent,
            "opened_at": _iso(each.session.opened_at),
            "ended_at": _iso(each.session.ended_at),
            "stored_at": _iso(each.session.stored_at),
            "summary_latency_s": each.session.summary_latency_s,
            "turns": [
                {
                    "number": turn.number,
                    "sent_at": _iso(turn.sent_at),
                    "text": turn.text,
                    "answer": turn.answer,
                    "state": str(turn.state),
                    "first_text_s": turn.first_text_s,
                    "total_s": turn.total_s,
                    "trouble": asdict(turn.problem) if turn.problem else None,
                    "notes": [{"kind": str(note.kind), "text": note.text} for note in notes.get(turn.number, ())],
                    "events": [event_to_plain(event) for event in turn.events],
                }
                for turn in each.turns
            ],
        }
        for each in held
        for notes in [_by_turn(each.notes)]
    ]


def _turn(turn: TurnRecord, notes: Sequence[Note], clock: Clock) -> list[str]:
    lines = [f"**You** {clock_time(clock.shown(turn.sent_at))}", "", *_quoted(turn.text)]
    calls = {call.trace_id: call for event in turn.events for call in _calls(event)}
    results = {event.trace_id: event for event in turn.events if isinstance(event, ToolResult)}
    for trace_id, call in calls.items():
        given = ", ".join(f"{one_line(each.name)}={one_line(each.value)}" for each in call.parameters)
        came = _came(results[trace_id]) if trace_id in results else ""
        lines += [f"- called {one_line(call.function)}({given}){came}", ""]
    took = f", {quick(turn.total_s)}" if turn.total_s is not None else ""
    state = "" if turn.state == "answered" else f", {turn.state}"
    lines += [f"**Agent**{took}{state}", "", *_quoted(turn.answer)]
    if turn.problem:
        problem = (turn.problem.what, turn.problem.why, turn.problem.advice)
        lines += [f"- {' '.join(one_line(part) for part in problem if part)}", ""]
    for note in notes:
        first, *more = (note.text.splitlines() if note.kind is NoteKind.WHY else [note.text]) or [""]
        lines += [f"- {note.kind}: {one_line(first)}", *(f"  - {one_line(each, 500)}" for each in more), ""]
    return lines


def _calls(event: TurnEvent) -> Sequence[ToolCall]:
    if isinstance(event, ReturnControl):
        return numbered_calls(event)
    return [event] if isinstance(event, ToolCall) else []


def _came(result: ToolResult) -> str:
    told = ": ".join(one_line(each) for each in (result.failure, result.text) if each)
    return f" → {told}" if told else ""


def _quoted(text: str) -> list[str]:
    return [*(f"> {line}" for line in safe(text).splitlines()), ""] if text else []


def _by_turn(notes: Sequence[Note]) -> Mapping[int, list[Note]]:
    found: dict[int, list[Note]] = {}
    for note in notes:
        found.setdefault(note.number, []).append(note)
    return found


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
