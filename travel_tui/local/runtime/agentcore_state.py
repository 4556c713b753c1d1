"""What the endpoint keeps of AgentCore, in all Regions: events, records, sessions of harnesses, and extractions."""

from __future__ import annotations

from collections.abc import Callable

from travel_tui.ids import Ids
from travel_tui.local.agent_model import AgentModel
from travel_tui.local.faults import Faults
from travel_tui.local.runtime.extraction_manager import ExtractionManager
from travel_tui.local.runtime.locks import KeyedLocks
from travel_tui.local.settings import Settings
from travel_tui.local.state.database import Database
from travel_tui.local.state.dropped_memories import DroppedMemories
from travel_tui.local.state.extraction_queue import ExtractionQueue
from travel_tui.local.state.harness_sessions import HarnessSessions
from travel_tui.local.state.memory_events import MemoryEvents
from travel_tui.local.state.memory_records import MemoryRecords
from travel_tui.local.time import EndpointClock


class AgentCoreState:
    """The state of AgentCore. Memories and harnesses themselves are resources of the control plane."""

    def __init__(
        self,
        settings: Settings,
        clock: EndpointClock,
        ids: Callable[[], Ids],
        faults: Faults,
        database: Database,
        model: AgentModel,
    ) -> None:
        self.events = MemoryEvents(database)
        self.records = MemoryRecords(database)
        self.queue = ExtractionQueue(database)
        self.dropped = DroppedMemories(database)
        self.harness_sessions = HarnessSessions(database)
        self.turns = KeyedLocks()
        """Held by a session of a harness while it has a turn."""
        self.extraction = ExtractionManager(
            settings, clock, ids, faults, database, self.events, self.records, self.queue, self.dropped, model
        )

    def delete_memory(self, arn: str) -> None:
        """Delete everything in a memory."""
        self.queue.delete_memory(arn)
        self.dropped.add(arn)
        self.extraction.wake()
