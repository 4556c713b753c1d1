"""States of the demo script, each continuing from the one before."""

from __future__ import annotations

from travel_tui.screenshots.scene import Scene, State
from travel_tui.tui.demo_script import DEMO_LINES

BOOK, _, _, _, EXTEND, CONFIRM, _, _, TRIPS = DEMO_LINES


async def start(scene: Scene) -> None:
    await scene.user.sees("enter send")
    await scene.user.until(lambda: scene.agent.looks, "the first look")


async def booked(scene: Scene) -> None:
    await start(scene)
    await scene.user.say(BOOK)
    await scene.user.sees("booking id is", "enter send", "⇥ thank you!")


async def summarising(scene: Scene) -> None:
    await booked(scene)
    await scene.user.press("f2")
    await scene.user.sees("F3 new session")
    await scene.user.until(lambda: scene.agent.looks == 2, "the look after the end")


async def remembered(scene: Scene) -> None:
    await summarising(scene)
    if scene.agent.summarised is not None:
        scene.agent.summarised.open()
    await cards(scene, 1)


async def recalled(scene: Scene) -> None:
    await remembered(scene)
    await scene.user.press("f3")
    await scene.user.sees("New session")
    await scene.user.say(EXTEND)
    await scene.user.sees("Shall I make this change?", "⇥ that is correct, thanks!")


async def changed(scene: Scene) -> None:
    await recalled(scene)
    await scene.user.say(CONFIRM)
    await scene.user.sees("now leaves on", "F2 end session")


async def known(scene: Scene) -> None:
    await changed(scene)
    await scene.user.press("f2")
    await cards(scene, 2)
    await scene.user.sees("F3 new session")
    await scene.user.press("f3")
    await scene.user.sees("New session")
    await scene.user.say(TRIPS)
    await scene.user.sees("12 nights", "enter send")


async def cards(scene: Scene, number: int) -> None:
    """Wait until the memory panel shows `number` cards."""
    await scene.user.until(lambda: len(scene.user.main.query("SummaryCard")) == number, f"{number} memories")
    if scene.narrow:
        await scene.user.put_notices_away()  # notifications cover the cards


STATES = {
    "start": State("The demo as it opens", start),
    "booked": State("A trip is booked: the call, its result, the answer", booked),
    "summarising": State("The session has ended and its summary is awaited", summarising),
    "remembered": State("The memory of the session has arrived", remembered),
    "recalled": State("A new session knows the trip from memory alone", recalled),
    "changed": State("The agent acts on its memory", changed),
    "known": State("A third session knows the changed trip", known),
}
