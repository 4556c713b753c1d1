"""A statement of a user."""

from __future__ import annotations

from dataclasses import dataclass

from travel_tui.attribution.units import Reading, Unit


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause of a message with the units it states; `ended` is set where it says that something no longer holds."""

    turn: int
    reading: Reading
    units: tuple[Unit, ...]
    ended: bool = False
