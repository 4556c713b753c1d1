"""Records of the archive as plain types, and conversion of turn events to and from JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from travel_tui.agent import (
    ErrorKind,
    MemoryInjected,
    MemoryKind,
    MemoryRecord,
    ModelUsage,
    Parameter,
    Problem,
    ReturnControl,
    ReturnControlKind,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
)


class TurnStatus(StrEnum):
    """State of a turn."""

    SENT = "sent"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    """The agent returned control to the caller."""


@dataclass(frozen=True, slots=True)
class SessionKey:
    """Identity of a session: an id is unique for one agent only, and a turn belongs to the memory it was sent with.

    `agent` is a key such as AGENT/ALIAS@us-east-1. The service has one session per agent and id; turns sent in it with
    another memory id are a separate session here, so that no user sees another's turns.
    """

    agent: str
    session_id: str
    memory_id: str | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as recorded by this client. `agent` is a key such as AGENT/ALIAS@us-east-1; times are in UTC."""

    session_id: str
    agent: str
    memory_id: str | None
    opened_at: datetime
    ended_at: datetime | None
    stored_at: datetime | None
    """Time when its summary was first seen."""
    summary_latency_s: float | None
    turns: int
    last_sent_at: datetime | None = None
    """Time when its newest turn was sent; None if it has no turns."""
    first_text: str = ""
    """Beginning of its first message."""
    removed_by: DeletedBy | None = None
    """Set if all of its agent's state was removed with this tool, including the session."""

    @property
    def key(self) -> SessionKey:
        """Key to look the session up with."""
        return SessionKey(self.agent, self.session_id, self.memory_id)


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn with all its events, in order; runs of text are merged into one TextDelta."""

    turn_id: int
    session_id: str
    number: int
    """Counted from 1 within its session."""
    sent_at: datetime
    text: str
    answer: str
    state: TurnStatus
    events: tuple[TurnEvent, ...]
    first_text_s: float | None
    total_s: float | None
    problem: Problem | None


class Change(StrEnum):
    """Change of one record between two listings of the memory."""

    SEEN = "seen"
    CHANGED = "changed"
    GONE = "gone"


class DeletedBy(StrEnum):
    """Who deleted a missing record, as far as is known."""

    YOU = "you"
    """Deleted with this client: the archive has the deletion."""
    ELSEWHERE = "elsewhere"
    """Deleted by somebody else, on another machine, or by the service when its retention ended."""
    DEMO_RESET = "demo --fresh"
    """Deleted by `travel-tui demo --fresh`, with all other state of the demo's endpoint."""
    DESTROY = "destroy"
    """Deleted by `travel-tui destroy`, with the agent."""
    UNKNOWN = "unknown"


def to_deleted_by(text: str | None) -> DeletedBy | None:
    """Parse the archived value; UNKNOWN for a value that this version does not know."""
    if text is None:
        return None
    return DeletedBy(text) if text in set(DeletedBy) else DeletedBy.UNKNOWN


def to_memory_kind(text: str) -> MemoryKind:
    """Parse the archived value; OTHER for a value that this version does not know."""
    return MemoryKind(text) if text in set(MemoryKind) else MemoryKind.OTHER


@dataclass(frozen=True, slots=True)
class MemoryHistoryEntry:
    """One change of one record; for a deleted one, `record` is the last version seen."""

    at: datetime
    change: Change
    record: MemoryRecord
    deleted_by: DeletedBy | None = None
    """Set if the record is gone."""


_KEYS: Mapping[str, str] = {"problem": "trouble"}
"""Key in JSON of a field, where it is not the field's name: archives and evidence have been written with it."""
_LEFT_OUT = frozenset({"failure"})
"""Fields that are written only if they are not empty: an earlier version reads the event, as long as it has none."""
_KINDS: Mapping[str, type[TurnEvent]] = {
    kind.__name__: kind
    for kind in (
        TextDelta,
        ToolCall,
        ToolResult,
        ModelUsage,
        MemoryInjected,
        ReturnControl,
        TraceStep,
        TurnCompleted,
        TurnFailed,
    )
}


def event_to_json(event: TurnEvent) -> str:
    """Serialize an event as {"event": its class, …its fields}; pure ASCII, so that any text can be stored."""
    return json.dumps(event_to_plain(event), separators=(",", ":"))


def event_to_plain(event: TurnEvent) -> dict[str, Any]:
    """Like `event_to_json`, as plain data."""
    return {"event": type(event).__name__, **_plain(event)}


def event_from_json(text: str) -> TurnEvent | None:
    """Parse an event; None for a kind or a shape that this version does not know."""
    try:
        return event_from_plain(json.loads(text))
    except ValueError:
        return None


def event_from_plain(plain: Mapping[str, Any]) -> TurnEvent | None:
    """Like `event_from_json`, for parsed JSON."""
    try:
        values = dict(plain)
        kind = _KINDS[values.pop("event")]
        for name, key in _KEYS.items():
            if key in values:
                values[name] = values.pop(key)
        for name, rebuild in _REBUILD.items():
            if name in values:
                values[name] = rebuild(values[name])
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def problem_to_json(problem: Problem | None) -> str | None:
    """Serialize a Problem as JSON; None stays None."""
    return None if problem is None else json.dumps(_plain(problem))


def problem_from_json(text: str | None) -> Problem | None:
    """Parse a Problem from JSON; None stays None."""
    return None if text is None else _problem(json.loads(text))


def problem_from_plain(plain: object) -> Problem | None:
    """Like `problem_from_json`, for parsed JSON; None if it is not a Problem."""
    if not isinstance(plain, Mapping) or not {"cause", "what"} <= plain.keys():
        return None
    return _problem({name: str(value) for name, value in plain.items()})


def merge_text_deltas(events: Iterable[TurnEvent]) -> list[TurnEvent]:
    """Return the same events with adjacent TextDeltas merged."""
    result: list[TurnEvent] = []
    pieces: list[str] = []
    for event in events:
        if isinstance(event, TextDelta):
            pieces.append(event.text)
            continue
        if pieces:
            result.append(TextDelta("".join(pieces)))
            pieces = []
        result.append(event)
    if pieces:
        result.append(TextDelta("".join(pieces)))
    return result


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        named = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {_KEYS.get(name, name): _plain(each) for name, each in named if each or name not in _LEFT_OUT}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _problem(values: Mapping[str, str]) -> Problem:
    known = {cause.value for cause in ErrorKind}
    cause = ErrorKind(values["cause"]) if values["cause"] in known else ErrorKind.UNKNOWN
    return Problem(cause, values["what"], values.get("why", ""), values.get("advice", ""))


def _parameters(values: Iterable[Mapping[str, str]]) -> tuple[Parameter, ...]:
    return tuple(Parameter(**value) for value in values)


def _calls(values: Iterable[Mapping[str, Any]]) -> tuple[ToolCall, ...]:
    rebuilt = (
        {**value, **{k: _REBUILD[k](value[k]) for k in ("parameters", "wanted") if k in value}} for value in values
    )
    return tuple(ToolCall(**value) for value in rebuilt)


_REBUILD: Mapping[str, Callable[[Any], Any]] = {
    "problem": _problem,
    "parameters": _parameters,
    "calls": _calls,
    "wanted": ReturnControlKind,
}
