"""Pictures of every state. `make snapshots` takes new ones; look at them before you commit them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.parts import in_part
from tests.tui.client import HUGE, NARROW, WIDE
from tests.tui.repaint import stale
from tests.tui.screen_text import clipped, overlapping, unseen_focus
from tests.tui.snapshots import Compare
from travel_tui.screenshots.capture import StateApp, picture
from travel_tui.screenshots.pilot_user import running_app
from travel_tui.screenshots.states import STATES

ROOT = Path(__file__).parents[2]
DARK, LIGHT = "tokyo-night", "textual-light"
SIZES = (NARROW, WIDE, HUGE)
"""The narrowest comes first: there a state is reached pane by pane, and a wider terminal shows the other panes too."""
FIXED_THEME = {"palette"}
"""Textual's palette keeps the colours that it was opened with, so its light picture is taken of another client."""
STARTED_AGAIN = {"recalled", "trace"}
"""States whose pictures are also taken of clients that were started in each size and theme."""
DOCS = sorted((ROOT / "docs").glob("*.svg"))


async def pictures(name: str) -> tuple[dict[str, str], list[str]]:
    """A state's pictures by size and theme, and what is wrong with its text at each size.

    The client is started once and its terminal resized, which costs a fifth of a start for every size.
    """
    state, taken, wrong = STATES[name], {}, []
    state_app = StateApp(state)
    async with running_app(state_app.app, SIZES[0]) as user:
        await state_app.bring(user)
        wrong += stale(user)
        themes = [DARK, LIGHT]
        for size in SIZES:
            named = f"{size[0]}x{size[1]}"
            if size != SIZES[0]:
                await user.pilot.resize_terminal(*size)
            for theme in themes:
                state_app.app.theme = theme
                await user.settled(keep_notices=state.notices)
                fixed = theme == LIGHT and name in FIXED_THEME
                svg = (await picture(state, size, theme)).svg if fixed else state_app.app.export_screenshot()
                taken[f"{named}-{'dark' if theme == DARK else 'light'}"] = svg
            wrong += [f"{named}: {fault}" for fault in (*clipped(user), *overlapping(user), *await unseen_focus(user))]
            themes.reverse()  # a change of themes costs as much as one of sizes
        return taken, wrong


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


async def unlike_started(name: str, taken: dict[str, str]) -> list[str]:
    """Return the sizes at which a client that was started in that size and theme looks different."""
    return [
        f"{columns}x{rows}: not as if started in this size"
        for columns, rows in SIZES[1:]
        if (await picture(STATES[name], (columns, rows), LIGHT)).svg != taken[f"{columns}x{rows}-light"]
    ]


@pytest.mark.parametrize("state", in_part(STATES, 9))
def test_state(compare_picture: Compare, state: str) -> None:
    taken, wrong = asyncio.run(pictures(state))
    assert [name for name, svg in taken.items() if not compare_picture(name, svg)] == []
    if state in STARTED_AGAIN:
        wrong += asyncio.run(unlike_started(state, taken))
    assert wrong == []


@pytest.mark.parametrize("file", in_part(DOCS, 3), ids=lambda file: file.name)
def test_the_docs_show_the_client_as_it_is(file: Path) -> None:
    named = re.fullmatch(r"(.+)-(\d+)x(\d+)", file.stem)
    assert named
    taken_now = asyncio.run(picture(STATES[named[1]], (int(named[2]), int(named[3]))))
    assert file.read_text(encoding="utf-8") == taken_now.svg, "`make docs-images` takes it anew"


def test_every_picture_is_shown_somewhere() -> None:
    shown = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    assert not [file.name for file in DOCS if file.name not in shown]
