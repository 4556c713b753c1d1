"""Setting of a state: the client with a scripted agent, a fixed time and reproducible ids."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App

from travel_tui.agent import Agent, TurnEvent, session_summary
from travel_tui.archive import Archive
from travel_tui.capabilities import Capabilities
from travel_tui.clock import Clock
from travel_tui.ids import Ids
from travel_tui.memory.polling_policy import AWAITED_S
from travel_tui.screenshots.pilot_user import PilotUser
from travel_tui.screenshots.recording import recording
from travel_tui.screenshots.scripted_agent import CAPABILITIES, Gate, ScriptedAgent
from travel_tui.tui.app import TravelApp
from travel_tui.tui.context import AppContext
from travel_tui.tui.demo_script import with_demo_script

NOW = datetime(2027, 6, 1, 16, 4, tzinfo=UTC)
SEED = 7


@dataclass(frozen=True, slots=True)
class ManualClock(Clock):
    """A clock that stands still until it is advanced.

    The memory is polled in quick succession after the end of a session, and on request, but not every five or thirty
    seconds: on a busy machine a state takes longer to reach, and its picture would count one more poll.
    """

    at: datetime | None = NOW
    moved: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        return Clock.now(self) + sum(self.moved, timedelta())

    def counter(self) -> float:
        return sum(self.moved, timedelta()).total_seconds()

    def ends(self, wait_s: float) -> bool:
        return wait_s < AWAITED_S

    def move(self, seconds: float) -> None:
        """Advance the clock."""
        self.moved.append(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Scene:
    """A state being set up: the user, the agent and the clock."""

    user: PilotUser
    agent: ScriptedAgent
    clock: ManualClock

    @property
    def narrow(self) -> bool:
        """Whether the panels are tabs."""
        return self.user.main.has_class("-narrow")

    async def show_pane(self, pane: str) -> None:
        """Switch to this pane if the window is narrow."""
        while self.narrow and self.user.main.pane != pane:
            await self.user.press("f4")


Bring = Callable[[Scene], Awaitable[None]]


def client_for(
    agent: Agent,
    open_archive: Callable[[], Archive],
    *,
    opened: asyncio.Event | None = None,
    clock: Clock,
    seed: int = SEED,
    capabilities: Capabilities = CAPABILITIES,
) -> TravelApp:
    """Return the demo's client with any agent, which becomes available once `opened` is set."""

    async def open_agent() -> Agent:
        if opened is not None:
            await opened.wait()
        return agent

    common = AppContext(
        title="",
        place_label="",
        address="TRAVELDEMO / TSTALIASID",
        capabilities=capabilities,
        agent_key="",
        memory_id="",
        open_agent=open_agent,
        open_archive=open_archive,
        clock=clock,
        ids=Ids(seed),
    )
    return TravelApp(with_demo_script(common, "anna"))


def demo(agent: ScriptedAgent, clock: Clock) -> App[Any]:
    """Return the demo's client with an archive in memory."""
    return client_for(agent, lambda: Archive(None, clock), clock=clock)


def demo_agent() -> ScriptedAgent:
    """Return the agent of the demo script; its summaries are stored once `summarised` is open."""
    turns, summaries = recording().turns, recording().summaries
    script: list[tuple[TurnEvent, ...]] = [turns["book"], turns["extend"], turns["confirm"], turns["trips"]]
    return ScriptedAgent(script, summaries=[summaries["booked"], summaries["changed"]], at=NOW, summarised=Gate())


def scripted(*turns: str) -> Callable[[], ScriptedAgent]:
    """Return a factory of an agent that answers with these recorded turns and remembers an earlier booking."""

    def made() -> ScriptedAgent:
        known = session_summary("anna", "0be1f7d2-0000-4000-8000-000000000000", recording().summaries["booked"], NOW)
        return ScriptedAgent([recording().turns[turn] for turn in turns], stored=[known])

    return made


@dataclass(frozen=True, slots=True)
class State:
    """A state of the client: a short description, and the user's steps to reach it."""

    about: str
    bring: Bring
    agent: Callable[[], ScriptedAgent] = demo_agent
    app: Callable[[ScriptedAgent, Clock], App[Any]] = demo
    notices: bool = False
    """Whether notifications belong to the screenshot."""
