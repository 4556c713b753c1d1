"""The life of a session on the screen: keys in one burst, the idle limit, beginning and leaving with one open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from textual import events

from tests.fakes import FakeAgent, Gate, answer
from tests.tui.client import CLOCK, PilotUser, client, sitting_at
from travel_tui.agent import Parameter, ReturnControl, TextDelta, ToolCall, session_summary
from travel_tui.archive import Archive
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.demo_script import DEMO_LINES, IDLE_LIMIT_S
from travel_tui.tui.screens.confirm import ConfirmDialog
from travel_tui.tui.screens.dialog import TYPING
from travel_tui.tui.terminal.typed_text import LineBreak
from travel_tui.tui.widgets.prompt import Prompt


def burst(person: PilotUser, *keys: str) -> None:
    """Keys as they come when they were typed faster than they are read."""
    for key in keys:
        person.app.post_message(events.Key(key, {"enter": "\r", "space": " "}.get(key, key if len(key) == 1 else None)))


def prompt(person: PilotUser) -> str:
    return person.main.query_one(Prompt).text


async def test_escape_in_one_burst_with_enter_gives_the_text_back_and_the_next_turn_works() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        burst(anna, "h", "i", "enter", "escape")
        await anna.sees("stopped", "enter send")
        assert prompt(anna) == "hi"
        await anna.press("enter")
        await anna.sees("You said: hi")


async def test_what_is_typed_in_one_burst_after_enter_is_the_next_message() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        burst(anna, "h", "i", "enter", "y", "o")
        await anna.sees("You said: hi", "enter send")
        assert prompt(anna) == "yo"
        assert agent.requests[0].text == "hi"


async def test_a_message_sent_while_an_answer_comes_stays_in_the_prompt() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    async with sitting_at(client(agent)) as anna:
        await anna.sees("No memories yet")
        burst(anna, "a", "enter", "b", "enter", "c")
        await anna.sees("The agent is still answering")
        assert prompt(anna) == "b\nc"
        gate.open()
        await anna.sees("There.", "enter send")


async def test_end_and_new_in_quick_succession_lose_no_line_of_the_story() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        for line in DEMO_LINES[:2]:
            await anna.say(line)
            await anna.sees(f"You said: {line}", "enter send")
        burst(anna, "f2", "f3")
        await anna.sees("New session", f"⇥ {DEMO_LINES[4]}")
        assert len(agent.ended) == 1


async def test_text_typed_at_a_question_goes_to_the_prompt_and_the_question_says_so() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("f3")
        assert TYPING not in await anna.sees("This session is still open")
        await anna.press(*"and", "enter")
        await anna.sees("This session is still open", TYPING)
        await anna.press("tab")
        await anna.sees_no(TYPING)
        await anna.press("enter")
        await anna.sees_no("This session is still open")
        assert anna.main.query_one("#prompt", Prompt).text == "and"


@pytest.mark.parametrize(
    ("keys", "ended"), [(("enter",), 0), (("right", "enter"), 0), (("right", "right", "enter"), 1)]
)
async def test_a_new_session_asks_what_becomes_of_the_open_one(keys: tuple[str, ...], ended: int) -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("f3")
        await anna.sees("This session is still open", "expires in 30:00")
        await anna.press(*keys)
        await anna.sees_no("This session is still open")
        if keys == ("enter",):
            await anna.sees("1 turn")
        else:
            await anna.sees("New session", "No messages yet")
        assert len(agent.ended) == ended


async def test_quitting_with_an_open_session_asks_and_ends_it_on_request() -> None:
    agent = FakeAgent()
    app = client(agent)
    async with sitting_at(app) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("ctrl+q")
        await anna.sees("End the session before quitting?")
        await anna.press("escape")
        await anna.sees_no("End the session before quitting?")
        await anna.press("ctrl+q")
        await anna.sees("End the session before quitting?")
        await anna.press("right", "right", "enter")
        await anna.until(lambda: agent.ended and not app.is_running, "the end")


async def test_quitting_twice_quits_without_an_answer() -> None:
    agent = FakeAgent()
    app = client(agent)
    async with sitting_at(app) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("ctrl+q")
        await anna.sees("End the session before quitting?")
        await anna.press("ctrl+q")
        await anna.until(lambda: not app.is_running, "the end")
    assert agent.ended == []


async def test_the_idle_limit_ends_the_session_and_its_memory_is_awaited() -> None:
    agent = FakeAgent()
    clock = ManualClock()
    async with sitting_at(client(agent, clock=clock)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "expires in 30:00", "enter send")
        clock.move(IDLE_LIMIT_S + 60)
        await anna.sees("Session expired (idle limit)", "summarising for 6")
        assert agent.ended == []
        first = agent.requests[0].session_id
        agent.stored.append(session_summary("anna", first, "Anna said hello."))
        await anna.press("f5")
        await anna.sees("Anna said hello.")
        await anna.say("Hello again")
        await anna.sees("New session", "You said: Hello again")
        assert agent.requests[1].session_id != first


async def test_who_types_on_after_the_end_sees_where_the_new_session_begins() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("f2")
        await anna.sees("Summarising the last session")
        await anna.say("Hello again")
        text = await anna.sees("You said: Hello again")
        assert text.index("New session") < text.index("Hello again")


async def test_a_paste_goes_to_the_prompt_whatever_has_the_focus() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        anna.main.query_one("#new").focus()
        anna.app.post_message(events.Paste("from elsewhere\nin two lines"))
        await anna.until(lambda: prompt(anna) == "from elsewhere\nin two lines", "the paste")


async def test_the_end_is_shown_as_such_while_the_archive_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.sqlite3"
    agent = FakeAgent()
    async with sitting_at(client(agent, archive=path)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await anna.press("f2")
            await anna.until(lambda: agent.ended, "the end")
            await anna.sees("summarising for")
            assert "deleted" not in anna.flat()
            other.execute("ROLLBACK")
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.sessions()[0].ended_at is not None


async def test_control_that_is_handed_back_goes_to_the_person_and_the_turn_goes_on() -> None:
    call = ToolCall("Trips", "book_trip", (Parameter("origin", "Boston"),))
    agent = FakeAgent([(ReturnControl("inv-1", (call,)),), answer("It is booked.")])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Book it")
        await anna.sees("Return of control: the agent needs a result", "book_trip", "origin Boston")
        await anna.press(*"done", "enter")
        await anna.sees("It is booked.", "book_trip Boston", "enter send")
        returned = agent.requests[1]
        assert (returned.invocation_id, [each.text for each in returned.returned]) == ("inv-1", ["done"])
        assert returned.session_id == agent.requests[0].session_id


async def test_control_that_the_person_leaves_stops_the_turn() -> None:
    agent = FakeAgent([(ReturnControl("inv-1", (ToolCall("Trips", "book_trip"),)),)])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Book it")
        await anna.sees("Return of control: the agent needs a result")
        await anna.press("escape")
        await anna.sees("stopped", "enter send")
        assert prompt(anna) == "Book it"
        assert len(agent.requests) == 1


async def test_what_the_archive_did_not_take_is_taken_when_the_client_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travel_tui.archive.file.BUSY_S", 0.05)
    path = tmp_path / "archive.sqlite3"
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        async with sitting_at(client(agent, archive=path)) as anna:
            await anna.say("Hello")
            await anna.until(gate.reached.is_set, "the turn at the agent")
            other.execute("BEGIN EXCLUSIVE")
            gate.open()
            await anna.sees("There.", "not on disk")
            other.execute("ROLLBACK")
    with closing(Archive(path, CLOCK)) as archive:
        (turn,) = archive.turns(archive.sessions()[0].key)
        assert (turn.answer, turn.state) == ("There.", "answered")


@pytest.mark.parametrize(("size", "told"), [((80, 24), True), ((120, 40), False)])
async def test_a_summary_that_comes_out_of_sight_is_told(size: tuple[int, int], told: bool) -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent), size=size) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("f2")
        await anna.until(lambda: agent.ended, "the end")
        agent.stored.append(session_summary("anna", agent.ended[0][0], "Anna said hello."))
        await anna.press("f5")
        await anna.sees("F4 shows it" if told else "Anna said hello.")
        assert ("F4 shows it" in anna.flat()) is told


async def test_the_end_of_a_session_waits_for_the_answer_that_is_coming() -> None:
    gate = Gate()
    agent = FakeAgent([(*answer("Half of it ")[:1], gate, *answer("and the rest."))])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("Half of it")
        await anna.press("f2")
        await anna.sees("The session ends when")
        assert agent.ended == []
        gate.open()
        await anna.sees("and the rest.", "Summarising the last session")
        assert len(agent.ended) == 1


async def test_a_message_that_was_being_answered_on_quitting_stands_in_the_prompt_next_time(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with sitting_at(client(FakeAgent([(TextDelta("Half"), Gate())]), archive=archive)) as anna:
        await anna.say("Hello there")
        await anna.sees("Half", "esc stop")
        await anna.press("ctrl+c", "ctrl+c")
    async with sitting_at(client(FakeAgent(), archive=archive, seed=8)) as anna:
        await anna.until(lambda: prompt(anna) == "Hello there", "the message in the prompt")


async def test_a_client_that_goes_while_an_answer_comes_goes_quietly() -> None:
    async with sitting_at(client(FakeAgent([(TextDelta("Half"), Gate())]))) as anna:
        await anna.say("Hello")
        await anna.sees("Half", "esc stop")


@pytest.mark.parametrize("key", ["f3", "ctrl+q"])
async def test_what_is_typed_while_a_question_comes_up_stays_in_the_prompt_and_answers_nothing(key: str) -> None:
    agent = FakeAgent()
    app = client(agent)
    async with sitting_at(app) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press(*"so")
        burst(anna, "space", key, "space", "y", "e", "s")
        await anna.until(lambda: isinstance(app.screen, ConfirmDialog), "the question")
        await anna.press("n", "o", "space", "y", "enter")
        app.post_message(events.Paste(" indeed"))
        app.post_message(LineBreak("enter", "\r"))  # the terminal sent text right after it
        app.post_message(events.Paste("so"))
        await anna.until(lambda: prompt(anna) == "so  yesno y indeed\nso", "all of it in the prompt")
        assert isinstance(app.screen, ConfirmDialog)
        await anna.press("tab", "enter")
        await anna.until(lambda: not isinstance(app.screen, ConfirmDialog), "no question")
        assert prompt(anna) == "so  yesno y indeed\nso"
        assert (agent.ended, len(agent.requests)) == ([], 1)


async def test_a_summary_that_took_no_time_by_a_frozen_clock_does_not_stop_the_next_session() -> None:
    agent = FakeAgent(summaries=["Anna flies to NYC.", "Anna flies back."])
    async with sitting_at(client(agent)) as anna:
        for _ in range(2):
            await anna.say("Hello")
            await anna.sees("You said: Hello", "enter send")
            agent.summarised = Gate()
            await anna.press("f2")
            await anna.sees("summarising for 0 s")
            agent.summarised.open()
            await anna.sees("stored after 0.0 s")
            await anna.press("f3")
            await anna.sees("No messages yet")
