"""Commands that are written in the prompt."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import REFUSED, FakeAgent, Gate, answer
from tests.tui.client import PilotUser, client, sitting_at
from travel_tui.agent import TurnFailed
from travel_tui.tui.commands import COMMANDS, Argument
from travel_tui.tui.controllers.main import MainController
from travel_tui.tui.slash_commands import SlashError, parse, typed
from travel_tui.tui.widgets.prompt import Prompt


def written(person: PilotUser) -> str:
    return person.main.query_one(Prompt).text


async def refused(person: PilotUser, command: str, why: str) -> None:
    """Say what cannot be done: it stays in the prompt, and the reason is told."""
    await person.say(command)
    told = person.app._notifications
    await person.until(lambda: why in person.flat() or any(why in each.message for each in told), why)
    assert written(person) == command
    person.main.query_one(Prompt).clear()
    await person.put_notices_away()


async def test_a_slash_command_does_what_its_key_does() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.say("/end")
        await anna.sees("Summarising the last session")
        assert len(agent.requests) == 1


async def test_a_name_that_is_none_is_not_sent_and_stays() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("/edn")
        await anna.sees("Unknown command /edn. Did you mean /end?")
        assert anna.main.query_one(Prompt).text == "/edn"
        assert agent.requests == []


async def test_two_slashes_send_one() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("//end is what I say")
        await anna.sees("You said: /end is what I say")


async def test_f1_lists_every_command() -> None:
    async with sitting_at(client(FakeAgent()), size=(120, 80)) as anna:
        await anna.press("f1")
        await anna.sees(*(f"/{each.slash}" for each in COMMANDS if each.slash))
        await anna.sees("shift+tab", "previous field")


@pytest.mark.parametrize("pane", ["chat", "session"])
async def test_f1_lists_the_keys_of_the_readme_whatever_has_the_focus(pane: str) -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        anna.main.pane = pane
        await anna.press("f1")
        await anna.sees(
            "up, down earlier messages", "delete on a memory: delete it", "F2", "F3", "F5", "F8", "F9", "^q"
        )


async def test_every_command_has_its_handler() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.until(lambda: anna.main._controller, "the controller")
        controller = anna.main._controller
        assert isinstance(controller, MainController)
        for each in COMMANDS:
            parameters = signature(controller.handler_of(each)).parameters
            assert len(parameters) == (each.argument is not Argument.NONE), each.id


async def test_the_palette_finds_and_does_every_command() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.press("ctrl+p", *"end session")
        await anna.sees("End the session and create its memory")
        await anna.press("down", "enter")
        await anna.sees("Summarising the last session")


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
    async with sitting_at(client(agent)) as anna:
        for command in ("/note x", "/expect x", "/why x", "/save x"):
            await refused(anna, command, "irst" if command == "/why x" else "No message sent yet")
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await refused(anna, "/new Hello there", "/new takes no arguments: send it alone")
        await refused(anna, "/retry but by train", "start with // to send this as a message")
        await refused(anna, "/end please", "/end takes no arguments")
        await refused(anna, "/quit", "to send this as a message, start it with //")
        await refused(anna, "/open", "needs an argument: /open FOLDER")
        await refused(anna, "/open ~nobody-of-that-name/x", "is not an export")
        await refused(anna, f"/open {'x' * 300}", "File name too long")
        await refused(anna, "/copy foo", "[code|session|memory]")
        await refused(anna, "/user an/na Anna", "cannot be used")
        await refused(anna, "/save two words", "A check's name may have letters")
        await refused(anna, "/export out --redacted", "no option --redacted")
        await refused(anna, f"/export {'x' * 300}", "File name too long")
        await refused(anna, f"/past {'x' * 5000}", "at most 4,000 characters")
        await anna.say("/twin What of Oslo?")
        await anna.sees("Ask with and without the memory?")
        await anna.press("escape")
        await anna.until(lambda: written(anna) == "/twin What of Oslo?", "the question")
        assert len(agent.requests) == 1
        assert not anna.app.screen.is_modal


async def test_a_folder_may_be_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.say('/export "my trip"')
        await anna.sees("Written to my trip")
        await anna.say("/Open\n'my trip'")
        await anna.sees("Evidence in my trip")


async def test_a_message_that_reads_like_a_command_comes_back_as_it_was_written() -> None:
    gate = Gate()
    agent = FakeAgent([(gate, TurnFailed(REFUSED)), answer("Bye.")])
    async with sitting_at(client(agent)) as anna:
        await anna.say("//end")
        await anna.sees("esc stop")
        await anna.say("//new")
        await anna.sees("still answering")
        assert written(anna) == "//new"
        anna.main.query_one(Prompt).clear()
        gate.open()
        await anna.until(lambda: written(anna) == "//end", "what was not answered")
        await anna.press("enter")
        await anna.sees("Bye.", "enter send")
        assert [each.text for each in agent.requests] == ["/end", "/end"]
        await anna.say("/edit")
        await anna.until(lambda: written(anna) == "//end", "the last message")


async def test_a_command_without_the_text_it_needs_says_so_from_the_palette() -> None:
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.press("ctrl+p", *"note")
        await anna.sees("Add a note to the last turn")
        await anna.press("enter")
        told = "/note needs an argument: /note WORDS."
        await anna.until(lambda: told in [each.message for each in anna.app._notifications], told)
        assert written(anna) == ""
