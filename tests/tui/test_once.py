"""A key or a click is done once: not again by the screen behind, and not twice where it came twice in one burst."""

from __future__ import annotations

from tests.fakes import FakeAgent, summary
from tests.tui.client import PilotUser, client, sitting_at
from tests.tui.test_sessions import burst
from travel_tui.screenshots.scripted_agent import answer
from travel_tui.tui.screens.confirm import ConfirmDialog
from travel_tui.tui.screens.text_viewer import TextViewer
from travel_tui.tui.screens.trace import TraceScreen
from travel_tui.tui.screens.user_picker import UserPicker
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.memory.summary_card import SummaryCard


async def shows_one(person: PilotUser, screen: type) -> None:
    """Wait for a screen over the main screen, and leave it: that is where one is then."""
    await person.until(lambda: isinstance(person.app.screen, screen), str(screen))
    await person.settled()
    assert [type(each) for each in person.app.screen_stack[1:]] == [screen]
    await person.press("escape")
    await person.until(lambda: person.app.screen is person.main, "the main screen")


async def test_a_key_pressed_twice_in_one_burst_opens_one_dialog() -> None:
    agent = FakeAgent([answer("Well met.")], stored=[summary("session-one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("Well met.", "enter send", "Anna lives in Oslo.")
        burst(anna, "f9", "f9")
        await shows_one(anna, UserPicker)
        anna.app.screen.query_one(TurnHeader).focus()
        await anna.pilot.pause()
        burst(anna, "enter", "enter")
        await shows_one(anna, TraceScreen)
        anna.app.screen.query_one(SummaryCard).focus()
        await anna.pilot.pause()
        burst(anna, "delete", "delete")
        await shows_one(anna, ConfirmDialog)
        burst(anna, "r", "r")
        await shows_one(anna, TextViewer)
        assert agent.forgotten == []


async def test_the_palette_opens_what_a_key_opens() -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent)) as anna:
        await anna.sees("Anna lives in Oslo.")
        for words, found, screen in (
            ("delete all memories", "Delete all summaries of this memory", ConfirmDialog),
            ("switch user", "Switch to another memory id", UserPicker),
        ):
            await anna.press("ctrl+p", *words)
            await anna.sees(found)
            await anna.press("enter")
            await shows_one(anna, screen)


async def test_a_double_click_is_one_click_and_a_selection_none() -> None:
    async with sitting_at(client(FakeAgent([answer("Well met.")]))) as anna:
        await anna.say("Hello")
        await anna.sees("Well met.", "enter send")
        line = anna.app.screen.query_one(MemoryLine)
        await anna.pilot.click(line, offset=(4, 0), times=2)
        assert line.opened
        await anna.pilot.click("#prompt")
        await anna.pilot.mouse_down(line, offset=(2, 0))
        await anna.pilot.hover(line, offset=(12, 0))
        await anna.pilot.mouse_up(line, offset=(12, 0))
        assert anna.app.screen.get_selected_text()
        assert line.opened
        await anna.pilot.click(anna.app.screen.query_one(TurnHeader), times=2)
        await shows_one(anna, TraceScreen)
