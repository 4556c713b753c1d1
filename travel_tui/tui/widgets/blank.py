"""Containers that draw nothing, so that what grows with every frame costs no more than what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.geometry import Size
from textual.reactive import Reactive

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.strip import Strip


def quiet_size() -> Reactive[Size]:
    """A widget's `virtual_size` that does not lay out the screen a second time whenever it changes."""
    return Reactive(Size(0, 0), repaint=False)


class Blank(Vertical):
    """A column of widgets without border or background: where it shows, the screen behind it does.

    Textual would draw each of its lines in the background's colour, and all of them anew whenever it grows.
    """

    virtual_size: Reactive[Size] = quiet_size()

    def render_lines(self, crop: Region) -> list[Strip]:
        return []
