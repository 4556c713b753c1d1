"""Open tasks of a session as plain types, and their JSON form in the session's state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

PARTS = ("origin", "destination", "start", "end", "mode")
"""The parts of a trip, in the order in which they are asked for."""

Stage = Literal["asking", "confirming", "held", "calling", "id", "agreed"]
"""`held` waits for the user to say that they want to book; `id` waits for a booking id."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip: days as ISO dates, cities as the user wrote them; a part is "" where it is not known."""

    id: str = ""
    origin: str = ""
    destination: str = ""
    start: str = ""
    end: str = ""
    mode: str = ""
    cancelled: bool = False
    before: str = ""
    """The dates before the last change, as "ISO to ISO"; "" where there was none."""

    @classmethod
    def of(cls, values: Mapping[str, str], booking_id: str = "") -> Trip:
        """Build a trip from its parts by name; those that are missing are ""."""
        origin, destination, start, end, mode = (values.get(part, "") for part in PARTS)
        return cls(booking_id, origin, destination, start, end, mode)

    @property
    def first(self) -> date | None:
        return as_date(self.start)

    @property
    def last(self) -> date | None:
        return as_date(self.end)


@dataclass(slots=True)
class BookingTask:
    """A booking in progress; keys of `slots` and `unsure` are names of PARTS."""

    slots: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str | bool] = field(default_factory=dict)
    """Slots that were inferred: True, or the other reading of a date as an ISO date."""
    asked: str = ""
    stage: Stage = "asking"
    nights: int | None = None
    say: str = ""
    """A sentence to begin the next answer with."""
    last: str = ""
    """The date slot filled last, which a correction means."""
    month: tuple[int | None, int] | None = None
    """Year and month of a trip whose days are not known yet."""
    dated: bool = False
    """Whether the departure was given with its year, and so may lie in the past."""
    soft: bool = False
    """Whether to confirm before booking although nothing was inferred."""
    known: int = len(PARTS)
    """How many slots were filled at the last question."""
    greeted: bool = False
    kind: Literal["booking"] = "booking"


@dataclass(slots=True)
class ChangeTask:
    """A change of a trip's dates in progress; `start` and `end` are the new ISO dates."""

    trip: Trip = Trip()
    start: str = ""
    end: str = ""
    stage: Stage = "asking"
    asked: str = ""
    text: str = ""
    """The request, where the booking id is still to come."""
    sense: Literal["", "stay", "longer", "shorter", "later", "earlier"] = ""
    """Direction of the last length of time, for a correction that gives only another length."""
    side: str = ""
    kind: Literal["change"] = "change"


@dataclass(slots=True)
class CancelTask:
    """A cancellation to be confirmed."""

    trip: Trip = Trip()
    stage: Stage = "confirming"
    text: str = ""
    """The request, where the booking id is still to come."""
    kind: Literal["cancel"] = "cancel"


@dataclass(slots=True)
class WhichTask:
    """A change or cancellation for which the user has to choose a trip; `options` are booking ids."""

    then: Literal["change", "cancel"] = "change"
    text: str = ""
    options: list[str] = field(default_factory=list)
    stage: Stage = "asking"
    kind: Literal["which"] = "which"


@dataclass(slots=True)
class FunctionTask:
    """A call of another function; `slots` are its parameters by name."""

    function: str = ""
    slots: dict[str, str] = field(default_factory=dict)
    asked: str = ""
    stage: Stage = "asking"
    kind: Literal["generic"] = "generic"


Task = BookingTask | ChangeTask | CancelTask | WhichTask | FunctionTask

_KINDS: Mapping[str, type[Task]] = {
    "booking": BookingTask,
    "change": ChangeTask,
    "cancel": CancelTask,
    "which": WhichTask,
    "generic": FunctionTask,
}


def load_task(state: Mapping[str, Any] | None) -> Task | None:
    """Build a task from its JSON form; None for a kind that is not known. Keys that are not known are left out."""
    cls = _KINDS.get(str(state.get("kind"))) if state else None
    if not state or cls is None:
        return None
    values = {f.name: state[f.name] for f in fields(cls) if f.name in state}
    if "trip" in values:
        values["trip"] = Trip(**values["trip"])
    if values.get("month"):
        year, month = values["month"]
        values["month"] = (year, month)
    for name in ("slots", "unsure"):
        if name in values:
            values[name] = dict(values[name])
    if "options" in values:
        values["options"] = list(values["options"])
    return cls(**values)


def as_date(text: str) -> date | None:
    """Return the day of an ISO date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
