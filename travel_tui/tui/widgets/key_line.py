"""The line of keys at the foot of a screen: as many as there is room for, each whole; a click on one presses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.widgets import Static

from travel_tui.tui.commands import written
from travel_tui.tui.rendering.key_hints import bound_keys
from travel_tui.tui.textual_compat import own_bindings
from travel_tui.tui.widgets.clicks import presses

if TYPE_CHECKING:
    from textual.widget import Widget

_GAPS = (3, 2)
"""Columns between two keys; fewer where there is little room."""
MOST = 9
"""A rank above all others."""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key by Textual's name, and what it does in a few words, or in even fewer.

    Where there is too little room, those of the lowest `rank` are left out first. `key` may also be text that names
    several keys, which no click presses.
    """

    key: str
    does: str
    short: str = ""
    rank: int = 0

    def text(self, *, short: bool = False) -> str:
        """How the line shows it."""
        return f"{written(self.key)} {self.short if short and self.short else self.does}"


def fitting(hints: Sequence[KeyHint], room: int) -> tuple[list[str], int]:
    """Choose the hints that fit into so many columns; returns their texts, "" for those left out, and the gap."""
    left = list(range(len(hints)))
    while True:
        for short in (False, True):
            for gap in _GAPS:
                texts = [hint.text(short=short) if at in left else "" for at, hint in enumerate(hints)]
                if sum(map(len, texts)) + gap * (len(left) - 1) <= room or not left:
                    return texts, gap
        left.remove(min(left, key=lambda at: hints[at].rank))


class KeyLine(Static):
    """Keys that count now."""

    def __init__(self, hints: Sequence[KeyHint] = (), *, id: str) -> None:  # noqa: A002 - as Textual has it
        super().__init__(id=id)
        self._hints = list(hints)

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Show these; nothing is drawn where they are the same."""
        if self._hints != list(hints):
            self._hints = list(hints)
            self.refresh()

    def render(self) -> Content:
        texts, gap = fitting(self._hints, self.content_size.width)
        return Content((" " * gap).join(filter(None, texts)))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not presses(self, event):
            return
        texts, gap = fitting(self._hints, self.content_size.width)
        start = 0
        for hint, text in zip(self._hints, texts, strict=True):
            if text and start <= offset.x < start + len(text) and hint.key.isascii() and " " not in hint.key:
                self.app.simulate_key(hint.key)
            start += len(text) + gap if text else 0


class ScreenKeyLine(KeyLine):
    """Keys of its screen; the last, which leads back, is there in any case."""

    def __init__(self, keys: Sequence[tuple[str, str]], *, id: str) -> None:  # noqa: A002 - as Textual has it
        """`keys` are pairs of the id of one of the screen's bindings, or a key's name, and what it does."""
        super().__init__(id=id)
        self._keys = keys

    def on_mount(self) -> None:
        bound = bound_keys(self.screen)
        self.show([KeyHint(bound.get(name, name), does, rank=-at) for at, (name, does) in enumerate(self._keys)])
        first, *rest = reversed(self._hints)
        self.show([*reversed(rest), KeyHint(first.key, first.does, rank=MOST)])


def focus_hints(widget: Widget, rank: int = 0) -> list[KeyHint]:
    """The keys of the widget that has the focus."""
    found: dict[str, KeyHint] = {}
    for key, binding in own_bindings(widget):
        if binding.description and (binding.show or key == "enter"):
            found.setdefault(binding.action, KeyHint(key, binding.description.lower(), rank=rank))
    return list(found.values())
