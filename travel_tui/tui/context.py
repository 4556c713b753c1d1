"""Settings passed to the screens: the agent, how to reach it, and everything that could make two runs differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.conversation.context import ConversationContext

if TYPE_CHECKING:
    from travel_tui.agent import ReturnedResult, ToolCall


@dataclass(frozen=True, slots=True)
class UiOptions:
    """The user's display options: key overrides by command id, theme name, and presentation mode (`stage`)."""

    keys: Mapping[str, str] = field(default_factory=dict)
    theme: str | None = None
    presentation: bool = False
    config: Path | None = None
    """The config file they were read from, watched for changes."""
    warning: str = ""
    """A warning about a config file that is readable but partly invalid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext(ConversationContext):
    """One agent and how the client shows it. `open_agent` and `open_archive` are called after the first paint."""

    title: str
    """The agent's display name."""
    place_label: str
    """Where the agent runs: a Region, or LOCAL."""
    address: str
    """Agent id and alias id, as displayed."""
    call_local_function: Callable[[ToolCall], Awaitable[ReturnedResult]] | None = None
    """Runs the function for a returned tool call on this machine."""
    local_functions: frozenset[str] = frozenset()
    """The functions that it can run."""
    options: str = ""
    """Command-line options that select the same agent in other commands, with a leading blank: ` --agent bert`."""
    recall_options: str = ""
    """Options for `travel-tui recall run` to run its checks on an agent like this one."""
    ui_options: UiOptions = UiOptions()
    demo_script: tuple[str, ...] = ()
    """Lines that the prompt suggests one after the other; `END` or `NEW` stands for the button to press."""


END, NEW = "END", "NEW"
"""Steps of a demo script that are buttons instead of lines."""
