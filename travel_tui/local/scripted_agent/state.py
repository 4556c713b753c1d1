"""State of a session, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from zlib import crc32

from travel_tui.local.scripted_agent.task_state import Task, Trip, load_task


@dataclass(frozen=True, slots=True)
class Note:
    """A fact from the user: topic (`home`, `diet`, `my/dog`, …), value, and a third-person sentence."""

    topic: str
    value: str
    text: str


@dataclass(slots=True)
class Session:
    """State of one session; `trips` are those booked, changed or cancelled in it."""

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
    """How often the agent declined, so that its answers vary."""
    told: str = ""
    """Topic of the latest note, for a correction that gives only the new value."""
    question: str = ""
    """The user's last question, for a following “and mine?”."""
    scene: str = ""
    """The place mentioned last, for a later “there”."""
    wondered: str = ""
    """The unknown fact that the user asked for, for a message that gives only its value."""

    def trip(self, booking_id: str) -> Trip | None:
        return next((t for t in self.trips if t.id == booking_id), None)

    def keep(self, trip: Trip) -> None:
        """Store the trip, replacing its earlier state, and make it the one that “it” refers to."""
        at = next((i for i, t in enumerate(self.trips) if t.id and t.id == trip.id), None)
        if at is None:
            self.trips.append(trip)
        else:
            self.trips[at] = trip
        self.focus = trip.id


def forget_key(topic: str) -> str:
    """Return the name of a forgotten topic for summaries, without its content."""
    return topic if "/" not in topic else f"what was told under {crc32(topic.encode()) % 1_000_000:06}"


def load(state: Mapping[str, Any]) -> Session:
    """Build a session from its JSON state; {} is a new one."""
    session = Session(**{f.name: state[f.name] for f in fields(Session) if f.name in state})
    return replace(
        session,
        notes=[Note(**note) for note in session.notes],  # type: ignore[arg-type]
        trips=[Trip(**trip) for trip in session.trips],  # type: ignore[arg-type]
        forgotten=list(session.forgotten),
        queue=list(session.queue),
        wishes=[dict(wish) for wish in session.wishes],
        actions=list(session.actions),
        task=load_task(state.get("task")),
        waiting=load_task(state.get("waiting")),
    )


def dump(session: Session) -> dict[str, Any]:
    """Return the session as JSON without empty values."""
    return {key: value for key, value in asdict(session).items() if value not in (None, "", [], 0)}
