"""What a state is played in: the client on a played agent, at a time and with ids that are always the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App

from travel_tui.agent import Agent, SessionSummary, TurnEvent
from travel_tui.archive import Archive
from travel_tui.clock import Clock
from travel_tui.ids import Ids
from travel_tui.shot.person import Person
from travel_tui.shot.played import Gate, Played
from travel_tui.shot.recording import recording
from travel_tui.tui.app import TravelApp
from travel_tui.tui.setting import Setting
from travel_tui.tui.story import with_story

NOW = datetime(2027, 6, 1, 16, 4, tzinfo=UTC)
SEED = 7


@dataclass(frozen=True, slots=True)
class HandClock(Clock):
    """A clock that stands still until it is moved by hand."""

    at: datetime | None = NOW
    moved: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        return Clock.now(self) + sum(self.moved, timedelta())

    def counter(self) -> float:
        return sum(self.moved, timedelta()).total_seconds()

    def move(self, seconds: float) -> None:
        """Let so much time pass."""
        self.moved.append(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Scene:
    """A state that is being brought about: who sits there, the agent, and the time."""

    anna: Person
    agent: Played
    clock: HandClock

    @property
    def narrow(self) -> bool:
        """Whether the panels are tabs."""
        return self.anna.main.has_class("-narrow")

    async def go(self, pane: str) -> None:
        """Have this pane in sight."""
        while self.narrow and self.anna.main.pane != pane:
            await self.anna.press("f4")


Bring = Callable[[Scene], Awaitable[None]]


def client_for(
    agent: Agent,
    open_archive: Callable[[], Archive],
    *,
    opened: asyncio.Event | None = None,
    clock: Clock,
    seed: int = SEED,
) -> TravelApp:
    """The demo's client on any agent, which can be had once `opened` is set."""

    async def open_agent() -> Agent:
        if opened is not None:
            await opened.wait()
        return agent

    common = Setting(
        title="",
        place="",
        address="TRAVELDEMO / TSTALIASID",
        agent_key="",
        memory_id="",
        open_agent=open_agent,
        open_archive=open_archive,
        clock=clock,
        ids=Ids(seed),
    )
    return TravelApp(with_story(common, "anna"))


def demo(agent: Played, clock: Clock) -> App[Any]:
    """The demo's client, with an archive in memory."""
    return client_for(agent, lambda: Archive(None, clock), clock=clock)


def told() -> Played:
    """The agent of the demo's story; its summaries come once they may."""
    turns, summaries = recording().turns, recording().summaries
    script: list[tuple[TurnEvent, ...]] = [turns["book"], turns["extend"], turns["confirm"], turns["trips"]]
    return Played(script, summaries=[summaries["booked"], summaries["changed"]], at=NOW, summarised=Gate())


def scripted(*turns: str) -> Callable[[], Played]:
    """An agent that answers with these recorded turns, and remembers the booking from another session."""

    def made() -> Played:
        known = SessionSummary("anna", "0be1f7d2-0000-4000-8000-000000000000", recording().summaries["booked"], NOW)
        return Played([recording().turns[turn] for turn in turns], stored=[known])

    return made


@dataclass(frozen=True, slots=True)
class State:
    """A state of the client: what it shows in a few words, and how a person comes to it."""

    about: str
    bring: Bring
    agent: Callable[[], Played] = told
    app: Callable[[Played, Clock], App[Any]] = demo
    notices: bool = False
    """Whether what passes by itself belongs to the picture."""
