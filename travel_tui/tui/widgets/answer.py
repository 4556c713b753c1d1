"""An answer: Markdown as it comes, cheap to append to while it streams and cheap to keep when it is whole."""

from __future__ import annotations

from travel_tui.tui.styles import beside
from travel_tui.tui.text import safe
from travel_tui.tui.widgets.rows import BLANK, Row, Rows

RUSH = 3
"""An answer rushes that has grown by several rows in each of so many frames."""
AHEAD = 8
"""Rows that one that rushes has room for."""


class Answer(Rows):
    """Only the last block is laid out again when a piece arrives; the same widget shows it from first word to last."""

    DEFAULT_CSS = beside(__file__)
    COMPONENT_CLASSES = {
        f"answer--{name}"
        for name in ("strong", "em", "strike", "link", "code", "fence", "heading", "header", "marker", "quote", "rule")
    }

    def __init__(self, text: str = "", *, cut_off: bool = False, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = safe(text)
        self._cut_off = cut_off
        self._settled = 0
        """Up to here the text's blocks are laid out for good, in `_done`."""
        self._done: list[Row] = []
        self._done_for = 0
        self._whole = True
        self._high = 0
        self._had = 0
        self._rushing = 0

    @property
    def text(self) -> str:
        """The Markdown source so far, made safe to show."""
        return self._text

    def append(self, text: str) -> None:
        """Add a piece of the answer and show it."""
        kept = len(self._done)
        self._text += safe(text)
        self._whole = False
        self.changed(kept=kept)

    def finish(self, *, cut_off: bool = False) -> None:
        """Nothing more comes: show the text as it is, or, where it was cut off, without the marks it did not close."""
        if not self._whole:
            self._whole, self._cut_off = True, cut_off
            self.changed(kept=len(self._done))

    def height_for(self, rows: int) -> int:
        """Some rows more than there are while the answer rushes: laying out the screen costs the most."""
        grown, self._had = rows - self._had, rows
        self._rushing = self._rushing + 1 if grown > 1 else 0
        if self._whole or rows > self._high:
            self._high = rows + (AHEAD if self._rushing > RUSH and not self._whole else 0)
        return self._high

    def lay_out(self, width: int) -> list[Row]:
        from travel_tui.tui.markdown import closed, last_block, rows

        if width != self._done_for:
            self._done_for, self._settled, self._done = width, 0, []
            self._high = 0
        tail = self._text[self._settled :]
        if step := last_block(tail):
            self._done += [*([BLANK] if self._done else []), *rows(tail[:step], width)]
            self._settled += step
            tail = tail[step:]
        rest = rows(tail if self._whole and not self._cut_off else closed(tail), width)
        return [*self._done, *([BLANK] if self._done and rest else []), *rest]
