"""What the control plane keeps of one scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.local.state.agent_records import AgentRecords
from travel_tui.local.state.items import Items
from travel_tui.local.state.logs import LogEvents
from travel_tui.local.state.resources import Resources

if TYPE_CHECKING:
    from travel_tui.local.runtime.function_runtime import FunctionRuntime
    from travel_tui.local.state.database import Database
    from travel_tui.local.state.scope import Scope


class ControlState:
    """The resources of one account and Region."""

    def __init__(self, database: Database, scope: Scope, functions: FunctionRuntime) -> None:
        self.database = database
        self.resources = Resources(database, scope)
        self.account_resources = Resources(database, scope.of_account)
        """What belongs to the account in all Regions: roles and policies."""
        self.agents = AgentRecords(database, scope)
        self.items = Items(database, scope)
        self.logs = LogEvents(database, scope)
        self.functions = functions
