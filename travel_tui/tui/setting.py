"""What the screens are given: which agent, how to reach it, and all that would make two runs differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.clock import Clock
from travel_tui.ids import Ids

if TYPE_CHECKING:
    from travel_tui.agent import Agent, ReturnedResult, ToolCall
    from travel_tui.archive import Archive


@dataclass(frozen=True, slots=True)
class Look:
    """How the person wants the client: other keys by a command's id, a theme by its name, room for an audience."""

    keys: Mapping[str, str] = field(default_factory=dict)
    theme: str | None = None
    stage: bool = False
    config: Path | None = None
    """The file that says so, to notice when it changes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One agent to talk with. `open_agent` and `open_archive` are called after the first paint."""

    title: str
    """The agent's name as people know it."""
    place: str
    """Where it runs: a Region, or LOCAL."""
    address: str
    """Agent id and alias id, as shown."""
    agent_key: str
    """What the archive files its sessions under."""
    memory_id: str
    open_agent: Callable[[], Awaitable[Agent]]
    open_archive: Callable[[], Archive]
    clock: Clock
    ids: Ids
    call_here: Callable[[ToolCall], Awaitable[ReturnedResult]] | None = None
    """Answers a call that the agent handed back, with the function on this machine."""
    close: Callable[[], Awaitable[None]] | None = None
    """Called when the screen goes, for what `open_agent` started."""
    look: Look = Look()
    story: tuple[str, ...] = ()
    """Lines that the prompt offers one after the other; a line `END` or `NEW` stands for that button."""
    usual_summary_s: float = 46.7
    """How long a summary takes where none was seen yet: the one time observed on AWS (reference/bedrock-agents.md)."""
    idle_limit_s: float | None = None
    """After so many seconds without a turn the service ends the session; None where that is not known."""


END, NEW = "END", "NEW"
"""Steps of a story that are taken with a button instead of the prompt."""
