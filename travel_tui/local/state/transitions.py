"""What follows by itself on a state that passes, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass

from travel_tui.local.state.database import Database


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of a service to be taken."""

    id: int
    service: str
    step: str
    target: tuple[str, ...]


class Transitions:
    """The transitions in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, due_s: float, service: str, step: str, target: tuple[str, ...]) -> None:
        """Have a step taken once the endpoint's running seconds reach `due_s`."""
        self._db.execute(
            "INSERT INTO transitions (due_s, service, step, target) VALUES (?, ?, ?, ?)",
            due_s,
            service,
            step,
            json.dumps(target),
        )

    def first_due(self, seconds: float) -> Transition | None:
        """The first to be taken by then."""
        row = self._db.row("SELECT * FROM transitions WHERE due_s <= ? ORDER BY due_s, id LIMIT 1", seconds)
        return Transition(row["id"], row["service"], row["step"], tuple(json.loads(row["target"]))) if row else None

    def done(self, transition: Transition) -> None:
        """Forget one that was taken."""
        self._db.execute("DELETE FROM transitions WHERE id = ?", transition.id)

    def next_due(self) -> float | None:
        """When the next is to be taken."""
        row = self._db.row("SELECT MIN(due_s) AS next FROM transitions")
        return row["next"] if row else None

    def none_due_after(self, seconds: float) -> None:
        """Bring due times back that lie later than any can: the clock was set back, or stood elsewhere before."""
        self._db.execute("UPDATE transitions SET due_s = MIN(due_s, ?)", seconds)
