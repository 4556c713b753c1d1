"""The life of a session on the screen: keys in one burst, the idle limit, beginning and leaving with one open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from textual import events

from tests.fakes import FakeAgent, Gate, answer
from tests.tui.client import CLOCK, PilotUser, client, running_client
from travel_tui.agent import Parameter, ReturnControl, TextDelta, ToolCall, session_summary
from travel_tui.archive import Archive
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.demo_script import DEMO_LINES, IDLE_LIMIT_S
from travel_tui.tui.screens.confirm import ConfirmDialog
from travel_tui.tui.screens.dialog import TYPING
from travel_tui.tui.terminal.typed_text import LineBreak
from travel_tui.tui.widgets.prompt import Prompt


def burst(user: PilotUser, *keys: str) -> None:
    """Keys as they come when they were typed faster than they are read."""
    for key in keys:
        user.app.post_message(events.Key(key, {"enter": "\r", "space": " "}.get(key, key if len(key) == 1 else None)))


def prompt(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


async def test_escape_in_one_burst_with_enter_gives_the_text_back_and_the_next_turn_works() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        burst(user, "h", "i", "enter", "escape")
        await user.sees("stopped", "enter send")
        assert prompt(user) == "hi"
        await user.press("enter")
        await user.sees("You said: hi")


async def test_what_is_typed_in_one_burst_after_enter_is_the_next_message() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        burst(user, "h", "i", "enter", "y", "o")
        await user.sees("You said: hi", "enter send")
        assert prompt(user) == "yo"
        assert agent.requests[0].text == "hi"


async def test_a_message_sent_while_an_answer_comes_stays_in_the_prompt() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    async with running_client(client(agent)) as user:
        await user.sees("No memories yet")
        burst(user, "a", "enter", "b", "enter", "c")
        await user.sees("The agent is still answering")
        assert prompt(user) == "b\nc"
        gate.open()
        await user.sees("There.", "enter send")


async def test_end_and_new_in_quick_succession_lose_no_line_of_the_story() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        for line in DEMO_LINES[:2]:
            await user.say(line)
            await user.sees(f"You said: {line}", "enter send")
        burst(user, "f2", "f3")
        await user.sees("New session", f"⇥ {DEMO_LINES[4]}")
        assert len(agent.ended) == 1


async def test_text_typed_at_a_question_goes_to_the_prompt_and_the_question_says_so() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("f3")
        assert TYPING not in await user.sees("This session is still open")
        await user.press(*"and", "enter")
        await user.sees("This session is still open", TYPING)
        await user.press("tab")
        await user.sees_no(TYPING)
        await user.press("enter")
        await user.sees_no("This session is still open")
        assert user.main.query_one("#prompt", Prompt).text == "and"


@pytest.mark.parametrize(
    ("keys", "ended"), [(("enter",), 0), (("right", "enter"), 0), (("right", "right", "enter"), 1)]
)
async def test_a_new_session_asks_what_becomes_of_the_open_one(keys: tuple[str, ...], ended: int) -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("f3")
        await user.sees("This session is still open", "expires in 30:00")
        await user.press(*keys)
        await user.sees_no("This session is still open")
        if keys == ("enter",):
            await user.sees("1 turn")
        else:
            await user.sees("New session", "No messages yet")
        assert len(agent.ended) == ended


async def test_quitting_with_an_open_session_asks_and_ends_it_on_request() -> None:
    agent = FakeAgent()
    app = client(agent)
    async with running_client(app) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("ctrl+q")
        await user.sees("End the session before quitting?")
        await user.press("escape")
        await user.sees_no("End the session before quitting?")
        await user.press("ctrl+q")
        await user.sees("End the session before quitting?")
        await user.press("right", "right", "enter")
        await user.until(lambda: agent.ended and not app.is_running, "the end")


async def test_quitting_twice_quits_without_an_answer() -> None:
    agent = FakeAgent()
    app = client(agent)
    async with running_client(app) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("ctrl+q")
        await user.sees("End the session before quitting?")
        await user.press("ctrl+q")
        await user.until(lambda: not app.is_running, "the end")
    assert agent.ended == []


async def test_the_idle_limit_ends_the_session_and_its_memory_is_awaited() -> None:
    agent = FakeAgent()
    clock = ManualClock()
    async with running_client(client(agent, clock=clock)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "expires in 30:00", "enter send")
        clock.move(IDLE_LIMIT_S + 60)
        await user.sees("Session expired (idle limit)", "summarising for 6")
        assert agent.ended == []
        first = agent.requests[0].session_id
        agent.stored.append(session_summary("anna", first, "Anna said hello."))
        await user.press("f5")
        await user.sees("Anna said hello.")
        await user.say("Hello again")
        await user.sees("New session", "You said: Hello again")
        assert agent.requests[1].session_id != first


async def test_who_types_on_after_the_end_sees_where_the_new_session_begins() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("f2")
        await user.sees("Summarising the last session")
        await user.say("Hello again")
        text = await user.sees("You said: Hello again")
        assert text.index("New session") < text.index("Hello again")


async def test_a_paste_goes_to_the_prompt_whatever_has_the_focus() -> None:
    async with running_client(client(FakeAgent())) as user:
        user.main.query_one("#new").focus()
        user.app.post_message(events.Paste("from elsewhere\nin two lines"))
        await user.until(lambda: prompt(user) == "from elsewhere\nin two lines", "the paste")


async def test_the_end_is_shown_as_such_while_the_archive_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.sqlite3"
    agent = FakeAgent()
    async with running_client(client(agent, archive=path)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await user.press("f2")
            await user.until(lambda: agent.ended, "the end")
            await user.sees("summarising for")
            assert "deleted" not in user.flat()
            other.execute("ROLLBACK")
    with closing(Archive(path, CLOCK)) as archive:
        assert archive.sessions()[0].ended_at is not None


async def test_control_that_is_handed_back_goes_to_the_user_and_the_turn_goes_on() -> None:
    call = ToolCall("Trips", "book_trip", (Parameter("origin", "Boston"),))
    agent = FakeAgent([(ReturnControl("inv-1", (call,)),), answer("It is booked.")])
    async with running_client(client(agent)) as user:
        await user.say("Book it")
        await user.sees("Return of control: the agent needs a result", "book_trip", "origin Boston")
        await user.press(*"done", "enter")
        await user.sees("It is booked.", "book_trip Boston", "enter send")
        returned = agent.requests[1]
        assert (returned.invocation_id, [each.text for each in returned.returned]) == ("inv-1", ["done"])
        assert returned.session_id == agent.requests[0].session_id


async def test_control_that_the_user_leaves_stops_the_turn() -> None:
    agent = FakeAgent([(ReturnControl("inv-1", (ToolCall("Trips", "book_trip"),)),)])
    async with running_client(client(agent)) as user:
        await user.say("Book it")
        await user.sees("Return of control: the agent needs a result")
        await user.press("escape")
        await user.sees("stopped", "enter send")
        assert prompt(user) == "Book it"
        assert len(agent.requests) == 1


async def test_what_the_archive_did_not_take_is_taken_when_the_client_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travel_tui.archive.file.BUSY_S", 0.05)
    path = tmp_path / "archive.sqlite3"
    gate = Gate()
    agent = FakeAgent([(gate, *answer("There."))])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        async with running_client(client(agent, archive=path)) as user:
            await user.say("Hello")
            await user.until(gate.reached.is_set, "the turn at the agent")
            other.execute("BEGIN EXCLUSIVE")
            gate.open()
            await user.sees("There.", "not on disk")
            other.execute("ROLLBACK")
    with closing(Archive(path, CLOCK)) as archive:
        (turn,) = archive.turns(archive.sessions()[0].key)
        assert (turn.answer, turn.state) == ("There.", "answered")


@pytest.mark.parametrize(("size", "told"), [((80, 24), True), ((120, 40), False)])
async def test_a_summary_that_comes_out_of_sight_is_told(size: tuple[int, int], told: bool) -> None:
    agent = FakeAgent()
    async with running_client(client(agent), size=size) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("f2")
        await user.until(lambda: agent.ended, "the end")
        agent.stored.append(session_summary("anna", agent.ended[0][0], "Anna said hello."))
        await user.press("f5")
        await user.sees("F4 shows it" if told else "Anna said hello.")
        assert ("F4 shows it" in user.flat()) is told


async def test_the_end_of_a_session_waits_for_the_answer_that_is_coming() -> None:
    gate = Gate()
    agent = FakeAgent([(*answer("Half of it ")[:1], gate, *answer("and the rest."))])
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("Half of it")
        await user.press("f2")
        await user.sees("The session ends when")
        assert agent.ended == []
        gate.open()
        await user.sees("and the rest.", "Summarising the last session")
        assert len(agent.ended) == 1


async def test_a_message_that_was_being_answered_on_quitting_stands_in_the_prompt_next_time(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent([(TextDelta("Half"), Gate())]), archive=archive)) as user:
        await user.say("Hello there")
        await user.sees("Half", "esc stop")
        await user.press("ctrl+c", "ctrl+c")
    async with running_client(client(FakeAgent(), archive=archive, seed=8)) as user:
        await user.until(lambda: prompt(user) == "Hello there", "the message in the prompt")


async def test_a_client_that_goes_while_an_answer_comes_goes_quietly() -> None:
    async with running_client(client(FakeAgent([(TextDelta("Half"), Gate())]))) as user:
        await user.say("Hello")
        await user.sees("Half", "esc stop")


@pytest.mark.parametrize("key", ["f3", "ctrl+q"])
async def test_what_is_typed_while_a_question_comes_up_stays_in_the_prompt_and_answers_nothing(key: str) -> None:
    agent = FakeAgent()
    app = client(agent)
    async with running_client(app) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press(*"so")
        burst(user, "space", key, "space", "y", "e", "s")
        await user.until(lambda: isinstance(app.screen, ConfirmDialog), "the question")
        await user.press("n", "o", "space", "y", "enter")
        app.post_message(events.Paste(" indeed"))
        app.post_message(LineBreak("enter", "\r"))  # the terminal sent text right after it
        app.post_message(events.Paste("so"))
        await user.until(lambda: prompt(user) == "so  yesno y indeed\nso", "all of it in the prompt")
        assert isinstance(app.screen, ConfirmDialog)
        await user.press("tab", "enter")
        await user.until(lambda: not isinstance(app.screen, ConfirmDialog), "no question")
        assert prompt(user) == "so  yesno y indeed\nso"
        assert (agent.ended, len(agent.requests)) == ([], 1)


async def test_a_summary_that_took_no_time_by_a_frozen_clock_does_not_stop_the_next_session() -> None:
    agent = FakeAgent(summaries=["Anna flies to NYC.", "Anna flies back."])
    async with running_client(client(agent)) as user:
        for _ in range(2):
            await user.say("Hello")
            await user.sees("You said: Hello", "enter send")
            agent.summarised = Gate()
            await user.press("f2")
            await user.sees("summarising for 0 s")
            agent.summarised.open()
            await user.sees("stored after 0.0 s")
            await user.press("f3")
            await user.sees("No messages yet")
