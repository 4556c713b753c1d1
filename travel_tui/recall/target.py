"""Agent under test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from travel_tui.agent import Agent, ReturnedResult, ToolCall
from travel_tui.capabilities import Capabilities


@dataclass(frozen=True, slots=True)
class Target:
    """An open agent under test."""

    title: str
    """Such as TRAVELDEMO/TSTALIASID@us-east-1; a run can be resumed only with the same one."""
    agent: Agent
    capabilities: Capabilities
    advance: Callable[[float], Awaitable[None]] | None = None
    """Advances the clock by a number of seconds; None if that is not supported."""
    moved: Callable[[], timedelta] = timedelta
    """Returns how far the clock was advanced."""
    ends_with_run: bool = False
    """Whether the endpoint and all its memory are discarded when the run ends."""
    answer_call: Callable[[Agent, ToolCall], Awaitable[ReturnedResult]] | None = None
    """Runs the calls that the agent returns; None if nothing does."""
    unanswered: str = ""
    """What to do where nothing does, as a sentence."""
