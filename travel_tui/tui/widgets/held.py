"""A turn as plain data, from which its widgets are made, and made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from travel_tui.agent import ToolCall, Trouble, TurnEvent

if TYPE_CHECKING:
    from travel_tui.tui.widgets.memory_line import MemoryUse


@dataclass
class Held:
    """All that an answer shows, but for the words that came last."""

    at: str
    counter: Callable[[], float]
    began: float
    asked: str = ""
    first_s: float | None = None
    total_s: float | None = None
    memories: int | None = None
    tokens: int = 0
    state: str = "waiting"
    silent: bool = True
    whole: bool = False
    text: str = ""
    calls: dict[str, tuple[ToolCall, float]] = field(default_factory=dict)
    """Each call by its id, and when it came."""
    results: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    """What each answered, and after how many seconds, where that is known."""
    traced: list[tuple[TurnEvent, float]] = field(default_factory=list)
    use: MemoryUse | None = None
    notes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    trouble: Trouble | None = None
