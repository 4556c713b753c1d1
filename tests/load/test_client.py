"""The client takes keys at once, whatever an agent, a memory or a message holds: no callback holds its loop."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.callbacks import measured_callbacks
from tests.load.hard_texts import SOAK, repeated
from tests.tui.client import client, running_client
from travel_tui.agent import (
    ErrorKind,
    MemoryInjected,
    Parameter,
    Problem,
    ToolCall,
    ToolResult,
    TraceStep,
    TurnEvent,
    TurnFailed,
    session_summary,
)
from travel_tui.screenshots.pilot_user import PilotUser
from travel_tui.screenshots.scene import NOW
from travel_tui.screenshots.scripted_agent import ScriptedAgent, answer
from travel_tui.tui.widgets.prompt import Prompt

MARKDOWN = {
    "one line": "word ",
    "no blank": "a",
    "a list": "- a\n",
    "quotes in quotes": "> ",
    "lists in lists": "".join("  " * depth + "- a\n" for depth in range(40)),
    "fences": "```\ncode\n",
    "a table": "| a | b |\n|---|---|\n",
    "links": "[a](http://b.c/d) ",
    "brackets": "![",
    "underscores": "_a_ ",
    "line feeds": "\n",
    "combining marks": "e\u0301",
    "facts": "I'm Anna, from Boston to Rome on 5 May 2027 for 5 euros. ",
}
SOME = MARKDOWN if SOAK else ("a list",)


def streamed(text: str, pieces: int = 20) -> tuple[TurnEvent, ...]:
    """An answer that comes in so many pieces."""
    size = len(text) // pieces + 1
    return answer(*(text[start : start + size] for start in range(0, len(text), size)))


@pytest.mark.parametrize("name", SOME)
async def test_an_answer_of_a_megabyte_holds_no_key_up(name: str) -> None:
    unit = MARKDOWN[name]
    agent = ScriptedAgent([answer("Hello."), answer(repeated(unit)), streamed(repeated(unit, 20_000)), answer("Yes.")])
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("1 turn", "enter send")
        with measured_callbacks() as callbacks:
            for number in (2, 3, 4):
                await user.say("Go on")
                await user.sees(f"{number} turns", "enter send")
            callbacks.check(name)


@pytest.mark.slow
async def test_what_else_is_a_megabyte_holds_no_key_up() -> None:
    call = ToolCall("Trips", "book_trip", (Parameter("where", repeated("Rome "), "string"),), "1")
    prompt = TraceStep("orchestrationTrace", {"modelInvocationInput": {"text": repeated('{"a": [1]}\n')}})
    traced = (MemoryInjected(repeated("Anna lives in Rome. ")), prompt, call, ToolResult(repeated("line\n"), "1"))
    failed = TurnFailed(Problem(ErrorKind.UNKNOWN, "It failed.", repeated("why "), repeated("do\n")))
    stored = [
        session_summary("anna", f"s-{number}", repeated(unit), NOW, NOW)
        for number, unit in enumerate(("The user lives in Rome. ", "<topic name='", "a\n"))
    ]
    agent = ScriptedAgent([answer("Hello."), (*traced, *answer("I see Rome.")), (failed,)], stored=stored)
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("1 turn", "enter send")
        with measured_callbacks() as callbacks:
            await user.say("Book it")
            await user.sees("2 turns", "enter send")
            callbacks.check("a turn")
            callbacks.clear()
            await user.say("/why Rome")
            await user.sees("Rome: ")
            callbacks.check("/why")
            callbacks.clear()
            await user.say("/history")
            await user.sees("Memory history")
            await user.press("escape")
            callbacks.check("/history")
            callbacks.clear()
            await user.say("/trace")
            await user.sees("Trace of")
            await user.press("down", "down", "r", "slash", *"rome", "enter", "n", "escape", "escape")
            callbacks.check("/trace")
            callbacks.clear()
            await user.say("Fail")
            await user.sees("It failed.")
            callbacks.check("a failure")


PASTES = {
    "lines": "a line of words to read\n",
    "line feeds": "\n",
    "one line": "word ",
    "no blank": "a",
    "wide": "日本",
    "marks": "e\u0301",
    "tabs": "\t",
    "controls": "\x1b[31m",
}


@pytest.mark.parametrize("name", PASTES if SOAK else ["line feeds"])
async def test_a_paste_of_a_megabyte_holds_no_key_up(name: str) -> None:
    text = repeated(PASTES[name])
    async with running_client(client(ScriptedAgent([answer("Hello."), answer("Yes.")]))) as user:
        await user.say("Hello")
        await user.sees("1 turn", "enter send")
        prompt = user.main.query_one(Prompt)
        with measured_callbacks() as callbacks:
            user.app.post_message(events.Paste(text + "."))
            await user.until(lambda: prompt.text.endswith("."), "the paste")
            callbacks.check("paste")
            callbacks.clear()
            await user.press("a", "b", "backspace")
            callbacks.check("a key")
            callbacks.clear()
            await user.press("enter")
            await user.sees("2 turns", "enter send")
            callbacks.check("send")
            callbacks.clear()
            await user.press("up", "up", "down", "down")
            callbacks.check("earlier messages")
            callbacks.clear()
            for dialog in ("f9", "ctrl+p"):
                await user.press(dialog)
                await user.until(lambda: user.app.screen.query("Input"), "a field")
                user.app.post_message(events.Paste(text))
                await user.press("x", "escape", "escape")
                callbacks.check(dialog)
                callbacks.clear()


def opened(user: PilotUser) -> bool:
    return user.app.screen is not user.main


@pytest.mark.slow
async def test_commands_with_much_to_read_hold_no_key_up(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    text = repeated("I live in Rome, and Ben lives in Oslo. ")
    agent = ScriptedAgent([answer("Hello."), answer(text), answer("Yes."), answer(text), answer("I know nothing.")])
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("1 turn", "enter send")
        with measured_callbacks() as callbacks:
            await user.say(text)
            await user.sees("2 turns", "enter send")
            callbacks.check("a turn")
            for command in ("/find Rome", "/fact", "/note " + text, "/past Oslo", f"/export {evidence}"):
                callbacks.clear()
                await user.say(command)
                await user.until(lambda: not any(each.is_running for each in user.app.workers) or opened(user))
                await user.press("escape")
                callbacks.check(command[:20])
            assert (evidence / "manifest.json").exists()
            for warm in (False, True):  # the first time the screen's styles are read, whatever it shows
                callbacks.clear()
                await user.say(f"/open {evidence}")
                await user.sees("All hashes verified")
                await user.press("pageup", "pagedown")
                if warm:
                    callbacks.check("/open")
                await user.press("escape")
                await user.sees("enter send")
