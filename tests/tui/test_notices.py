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


def notices(anna: PilotUser) -> None:
    for number in range(6):
        anna.app.notify(f"Notice number {number}.", timeout=600)
    anna.app.notify(LONG, severity="error", timeout=600, markup=False)


@SIZES
async def test_the_id_that_was_copied_stays_in_sight(size: tuple[int, int]) -> None:
    sitting = StateApp(STATES["session"])
    async with running_app(sitting.app, size) as anna:
        await sitting.bring(anna)
        before = anna.text()
        (shown,) = {row.split("▏")[-1].strip() for row in before.splitlines() if "session  d23f0824" in row}
        for line in anna.main.query("IdLine"):
            line.focus()
            await anna.press("enter")
        await anna.sees("Memory id copied", "Session id copied")
        assert shown in anna.text()
        assert anna.text().splitlines()[-1].split()[:2] == ["enter", "copy"]
        assert [*overlapping(anna)] == []


@SIZES
@pytest.mark.parametrize(
    "state", in_part(["booked", "forgetting", "leaving", "asks", "hands-back", "attributes", "users", "trace"], 8)
)
async def test_many_long_notices_leave_what_one_needs_in_sight(state: str, size: tuple[int, int]) -> None:
    sitting = StateApp(STATES[state])
    async with running_app(sitting.app, size) as anna:
        await sitting.bring(anna)
        needed = [each for each in anna.app.screen.query("Button, Prompt, #hints, #trace-hints") if each.is_on_screen]
        notices(anna)
        await anna.sees("left on the device")
        await anna.settled(keep_notices=True)
        assert [*overlapping(anna)] == []
        for each in needed:
            seen = each.region.intersection(anna.app.screen.find_widget(each).clip)
            assert seen == each.region or seen.area >= 3 * seen.width > 0, each
        for button in anna.app.screen.query(Button):
            if button.display and not button.disabled and state not in {"booked", "trace"}:
                assert await anna.pilot.hover(button), button
        anna.app.clear_notifications()
        await anna.sees_no("left on the device")


async def test_the_newest_of_many_notices_is_in_sight_also_after_others_were_cleared_and_the_terminal_resized() -> None:
    async with running_app(client(FakeAgent()), NARROW) as anna:
        for size in (WIDE, (50, 14), NARROW):
            notices(anna)
            for number in range(10):
                anna.app.notify(f"Further notice {number}.", timeout=600)
            await anna.sees("Further notice 9.")
            anna.app.clear_notifications()
            await anna.pilot.resize_terminal(*size)
            anna.app.notify("All is well.", timeout=600)
            await anna.sees("All is well.")
            await anna.sees_no("Further notice")
            assert "All is well." in anna.text().splitlines()[0]
            assert anna.text().splitlines()[1].strip().startswith("travel-tui")
            anna.app.clear_notifications()
            await anna.sees_no("All is well.")
            assert anna.text().splitlines()[0].strip().startswith("travel-tui")


@pytest.mark.parametrize("key", ["f1", "f9", "ctrl+t", "ctrl+p"])
async def test_a_screen_that_is_opened_shows_no_notice_of_the_one_below_and_its_own_stay_when_it_closes(
    key: str,
) -> None:
    async with running_app(client(FakeAgent()), NARROW) as anna:
        await anna.say("Hello")
        await anna.sees("You said: Hello", "enter send")
        anna.app.notify("Said on the main screen.", timeout=600)
        await anna.sees("Said on the main screen.")
        await anna.press(key)
        await anna.until(lambda: anna.app.screen is not anna.main, "another screen")
        await anna.settled(keep_notices=True)
        assert not anna.app.screen.query("Toast")
        anna.app.notify("Said on this one.", timeout=600)
        await anna.sees("Said on this one.")
        await anna.settled(keep_notices=True)
        assert [*overlapping(anna)] == []
        assert len(anna.app.screen.query("Toast")) == 1
        await anna.press("escape")
        await anna.until(lambda: anna.app.screen is anna.main, "the main screen")
        await anna.sees("Said on the main screen.", "Said on this one.")
