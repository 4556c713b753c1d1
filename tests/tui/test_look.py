"""How the client looks where the person wants it otherwise: keys, theme, stage, and a config that changes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeAgent
from tests.parts import in_part
from tests.tui.client import client, sitting_at
from travel_tui.agent import TextDelta
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
    async with sitting_at(looking(UiOptions(keys=keys), agent)) as anna:
        await anna.sees("^s send", "^e end session")
        await anna.press(*"one", "enter", "ctrl+s")
        await anna.sees("You said: one", "^s send")
        await anna.press("f12")
        await anna.sees("Summarising the last session")


async def test_the_keys_at_the_foot_and_above_an_answer_are_those_of_the_config() -> None:
    keys = {"trace.search": "f", "trace.back": "q,escape", "turn.open": "o", "turn.copy": "y"}
    async with sitting_at(looking(UiOptions(keys=keys))) as anna:
        await anna.say("one")
        await anna.sees("You said: one", "enter send")
        anna.main.query_one(TurnHeader).focus()
        await anna.sees("o trace, y copy")
        await anna.press("o")
        await anna.sees("f search", "n next", "q back")
        await anna.press("q")
        await anna.sees_no("f search")
        assert "Unknown key name" not in anna.flat()


async def test_a_theme_is_taken() -> None:
    app = looking(UiOptions(theme="textual-light"))
    async with sitting_at(app):
        assert app.theme == "textual-light"


async def test_what_the_config_names_and_nobody_knows_is_said() -> None:
    look = UiOptions(keys={"session.edn": "f6"}, theme="plaid", warning="c.toml has unknown keys")
    async with sitting_at(looking(look)) as anna:
        await anna.sees("c.toml has unknown keys")
        await anna.sees("Unknown theme 'plaid'", "Unknown key name session.edn")


async def test_keys_of_the_config_that_cannot_work_are_said() -> None:
    keys = {"session.end": "f3", "copy": "ctrl+alt+weird", "trace.search": "c", "prompt.send": "ctrl+s, f13"}
    async with sitting_at(looking(UiOptions(keys=keys))) as anna:
        await anna.sees("f3 is the key of session.end and of session.new.", "Unknown key 'ctrl+alt+weird' for copy.")
        await anna.sees("c is the key of")


def test_keys_that_work_are_not_complained_about() -> None:
    names = {name: keys for name, (keys, _) in key_names().items() if keys}
    assert key_problems({}) == key_problems(names) == []
    assert key_problems({"session.end": "f6", "session.new": "f2", "copy": "ctrl+question_mark,?,alt+shift+f8"}) == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_stage_has_shorter_ids_and_goes_back(size: tuple[int, int]) -> None:
    async with sitting_at(client(FakeAgent()), size=size) as anna:
        anna.main.pane = "session"
        before = await anna.sees("6513270e-", "TRAVELDEMO")
        anna.main.pane = "chat"
        await anna.say("/stage")
        anna.main.pane = "session"
        await anna.sees_no("6513270e-", "TRAVELDEMO")
        anna.main.pane = "chat"
        await anna.say("/stage")
        anna.main.pane = "session"
        await anna.sees("6513270e-", "TRAVELDEMO")
        assert before


@pytest.mark.parametrize("columns", in_part([40, 60, 80, 99, 100, 110, 120, 160], 3))
async def test_the_line_of_keys_has_none_in_half(columns: int) -> None:
    whole = {"enter send", "^j new line", "^j line", "F4 panes"}
    whole |= {f"{key}{word}" for key in ("F2 end", "F3 new") for word in ("", " session")}
    async with sitting_at(client(FakeAgent()), size=(columns, 30)) as anna:
        await anna.sees("F3 new")
        shown = anna.text().splitlines()[-1].split("▏")[0]
        assert set(filter(None, re.split(r" {2,}", shown))) <= whole, shown


async def test_a_config_that_changes_on_disk_is_said(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("version = 1\n")
    async with sitting_at(looking(UiOptions(config=config))) as anna:
        await anna.sees("No memories yet")
        config.write_text("version = 1\n# changed\n")
        await anna.sees("The config was changed.")
        config.unlink()
        await anna.sees("The config was removed.")


@pytest.mark.slow
async def test_of_a_long_conversation_what_is_in_view_is_mounted_and_scrolling_up_brings_the_rest_back() -> None:
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
    from travel_tui.tui.widgets.chat.chat import EARLIER, Chat
    from travel_tui.tui.widgets.chat.turn import UserTurn

    many = 40
    async with sitting_at(client(FakeAgent())) as anna:
        await anna.sees("No memories yet")
        chat = anna.main.query_one(Chat)
        for number in range(many):
            turn = AgentTurn("Hello", "16:04", lambda: 0.0)
            await chat.begin(UserTurn(f"Question {number}.", "16:04"), turn)
            turn.handle_event(TextDelta(f"Answer {number}."))
            turn.cancelled()
            await anna.sees(f"Answer {number}.")
        assert len(chat.query(AgentTurn)) < many / 2
        seen = anna.text()
        while "Question 0." not in seen:
            await anna.press("pageup")
            await anna.settled()
            seen += anna.text()
        for number in range(many):
            assert f"Question {number}." in seen, number
            assert f"Answer {number}." in seen, number
        assert EARLIER not in anna.text()
        await anna.say("Hello")
        await anna.sees("You said: Hello")
        assert len(chat.query(AgentTurn)) < many / 2


async def test_what_comes_back_above_does_not_move_what_is_read() -> None:
    from travel_tui.tui.widgets.chat.chat import Chat
    from travel_tui.tui.widgets.chat.turn import UserTurn

    async with sitting_at(client(FakeAgent())) as anna:
        await anna.sees("No memories yet")
        chat = anna.main.query_one(Chat)
        for number in range(60):
            await chat.begin(UserTurn(f"Question {number}.", "16:04"))
            await anna.sees(f"Question {number}.")
        chat.scroll_to(y=1, animate=False)
        await anna.until(lambda: chat.scroll_y == 1)

        def read() -> list[str]:
            return [row[:50] for row in anna.text().splitlines()[5:30]]

        before, mounted = read(), len(chat.shown)
        await chat.earlier()
        await anna.settled()
        assert len(chat.shown) > mounted
        assert read() == before
