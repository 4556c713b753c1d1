"""Pictures of the story's stations. `make snapshots` takes new ones; look at them before you commit them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.tui.client import NARROW, WIDE, Person
from tests.tui.stations import OTHERS, STATIONS, Teller, settled
from travel_tui.tui.app import TravelApp

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: f"{size[0]}x{size[1]}")
Compare = Callable[..., bool]


@SIZES
@pytest.mark.parametrize("station", STATIONS)
def test_station(snap_compare: Compare, station: str, size: tuple[int, int]) -> None:
    teller = Teller()

    async def tell(pilot: Pilot[str]) -> None:
        anna = Person(pilot)
        await anna.until(lambda: pilot.app.screen.query("MemoryPanel"), "the panels")
        await STATIONS[station](teller, anna)
        await settled(anna)

    assert snap_compare(teller.app, terminal_size=size, run_before=tell)


@SIZES
@pytest.mark.parametrize("state", OTHERS)
def test_state(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    make, bring = OTHERS[state]

    async def show(pilot: Pilot[str]) -> None:
        person = Person(pilot)
        await person.until(lambda: pilot.app.screen.query("MemoryPanel"), "the panels")
        await bring(person)
        await settled(person)

    assert snap_compare(make(), terminal_size=size, run_before=show)


@SIZES
def test_choice(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def show(pilot: Pilot[str]) -> None:
        await pilot.pause()

    app = TravelApp(None, config_file="~/.config/travel-tui/config.toml")
    assert snap_compare(app, terminal_size=size, run_before=show)
