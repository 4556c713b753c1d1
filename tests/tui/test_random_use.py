"""Keys, commands and resizes in an order that nobody would think of: nothing fails, and nothing stale is shown."""

from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import PilotUser, client, running_client
from tests.tui.repaint import stale
from travel_tui.agent import (
    MemoryInjected,
    Parameter,
    ReturnControl,
    ReturnControlKind,
    ToolCall,
    ToolResult,
    TurnEvent,
)

STEPS, LOOK_EVERY = 200, 20
KEYS = (
    *("up", "down", "left", "right", "home", "end", "ctrl+home", "ctrl+end", "ctrl+shift+home", "shift+up"),
    *("pageup", "pagedown", "tab", "shift+tab", "enter", "enter", "escape", "escape", "space", "ctrl+j"),
    *("backspace", "delete", "ctrl+w", "ctrl+k", "ctrl+z", "ctrl+x", "ctrl+v", "f1", "f2", "f3", "f4", "f4"),
    *("f5", "f8", "f9", "ctrl+t", "ctrl+o", "slash", "n", "r", "c", "y", "q", "a", "m", "é", "漢"),
)
COMMANDS = (
    *("end", "new", "retry", "edit", "copy code", "trace", "attributes", "user", "stage", "find said", "find"),
    *("look", "memory Oslo", "memory", "pause", "history", "why Oslo", "resume", "twin", "note odd", "fact Oslo"),
    *(
        "expect said",
        "save",
        "past",
        "past said",
        "export FOLDER",
        "open FOLDER",
        "forget",
        "nonsense",
        "copy what",
        "sources",
    ),
)
SIZES = ((80, 24), (120, 40), (200, 60), (40, 12), (30, 8), (99, 13), (160, 20))
SEEDS = range(1, 9 if "TRAVEL_TUI_SOAK" in os.environ else 2)
"""Sequences of steps; `make soak` does more of them."""


def script() -> list[tuple[TurnEvent, ...]]:
    """Answers of several kinds, over and over."""
    booked = ToolCall("Trips", "book", (Parameter("to", "Oslo"),), "1")
    asked = ToolCall("Trips", "pay", (Parameter("sum", "12"),), wanted=ReturnControlKind.CONFIRMATION)
    kinds = (
        answer("It is said."),
        (MemoryInjected("Anna lives in Oslo."), booked, ToolResult("Booked.", "1"), *answer("**Booked**.\n\n- one\n")),
        answer("A long one.\n\n" + "It is said that the harbour is blue. " * 60 + "\n\n```python\nprint(1)\n```\n"),
        (ReturnControl("inv-1", (asked,)),),
    )
    return [kinds[number % len(kinds)] for number in range(STEPS)]


def does(user: PilotUser, rng: random.Random, folder: Path) -> Callable[[], Awaitable[None]]:
    """One step at random."""

    async def type_words() -> None:
        await user.press(*rng.choice(("I live in Oslo", "hm", "what, 漢字?")))

    async def say() -> None:
        await user.say(rng.choice(("I live in Oslo", "Hello", "x " * 200, "one\ntwo\nthree")))

    async def command() -> None:
        await user.say(f"/{rng.choice(COMMANDS).replace('FOLDER', str(folder / str(rng.randint(0, 3))))}")

    async def resize() -> None:
        await user.pilot.resize_terminal(*rng.choice(SIZES))

    async def notify() -> None:
        texts = [f"Notice {rng.random()}. " * rng.randint(1, 9) for _ in range(rng.randint(1, 9))]
        for each in texts:
            user.app.notify(each, timeout=600)
        raised = user.app._notifications
        await user.until(lambda: texts[-1] in [each.message for each in raised], "the notices")

    async def scroll() -> None:
        user.app.screen.query_one("*").scroll_relative(y=rng.choice((-5, 5)), animate=False)

    async def press() -> None:
        await user.press(*rng.choices(KEYS, k=rng.randint(1, 4)))

    return rng.choice((press, press, press, type_words, say, command, command, resize, notify, scroll))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_odd_use_ends_nothing_and_leaves_nothing_stale_on_the_screen(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where /save and /export write
    rng = random.Random(seed)
    agent = FakeAgent(script(), stored=[summary("session-one", "Anna lives in Oslo.")])
    app, done = client(agent, archive=tmp_path / "archive.sqlite3"), list[str]()
    async with running_client(app) as user:
        for step in range(STEPS):
            do = does(user, rng, tmp_path)
            done.append(do.__name__)
            await do()
            assert app._exception is None, done[-20:]
            if app._exit:  # the palette has a command for it
                return
            if step % LOOK_EVERY == LOOK_EVERY - 1:
                await user.settled()
                assert stale(user) == [], done[-20:]
