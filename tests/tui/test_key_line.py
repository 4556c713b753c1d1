"""The keys at the foot of a screen and the words at its top: what counts where the focus is, and what a click does."""

from __future__ import annotations

import re

import pytest

from tests.fakes import FakeAgent, Gate
from tests.tui.client import NARROW, WIDE, PilotUser, client, sitting_at
from tests.tui.test_look import looking
from travel_tui.agent import TextDelta, TurnCompleted
from travel_tui.screenshots.capture import StateApp
from travel_tui.screenshots.pilot_user import running_app
from travel_tui.screenshots.states import STATES
from travel_tui.tui.context import UiOptions
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.key_line import KeyHint, fitting
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt


def foot(person: PilotUser) -> list[str]:
    """The hints in the last row, each as it is shown."""
    return [each for each in re.split(r"  +", person.text().splitlines()[-1].split("▏")[0].strip()) if each]


async def click(person: PilotUser, words: str) -> None:
    """Click the last row or the first where it shows these words."""
    rows = person.text().splitlines()
    row = next(at for at in (len(rows) - 1, 0) if words in rows[at])
    await person.pilot.click(offset=(rows[row].index(words) + len(words) // 2, row))


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
    sitting = StateApp(STATES["remembered"])
    async with running_app(sitting.app, size) as anna:
        await sitting.bring(anna)
        await anna.until(lambda: "enter send" in foot(anna), "the prompt's keys")
        anna.main.query(TurnHeader).last().focus()
        await anna.until(lambda: foot(anna)[:2] == ["enter trace", "F8 copy the answer"], "the turn's keys")
        assert "enter send" not in foot(anna)
        anna.main.pane = "memory"
        anna.main.query_one(SummaryCard).focus()
        shown = ["delete delete", "enter fold, unfold", "r raw"]
        await anna.until(lambda: foot(anna)[:3] == shown, "the card's keys")
        anna.main.pane = "chat"
        anna.main.query_one(Prompt).focus()
        await anna.until(lambda: foot(anna)[0] == "enter send", "the prompt's keys")


async def test_a_click_on_a_hint_does_what_its_key_does() -> None:
    gate = Gate()
    agent = FakeAgent([(TextDelta("Well"), gate, TurnCompleted())])
    async with sitting_at(client(agent)) as anna:
        await anna.press(*"Hi")
        await click(anna, "new line")
        await anna.press("x")
        await anna.until(lambda: anna.main.query_one(Prompt).text == "Hi\nx", "a line break")
        await click(anna, "enter send")
        await anna.sees("Well", "esc stop")
        await click(anna, "esc stop")
        await anna.sees("enter send", "stopped")
        await click(anna, "F2 end session")
        await anna.sees("Summarising the")
        gate.open()


async def test_a_click_on_a_hint_of_a_turn_opens_its_trace_and_the_foot_there_leads_back() -> None:
    async with sitting_at(client(FakeAgent()), NARROW) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        anna.main.query_one(TurnHeader).focus()
        await anna.until(lambda: "enter trace" in foot(anna), "the turn's keys")
        await click(anna, "enter trace")
        await anna.sees("/ search")
        await click(anna, "esc back")
        await anna.sees("F4 panes")
        await click(anna, "F4 panes")
        await anna.until(lambda: anna.main.pane == "session", "the next pane")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_user_and_the_key_for_help_take_clicks(size: tuple[int, int]) -> None:
    async with sitting_at(looking(UiOptions(keys={"app.keys": "f12"})), size) as anna:
        await anna.sees("user anna F12 keys")
        await click(anna, "user anna")
        await anna.sees("Switch user")
        await anna.press("escape")
        await anna.sees_no("Switch user")
        await click(anna, "F12 keys")
        await anna.sees("stop the answer")
