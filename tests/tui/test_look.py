"""How the client looks where the person wants it otherwise: keys, theme, stage, and a config that changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeAgent
from tests.tui.client import client, sitting_at
from travel_tui.tui.app import TravelApp
from travel_tui.tui.setting import Look


def looking(look: Look, agent: FakeAgent | None = None) -> TravelApp:
    plain = client(agent or FakeAgent())
    assert plain._setting is not None
    return TravelApp(replace(plain._setting, look=look))


async def test_other_keys_do_what_the_config_says() -> None:
    agent = FakeAgent()
    keys = {"session.end": "ctrl+e,f12", "prompt.send": "ctrl+s"}
    async with sitting_at(looking(Look(keys=keys), agent)) as anna:
        await anna.sees("^e end session")
        await anna.press(*"one", "enter", "ctrl+s")
        await anna.sees("You said: one", "enter send")
        await anna.press("f12")
        await anna.sees("Summarising the session that ended")


async def test_a_theme_is_taken() -> None:
    app = looking(Look(theme="textual-light"))
    async with sitting_at(app):
        assert app.theme == "textual-light"


async def test_what_the_config_names_and_nobody_knows_is_said() -> None:
    async with sitting_at(looking(Look(keys={"session.edn": "f6"}, theme="plaid"))) as anna:
        await anna.sees("There is no theme 'plaid'", "No key is called session.edn")


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


@pytest.mark.parametrize("columns", [40, 60, 80, 99, 100, 110, 120, 160])
async def test_the_line_of_keys_has_none_in_half(columns: int) -> None:
    whole = {"enter send", "^j new line", "^j line", "F4 panes"}
    whole |= {f"{key}{word}" for key in ("F2 end", "F3 new") for word in ("", " session")}
    async with sitting_at(client(FakeAgent()), size=(columns, 30)) as anna:
        await anna.sees("F3 new")
        shown = anna.text().splitlines()[-1].split("▏")[0]
        assert set(filter(None, map(str.strip, shown.split("   ")))) <= whole, shown


async def test_a_config_that_changes_on_disk_is_said(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("version = 1\n")
    async with sitting_at(looking(Look(config=config))) as anna:
        await anna.sees("Nothing is remembered yet")
        config.write_text("version = 1\n# changed\n")
        await anna.sees("The config was changed.")
        config.unlink()
        await anna.sees("The config is gone.")


async def test_of_a_long_conversation_the_newest_turns_are_mounted_and_the_rest_is_named() -> None:
    from travel_tui.tui.widgets.chat import EARLIER, MOST, Chat
    from travel_tui.tui.widgets.turn import AgentTurn, UserTurn

    async with sitting_at(client(FakeAgent())) as anna:
        await anna.sees("Nothing is remembered yet")
        chat = anna.main.query_one(Chat)
        for number in range(MOST):
            turn = AgentTurn("16:04", lambda: 0.0)
            await chat.begin(UserTurn(f"Question {number}.", "16:04"), turn)
            turn.cancelled()
        await anna.sees(f"Question {MOST - 1}.")
        assert len(chat.query(UserTurn)) == MOST // 2
        chat.scroll_home(animate=False)
        await anna.sees(EARLIER, f"Question {MOST // 2}.")
