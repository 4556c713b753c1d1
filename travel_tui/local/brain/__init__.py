"""The embedded travel agent: rule-based, deterministic, pure. It hears, decides, and sums up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from travel_tui.local.brain.moves import Exchange, Move, Returned, Said, World


def decide(world: World, state: Mapping[str, Any], heard: Said | Returned) -> Move:
    """What the agent does next. `state` is {} at a session's start and then that of the last Move; a Call is
    answered by a Returned, until a Say ends the turn. Never raises for any text."""
    from travel_tui.local.brain import dialogue

    return dialogue.decide(world, state, heard)


def summarise(
    exchanges: Sequence[Exchange], state: Mapping[str, Any], *, style: Literal["topics", "prose"] = "topics"
) -> str:
    """What a session leaves behind for the next, as `<summary><topic name='…'>` or as prose."""
    from travel_tui.local.brain import summary

    return summary.summarise(exchanges, state, style=style)
