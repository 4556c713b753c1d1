"""Copying, and what is said of it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pyperclip
import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import PilotUser, client, running_client
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


async def said(user: PilotUser) -> None:
    await user.say("Hello")
    await user.sees("and wait.", "enter send")


async def test_without_a_desktop_the_terminal_gets_it_and_nobody_claims_more() -> None:
    app = client(FakeAgent([answer(ANSWER)]))
    async with running_client(app) as user:
        await said(user)
        await user.press("f8")
        await user.sees("Answer copied via OSC 52 (if your", "terminal supports it)")
        assert app.clipboard == ANSWER


async def test_an_earlier_answer_is_copied_where_it_stands() -> None:
    app = client(FakeAgent([answer(ANSWER)]))
    async with running_client(app) as user:
        await said(user)
        await user.say("And now?")
        await user.sees("You said: And now?", "enter send")
        user.main.query(TurnHeader).first().focus()
        await user.press("f8")
        await user.sees("Answer copied via OSC 52")
        assert app.clipboard == ANSWER
        await user.press("c")
        assert user.main.query_one(Prompt).text == "c"


async def test_with_a_desktop_it_is_on_its_clipboard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "xclip"
    program.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path / 'held'}\n")
    program.chmod(0o755)
    which = tmp_path / "which"
    which.write_text("#!/bin/sh\n[ $1 = xclip ]\n")
    which.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":0")
    importlib.reload(pyperclip)
    async with running_client(client(FakeAgent([answer(ANSWER)]))) as user:
        await said(user)
        await user.say("/copy code")
        await user.sees("Code copied to the clipboard.")
        assert (tmp_path / "held").read_text() == "aws sts\n"


async def test_a_selection_is_copied_without_the_marks_beside_it() -> None:
    app = client(FakeAgent([answer(ANSWER)]))
    async with running_client(app) as user:
        await user.say("Hello there, agent")
        await user.sees("and wait.", "enter send")
        rows = user.text().splitlines()
        from_y, to_y = (next(y for y, row in enumerate(rows) if text in row) for text in ("Hello there", "and wait."))
        await user.pilot.mouse_down(offset=(rows[from_y].index("Hello"), from_y))
        await user.pilot.hover(offset=(rows[to_y].index("wait.") + 5, to_y))
        await user.pilot.mouse_up(offset=(rows[to_y].index("wait.") + 5, to_y))
        await user.press("ctrl+c")
        await user.sees("Selection copied via OSC 52")
        assert app.clipboard.startswith("Hello there, agent")
        assert "▏" not in app.clipboard
        assert "aws sts" in app.clipboard
        assert app.clipboard.rstrip().endswith("and wait.")


@pytest.mark.parametrize(("what", "said"), [("session", "Session id copied via"), ("memory", "Memory id copied via")])
async def test_an_id_is_copied_as_an_id(what: str, said: str) -> None:
    app = client(FakeAgent())
    async with running_client(app) as user:
        await user.sees("No memories yet")
        await user.say(f"/copy {what}")
        await user.sees(said)
        ids = {"memory": "anna", "session": "6513270e-269e-4d37-b2a7-4de452e6b438"}
        assert app.clipboard == ids[what]


async def test_what_is_selected_while_writing_is_copied_and_told() -> None:
    app = client(FakeAgent())
    async with running_client(app) as user:
        await user.sees("No memories yet")
        prompt = user.main.query_one(Prompt)
        prompt.text = "Hello there"
        prompt.action_select_all()
        await user.press("ctrl+c")
        await user.sees("Selection copied via OSC 52")
        assert app.clipboard == "Hello there"


async def test_what_cannot_be_copied_is_said() -> None:
    async with running_client(client(FakeAgent([answer("No code here.")]))) as user:
        await user.say("/copy")
        await user.sees("No answer to copy yet.")
        await user.say("/copy everything")
        await user.sees("Cannot copy everything.")


async def test_the_last_message_is_edited_and_sent_again() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("/edit")
        await user.sees("No message sent yet.")
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.say("/edit")
        await user.until(lambda: user.main.query_one(Prompt).text == "Hello", "the message in the prompt")
        await user.press("!", "enter")
        await user.sees("You said: Hello!", "enter send")
        await user.say("/retry")
        await user.until(lambda: [each.text for each in agent.requests] == ["Hello", "Hello!", "Hello!"], "it again")


async def test_sending_again_asks_first_where_something_was_called() -> None:
    booked = (ToolCall("Trips", "book_trip", (), "1"), ToolResult("Booked", "1"), *answer("Done."))
    agent = FakeAgent([booked])
    async with running_client(client(agent)) as user:
        await user.say("Book it")
        await user.sees("Done.", "enter send")
        await user.say("/retry")
        await user.sees("Send the message again?", "book_trip")
        await user.press("escape")
        await user.sees_no("Send the message again?")
        assert len(agent.requests) == 1
        await user.say("/retry")
        await user.sees("Send the message again?")
        await user.press("right", "enter")
        await user.sees("You said: Book it")
