"""Notices pass by themselves, and cover nothing that one needs meanwhile."""

from __future__ import annotations

import pytest
from textual.widgets import Button

from tests.fakes import FakeAgent
from tests.parts import in_part
from tests.tui.client import HUGE, NARROW, WIDE, client
from tests.tui.screen_text import overlapping
from travel_tui.screenshots.capture import StateApp
from travel_tui.screenshots.pilot_user import PilotUser, running_app
from travel_tui.screenshots.states import STATES

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE, HUGE], ids=lambda size: f"{size[0]}x{size[1]}")
LONG = "The archive could not be written: " + "no space is left on the device, " * 12


def notices(user: PilotUser) -> None:
    for number in range(6):
        user.app.notify(f"Notice number {number}.", timeout=600)
    user.app.notify(LONG, severity="error", timeout=600, markup=False)


@SIZES
async def test_the_id_that_was_copied_stays_in_sight(size: tuple[int, int]) -> None:
    state_app = StateApp(STATES["session"])
    async with running_app(state_app.app, size) as user:
        await state_app.bring(user)
        before = user.text()
        (shown,) = {row.split("▏")[-1].strip() for row in before.splitlines() if "session  d23f0824" in row}
        for line in user.main.query("IdLine"):
            line.focus()
            await user.press("enter")
        await user.sees("Memory id copied", "Session id copied")
        assert shown in user.text()
        assert user.text().splitlines()[-1].split()[:2] == ["enter", "copy"]
        assert [*overlapping(user)] == []


@SIZES
@pytest.mark.parametrize(
    "state", in_part(["booked", "forgetting", "leaving", "asks", "hands-back", "attributes", "users", "trace"], 8)
)
async def test_many_long_notices_leave_what_one_needs_in_sight(state: str, size: tuple[int, int]) -> None:
    state_app = StateApp(STATES[state])
    async with running_app(state_app.app, size) as user:
        await state_app.bring(user)
        needed = [each for each in user.app.screen.query("Button, Prompt, #hints, #trace-hints") if each.is_on_screen]
        notices(user)
        await user.sees("left on the device")
        await user.settled(keep_notices=True)
        assert [*overlapping(user)] == []
        for each in needed:
            seen = each.region.intersection(user.app.screen.find_widget(each).clip)
            assert seen == each.region or seen.area >= 3 * seen.width > 0, each
        for button in user.app.screen.query(Button):
            if button.display and not button.disabled and state not in {"booked", "trace"}:
                assert await user.pilot.hover(button), button
        user.app.clear_notifications()
        await user.sees_no("left on the device")


async def test_the_newest_of_many_notices_is_in_sight_also_after_others_were_cleared_and_the_terminal_resized() -> None:
    async with running_app(client(FakeAgent()), NARROW) as user:
        for size in (WIDE, (50, 14), NARROW):
            notices(user)
            for number in range(10):
                user.app.notify(f"Further notice {number}.", timeout=600)
            await user.sees("Further notice 9.")
            user.app.clear_notifications()
            await user.pilot.resize_terminal(*size)
            user.app.notify("All is well.", timeout=600)
            await user.sees("All is well.")
            await user.sees_no("Further notice")
            assert "All is well." in user.text().splitlines()[0]
            assert user.text().splitlines()[1].strip().startswith("travel-tui")
            user.app.clear_notifications()
            await user.sees_no("All is well.")
            assert user.text().splitlines()[0].strip().startswith("travel-tui")


@pytest.mark.parametrize("key", in_part(["f1", "f9", "ctrl+t", "ctrl+p"], 4))
async def test_a_screen_that_is_opened_shows_no_notice_of_the_one_below_and_its_own_stay_when_it_closes(
    key: str,
) -> None:
    async with running_app(client(FakeAgent()), NARROW) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        user.app.notify("Said on the main screen.", timeout=600)
        await user.sees("Said on the main screen.")
        await user.press(key)
        await user.until(lambda: user.app.screen is not user.main, "another screen")
        await user.settled(keep_notices=True)
        assert not user.app.screen.query("Toast")
        user.app.notify("Said on this one.", timeout=600)
        await user.sees("Said on this one.")
        await user.settled(keep_notices=True)
        assert [*overlapping(user)] == []
        assert len(user.app.screen.query("Toast")) == 1
        await user.press("escape")
        await user.until(lambda: user.app.screen is user.main, "the main screen")
        await user.sees("Said on the main screen.", "Said on this one.")
