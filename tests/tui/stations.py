"""The story's stations: each brings a fresh client to a state that is worth a picture."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.app import App

from tests.fakes import FakeAgent, Gate, answer
from tests.tui.client import CLOCK, Person, client
from travel_tui.agent import (
    Cause,
    MemoryInjected,
    Parameter,
    SessionSummary,
    TextDelta,
    ToolCall,
    ToolResult,
    Trouble,
    TurnEvent,
    TurnFailed,
)
from travel_tui.cli.demo import STORY
from travel_tui.tui.app import TravelApp

BOOKED = (
    "Done, Anna! Your trip from **Boston** to **NYC** is booked by air: you leave on **11 July 2027** and return on "
    "**22 July 2027**. Your booking id is `9f0b135c`."
)
PROPOSED = """I can change your trip **Boston to NYC** by air (booking id `9f0b135c`) like this:

| | Now | New |
|---|---|---|
| Leave | 11 July 2027 | 11 July 2027 |
| Return | 22 July 2027 | **23 July 2027** |

Shall I make this change?"""
CHANGED = (
    "Done, Anna! Your trip **Boston to NYC** (booking id `9f0b135c`) now leaves on **11 July 2027** and returns on "
    "**23 July 2027**."
)
MEMORY = (
    "<summary><topic name='user profile'>The user's name is Anna.</topic><topic name='assistant actions'>"
    "Trip from Boston to NYC, leaving on 2027-07-11 and returning on 2027-07-22, by AIR, booking_id 9f0b135c."
    "</topic></summary>"
)
OLDER = SessionSummary("anna", "0be1f7d2-0000-4000-8000-000000000000", "Aisle seat. Vegetarian.", CLOCK.now())


def called(function: str, result: str, said: str, *values: tuple[str, str]) -> tuple[TurnEvent, ...]:
    """A turn with one action-group call."""
    parameters = tuple(Parameter(name, value) for name, value in values)
    return (
        ToolCall("BookingManagerActionGroup", function, parameters, "1"),
        ToolResult(result, "1"),
        *answer(said),
    )


class Summarising(FakeAgent):
    """Holds the look after a session's end until `summarised`, so that the number of looks is always the same."""

    summarised: Gate

    async def memories(self, memory_id: str) -> list[SessionSummary]:
        if self.ended and len(self.stored) == 1:
            self.looks += 1
            await self.summarised.wait()
            self.stored.insert(0, SessionSummary("anna", self.ended[0][0], MEMORY, CLOCK.now()))
            return list(self.stored)
        return await super().memories(memory_id)


class Teller:
    """Tells the story up to where it is stopped."""

    def __init__(self) -> None:
        dates = (("new_start_date", "2027-07-11"), ("new_end_date", "2027-07-23"))
        trip = (
            ("origin", "Boston"),
            ("destination", "NYC"),
            ("start_date", "2027-07-11"),
            ("end_date", "2027-07-22"),
            ("transportation_mode", "AIR"),
        )
        self.agent = Summarising(
            [
                (MemoryInjected("Aisle seat. Vegetarian."), *called("book_trip", "Booked: 9f0b135c", BOOKED, *trip)),
                (MemoryInjected(MEMORY), *answer(PROPOSED)),
                called("update_existing_trip_dates", "Changed.", CHANGED, ("booking_id", "9f0b135c"), *dates),
            ],
            stored=[OLDER],
        )
        self.agent.summarised = Gate()
        self.app: App[str] = client(self.agent)

    async def booked(self, anna: Person) -> None:
        await anna.until(lambda: anna.main.query("SummaryCard"), "the older memory")
        await anna.say(STORY[0])
        await anna.sees("booking id is", "enter send", "⇥ thank you!")

    async def summarising(self, anna: Person) -> None:
        await self.booked(anna)
        await anna.press("f2")
        await anna.sees("F3 begins a new session")
        await anna.until(lambda: self.agent.looks == 2, "the look after the end")

    async def remembered(self, anna: Person) -> None:
        await self.summarising(anna)
        self.agent.summarised.open()
        await anna.until(lambda: len(anna.main.query("SummaryCard")) == 2, "the new summary")

    async def recalled(self, anna: Person) -> None:
        await self.remembered(anna)
        await anna.press("f3")
        await anna.sees("New session")
        await anna.say(STORY[4])
        await anna.sees("Shall I make this change?", "⇥ that is correct, thanks!")

    async def changed(self, anna: Person) -> None:
        await self.recalled(anna)
        await anna.say(STORY[5])
        await anna.sees("now leaves on", "F2 ends the session")


async def start(anna: Person) -> None:
    await anna.sees("enter send")


STATIONS: dict[str, Callable[[Teller, Person], Awaitable[None]]] = {
    "start": lambda _, anna: start(anna),
    "booked": Teller.booked,
    "summarising": Teller.summarising,
    "remembered": Teller.remembered,
    "recalled": Teller.recalled,
    "changed": Teller.changed,
}
"""Told one after the other, these are the story."""


async def streaming(anna: Person) -> None:
    await anna.say("Which trips do I have?")
    await anna.sees("You have one trip", "esc stop")


async def failed(anna: Person) -> None:
    await anna.say("Cancel [my] trip")
    await anna.sees("The connection broke", "cut off")


async def forgetting(anna: Person) -> None:
    await anna.until(lambda: anna.main.query("SummaryCard"), "the memory")
    if anna.main.has_class("-narrow"):
        await anna.press("f4", "f4")
    anna.main.query_one("#forget-all").focus()
    await anna.press("enter")
    await anna.sees("Forget everything about anna?")


async def keys(anna: Person) -> None:
    await anna.press("f1")
    await anna.sees("stop the answer")


async def session_pane(anna: Person) -> None:
    await anna.press("f4")
    await anna.sees("End session")


async def memory_pane(anna: Person) -> None:
    await anna.press("f4", "f4")
    await anna.sees("Aisle seat.")


def scripted(*events: TurnEvent | Gate) -> TravelApp:
    """A client whose first answer is these events, with one older memory."""
    return client(FakeAgent([events], stored=[OLDER]))


BROKEN = Trouble(
    Cause.DROPPED,
    "The connection broke while the answer was coming.",
    "ProtocolError: connection reset.",
    "Ask the agent what was done before you send it again.",
)
OTHERS: dict[str, tuple[Callable[[], TravelApp], Callable[[Person], Awaitable[None]]]] = {
    "streaming": (lambda: scripted(TextDelta("You have one trip,\n\n- **Boston"), Gate()), streaming),
    "failed": (lambda: scripted(TextDelta("I will cancel [your] tr"), TurnFailed(BROKEN)), failed),
    "forgetting": (scripted, forgetting),
    "keys": (scripted, keys),
    "session-pane": (scripted, session_pane),
    "memory-pane": (scripted, memory_pane),
}


async def settled(person: Person) -> None:
    """Wait until nothing is left to draw."""
    await person.until(lambda: not person.app.screen.query("Toast"), "no toasts")
    before = ""
    while before != (before := person.text()):
        await person.pilot.pause(0.05)


def save(app: App[str], path: Path) -> None:
    """Write the screen as SVG."""
    path.write_text(app.export_screenshot(), encoding="utf-8")
