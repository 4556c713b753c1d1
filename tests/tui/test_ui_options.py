"""Options of the screen from the config: keys, theme, presentation mode, and a config that changes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeAgent
from tests.parts import in_part
from tests.tui.client import client, running_client
from travel_tui.tui.app import TravelApp
from travel_tui.tui.context import UiOptions
from travel_tui.tui.keymap import key_names, key_problems
from travel_tui.tui.widgets.chat.turn_header import TurnHeader


def looking(look: UiOptions, agent: FakeAgent | None = None) -> TravelApp:
    plain = client(agent or FakeAgent())
    assert plain._app_context is not None
    return TravelApp(replace(plain._app_context, ui_options=look))


async def test_other_keys_do_what_the_config_says() -> None:
    agent = FakeAgent()
    keys = {"session.end": "ctrl+e,f12", "prompt.send": "ctrl+s"}
    async with running_client(looking(UiOptions(keys=keys), agent)) as user:
        await user.sees("^s send", "^e end session")
        await user.press(*"one", "enter", "ctrl+s")
        await user.sees("You said: one", "^s send")
        await user.press("f12")
        await user.sees("Summarising the last session")


async def test_the_keys_at_the_foot_and_above_an_answer_are_those_of_the_config() -> None:
    keys = {"trace.search": "f", "trace.back": "q,escape", "turn.open": "o", "turn.copy": "y"}
    async with running_client(looking(UiOptions(keys=keys))) as user:
        await user.say("one")
        await user.sees("You said: one", "enter send")
        user.main.query_one(TurnHeader).focus()
        await user.sees("o trace, y copy")
        await user.press("o")
        await user.sees("f search", "n next", "q back")
        await user.press("q")
        await user.sees_no("f search")
        assert "Unknown key name" not in user.flat()


async def test_a_theme_is_taken() -> None:
    app = looking(UiOptions(theme="textual-light"))
    async with running_client(app):
        assert app.theme == "textual-light"


async def test_what_the_config_names_and_nobody_knows_is_said() -> None:
    look = UiOptions(keys={"session.edn": "f6"}, theme="plaid", warning="c.toml has unknown keys")
    async with running_client(looking(look)) as user:
        await user.sees("c.toml has unknown keys")
        await user.sees("Unknown theme 'plaid'", "Unknown key name session.edn")


async def test_keys_of_the_config_that_cannot_work_are_said() -> None:
    keys = {"session.end": "f3", "copy": "ctrl+alt+weird", "trace.search": "c", "prompt.send": "ctrl+s, f13"}
    async with running_client(looking(UiOptions(keys=keys))) as user:
        await user.sees("f3 is the key of session.end and of session.new.", "Unknown key 'ctrl+alt+weird' for copy.")
        await user.sees("c is the key of")


def test_keys_that_work_are_not_complained_about() -> None:
    names = {name: keys for name, (keys, _) in key_names().items() if keys}
    assert key_problems({}) == key_problems(names) == []
    assert key_problems({"session.end": "f6", "session.new": "f2", "copy": "ctrl+question_mark,?,alt+shift+f8"}) == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_presentation_mode_has_shorter_ids_and_goes_back(size: tuple[int, int]) -> None:
    async with running_client(client(FakeAgent()), size=size) as user:
        user.main.pane = "session"
        before = await user.sees("6513270e-", "TRAVELDEMO")
        user.main.pane = "chat"
        await user.say("/stage")
        user.main.pane = "session"
        await user.sees_no("6513270e-", "TRAVELDEMO")
        user.main.pane = "chat"
        await user.say("/stage")
        user.main.pane = "session"
        await user.sees("6513270e-", "TRAVELDEMO")
        assert before


@pytest.mark.parametrize("columns", in_part([40, 60, 80, 99, 100, 110, 120, 160], 3))
async def test_the_line_of_keys_has_none_in_half(columns: int) -> None:
    whole = {"enter send", "^j new line", "^j line", "F4 panes"}
    whole |= {f"{key}{word}" for key in ("F2 end", "F3 new") for word in ("", " session")}
    async with running_client(client(FakeAgent()), size=(columns, 30)) as user:
        await user.sees("F3 new")
        shown = user.text().splitlines()[-1].split("▏")[0]
        assert set(filter(None, re.split(r" {2,}", shown))) <= whole, shown


async def test_a_config_that_changes_on_disk_is_said(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("version = 1\n")
    async with running_client(looking(UiOptions(config=config))) as user:
        await user.sees("No memories yet")
        config.write_text("version = 1\n# changed\n")
        await user.sees("The config was changed.")
        config.unlink()
        await user.sees("The config was removed.")
