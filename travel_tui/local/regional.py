"""The endpoint as a request meets it: one account and one Region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weakref import WeakSet

    from travel_tui.ids import Ids
    from travel_tui.local.agent_model import AgentModel
    from travel_tui.local.faults import Faults
    from travel_tui.local.runtime.agentcore_state import AgentCoreState
    from travel_tui.local.runtime.control_state import ControlState
    from travel_tui.local.runtime.functions import Functions
    from travel_tui.local.runtime.lifecycle import Lifecycle
    from travel_tui.local.runtime.session_manager import SessionManager
    from travel_tui.local.runtime.token_pacer import TokenPacer
    from travel_tui.local.settings import Settings
    from travel_tui.local.state.agents import Agents
    from travel_tui.local.state.memories import Memories
    from travel_tui.local.state.scope import Scope
    from travel_tui.local.state.sessions import Sessions
    from travel_tui.local.time import EndpointClock


@dataclass(frozen=True, slots=True)
class RegionalEndpoint:
    """What the operations work with.

    `agents` and `control` hold what is in `scope`, the request's account and Region; the rest is the whole endpoint's.
    """

    scope: Scope
    agents: Agents
    control: ControlState
    settings: Settings
    clock: EndpointClock
    ids: Ids
    faults: Faults
    sessions: Sessions
    memories: Memories
    session_manager: SessionManager
    functions: Functions
    lifecycle: Lifecycle
    pacers: WeakSet[TokenPacer]
    agentcore: AgentCoreState
    model: AgentModel

    def schedule(self, seconds: float, service: str, step: str, *target: str) -> None:
        """Schedule a service's step in this scope, with `target` as its arguments."""
        self.lifecycle.schedule(seconds, self.scope, service, step, *target)
