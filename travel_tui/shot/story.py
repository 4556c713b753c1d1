"""The demo's story, station by station; each goes on from the one before."""

from __future__ import annotations

from travel_tui.shot.scene import Scene, State
from travel_tui.tui.story import STORY

BOOK, _, _, _, EXTEND, CONFIRM, _, _, TRIPS = STORY


async def start(scene: Scene) -> None:
    await scene.anna.sees("enter send")
    await scene.anna.until(lambda: scene.agent.looks, "the first look")


async def booked(scene: Scene) -> None:
    await start(scene)
    await scene.anna.say(BOOK)
    await scene.anna.sees("booking id is", "enter send", "⇥ thank you!")


async def summarising(scene: Scene) -> None:
    await booked(scene)
    await scene.anna.press("f2")
    await scene.anna.sees("F3 begins a new session")
    await scene.anna.until(lambda: scene.agent.looks == 2, "the look after the end")


async def remembered(scene: Scene) -> None:
    await summarising(scene)
    if scene.agent.summarised is not None:
        scene.agent.summarised.open()
    await cards(scene, 1)


async def recalled(scene: Scene) -> None:
    await remembered(scene)
    await scene.anna.press("f3")
    await scene.anna.sees("New session")
    await scene.anna.say(EXTEND)
    await scene.anna.sees("Shall I make this change?", "⇥ that is correct, thanks!")


async def changed(scene: Scene) -> None:
    await recalled(scene)
    await scene.anna.say(CONFIRM)
    await scene.anna.sees("now leaves on", "F2 ends the session")


async def known(scene: Scene) -> None:
    await changed(scene)
    await scene.anna.press("f2")
    await cards(scene, 2)
    await scene.anna.sees("F3 begins a new session")
    await scene.anna.press("f3")
    await scene.anna.sees("New session")
    await scene.anna.say(TRIPS)
    await scene.anna.sees("12 nights", "enter send")


async def cards(scene: Scene, number: int) -> None:
    """Wait for so many memories."""
    await scene.anna.until(lambda: len(scene.anna.main.query("SummaryCard")) == number, f"{number} memories")
    if scene.narrow:
        await scene.anna.put_notices_away()  # they stand before what is looked for


STATES = {
    "start": State("The demo as it opens", start),
    "booked": State("A trip is booked: the call, its result, the answer", booked),
    "summarising": State("The session has ended and its summary is awaited", summarising),
    "remembered": State("The memory of the session has come", remembered),
    "recalled": State("A new session knows the trip from memory alone", recalled),
    "changed": State("What was remembered is acted on", changed),
    "known": State("A third session knows the trip as it was changed", known),
}
