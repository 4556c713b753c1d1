"""Commands that are written in the prompt."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import REFUSED, FakeAgent, Gate, answer
from tests.tui.client import PilotUser, client, running_client
from travel_tui.agent import TurnFailed
from travel_tui.tui.commands import COMMANDS, Argument
from travel_tui.tui.controllers.main import MainController
from travel_tui.tui.slash_commands import SlashError, parse, typed
from travel_tui.tui.widgets.prompt import Prompt


def written(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


async def refused(user: PilotUser, command: str, why: str) -> None:
    """Say what cannot be done: it stays in the prompt, and the reason is told."""
    await user.say(command)
    told = user.app._notifications
    await user.until(lambda: why in user.flat() or any(why in each.message for each in told), why)
    assert written(user) == command
    user.main.query_one(Prompt).clear()
    await user.put_notices_away()


async def test_a_slash_command_does_what_its_key_does() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.say("/end")
        await user.sees("Summarising the last session")
        assert len(agent.requests) == 1


async def test_a_name_that_is_none_is_not_sent_and_stays() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("/edn")
        await user.sees("Unknown command /edn. Did you mean /end?")
        assert user.main.query_one(Prompt).text == "/edn"
        assert agent.requests == []


async def test_two_slashes_send_one() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("//end is what I say")
        await user.sees("You said: /end is what I say")


async def test_f1_lists_every_command() -> None:
    async with running_client(client(FakeAgent()), size=(120, 80)) as user:
        await user.press("f1")
        await user.sees(*(f"/{each.slash}" for each in COMMANDS if each.slash))
        await user.sees("shift+tab", "previous field")


@pytest.mark.parametrize("pane", ["chat", "session"])
async def test_f1_lists_the_keys_of_the_readme_whatever_has_the_focus(pane: str) -> None:
    async with running_client(client(FakeAgent())) as user:
        user.main.pane = pane
        await user.press("f1")
        await user.sees(
            "up, down earlier messages", "delete on a memory: delete it", "F2", "F3", "F5", "F8", "F9", "^q"
        )


async def test_every_command_has_its_handler() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.until(lambda: user.main._controller, "the controller")
        controller = user.main._controller
        assert isinstance(controller, MainController)
        for each in COMMANDS:
            parameters = signature(controller.handler_of(each)).parameters
            assert len(parameters) == (each.argument is not Argument.NONE), each.id


async def test_the_palette_finds_and_does_every_command() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.press("ctrl+p", *"end session")
        await user.sees("End the session and wait for its memory")
        await user.press("down", "enter")
        await user.sees("Summarising the last session")


@pytest.mark.parametrize(
    "text",
    [
        "/etc/hosts is a file",
        "/home",
        "/tmp is full",
        "/usr/bin/python -m this",
        "//server/share",
        "/2",
        "/ hello",
        "/",
        "// a comment",
        "/report.txt",
        "/r/travel",
        "/*x*/",
        " /end",
    ],
)
def test_paths_and_other_slashes_are_messages(text: str) -> None:
    assert parse(text) == text


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/note\ntext", "note", "text"),
        ("/note\ttwo  words \n", "note", "two  words"),
        ("/Retry", "retry", ""),
        ("/FIND Oslo", "find", "Oslo"),
        ("/end  ", "end", ""),
    ],
)
def test_any_white_space_follows_a_command_in_any_case(text: str, name: str, argument: str) -> None:
    found = parse(text)
    assert not isinstance(found, str)
    assert (found.command.slash, found.argument) == (name, argument)


@given(st.text(alphabet="/en.d2 \n", max_size=8) | st.text())
def test_every_message_can_be_written(message: str) -> None:
    assert parse(typed(message)) == message


def test_a_command_takes_what_the_help_says() -> None:
    for each in COMMANDS:
        if each.argument is Argument.NONE:
            with pytest.raises(SlashError, match=f"/{each.slash} takes no arguments.*start with //"):
                parse(f"/{each.slash} please")
        elif each.argument is Argument.REQUIRED:
            with pytest.raises(SlashError, match=f"needs an argument: /{each.slash} {each.takes}"):
                parse(f"/{each.slash} \n")


async def test_what_a_command_cannot_use_stays_in_the_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        for command in ("/note x", "/expect x", "/why x", "/save x"):
            await refused(user, command, "irst" if command == "/why x" else "No message sent yet")
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await refused(user, "/new Hello there", "/new takes no arguments: send it alone")
        await refused(user, "/retry but by train", "start with // to send this as a message")
        await refused(user, "/end please", "/end takes no arguments")
        await refused(user, "/quit", "to send this as a message, start it with //")
        await refused(user, "/open", "needs an argument: /open FOLDER")
        await refused(user, "/open ~nobody-of-that-name/x", "is not an export")
        await refused(user, f"/open {'x' * 300}", "File name too long")
        await refused(user, "/copy foo", "[code|session|memory]")
        await refused(user, "/user an/na Anna", "cannot be used")
        await refused(user, "/save two words", "A check's name may have letters")
        await refused(user, "/export out --redacted", "no option --redacted")
        await refused(user, f"/export {'x' * 300}", "File name too long")
        await refused(user, f"/past {'x' * 5000}", "at most 4,000 characters")
        await user.say("/twin What of Oslo?")
        await user.sees("Ask with and without the memory?")
        await user.press("escape")
        await user.until(lambda: written(user) == "/twin What of Oslo?", "the question")
        assert len(agent.requests) == 1
        assert not user.app.screen.is_modal


async def test_a_folder_may_be_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with running_client(client(FakeAgent())) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.say('/export "my trip"')
        await user.sees("Written to my trip")
        await user.say("/Open\n'my trip'")
        await user.sees("Evidence in my trip")


async def test_a_message_that_reads_like_a_command_comes_back_as_it_was_written() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, TurnFailed(REFUSED)), answer("Bye.")])
    async with running_client(client(agent)) as user:
        await user.say("//end")
        await user.sees("esc stop")
        await user.say("//new")
        await user.sees("still answering")
        assert written(user) == "//new"
        user.main.query_one(Prompt).clear()
        gate.open()
        await user.until(lambda: written(user) == "//end", "what was not answered")
        await user.press("enter")
        await user.sees("Bye.", "enter send")
        assert [each.text for each in agent.requests] == ["/end", "/end"]
        await user.say("/edit")
        await user.until(lambda: written(user) == "//end", "the last message")


async def test_a_command_without_the_text_it_needs_says_so_from_the_palette() -> None:
    async with running_client(client(FakeAgent())) as user:
        await user.press("ctrl+p", *"note")
        await user.sees("Add a note to the last turn")
        await user.press("enter")
        told = "/note needs an argument: /note WORDS."
        await user.until(lambda: told in [each.message for each in user.app._notifications], told)
        assert written(user) == ""
