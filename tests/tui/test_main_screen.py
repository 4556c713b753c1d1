"""The main screen from the first key to the memory: the demo script, sending, stopping, deleting, sizes and keys."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from textual import events

from tests.fakes import FakeAgent, Gate, answer
from tests.tui.client import CLOCK, NARROW, client, running_client
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
    async with running_client(client(agent)) as user:
        await user.sees("⇥ Hi, my name is Anna.", "No memories yet", "No messages yet")
        await user.press("tab", "enter")
        await user.sees("Your booking id is 9f0b135c.", "book_trip Boston NYC", "1 turn")
        assert agent.requests[0].text == DEMO_LINES[0]
        assert agent.requests[0].memory_id == "anna"
        await user.press("tab", "enter")
        await user.sees("You are welcome!", "2 turns", "F2 end session")
        await user.press("f2")
        await user.sees("Summarising the last session")
        agent.stored.append(session_summary("anna", agent.ended[0][0], MEMORY))
        await user.sees("new", "user goals", "Anna wants to fly from Boston to NYC.", "stored after")
        await user.press("f3")
        await user.sees("New session")
        await user.press("tab", "enter")
        await user.sees("Shall I?", "1 memory in prompt", "in prompt ")
        assert agent.requests[2].text == DEMO_LINES[4]
        assert agent.requests[2].session_id != agent.requests[0].session_id


async def test_a_message_sent_before_the_agent_is_there_waits_for_it() -> None:
    opened = asyncio.Event()
    agent = FakeAgent()
    async with running_client(client(agent, opened=opened)) as user:
        await user.say("Hello")
        await user.sees("You 16:04", "Hello", "waiting", "esc stop")
        assert not agent.requests
        opened.set()
        await user.sees("You said: Hello")


async def test_an_answers_times_count_from_when_its_message_goes_out_as_in_the_archive() -> None:
    opened, passed = threading.Event(), [0.0]

    class Passing(Clock):
        def counter(self) -> float:
            return passed[0]

    def open_archive() -> Archive:
        opened.wait(60)
        return Archive(None, CLOCK)

    async with running_client(client_for(FakeAgent(), open_archive, clock=Passing(CLOCK.at))) as user:
        await user.say("Hello")
        await user.sees("Hello", "waiting")
        passed[0] = 5.0
        opened.set()
        await user.sees("You said: Hello", "first token 0.0 s · total 0.0 s")


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
    async with running_client(client(agent)) as user:
        for key in "typed at once":
            user.app.post_message(events.Key("space" if key == " " else key, key))
        user.app.post_message(events.Key("ctrl+j", None))
        user.app.post_message(events.Key("x", "x"))
        user.app.post_message(events.Key("enter", "\r"))
        await user.sees("You said:")
        assert agent.requests[0].text == "typed at once\nx"


async def test_escape_stops_an_answer_and_gives_the_text_back() -> None:
    gate = Gate()
    agent = FakeAgent([(*answer("Half of **it ")[:1], gate)])
    async with running_client(client(agent)) as user:
        await user.say("Tell me a long story")
        await user.sees("Half of it", "esc stop")
        await user.press("escape")
        assert "**" not in await user.sees("stopped", "Half of it", "enter send")
        assert agent.cancelled == 1
        assert user.main.query_one("#prompt").text == "Tell me a long story"  # type: ignore[attr-defined]
        await user.press("enter")
        await user.sees("You said: Tell me a long story")


async def test_writing_goes_on_while_an_answer_comes() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    async with running_client(client(agent)) as user:
        await user.say("First")
        await user.press(*"next", "enter")
        await user.sees("The agent is still answering", "next")
        gate.open()
        await user.sees("There.", "enter send")
        await user.press("enter")
        await user.sees("You said: next")


async def test_forgetting_asks_first_and_names_what_is_lost() -> None:
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with running_client(client(agent)) as user:
        await user.sees("Anna likes trains.")
        user.main.query_one("SummaryCard").focus()
        await user.press("delete")
        await user.sees("Delete the memory of session session-?", "session-one")
        await user.press("escape")
        await user.sees_no("Delete the memory")
        assert agent.forgotten == []
        user.main.query_one("#forget-all").focus()
        await user.press("enter")
        await user.sees("Delete all memories of anna?", "1 summary")
        await user.press("tab", "enter")
        await user.sees("No memories")
        assert agent.forgotten == [("anna", None)]


async def test_deleting_both_leaves_nothing_in_the_archive_either(tmp_path: Path) -> None:
    file = tmp_path / "archive.sqlite3"
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with running_client(client(agent, archive=file)) as user:
        await user.say("I live in Oslo")
        await user.sees("Anna likes trains.", "You said: I live in Oslo", "enter send")
        user.main.query_one("#forget-all").focus()
        await user.press("enter")
        await user.sees("Delete all memories of anna?", "keeps its copy")
        await user.press("tab", "tab", "enter")
        await user.sees("No memories")
        assert agent.forgotten == [("anna", None)]
        await user.until(lambda: b"Oslo" not in every_byte(file), "nothing of it in the archive")
        assert b"likes trains" not in every_byte(file)
        await user.say("Hello again")
        await user.sees("You said: Hello again", "enter send")


def every_byte(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


async def test_ending_a_session_that_was_not_begun_says_so() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.press("f2")
        await user.sees("No open session to end.")
        assert agent.ended == []


async def test_a_call_opens_to_its_parameters_and_result() -> None:
    async with running_client(client(FakeAgent([booking()]))) as user:
        await user.say("Book it")
        await user.sees("Your booking id is 9f0b135c.")
        user.main.query_one("ToolLine").focus()
        await user.press("enter")
        await user.sees(
            "BookingManagerActionGroup", "origin Boston", "destination NYC", "→ Booked. booking_id: 9f0b135c"
        )


async def test_the_panel_looks_no_more_while_long_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.tui.controllers.main.OUT_OF_SIGHT_S", 0.01)
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.sees("No memories yet")
        user.app.post_message(events.AppBlur())
        await user.sees("paused")
        looks = agent.looks
        user.app.post_message(events.AppFocus())
        await user.sees("next in 30 s")
        await user.until(lambda: agent.looks == looks + 1, "a look")


async def test_a_narrow_window_has_the_panes_as_tabs() -> None:
    agent = FakeAgent(stored=[session_summary("anna", "session-one", "Anna likes trains.")])
    async with running_client(client(agent), NARROW) as user:
        await user.sees("Chat", "Session", "Memory 1", "What will the agent remember tomorrow?")
        await user.press("f4")
        await user.sees("No messages yet", "End session")
        await user.press("f4")
        await user.sees("Anna likes trains.", "delete all")
        await user.press("x")
        await user.sees("x", "What will the agent remember tomorrow?")


async def test_a_window_too_small_says_so_and_comes_back() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press(*"draft")
        await user.pilot.resize_terminal(20, 5)
        await user.sees("20×5 is too small.", "40×12")
        await user.pilot.resize_terminal(120, 40)
        await user.sees("draft", "Memory", "Session")


async def test_f1_shows_the_keys() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press("f1")
        await user.sees("F2 end session", "^j", "new line", "quit")
        await user.press("escape")
        await user.sees_no("Keys ")


async def test_ctrl_c_quits_at_the_second_press_alone() -> None:
    app = client(FakeAgent())
    async with running_client(app) as user:
        await user.press("ctrl+c")
        await user.sees("Press ctrl+c again to quit.")
        await user.press("ctrl+c")
        await user.until(lambda: not app.is_running or app._exit, "the end")


@pytest.mark.parametrize("columns", [40, 60, 80, 99])
async def test_no_key_is_cut_off_in_a_narrow_window(columns: int) -> None:
    async with running_client(client(FakeAgent()), size=(columns, 24)) as user:
        await user.sees("F4 panes")


@pytest.mark.parametrize("begun", [True, False])
async def test_the_story_begins_again_where_the_memory_that_it_builds_on_was_deleted(begun: bool) -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.sees("No memories yet")
        for line in DEMO_LINES[:2]:
            await user.say(line)
            await user.sees(f"You said: {line}", "enter send")
        await user.press("f2")
        await user.sees("F3 new session")
        agent.stored.append(session_summary("anna", agent.ended[0][0], MEMORY))
        await user.sees("user goals")
        if begun:
            await user.press("f3")
            await user.sees(f"⇥ {DEMO_LINES[4]}")
        user.main.query_one("#forget-all").focus()
        await user.press("enter")
        await user.sees("Delete all memories of anna?")
        await user.press("tab", "enter")
        await user.sees("No memories", "⇥ Hi, my name is Anna.")


async def test_no_line_is_offered_that_builds_on_a_session_left_open_without_a_memory() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.sees("No memories yet")
        await user.say(DEMO_LINES[0])
        await user.sees("⇥ thank you!")
        await user.press("f3")
        await user.sees("This session is still open")
        await user.press("tab", "enter")
        await user.sees("New session", "⇥ Hi, my name is Anna.")


@pytest.mark.parametrize(
    ("said", "offered"),
    [(DEMO_LINES[0], "⇥ thank you!"), ("I live in Oslo", "F2 end session and create its memory")],
)
async def test_the_line_that_is_offered_fits_the_session_that_goes_on(said: str, offered: str, tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.say(said)
        await user.sees(f"You said: {said}", "enter send")
    async with running_client(client(FakeAgent(), archive=archive, seed=8)) as user:
        await user.sees("1 open session: /resume")
        await user.say("/resume")
        await user.sees("Resume which session?")
        await user.press("enter")
        await user.sees(offered, "1 turn")
