"""Settings and factories that the conversation service needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from travel_tui.clock import Clock
from travel_tui.ids import Ids

if TYPE_CHECKING:
    from travel_tui.agent import Agent, Problem, ReturnedResult, ToolCall
    from travel_tui.archive import Archive
    from travel_tui.capabilities import Capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationContext:
    """One agent and one memory. `open_agent` and `open_archive` are called on first use."""

    capabilities: Capabilities
    agent_key: str
    """Key of the sessions in the archive."""
    memory_id: str
    open_agent: Callable[[], Awaitable[Agent]]
    open_archive: Callable[[], Archive]
    clock: Clock
    ids: Ids
    close: Callable[[], Awaitable[None]] | None = None
    """Stops whatever `open_agent` started."""
    usual_summary_s: float | None = 46.7
    """Expected seconds until a summary if none was seen yet: the one time observed on AWS
    (reference/bedrock-agents.md). None if nothing is known."""
    keeps_drafts: bool = True
    """Whether an unsent message is kept for the next start; not where the next user can be another person."""
    no_chat: Problem | None = None
    """Why no turn can be sent, for a memory without an agent."""
    answer_call: Callable[[Agent, ToolCall], Awaitable[ReturnedResult]] | None = None
    """Runs a returned call without asking the user; None asks. Raises AgentError."""
    memory_days: int | None = None
    """Days that the service keeps a memory; None if unknown."""
    idle_limit_s: float | None = None
    """Seconds without a turn after which the service ends the session; None if unknown."""
