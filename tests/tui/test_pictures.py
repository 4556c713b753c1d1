"""Pictures of every state. `make snapshots` takes new ones; look at them before you commit them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from tests.tui.client import HUGE, NARROW, WIDE
from tests.tui.screen_text import clipped, overlapping, unseen_focus
from travel_tui.shot.person import sitting_at
from travel_tui.shot.states import STATES
from travel_tui.shot.take import Sitting, picture

ROOT = Path(__file__).parents[2]
LIGHT = "textual-light"
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE, HUGE], ids=lambda size: f"{size[0]}x{size[1]}")
AFRESH = {"palette"}
"""Textual's palette keeps the colours that it was opened with, so its light picture is taken of another client."""
DOCS = sorted((ROOT / "docs").glob("*.svg"))


async def taken(name: str, size: tuple[int, int]) -> tuple[str, str, list[str]]:
    """A state's picture in dark and in light, and what is wrong with its text; it is brought about once for all."""
    sitting = Sitting(STATES[name])
    async with sitting_at(sitting.app, size) as anna:
        await sitting.bring(anna)
        dark = sitting.app.export_screenshot()
        wrong = [*clipped(anna), *overlapping(anna)]
        sitting.app.theme = LIGHT
        await anna.settled(keep_notices=STATES[name].notices)
        light = sitting.app.export_screenshot()
        if name in AFRESH:
            light = (await picture(STATES[name], size, LIGHT)).svg
        return dark, light, [*wrong, *await unseen_focus(anna)]


class Still(App[None]):
    """Shows a picture that was taken."""

    def __init__(self, svg: str) -> None:
        super().__init__()
        self._svg = svg

    def export_screenshot(self, **_: Any) -> str:
        return self._svg


def other_versions(constraints: str, installed: Callable[[str], str]) -> list[str]:
    """What draws the cells and is installed in another version than the pictures were taken with."""
    pinned = dict(re.findall(r"^(textual|rich)==(\S+)$", constraints, re.M))
    return [
        f"{name} {installed(name)} is installed, and {pinned.get(name, 'an unknown one')} took the pictures"
        for name in ("textual", "rich")
        if pinned.get(name) != installed(name)
    ]


@pytest.fixture(autouse=True, scope="module")
def _right_versions() -> None:
    """Neither compare nor take pictures with what draws other cells."""
    if wrong := other_versions((ROOT / "constraints.txt").read_text(), version):
        pytest.fail(f"{'; '.join(wrong)}. `make test` installs the right ones in .venv.")


def test_other_versions_are_named() -> None:
    pinned = "# all\nrich==15.0.0\ntextual==8.2.8\n"
    assert other_versions(pinned, {"rich": "15.0.0", "textual": "8.2.8"}.__getitem__) == []
    assert other_versions(pinned, {"rich": "15.0.0", "textual": "8.3.0"}.__getitem__) == [
        "textual 8.3.0 is installed, and 8.2.8 took the pictures"
    ]
    assert len(other_versions("", {"rich": "15.0.0", "textual": "8.2.8"}.__getitem__)) == 2


@pytest.mark.parametrize("state", STATES)
@SIZES
def test_state(snap_compare: Callable[..., bool], size: tuple[int, int], state: str) -> None:
    """The second picture, whose file ends with .1.svg, is the light one."""
    dark, light, wrong = asyncio.run(taken(state, size))
    assert snap_compare(Still(dark))
    assert snap_compare(Still(light))
    assert wrong == []


@pytest.mark.parametrize("state", ["recalled", "inspector"])
def test_a_theme_that_is_switched_to_looks_as_one_that_was_there_from_the_start(state: str) -> None:
    assert asyncio.run(picture(STATES[state], WIDE, LIGHT)).svg == asyncio.run(taken(state, WIDE))[1]


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_the_docs_show_the_client_as_it_is(file: Path) -> None:
    named = re.fullmatch(r"(.+)-(\d+)x(\d+)", file.stem)
    assert named
    taken_now = asyncio.run(picture(STATES[named[1]], (int(named[2]), int(named[3]))))
    assert file.read_text(encoding="utf-8") == taken_now.svg, "`make picture` takes it anew"


def test_every_picture_is_shown_somewhere() -> None:
    shown = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    assert not [file.name for file in DOCS if file.name not in shown]
