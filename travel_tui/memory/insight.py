"""What one summary is worth a closer look for: what it lost of its session, and what in it is no memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from travel_tui.memory.canary import Flag, flags
from travel_tui.memory.diff import sentences
from travel_tui.memory.lost import Exchange, Lost, lost


@dataclass(frozen=True, slots=True)
class Insight:
    """`lost` is None where what was said in the session is not known here."""

    lost: tuple[Lost, ...] | None
    flags: tuple[Flag, ...]
    came: tuple[str, ...] = ()
    """Sentences that the summary has and did not have when it was first seen."""


def insight(summary: str, turns: Sequence[Exchange], today: date, first: str | None = None) -> Insight:
    """Look into a summary beside the turns of its session and the text that was seen first; no turns means unknown."""
    before = sentences(first) if first is not None else ()
    came = tuple(each for each in sentences(summary) if each not in before) if before else ()
    return Insight(tuple(lost(turns, summary, today)) if turns else None, tuple(flags(summary)), came)
