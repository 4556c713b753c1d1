"""States of the conversation: an answer that comes, breaks, is explained, noted, sent again, or asks something."""

from __future__ import annotations

from itertools import takewhile

from travel_tui.agent import TextDelta
from travel_tui.shot.played import Gate, Played
from travel_tui.shot.recording import recording
from travel_tui.shot.scene import NOW, Scene, State, scripted
from travel_tui.shot.story import TRIPS, booked, cards, recalled, start
from travel_tui.tui.widgets.head import Head
from travel_tui.tui.widgets.memory_line import MemoryLine

OSLO = "Book a trip from Boston to Oslo by AIR, 2027-07-11 to 2027-07-22."


def halfway() -> Played:
    """An agent that stops in the middle of a table."""
    events = recording().turns["extend"]
    before = takewhile(lambda event: not isinstance(event, TextDelta), events)
    (text,) = (event.text for event in events if isinstance(event, TextDelta))
    agent = scripted()()
    agent.script = [(*before, TextDelta(text[: text.index("| Return")]), Gate())]
    return agent


async def asked(scene: Scene, text: str) -> None:
    await start(scene)
    await cards(scene, 1)
    await scene.anna.say(text)


async def streaming(scene: Scene) -> None:
    await asked(scene, "Can I return on the 23rd instead?")
    await scene.anna.sees("11 July 2027", "esc stop")


async def failed(scene: Scene) -> None:
    await asked(scene, TRIPS)
    await scene.anna.sees("The connection broke", "cut off")


async def explained(scene: Scene) -> None:
    await recalled(scene)
    scene.anna.main.query(MemoryLine).last().focus()
    await scene.anna.press("enter")
    await scene.anna.sees("A heuristic")


async def chosen(scene: Scene) -> None:
    await booked(scene)
    scene.anna.main.query(Head).last().focus()
    await scene.anna.sees("enter trace, F8 copy")


async def noted(scene: Scene) -> None:
    await booked(scene)
    for command, mark in (
        ("/fact", "✎ fact"),
        ("/expect booked by air", "✎ expect"),
        ("/note Says the nights.", "✎ note"),
    ):
        await scene.anna.say(command)
        await scene.anna.sees(mark)


async def again(scene: Scene) -> None:
    await booked(scene)
    await scene.anna.say("/retry")
    await scene.anna.sees("Send the message again?")


async def asks(scene: Scene) -> None:
    await asked(scene, OSLO)
    await scene.anna.sees("The agent asks whether it may do this", "it may be done")


async def hands_back(scene: Scene) -> None:
    await asked(scene, OSLO)
    await scene.anna.sees("it may be done", "it failed")


async def twin_asked(scene: Scene) -> None:
    await asked(scene, f"/twin {TRIPS}")
    await scene.anna.sees("Ask with and without the memory?")


async def twin(scene: Scene) -> None:
    await twin_asked(scene)
    await scene.anna.press("right", "enter")
    await scene.anna.sees("What memory is worth", "f5ff61d7", "I don't have any trips on record")


async def leaving(scene: Scene) -> None:
    await booked(scene)
    await scene.anna.press("ctrl+q")
    await scene.anna.sees("End the session before you go?")


async def another(scene: Scene) -> None:
    await booked(scene)
    await scene.anna.press("f3")
    await scene.anna.sees("This session is still open")


async def trace(scene: Scene) -> None:
    await booked(scene)
    await scene.anna.press("ctrl+t")
    await scene.anna.sees("Trace", "book_trip", "Final response")


async def trace_raw(scene: Scene) -> None:
    await trace(scene)
    await scene.anna.press("slash", *"f5ff61d7", "enter", "r")
    await scene.anna.sees("traceId")


async def chinese(scene: Scene) -> None:
    await start(scene)
    await scene.anna.say(
        "我要在七月十一日从波士顿去纽约 ✈️ 七月二十二日回来。👩‍👩‍👧 三个人，靠窗的座位，素食，谢谢！请告诉我订单号码。"
    )
    await scene.anna.sees("素食", "enter send")


STATES = {
    "streaming": State("An answer is coming", streaming, halfway),
    "failed": State("The connection broke in the middle of an answer", failed, scripted("dropped")),
    "explained": State("What of an answer came from memory", explained),
    "chosen": State("An answer whose trace and copy are a key away", chosen),
    "noted": State("Facts, an expectation and a note on a turn", noted),
    "again": State("Sending a turn again that has called something", again),
    "asks": State("The agent asks whether it may act", asks, scripted("asks")),
    "hands-back": State("The agent hands a call back to the person", hands_back, scripted("hands back")),
    "twin-asked": State("Before a question goes to two memories", twin_asked, scripted()),
    "twin": State("One question with the memory and without it", twin, scripted("trips", "trips, nothing known")),
    "leaving": State("Quitting with an open session", leaving),
    "another": State("A new session while one is open", another),
    "trace": State("The steps of a turn", trace),
    "trace-raw": State("A step of a turn as it came, found by its words", trace_raw),
    "wide-characters": State("Text with characters of two columns", chinese, lambda: Played(at=NOW)),
}
