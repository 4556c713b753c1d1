"""The keys at the foot of a screen and the words at its top: what counts where the focus is, and what a click does."""

from __future__ import annotations

import re

import pytest

from tests.fakes import FakeAgent, Gate
from tests.tui.client import NARROW, WIDE, PilotUser, client, running_client
from tests.tui.test_ui_options import looking
from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.screenshots.capture import StateApp
from travel_tui.screenshots.pilot_user import running_app
from travel_tui.screenshots.states import STATES
from travel_tui.tui.context import UiOptions
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.key_line import KeyHint, fitting
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt


def foot(user: PilotUser) -> list[str]:
    """The hints in the last row, each as it is shown."""
    return [each for each in re.split(r"  +", user.text().splitlines()[-1].split("▏")[0].strip()) if each]


async def click(user: PilotUser, words: str) -> None:
    """Click the last row or the first where it shows these words."""
    rows = user.text().splitlines()
    row = next(at for at in (len(rows) - 1, 0) if words in rows[at])
    await user.pilot.click(offset=(rows[row].index(words) + len(words) // 2, row))


def test_hints_that_do_not_fit_are_left_out_whole_and_the_lowest_rank_first() -> None:
    hints = [KeyHint("enter", "send"), KeyHint("ctrl+j", "new line", "line"), KeyHint("f2", "end session", "end", 1)]
    whole = {each.text(short=short) for each in hints for short in (False, True)}
    for room in range(60):
        texts, gap = fitting(hints, room)
        assert set(filter(None, texts)) <= whole
        assert len((" " * gap).join(filter(None, texts))) <= room
    assert fitting(hints, 41)[0] == ["enter send", "^j new line", "F2 end session"]
    assert fitting(hints, 28)[0] == ["enter send", "^j line", "F2 end"]
    assert fitting(hints, 16)[0] == ["", "^j line", "F2 end"]
    assert fitting(hints, 8)[0] == ["", "", "F2 end"]
    assert fitting(hints, 5)[0] == ["", "", ""]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_foot_shows_the_keys_of_what_has_the_focus(size: tuple[int, int]) -> None:
    state_app = StateApp(STATES["remembered"])
    async with running_app(state_app.app, size) as user:
        await state_app.bring(user)
        await user.until(lambda: "enter send" in foot(user), "the prompt's keys")
        user.main.query(TurnHeader).last().focus()
        await user.until(lambda: foot(user)[:2] == ["enter trace", "F8 copy the answer"], "the turn's keys")
        assert "enter send" not in foot(user)
        user.main.pane = "memory"
        user.main.query_one(SummaryCard).focus()
        shown = ["delete delete", "enter fold, unfold", "r raw"]
        await user.until(lambda: foot(user)[:3] == shown, "the card's keys")
        user.main.pane = "chat"
        user.main.query_one(Prompt).focus()
        await user.until(lambda: foot(user)[0] == "enter send", "the prompt's keys")


async def test_a_click_on_a_hint_does_what_its_key_does() -> None:
    gate = Gate()
    agent = FakeAgent([(TextDelta("Well"), gate, TurnCompleted())])
    async with running_client(client(agent)) as user:
        await user.press(*"Hi")
        await click(user, "new line")
        await user.press("x")
        await user.until(lambda: user.main.query_one(Prompt).text == "Hi\nx", "a line break")
        await click(user, "enter send")
        await user.sees("Well", "esc stop")
        await click(user, "esc stop")
        await user.sees("enter send", "stopped")
        await click(user, "F2 end session")
        await user.sees("Summarising the")
        gate.open()


async def test_a_click_on_a_hint_of_a_turn_opens_its_trace_and_the_foot_there_leads_back() -> None:
    async with running_client(client(FakeAgent()), NARROW) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        user.main.query_one(TurnHeader).focus()
        await user.until(lambda: "enter trace" in foot(user), "the turn's keys")
        await click(user, "enter trace")
        await user.sees("/ search")
        await click(user, "esc back")
        await user.sees("F4 panes")
        await click(user, "F4 panes")
        await user.until(lambda: user.main.pane == "session", "the next pane")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_user_and_the_key_for_help_take_clicks(size: tuple[int, int]) -> None:
    async with running_client(looking(UiOptions(keys={"app.keys": "f12"})), size) as user:
        await user.sees("user anna F12 keys")
        await click(user, "user anna")
        await user.sees("Switch user")
        await user.press("escape")
        await user.sees_no("Switch user")
        await click(user, "F12 keys")
        await user.sees("stop the answer")
