"""The story of agent memory, as a person lives through it on the screen."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from textual import events

from tests.fakes import FakeAgent, Gate, answer
from tests.tui.client import CLOCK, NARROW, client, sitting_at
from travel_tui.agent import MemoryInjected, Parameter, ToolCall, ToolResult, TurnEvent, session_summary
from travel_tui.archive import Archive
from travel_tui.clock import Clock
from travel_tui.screenshots.scene import client_for
from travel_tui.tui.demo_script import DEMO_LINES

BOOKED = "Your trip from **Boston** to **NYC** is booked. Your booking id is `9f0b135c`."
MEMORY = (
    "<summary><topic name='user goals'>Anna wants to fly from Boston to NYC.</topic>"
    "<topic name='assistant actions'>Booked it: 9f0b135c.</topic></summary>"
)


def booking() -> tuple[TurnEvent, ...]:
    parameters = (Parameter("origin", "Boston"), Parameter("destination", "NYC"))
    return (
        MemoryInjected(""),
        ToolCall("BookingManagerActionGroup", "book_trip", parameters, "1"),
        ToolResult("Booked. booking_id: 9f0b135c", "1"),
        *answer(BOOKED),
    )


async def test_the_story_is_offered_told_and_remembered() -> None:
    agent = FakeAgent([booking(), answer("You are welcome!"), (MemoryInjected(MEMORY), *answer("Shall I?"))])
    async with sitting_at(client(agent)) as anna:
        await anna.sees("⇥ Hi, my name is Anna.", "No memories yet", "No messages yet")
        await anna.press("tab", "enter")
        await anna.sees("Your booking id is 9f0b135c.", "book_trip Boston NYC", "1 turn")
        assert agent.requests[0].text == DEMO_LINES[0]
        assert agent.requests[0].memory_id == "anna"
        await anna.press("tab", "enter")
        await anna.sees("You are welcome!", "2 turns", "F2 end session")
        await anna.press("f2")
        await anna.sees("Summarising the last session")
        agent.stored.append(session_summary("anna", agent.ended[0][0], MEMORY))
        await anna.sees("new", "user goals", "Anna wants to fly from Boston to NYC.", "stored after")
        await anna.press("f3")
        await anna.sees("New session")
        await anna.press("tab", "enter")
        await anna.sees("Shall I?", "1 memory in prompt", "in prompt ")
        assert agent.requests[2].text == DEMO_LINES[4]
        assert agent.requests[2].session_id != agent.requests[0].session_id


async def test_a_message_sent_before_the_agent_is_there_waits_for_it() -> None:
    opened = asyncio.Event()
    agent = FakeAgent()
    async with sitting_at(client(agent, opened=opened)) as anna:
        await anna.say("Hello")
        await anna.sees("You 16:04", "Hello", "waiting", "esc stop")
        assert not agent.requests
        opened.set()
        await anna.sees("You said: Hello")


async def test_an_answers_times_count_from_when_its_message_goes_out_as_in_the_archive() -> None:
    opened, passed = threading.Event(), [0.0]

    class Passing(Clock):
        def counter(self) -> float:
            return passed[0]

    def open_archive() -> Archive:
        opened.wait(60)
        return Archive(None, CLOCK)

    async with sitting_at(client_for(FakeAgent(), open_archive, clock=Passing(CLOCK.at))) as anna:
        await anna.say("Hello")
        await anna.sees("Hello", "waiting")
        passed[0] = 5.0
        opened.set()
        await anna.sees("You said: Hello", "first token 0.0 s · total 0.0 s")


async def test_keys_typed_before_the_prompt_is_there_are_not_lost() -> None:
    app = client(FakeAgent())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("h", "i")
        async with asyncio.timeout(20):
            while not app.screen.query("MemoryPanel"):
                await pilot.pause(0.01)
        assert app.screen.query_one("#prompt").text == "hi"  # type: ignore[attr-defined]


async def test_enter_sends_all_that_was_typed_before_it() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        for key in "typed at once":
            anna.app.post_message(events.Key("space" if key == " " else key, key))
        anna.app.post_message(events.Key("ctrl+j", None))
        anna.app.post_message(events.Key("x", "x"))
        anna.app.post_message(events.Key("enter", "\r"))
        await anna.sees("You said:")
        assert agent.requests[0].text == "typed at once\nx"


async def test_escape_stops_an_answer_and_gives_the_text_back() -> None:
    gate = Gate()
    agent = FakeAgent([(*answer("Half of **it ")[:1], gate)])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Tell me a long story")
        await anna.sees("Half of it", "esc stop")
        await anna.press("escape")
        assert "**" not in await anna.sees("stopped", "Half of it", "enter send")
        assert agent.cancelled == 1
        assert anna.main.query_one("#prompt").text == "Tell me a long story"  # type: ignore[attr-defined]
        await anna.press("enter")
        await anna.sees("You said: Tell me a long story")


async def test_writing_goes_on_while_an_answer_comes() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    async with sitting_at(client(agent)) as anna:
        await anna.say("First")
        await anna.press(*"next", "enter")
        await anna.sees("The agent is still answering", "next")
        gate.open()
        await anna.sees("There.", "enter send")
        await anna.press("enter")
        await anna.sees("You said: next")


async def test_forgetting_asks_first_and_names_what_is_lost() -> None:
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with sitting_at(client(agent)) as anna:
        await anna.sees("Anna likes trains.")
        anna.main.query_one("SummaryCard").focus()
        await anna.press("delete")
        await anna.sees("Delete the memory of session session-?", "session-one")
        await anna.press("escape")
        await anna.sees_no("Delete the memory")
        assert agent.forgotten == []
        anna.main.query_one("#forget-all").focus()
        await anna.press("enter")
        await anna.sees("Delete all memories of anna?", "1 summary")
        await anna.press("tab", "enter")
        await anna.sees("No memories")
        assert agent.forgotten == [("anna", None)]


async def test_deleting_both_leaves_nothing_in_the_archive_either(tmp_path: Path) -> None:
    file = tmp_path / "archive.sqlite3"
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with sitting_at(client(agent, archive=file)) as anna:
        await anna.say("I live in Oslo")
        await anna.sees("Anna likes trains.", "You said: I live in Oslo", "enter send")
        anna.main.query_one("#forget-all").focus()
        await anna.press("enter")
        await anna.sees("Delete all memories of anna?", "keeps its copy")
        await anna.press("tab", "tab", "enter")
        await anna.sees("No memories")
        assert agent.forgotten == [("anna", None)]
        await anna.until(lambda: b"Oslo" not in every_byte(file), "nothing of it in the archive")
        assert b"likes trains" not in every_byte(file)
        await anna.say("Hello again")
        await anna.sees("You said: Hello again", "enter send")


def every_byte(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


async def test_ending_a_session_that_was_not_begun_says_so() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.press("f2")
        await anna.sees("No open session to end.")
        assert agent.ended == []


async def test_a_call_opens_to_its_parameters_and_result() -> None:
    async with sitting_at(client(FakeAgent([booking()]))) as anna:
        await anna.say("Book it")
        await anna.sees("Your booking id is 9f0b135c.")
        anna.main.query_one("ToolLine").focus()
        await anna.press("enter")
        await anna.sees(
            "BookingManagerActionGroup", "origin Boston", "destination NYC", "→ Booked. booking_id: 9f0b135c"
        )


async def test_the_panel_looks_no_more_while_long_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.tui.controllers.main.OUT_OF_SIGHT_S", 0.01)
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.sees("No memories yet")
        anna.app.post_message(events.AppBlur())
        await anna.sees("paused")
        looks = agent.looks
        anna.app.post_message(events.AppFocus())
        await anna.sees("next in 30 s")
        await anna.until(lambda: agent.looks == looks + 1, "a look")


async def test_a_narrow_window_has_the_panes_as_tabs() -> None:
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with sitting_at(client(agent), NARROW) as anna:
        await anna.sees("Chat", "Session", "Memory 1", "What will the agent remember tomorrow?")
        await anna.press("f4")
        await anna.sees("No messages yet", "End session")
        await anna.press("f4")
        await anna.sees("Anna likes trains.", "delete all")
        await anna.press("x")
        await anna.sees("x", "What will the agent remember tomorrow?")


async def test_a_window_too_small_says_so_and_comes_back() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press(*"draft")
        await anna.pilot.resize_terminal(20, 5)
        await anna.sees("20×5 is too small.", "40×12")
        await anna.pilot.resize_terminal(120, 40)
        await anna.sees("draft", "Memory", "Session")


async def test_f1_shows_the_keys() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press("f1")
        await anna.sees("F2 end session", "^j", "new line", "quit")
        await anna.press("escape")
        await anna.sees_no("Keys ")


async def test_ctrl_c_quits_at_the_second_press_alone() -> None:
    app = client(FakeAgent())
    async with sitting_at(app) as anna:
        await anna.press("ctrl+c")
        await anna.sees("Press ctrl+c again to quit.")
        await anna.press("ctrl+c")
        await anna.until(lambda: not app.is_running or app._exit, "the end")


@pytest.mark.parametrize("columns", [40, 60, 80, 99])
async def test_no_key_is_cut_off_in_a_narrow_window(columns: int) -> None:
    async with sitting_at(client(FakeAgent()), size=(columns, 24)) as anna:
        await anna.sees("F4 panes")


@pytest.mark.parametrize("begun", [True, False])
async def test_the_story_begins_again_where_the_memory_that_it_builds_on_was_deleted(begun: bool) -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.sees("No memories yet")
        for line in DEMO_LINES[:2]:
            await anna.say(line)
            await anna.sees(f"You said: {line}", "enter send")
        await anna.press("f2")
        await anna.sees("F3 new session")
        agent.stored.append(session_summary("anna", agent.ended[0][0], MEMORY))
        await anna.sees("user goals")
        if begun:
            await anna.press("f3")
            await anna.sees(f"⇥ {DEMO_LINES[4]}")
        anna.main.query_one("#forget-all").focus()
        await anna.press("enter")
        await anna.sees("Delete all memories of anna?")
        await anna.press("tab", "enter")
        await anna.sees("No memories", "⇥ Hi, my name is Anna.")


async def test_no_line_is_offered_that_builds_on_a_session_left_open_without_a_memory() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.sees("No memories yet")
        await anna.say(DEMO_LINES[0])
        await anna.sees("⇥ thank you!")
        await anna.press("f3")
        await anna.sees("This session is still open")
        await anna.press("tab", "enter")
        await anna.sees("New session", "⇥ Hi, my name is Anna.")


@pytest.mark.parametrize(
    ("said", "offered"),
    [(DEMO_LINES[0], "⇥ thank you!"), ("I live in Oslo", "F2 end session and create its memory")],
)
async def test_the_line_that_is_offered_fits_the_session_that_goes_on(said: str, offered: str, tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await anna.say(said)
        await anna.sees(f"You said: {said}", "enter send")
    async with sitting_at(client(FakeAgent(), archive=archive, seed=8)) as anna:
        await anna.sees("1 open session: /resume")
        await anna.say("/resume")
        await anna.sees("Resume which session?")
        await anna.press("enter")
        await anna.sees(offered, "1 turn")
