"""A key or a click is done once: not again by the screen behind, and not twice where it came twice in one burst."""

from __future__ import annotations

from tests.fakes import FakeAgent, summary
from tests.tui.client import PilotUser, client, running_client
from tests.tui.test_sessions import burst
from travel_tui.screenshots.scripted_agent import answer
from travel_tui.tui.screens.confirm import ConfirmDialog
from travel_tui.tui.screens.text_viewer import TextViewer
from travel_tui.tui.screens.trace import TraceScreen
from travel_tui.tui.screens.user_picker import UserPicker
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.memory.summary_card import SummaryCard


async def shows_one(user: PilotUser, screen: type) -> None:
    """Wait for a screen over the main screen, and leave it: that is where one is then."""
    await user.until(lambda: isinstance(user.app.screen, screen), str(screen))
    await user.settled()
    assert [type(each) for each in user.app.screen_stack[1:]] == [screen]
    await user.press("escape")
    await user.until(lambda: user.app.screen is user.main, "the main screen")


async def test_a_key_pressed_twice_in_one_burst_opens_one_dialog() -> None:
    agent = FakeAgent([answer("Well met.")], stored=[summary("session-one", "Anna lives in Oslo.")])
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("Well met.", "enter send", "Anna lives in Oslo.")
        burst(user, "f9", "f9")
        await shows_one(user, UserPicker)
        user.app.screen.query_one(TurnHeader).focus()
        await user.pilot.pause()
        burst(user, "enter", "enter")
        await shows_one(user, TraceScreen)
        user.app.screen.query_one(SummaryCard).focus()
        await user.pilot.pause()
        burst(user, "delete", "delete")
        await shows_one(user, ConfirmDialog)
        burst(user, "r", "r")
        await shows_one(user, TextViewer)
        assert agent.forgotten == []


async def test_the_palette_opens_what_a_key_opens() -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with running_client(client(agent)) as user:
        await user.sees("Anna lives in Oslo.")
        for words, found, screen in (
            ("delete all memories", "Delete everything in this memory", ConfirmDialog),
            ("switch user", "Switch to another memory id", UserPicker),
        ):
            await user.press("ctrl+p", *words)
            await user.sees(found)
            await user.press("enter")
            await shows_one(user, screen)


async def test_a_double_click_is_one_click_and_a_selection_none() -> None:
    async with running_client(client(FakeAgent([answer("Well met.")]))) as user:
        await user.say("Hello")
        await user.sees("Well met.", "enter send")
        line = user.app.screen.query_one(MemoryLine)
        await user.pilot.click(line, offset=(4, 0), times=2)
        assert line.opened
        await user.pilot.click("#prompt")
        await user.pilot.mouse_down(line, offset=(2, 0))
        await user.pilot.hover(line, offset=(12, 0))
        await user.pilot.mouse_up(line, offset=(12, 0))
        assert user.app.screen.get_selected_text()
        assert line.opened
        await user.pilot.click(user.app.screen.query_one(TurnHeader), times=2)
        await shows_one(user, TraceScreen)
