"""A turn as plain data, from which its widgets are created and recreated."""

from __future__ import annotations

from asyncio import Event
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from travel_tui.agent import Problem, ToolCall
from travel_tui.conversation.memory_labels import Quotes
from travel_tui.tui.widgets.chat.turn_trace import TurnTrace

if TYPE_CHECKING:
    from travel_tui.conversation.memory_use import MemoryUse


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call: `took_s` is its duration in seconds if known, `failure` is that of the ToolResult."""

    text: str
    took_s: float | None = None
    failure: str = ""


@dataclass
class TurnState:
    """Everything that an answer shows, except for the text still pending."""

    at: str
    counter: Callable[[], float]
    began: float
    asked: str = ""
    first_s: float | None = None
    total_s: float | None = None
    timed: bool = True
    """Whether the durations are known."""
    synopsis: str | None = None
    """The memory in the prompt; None if the trace does not show it."""
    derived: bool = False
    """Whether `synopsis` is what would be recalled, which was retrieved after the turn."""
    quotes: Quotes | None = None
    """The same as the records that it has, as far as they are known."""
    tokens: int = 0
    state: str = "waiting"
    silent: bool = True
    whole: bool = False
    text: str = ""
    calls: dict[str, tuple[ToolCall, float]] = field(default_factory=dict)
    """Each call by its id, and when it arrived."""
    results: dict[str, CallResult] = field(default_factory=dict)
    """The results by the id of their call."""
    trace: TurnTrace = field(default_factory=TurnTrace)
    use: MemoryUse | None = None
    explained: Event | None = None
    """Set when the use of a restored answer is no longer pending; None for an answer that was not restored."""
    notes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    problem: Problem | None = None
