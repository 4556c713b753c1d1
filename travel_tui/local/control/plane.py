"""What the control plane keeps, and what of it the runtime asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.local.control.functions.runtime import FunctionRuntime
from travel_tui.local.control.lifecycle import Lifecycle
from travel_tui.local.state.agent_records import AgentRecords
from travel_tui.local.state.items import Items
from travel_tui.local.state.logs import LogEvents
from travel_tui.local.state.resources import Resources

if TYPE_CHECKING:
    from travel_tui.local.endpoint import Endpoint
    from travel_tui.local.state.database import Database


class ControlPlane:
    """The resources of one endpoint and what happens to them by itself."""

    def __init__(self, endpoint: Endpoint, database: Database, scratch: Path) -> None:
        """`scratch` is a folder for what is needed only while this endpoint runs."""
        self.database = database
        self.resources = Resources(database)
        self.agents = AgentRecords(database)
        self.items = Items(database)
        self.logs = LogEvents(database)
        self.functions = FunctionRuntime(endpoint, self.resources, database, scratch)
        self.lifecycle = Lifecycle(endpoint, database)
