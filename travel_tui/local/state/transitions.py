"""Scheduled steps that complete transitional states."""

from __future__ import annotations

import json
from dataclasses import dataclass

from travel_tui.local.state.database import Database
from travel_tui.local.state.scope import Scope, scope_with_key


@dataclass(frozen=True, slots=True)
class Transition:
    """A scheduled step of a service."""

    id: int
    scope: Scope
    service: str
    step: str
    target: tuple[str, ...]


class Transitions:
    """The transitions in the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, due_s: float, scope: Scope, service: str, step: str, target: tuple[str, ...]) -> None:
        """Schedule a step for when the endpoint's running seconds reach `due_s`."""
        self._db.execute(
            "INSERT INTO transitions (due_s, scope, service, step, target) VALUES (?, ?, ?, ?, ?)",
            due_s,
            scope.key,
            service,
            step,
            json.dumps(target),
        )

    def first_due(self, seconds: float) -> Transition | None:
        """Return the first step due at or before `seconds`."""
        row = self._db.row("SELECT * FROM transitions WHERE due_s <= ? ORDER BY due_s, id LIMIT 1", seconds)
        if row is None:
            return None
        target = tuple(json.loads(row["target"]))
        return Transition(row["id"], scope_with_key(row["scope"]), row["service"], row["step"], target)

    def done(self, transition: Transition) -> None:
        """Delete a step that has run."""
        self._db.execute("DELETE FROM transitions WHERE id = ?", transition.id)

    def next_due(self) -> float | None:
        """Return the due time of the next step."""
        row = self._db.row("SELECT MIN(due_s) AS next FROM transitions")
        return row["next"] if row else None

    def cap_due_times(self, seconds: float) -> None:
        """Limit due times to `seconds`: a clock set back, or ahead in an earlier run, left later ones."""
        self._db.execute("UPDATE transitions SET due_s = MIN(due_s, ?)", seconds)
