"""States of the conversation: a streaming, failed, explained, annotated or repeated answer, and questions."""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile

from travel_tui.agent import MemoryInjected, TextDelta, ToolCall, ToolResult, session_summary
from travel_tui.screenshots.recording import recording
from travel_tui.screenshots.scene import NOW, Scene, State, scripted
from travel_tui.screenshots.scripted_agent import Gate, ScriptedAgent, answer
from travel_tui.screenshots.story_states import TRIPS, booked, cards, recalled, start
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.chat.turn_header import TurnHeader

OSLO_MEMORY, ROME_MEMORY = "Anna lives in Oslo and is a vegetarian.", "Anna booked a hotel in Rome, near the station."
SAID = ("I like window seats.", "Plan my trip to Bergen on 11 July.")
SOURCES = (
    "Noted.",
    "# Your trip to Bergen\n\nYou live in **Oslo** and like *window seats*; your booking is `f5ff61d7`.\n\n"
    "| Day | Plan |\n|---|---|\n| 11 July | To Bergen, vegetarian lunch |\n| 12 July | Fish market |\n\n"
    "- Your hotel in Rome stays booked\n- It costs 420 euros\n",
)
OSLO = "Book a trip from Boston to Oslo by AIR, 2027-07-11 to 2027-07-22."


def halfway() -> ScriptedAgent:
    """Return an agent that pauses in the middle of a table."""
    events = recording().turns["extend"]
    before = takewhile(lambda event: not isinstance(event, TextDelta), events)
    (text,) = (event.text for event in events if isinstance(event, TextDelta))
    agent = scripted()()
    agent.script = [(*before, TextDelta(text[: text.index("| Return")]), Gate())]
    return agent


async def asked(scene: Scene, text: str) -> None:
    await start(scene)
    await cards(scene, 1)
    await scene.user.say(text)


async def streaming(scene: Scene) -> None:
    await asked(scene, "Can I return on the 23rd instead?")
    await scene.user.sees("11 July 2027", "esc stop")


async def failed(scene: Scene) -> None:
    await asked(scene, TRIPS)
    await scene.user.sees("The connection broke", "cut off")


async def explained(scene: Scene) -> None:
    await recalled(scene)
    scene.user.main.query(MemoryLine).last().focus()
    await scene.user.press("enter", "down")
    await scene.user.sees("› ◆ by air")


async def sources(scene: Scene) -> None:
    await start(scene)
    await cards(scene, 2)
    await scene.show_pane("chat")
    for text, seen in zip(SAID, ("Noted.", "420 euros"), strict=True):
        await scene.user.say(text)
        await scene.user.sees(seen, "enter send")
    await scene.user.sees("420 euros△")


async def sources_hidden(scene: Scene) -> None:
    await sources(scene)
    await scene.user.put_notices_away()
    await scene.user.press("ctrl+o")
    await scene.user.sees("Source marks are hidden")
    await scene.user.put_notices_away()


async def sources_list(scene: Scene) -> None:
    await sources(scene)
    scene.user.main.query(MemoryLine).last().focus()
    await scene.user.press("enter", "down")
    await scene.user.sees("› ◆ Oslo")


def all_sources() -> ScriptedAgent:
    """Return an agent whose last answer has a claim of each source."""
    stored = [
        session_summary("anna", "5d1c0a94-0000-4000-8000-000000000000", OSLO_MEMORY, NOW - timedelta(days=2)),
        session_summary("anna", "0be1f7d2-0000-4000-8000-000000000000", ROME_MEMORY, NOW - timedelta(days=9)),
    ]
    call = ToolCall("travel", "find_trip", (), "t-1")
    found = ToolResult("The booking id is f5ff61d7.", "t-1")
    return ScriptedAgent(
        [answer(SOURCES[0]), (MemoryInjected(OSLO_MEMORY), call, found, *answer(SOURCES[1]))], stored, at=NOW
    )


async def chosen(scene: Scene) -> None:
    await booked(scene)
    scene.user.main.query(TurnHeader).last().focus()
    await scene.user.sees("enter trace, F8 copy")


async def noted(scene: Scene) -> None:
    await booked(scene)
    for command, mark in (
        ("/fact", "✎ fact"),
        ("/expect booked by air", "✎ expect"),
        ("/note Says the nights.", "✎ note"),
    ):
        await scene.user.say(command)
        await scene.user.sees(mark)


async def again(scene: Scene) -> None:
    await booked(scene)
    await scene.user.say("/retry")
    await scene.user.sees("Send the message again?")


async def asks(scene: Scene) -> None:
    await asked(scene, OSLO)
    await scene.user.sees("Confirm tool call", "Approve")


async def hands_back(scene: Scene) -> None:
    await asked(scene, OSLO)
    await scene.user.sees("Confirm tool call")
    await scene.user.press("right", "enter")
    await scene.user.sees("the agent needs a result", "Report failure")


async def twin_asked(scene: Scene) -> None:
    await asked(scene, f"/twin {TRIPS}")
    await scene.user.sees("Ask with and without the memory?")


async def twin(scene: Scene) -> None:
    await twin_asked(scene)
    await scene.user.press("right", "enter")
    await scene.user.sees(
        "Compare with and without memory", "f5ff61d7", "I don't have any trips on record", "Differs: "
    )


async def leaving(scene: Scene) -> None:
    await booked(scene)
    await scene.user.press("ctrl+q")
    await scene.user.sees("End the session before quitting?")


async def another(scene: Scene) -> None:
    await booked(scene)
    await scene.user.press("f3")
    await scene.user.sees("This session is still open")


async def trace(scene: Scene) -> None:
    await booked(scene)
    await scene.user.press("ctrl+t")
    await scene.user.sees("Trace", "book_trip", "Final response")


async def trace_raw(scene: Scene) -> None:
    await trace(scene)
    await scene.user.press("slash", *"f5ff61d7", "enter", "r")
    await scene.user.sees("traceId")


async def chinese(scene: Scene) -> None:
    await start(scene)
    await scene.user.say(
        "我要在七月十一日从波士顿去纽约 ✈️ 七月二十二日回来。👩‍👩‍👧 三个人，靠窗的座位，素食，谢谢！请告诉我订单号码。"
    )
    await scene.user.sees("素食", "enter send")


STATES = {
    "streaming": State("An answer is streaming", streaming, halfway),
    "failed": State("The connection broke in the middle of an answer", failed, scripted("dropped")),
    "explained": State("Where the facts of an answer came from", explained),
    "sources": State("Marks of all sources in an answer", sources, all_sources),
    "sources-list": State("The sources of an answer, beside the sentences they came from", sources_list, all_sources),
    "sources-hidden": State("The same answer with marks hidden", sources_hidden, all_sources),
    "chosen": State("An answer selected, with keys for its trace and copy", chosen),
    "noted": State("Facts, an expectation and a note on a turn", noted),
    "again": State("Sending a turn again that called a function", again),
    "asks": State("The agent asks to confirm a tool call", asks, scripted("asks")),
    "hands-back": State("Return of control: the agent needs a result", hands_back, scripted("hands back")),
    "twin-asked": State("Before asking with and without memory", twin_asked, scripted()),
    "twin": State("One question with and without memory", twin, scripted("trips", "trips, nothing known")),
    "leaving": State("Quitting with an open session", leaving),
    "another": State("A new session while one is open", another),
    "trace": State("The steps of a turn", trace),
    "trace-raw": State("A step of a turn as raw JSON, found by its words", trace_raw),
    "wide-characters": State("Text with wide characters", chinese, lambda: ScriptedAgent(at=NOW)),
}
