"""Context of one turn: the caller's input, the session so far, and the memory of earlier sessions."""

from __future__ import annotations

from dataclasses import dataclass

from travel_tui.local.scripted_agent.memory import Recall
from travel_tui.local.scripted_agent.messages import Function, Reply, ToolCall, TurnContext
from travel_tui.local.scripted_agent.state import Note, Session
from travel_tui.local.scripted_agent.task_state import Task, Trip

Outcome = tuple[Reply | ToolCall, str]
"""Next step and its reason, a sentence for the trace."""

BOOK, CHANGE, CANCEL = "book_trip", "update_existing_trip_dates", "delete_existing_trip_reservation"


@dataclass(slots=True)
class Context:
    """Input of every rule; only `session` may be changed."""

    turn: TurnContext
    session: Session
    recall: Recall

    @property
    def where_remembered(self) -> str:
        """How far the agent's memory reaches, for the end of a clause; "" for every session."""
        return "" if self.turn.remembers else " in this session"

    def function(self, name: str) -> Function | None:
        return next((f for f in self.turn.functions if f.name == name), None)

    @property
    def trips(self) -> list[Trip]:
        """Return all trips, oldest first, each in its latest state."""
        mine = {t.id: t for t in self.session.trips if t.id}
        known = [mine.pop(t.id, t) if t.id else t for t in self.recall.trips]
        seen = {id(t) for t in known}
        return known + [t for t in self.session.trips if id(t) not in seen]

    @property
    def active(self) -> list[Trip]:
        return [t for t in self.trips if not t.cancelled]

    @property
    def notes(self) -> list[Note]:
        """Return all notes, oldest first; those of this session replace remembered ones on the same topic."""
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

    def start_task(self, task: Task) -> None:
        self.session.task = task

    def end_task(self) -> None:
        self.session.task = None
