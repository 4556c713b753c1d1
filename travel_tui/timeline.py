"""Timeline of a turn's steps: operation, start, duration, input and result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import zip_longest
from typing import Any

from travel_tui.agent import Problem, ReturnControl, ReturnedResult, TraceStep, TurnEvent, TurnFailed


@dataclass(frozen=True, slots=True)
class Part:
    """One half of a step, or all of it: `body` is the relevant part, `raw` the complete payload. Both are JSON."""

    name: str
    """Input, Output, or empty for a step without halves."""
    body: Any
    raw: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a turn."""

    title: str
    kind: str
    """Kind as named by the trace."""
    note: str
    parts: tuple[Part, ...]
    began_s: float | None = None
    """Seconds after the turn's first step."""
    took_s: float | None = None
    """None where the trace has no duration, as for plain statements."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    failed: bool = False
    open: bool = False
    """It has begun, and its end has not arrived."""

    @property
    def tokens(self) -> int:
        """Return input and output tokens together."""
        return (self.input_tokens or 0) + (self.output_tokens or 0)


def timeline(events: Iterable[TurnEvent], arrived: Sequence[float] = ()) -> list[Step]:
    """Return the steps of a turn in the order in which they began; nothing in the trace is left out.

    `arrived` has the arrival time of each event, in seconds of any clock, used where the trace has no times.
    """
    steps: list[Step] = []
    begun: dict[str, tuple[int, float | None]] = {}
    first: float | None = None
    stamped = False
    for event, came in zip_longest(events, arrived):
        match event:
            case TraceStep():
                if not steps:
                    stamped = event.at_s is not None
                at = event.at_s if stamped else came
                if first is None:
                    first = at
                if event.phase == "ends" and event.span in begun:
                    place, since = begun.pop(event.span)
                    steps[place] = _ended(steps[place], event, _between(since, at))
                    continue
                if event.phase == "begins" and event.span:
                    begun[event.span] = (len(steps), at)
                steps.append(_begun(event, _between(first, at)))
            case ReturnControl():
                steps.append(_returned(event, None if stamped else _between(first, came)))
            case TurnFailed(problem):
                steps.append(_failed(problem, None if stamped else _between(first, came)))
            case _:
                pass
    return steps


def answered(step: Step, results: Iterable[ReturnedResult]) -> Step:
    """Return the step of a ReturnControl with the caller's results added."""
    return replace(step, parts=(*step.parts, _part("Output", plain(tuple(results)))))


def plain(value: Any) -> Any:
    """Convert to JSON-compatible values; for a dataclass, only its non-empty fields."""
    if is_dataclass(value):
        found = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {name: each for name, each in found.items() if each not in (None, "", [], {})}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def _begun(event: TraceStep, began_s: float | None) -> Step:
    name = {"begins": "Input", "ends": "Output"}.get(event.phase, "")
    return Step(
        event.title or event.kind,
        event.kind,
        event.note,
        (Part(name, _body(event), event.payload),),
        began_s,
        event.took_s,
        event.input_tokens,
        event.output_tokens,
        event.failed,
        open=event.phase == "begins" and bool(event.span),
    )


def _ended(step: Step, event: TraceStep, between_s: float | None) -> Step:
    return replace(
        step,
        kind=f"{step.kind} → {event.kind.rpartition('.')[2]}",
        note=step.note or event.note,
        parts=(*step.parts, Part("Output", _body(event), event.payload)),
        took_s=between_s if event.took_s is None else event.took_s,
        input_tokens=event.input_tokens,
        output_tokens=event.output_tokens,
        failed=step.failed or event.failed,
        open=False,
    )


def _returned(event: ReturnControl, began_s: float | None) -> Step:
    names = ", ".join(call.function for call in event.calls)
    return Step("Control returned", "returnControl", names, (_part("Input", plain(event)),), began_s)


def _failed(problem: Problem, began_s: float | None) -> Step:
    return Step("The turn failed", "failure", problem.what, (_part("", plain(problem)),), began_s, failed=True)


def _part(name: str, value: Any) -> Part:
    return Part(name, value, value)


def _body(event: TraceStep) -> Any:
    """Return the relevant part of the payload, or all of it if the path leads nowhere."""
    found: Any = event.payload
    for name in filter(None, event.body.split("/")):
        if not isinstance(found, Mapping) or name not in found:
            return event.payload
        found = found[name]
    return found


def _between(since: float | None, until: float | None) -> float | None:
    return None if since is None or until is None else max(0.0, until - since)
