"""Whom a test speaks with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from travel_tui.agent import Agent


@dataclass(frozen=True, slots=True)
class Target:
    """An agent that is open."""

    title: str
    """Such as TRAVELDEMO/TSTALIASID@us-east-1; a run goes on only with the same."""
    agent: Agent
    advance: Callable[[float], Awaitable[None]] | None = None
    """Moves the clock on by so many seconds; None where time cannot be moved."""
