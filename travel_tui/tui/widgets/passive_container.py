"""Containers that draw nothing themselves, so that growing content costs only its own rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.geometry import Size
from textual.reactive import Reactive

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.strip import Strip


def quiet_size() -> Reactive[Size]:
    """Return a `virtual_size` reactive that does not trigger a second layout of the screen when it changes."""
    return Reactive(Size(0, 0), repaint=False)


class PassiveContainer(Vertical):
    """A vertical container without border or background; the screen shows through.

    Textual would draw each of its lines in the background colour, and all of them again whenever it grows.
    """

    virtual_size: Reactive[Size] = quiet_size()

    def render_lines(self, crop: Region) -> list[Strip]:
        return []
