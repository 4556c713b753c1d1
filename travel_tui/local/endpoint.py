"""What the operations share: the settings, the time, the state, and what runs beside the requests."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from weakref import WeakSet

from travel_tui.ids import Ids
from travel_tui.local.calls import Calls
from travel_tui.local.control.plane import ControlPlane
from travel_tui.local.faults import Faults
from travel_tui.local.runtime import demo_agent
from travel_tui.local.runtime.functions import FunctionCode, Functions, packaged_code
from travel_tui.local.runtime.keeper import Keeper
from travel_tui.local.runtime.pace import Pacer
from travel_tui.local.settings import Settings
from travel_tui.local.state.agents import Agents
from travel_tui.local.state.database import Database
from travel_tui.local.state.folder import EndpointFile, StateFolder
from travel_tui.local.state.memories import Memories
from travel_tui.local.state.sessions import Sessions
from travel_tui.local.time import EndpointClock

log = logging.getLogger(__name__)


class Endpoint:
    """One endpoint on one state."""

    def __init__(self, settings: Settings, database: Database, folder: StateFolder, scratch: Path) -> None:
        """`scratch` is a folder for what is needed only while this endpoint runs."""
        self._database = database
        self._folder = folder
        self.settings = settings
        self.clock = EndpointClock(settings.now)
        self.ids = Ids(settings.seed)
        self.agents = Agents(database)
        self.sessions = Sessions(database)
        self.memories = Memories(database)
        self.faults = Faults(settings.faults, settings.seed)
        self.calls = Calls()
        self.announced: EndpointFile | None = None
        self.control = ControlPlane(self, database, scratch)
        self.functions = Functions(self._function, self._allowed, self.control.functions.keep_log, scratch)
        self.pacers: WeakSet[Pacer] = WeakSet()
        demo_agent.ensure(self.agents, settings.region, self.clock.now())
        self.keeper = Keeper(settings, self.clock, self.faults, self.agents, self.sessions, self.memories)

    async def run(self) -> None:
        """Do beside the requests what falls due, for ever; first make ready what the first turn needs."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._warm_up())
            tasks.create_task(self.keeper.run())
            tasks.create_task(self.control.lifecycle.run())

    async def close(self) -> None:
        """End what runs beside the requests."""
        await self.control.functions.close()
        await self.functions.close()

    async def reset(self) -> None:
        """Forget all that happened: state, clock, ids, faults and calls are as at the first start."""
        await self.functions.close()
        self._database.clear()
        self._folder.forget_bookings()
        self.clock.reset()
        self.ids = Ids(self.settings.seed)
        self.faults.reset()
        self.calls.clear()
        demo_agent.ensure(self.agents, self.settings.region, self.clock.now())

    def hurry(self) -> None:
        """Let every answer that is being written come at once."""
        for pacer in self.pacers:
            pacer.hurry()

    async def _warm_up(self) -> None:
        from travel_tui.local.dispatch import warm

        try:
            await asyncio.gather(
                asyncio.to_thread(warm, self),
                self.functions.warm(demo_agent.lambda_arn(self.settings.region)),
            )
        except Exception:  # the first turn meets it again and tells its caller
            log.exception("The endpoint could not make itself ready for the first turn.")

    def _function(self, arn: str) -> FunctionCode | None:
        if arn != demo_agent.lambda_arn(self.settings.region):
            return self.control.functions.find(arn)
        environment = {"BOOKINGS_DB": str(self._folder.bookings())}
        if self.settings.seed is not None:
            environment["BOOKINGS_SEED"] = str(self.settings.seed)
        return FunctionCode(arn, arn.rpartition(":")[2], packaged_code(), environment=environment)

    def _allowed(self, function_arn: str, agent_arn: str) -> bool:
        """Whether a function's policy lets an agent invoke it; the built-in agent's own does."""
        own = demo_agent.lambda_arn(self.settings.region), demo_agent.agent_arn(self.settings.region)
        return (function_arn, agent_arn) == own or self.control.functions.allows(function_arn, agent_arn)
