"""What the archive keeps, as plain types, and the events of a turn as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from travel_tui.agent import (
    Cause,
    MemoryInjected,
    ModelUsage,
    Parameter,
    ReturnControl,
    SessionSummary,
    TextDelta,
    ToolCall,
    ToolResult,
    TraceStep,
    Trouble,
    TurnCompleted,
    TurnEvent,
    TurnFailed,
    Wanted,
)


class TurnState(StrEnum):
    """How far a turn came."""

    SENT = "sent"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    """The agent handed its calls back to the caller."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as it was seen here. `agent` is a key such as AGENT/ALIAS@us-east-1; times are in UTC."""

    session_id: str
    agent: str
    memory_id: str | None
    opened_at: datetime
    ended_at: datetime | None
    stored_at: datetime | None
    """When its summary was first seen."""
    summary_latency_s: float | None
    turns: int
    last_sent_at: datetime | None = None
    """When its newest turn was sent; None where it has none."""


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn with all that came back, in order; runs of text are joined to one TextDelta."""

    turn_id: int
    session_id: str
    number: int
    """From 1 in its session."""
    sent_at: datetime
    text: str
    answer: str
    state: TurnState
    events: tuple[TurnEvent, ...]
    first_text_s: float | None
    total_s: float | None
    trouble: Trouble | None


class Change(StrEnum):
    """What a look at the memory found about one summary."""

    SEEN = "seen"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class MemoryRecord:
    """One change of one summary; of one that is gone, `summary` is the last that was seen."""

    at: datetime
    change: Change
    summary: SessionSummary


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
    """The event as {"event": its class, …its fields}; pure ASCII, so that any text can be stored."""
    return json.dumps({"event": type(event).__name__, **_plain(event)}, separators=(",", ":"))


def event_from_json(text: str) -> TurnEvent | None:
    """The event again; None for a kind or a shape that this version does not know."""
    try:
        return event_from_plain(json.loads(text))
    except ValueError:
        return None


def event_from_plain(plain: Mapping[str, Any]) -> TurnEvent | None:
    """As `event_from_json`, of JSON that was parsed."""
    try:
        values = dict(plain)
        kind = _KINDS[values.pop("event")]
        for name, rebuild in _REBUILD.items():
            if name in values:
                values[name] = rebuild(values[name])
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def trouble_to_json(trouble: Trouble | None) -> str | None:
    """A Trouble as JSON, None as None."""
    return None if trouble is None else json.dumps(_plain(trouble))


def trouble_from_json(text: str | None) -> Trouble | None:
    """The Trouble again."""
    return None if text is None else _trouble(json.loads(text))


def joined(events: Iterable[TurnEvent]) -> list[TurnEvent]:
    """The same events with neighbouring TextDeltas made one."""
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
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _trouble(values: Mapping[str, str]) -> Trouble:
    known = {cause.value for cause in Cause}
    cause = Cause(values["cause"]) if values["cause"] in known else Cause.UNKNOWN
    return Trouble(cause, values["what"], values.get("why", ""), values.get("advice", ""))


def _parameters(values: Iterable[Mapping[str, str]]) -> tuple[Parameter, ...]:
    return tuple(Parameter(**value) for value in values)


def _calls(values: Iterable[Mapping[str, Any]]) -> tuple[ToolCall, ...]:
    rebuilt = (
        {**value, **{k: _REBUILD[k](value[k]) for k in ("parameters", "wanted") if k in value}} for value in values
    )
    return tuple(ToolCall(**value) for value in rebuilt)


_REBUILD: Mapping[str, Callable[[Any], Any]] = {
    "trouble": _trouble,
    "parameters": _parameters,
    "calls": _calls,
    "wanted": Wanted,
}
