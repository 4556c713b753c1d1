"""Shared context of the operations: settings, clock, state and background tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from weakref import WeakSet

from travel_tui.ids import Ids
from travel_tui.local.agent_model import AgentModel
from travel_tui.local.calls import Calls
from travel_tui.local.faults import Faults
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime import demo_agent, demo_harness
from travel_tui.local.runtime.agentcore_state import AgentCoreState
from travel_tui.local.runtime.control_state import ControlState
from travel_tui.local.runtime.function_runtime import FunctionRuntime
from travel_tui.local.runtime.functions import FunctionCode, Functions, packaged_code
from travel_tui.local.runtime.lifecycle import Lifecycle
from travel_tui.local.runtime.session_manager import SessionManager
from travel_tui.local.runtime.token_pacer import TokenPacer
from travel_tui.local.settings import Settings
from travel_tui.local.state.agents import Agents, AgentVersion, AliasKey
from travel_tui.local.state.database import Database
from travel_tui.local.state.folder import EndpointFile, StateFolder
from travel_tui.local.state.memories import Memories
from travel_tui.local.state.scope import Scope, scope_of_arn
from travel_tui.local.state.sessions import Sessions
from travel_tui.local.state.transitions import Transition
from travel_tui.local.time import EndpointClock

Step = Callable[..., None]
"""Takes the regional endpoint and what the step is about; does what follows by itself on a state that passes."""


class Endpoint:
    """An endpoint on one state, in every Region."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        folder: StateFolder,
        scratch: Path,
        step: Callable[[str, str], Step],
        model: AgentModel,
    ) -> None:
        """`scratch` is a folder for what is needed only while this endpoint runs.

        `step` finds the function that takes a step, by the names of its service and of the step.
        """
        self._step = step
        self._database = database
        self._folder = folder
        self._scopes: dict[Scope, RegionalEndpoint] = {}
        self.settings = settings
        self.model = model
        self.clock = EndpointClock(settings.now, settings.tz)
        self.ids = Ids(settings.seed)
        self.sessions = Sessions(database)
        self.memories = Memories(database)
        self.faults = Faults(settings.faults, settings.seed)
        self.calls = Calls()
        self.announced: EndpointFile | None = None
        self._uploaded = FunctionRuntime(self.clock, database, scratch, lambda: self.announced)
        self.functions = Functions(self._function, self._allows_invoke, self._uploaded.keep_log, scratch)
        self.pacers: WeakSet[TokenPacer] = WeakSet()
        self.session_manager = SessionManager(
            settings, self.clock, self.faults, self._version_behind, self.sessions, self.memories, model
        )
        self.agentcore = AgentCoreState(settings, self.clock, lambda: self.ids, self.faults, database, model)
        self._lifecycle = Lifecycle(self.clock, database, self._take_step)
        self.at(settings.region)

    @property
    def database(self) -> Database:
        """The database that holds the state."""
        return self._database

    def at(self, region: str) -> RegionalEndpoint:
        """Return the endpoint in a Region, which has the built-in agent from its first use on."""
        return self._in(Scope(self.settings.account, region))

    async def run(self) -> None:
        """Do beside the requests what falls due, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.session_manager.run())
            tasks.create_task(self._lifecycle.run())
            tasks.create_task(self.agentcore.extraction.run())

    async def close(self) -> None:
        """Stop the background tasks."""
        await self._uploaded.close()
        await self.functions.close()
        await self.model.close()

    async def reset(self) -> None:
        """Reset state, clock, ids, faults and recorded calls to those of the first start."""
        await self.functions.close()
        self._database.clear()
        self._folder.delete_bookings()
        self.clock.reset()
        self.ids = Ids(self.settings.seed)
        self.faults.reset()
        self.calls.clear()
        self._scopes.clear()
        self.at(self.settings.region)

    def stop_pacing(self) -> None:
        """Send the rest of every streaming answer without pacing."""
        for pacer in self.pacers:
            pacer.hurry()

    async def warm_function(self) -> None:
        """Start the process of the built-in agent's function ahead of its first call."""
        await self.functions.warm(demo_agent.lambda_arn(self.at(self.settings.region).scope))

    def _in(self, scope: Scope) -> RegionalEndpoint:
        if found := self._scopes.get(scope):
            return found
        opened = RegionalEndpoint(
            scope=scope,
            agents=Agents(self._database, scope),
            control=ControlState(self._database, scope, self._uploaded),
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            faults=self.faults,
            sessions=self.sessions,
            memories=self.memories,
            session_manager=self.session_manager,
            functions=self.functions,
            lifecycle=self._lifecycle,
            pacers=self.pacers,
            agentcore=self.agentcore,
            model=self.model,
        )
        demo_agent.ensure(opened.agents, scope, self.clock.now())
        demo_harness.ensure(opened.control.resources, scope, self.clock.now())
        self._scopes[scope] = opened
        return opened

    def _version_behind(self, alias: AliasKey) -> AgentVersion | None:
        return Agents(self._database, alias.scope).version_behind_alias(alias.agent_id, alias.alias_id)

    def _take_step(self, due: Transition) -> None:
        self._step(due.service, due.step)(self._in(due.scope), *due.target)

    def _function(self, arn: str) -> FunctionCode | None:
        scope = scope_of_arn(arn)
        if arn != demo_agent.lambda_arn(scope):
            return self._uploaded.find(arn)
        environment = {"BOOKINGS_DB": str(self._folder.bookings(scope))}
        if self.settings.seed is not None:
            environment["BOOKINGS_SEED"] = str(self.settings.seed)
        return FunctionCode(arn, arn.rpartition(":")[2], packaged_code(), environment=environment)

    def _allows_invoke(self, function_arn: str, agent_arn: str) -> bool:
        """Whether a function's policy lets an agent invoke it; always true for the built-in agent's own function."""
        scope = scope_of_arn(agent_arn)
        own = demo_agent.lambda_arn(scope), demo_agent.agent_arn(scope)
        return (function_arn, agent_arn) == own or self._uploaded.allows(function_arn, agent_arn)
