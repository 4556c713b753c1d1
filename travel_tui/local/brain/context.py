"""One turn's surroundings: the world, the session so far, and what memory says, each looked at as one."""

from __future__ import annotations

from dataclasses import dataclass

from travel_tui.local.brain.memory import Recall
from travel_tui.local.brain.moves import Call, Function, Say, World
from travel_tui.local.brain.state import Note, Session, Task, Trip

Outcome = tuple[Say | Call, str]
"""What to do, and why: a sentence for the trace."""

BOOK, CHANGE, CANCEL = "book_trip", "update_existing_trip_dates", "delete_existing_trip_reservation"


@dataclass(slots=True)
class Context:
    """What a turn may look at; `session` is the one thing it changes."""

    world: World
    session: Session
    recall: Recall

    def function(self, name: str) -> Function | None:
        return next((f for f in self.world.functions if f.name == name), None)

    @property
    def trips(self) -> list[Trip]:
        """All trips, oldest first, each in its latest state."""
        mine = {t.id: t for t in self.session.trips if t.id}
        known = [mine.pop(t.id, t) if t.id else t for t in self.recall.trips]
        seen = {id(t) for t in known}
        return known + [t for t in self.session.trips if id(t) not in seen]

    @property
    def active(self) -> list[Trip]:
        return [t for t in self.trips if not t.cancelled]

    @property
    def notes(self) -> list[Note]:
        """All notes, oldest first: what was told in this session stands over what memory says."""
        here = self.session.notes
        topics = {n.topic for n in here}
        gone = set(self.session.forgotten)
        return [n for n in self.recall.notes if n.topic not in topics and n.topic not in gone] + here

    def note(self, topic: str) -> Note | None:
        return next((n for n in reversed(self.notes) if n.topic == topic), None)

    @property
    def name(self) -> str:
        note = self.note("name")
        return note.value if note else ""

    def start_task(self, task: Task) -> Task:
        self.session.task = task
        return task

    def end_task(self) -> None:
        self.session.task = None
