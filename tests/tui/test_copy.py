"""Copying, and what is said of it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pyperclip
import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import PilotUser, client, sitting_at
from travel_tui.agent import ToolCall, ToolResult
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.prompt import Prompt

ANSWER = "Run\n\n```\naws sts\n```\n\nand **wait**."


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine whose desktop, if any, has no clipboard that a program can use."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    importlib.reload(pyperclip)


async def said(person: PilotUser) -> None:
    await person.say("Hello")
    await person.sees("and wait.", "enter send")


async def test_without_a_desktop_the_terminal_gets_it_and_nobody_claims_more() -> None:
    app = client(FakeAgent([answer(ANSWER)]))
    async with sitting_at(app) as anna:
        await said(anna)
        await anna.press("f8")
        await anna.sees("Answer copied via OSC 52 (if your", "terminal supports it)")
        assert app.clipboard == ANSWER


async def test_an_earlier_answer_is_copied_where_it_stands() -> None:
    app = client(FakeAgent([answer(ANSWER)]))
    async with sitting_at(app) as anna:
        await said(anna)
        await anna.say("And now?")
        await anna.sees("You said: And now?", "enter send")
        anna.main.query(TurnHeader).first().focus()
        await anna.press("f8")
        await anna.sees("Answer copied via OSC 52")
        assert app.clipboard == ANSWER
        await anna.press("c")
        assert anna.main.query_one(Prompt).text == "c"


async def test_with_a_desktop_it_is_on_its_clipboard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "xclip"
    program.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path / 'held'}\n")
    program.chmod(0o755)
    which = tmp_path / "which"
    which.write_text("#!/bin/sh\n[ $1 = xclip ]\n")
    which.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":0")
    importlib.reload(pyperclip)
    async with sitting_at(client(FakeAgent([answer(ANSWER)]))) as anna:
        await said(anna)
        await anna.say("/copy code")
        await anna.sees("Code copied to the clipboard.")
        assert (tmp_path / "held").read_text() == "aws sts\n"


async def test_a_selection_is_copied_without_the_marks_beside_it() -> None:
    app = client(FakeAgent([answer(ANSWER)]))
    async with sitting_at(app) as anna:
        await anna.say("Hello there, agent")
        await anna.sees("and wait.", "enter send")
        rows = anna.text().splitlines()
        from_y, to_y = (next(y for y, row in enumerate(rows) if text in row) for text in ("Hello there", "and wait."))
        await anna.pilot.mouse_down(offset=(rows[from_y].index("Hello"), from_y))
        await anna.pilot.hover(offset=(rows[to_y].index("wait.") + 5, to_y))
        await anna.pilot.mouse_up(offset=(rows[to_y].index("wait.") + 5, to_y))
        await anna.press("ctrl+c")
        await anna.sees("Selection copied via OSC 52")
        assert app.clipboard.startswith("Hello there, agent")
        assert "▏" not in app.clipboard
        assert "aws sts" in app.clipboard
        assert app.clipboard.rstrip().endswith("and wait.")


@pytest.mark.parametrize(("what", "said"), [("session", "Session id copied via"), ("memory", "Memory id copied via")])
async def test_an_id_is_copied_as_an_id(what: str, said: str) -> None:
    app = client(FakeAgent())
    async with sitting_at(app) as anna:
        await anna.sees("No memories yet")
        await anna.say(f"/copy {what}")
        await anna.sees(said)
        ids = {"memory": "anna", "session": "6513270e-269e-4d37-b2a7-4de452e6b438"}
        assert app.clipboard == ids[what]


async def test_what_is_selected_while_writing_is_copied_and_told() -> None:
    app = client(FakeAgent())
    async with sitting_at(app) as anna:
        await anna.sees("No memories yet")
        prompt = anna.main.query_one(Prompt)
        prompt.text = "Hello there"
        prompt.action_select_all()
        await anna.press("ctrl+c")
        await anna.sees("Selection copied via OSC 52")
        assert app.clipboard == "Hello there"


async def test_what_cannot_be_copied_is_said() -> None:
    async with sitting_at(client(FakeAgent([answer("No code here.")]))) as anna:
        await anna.say("/copy")
        await anna.sees("No answer to copy yet.")
        await anna.say("/copy everything")
        await anna.sees("Cannot copy everything.")


async def test_the_last_message_is_edited_and_sent_again() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("/edit")
        await anna.sees("No message sent yet.")
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        await anna.say("/edit")
        await anna.until(lambda: anna.main.query_one(Prompt).text == "Hello", "the message in the prompt")
        await anna.press("!", "enter")
        await anna.sees("You said: Hello!", "enter send")
        await anna.say("/retry")
        await anna.until(lambda: [each.text for each in agent.requests] == ["Hello", "Hello!", "Hello!"], "it again")


async def test_sending_again_asks_first_where_something_was_called() -> None:
    booked = (ToolCall("Trips", "book_trip", (), "1"), ToolResult("Booked", "1"), *answer("Done."))
    agent = FakeAgent([booked])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Book it")
        await anna.sees("Done.", "enter send")
        await anna.say("/retry")
        await anna.sees("Send the message again?", "book_trip")
        await anna.press("escape")
        await anna.sees_no("Send the message again?")
        assert len(agent.requests) == 1
        await anna.say("/retry")
        await anna.sees("Send the message again?")
        await anna.press("right", "enter")
        await anna.sees("You said: Book it")
