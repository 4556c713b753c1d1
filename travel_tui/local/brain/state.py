"""What the brain keeps of a session, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any
from zlib import crc32

Task = dict[str, Any]
"""The open matter of a session, by its `kind`: booking, change, cancel, which, generic or offer. JSON alone."""


PARTS = ("origin", "destination", "start", "end", "mode")
"""The parts of a trip, in the order in which they are asked for."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip as it stands: days as ISO dates, cities as the user wrote them, any part "" where it is not known."""

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
        """The trip with these parts; those that are missing are ""."""
        origin, destination, start, end, mode = (values.get(part, "") for part in PARTS)
        return cls(booking_id, origin, destination, start, end, mode)

    @property
    def first(self) -> date | None:
        return as_date(self.start)

    @property
    def last(self) -> date | None:
        return as_date(self.end)


@dataclass(frozen=True, slots=True)
class Note:
    """Something the user told: its topic (`home`, `diet`, `dog name`, …), its value, and a third-person sentence."""

    topic: str
    value: str
    text: str


@dataclass(slots=True)
class Session:
    """One session's state; `trips` are those that were made, changed or cancelled in it, each whole."""

    notes: list[Note] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    focus: str = ""
    task: Task | None = None
    waiting: Task | None = None
    queue: list[str] = field(default_factory=list)
    prefix: str = ""
    wishes: list[dict[str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    turns: int = 0
    declined: int = 0
    """How often the agent had to say that it cannot help, so that it does not repeat itself."""
    told: str = ""
    """The topic of the note last made, for a correction that names only the new value."""
    question: str = ""
    """The last question of the user, for an "and mine?" after it."""
    scene: str = ""
    """The place last spoken of without an order, which a later "there" means."""
    wondered: str = ""
    """What the user asked for and had not told, for an answer that gives only the value."""

    def trip(self, booking_id: str) -> Trip | None:
        return next((t for t in self.trips if t.id == booking_id), None)

    def keep(self, trip: Trip) -> None:
        """Store the trip in place of an earlier state of it, and let later words mean it."""
        at = next((i for i, t in enumerate(self.trips) if t.id and t.id == trip.id), None)
        if at is None:
            self.trips.append(trip)
        else:
            self.trips[at] = trip
        self.focus = trip.id


def forget_key(topic: str) -> str:
    """How a summary names what is to be forgotten, without saying it once more."""
    return topic if "/" not in topic else f"what was told under {crc32(topic.encode()) % 1_000_000:06}"


def as_date(text: str) -> date | None:
    """The day of an ISO date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def load(state: Mapping[str, Any]) -> Session:
    """The session of a state; {} is a new one."""
    session = Session(**{f.name: state[f.name] for f in fields(Session) if f.name in state})
    return replace(
        session,
        notes=[Note(**note) for note in session.notes],  # type: ignore[arg-type]
        trips=[Trip(**trip) for trip in session.trips],  # type: ignore[arg-type]
        forgotten=list(session.forgotten),
        queue=list(session.queue),
        wishes=[dict(wish) for wish in session.wishes],
        actions=list(session.actions),
        task=_copy(session.task),
        waiting=_copy(session.waiting),
    )


def dump(session: Session) -> dict[str, Any]:
    """The session as JSON; what is empty is left out."""
    return {key: value for key, value in asdict(session).items() if value not in (None, "", [], 0)}


def _copy(task: Task | None) -> Task | None:
    if task is None:
        return None
    return {key: dict(value) if isinstance(value, dict) else value for key, value in task.items()}
