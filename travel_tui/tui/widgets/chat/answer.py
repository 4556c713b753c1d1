"""Widget of an answer: Markdown that is cheap to append to while streaming and cheap to keep when complete."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content
from textual.style import Style

from travel_tui.attribution.types import Source
from travel_tui.text import beginning, safe
from travel_tui.tui.rendering.lines import BLANK, Line
from travel_tui.tui.rendering.marks import SYMBOL, Mark, shifted
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.line_list import LineList

FAST_FRAMES = 3
"""Number of frames in a row that each add several rows before an answer counts as fast-growing."""
SPARE_ROWS = 8
"""Spare rows reserved for a fast-growing answer."""
AT_ONCE = 3_000
"""Most characters laid out synchronously; longer text is laid out in a thread, so that no key is delayed."""
MOST, MAX_LINES = 50_000, 3_000
"""Most characters and lines of an answer that are shown; all are copied, archived and exported."""
PAUSE_FACTOR = 4
"""Pause after a layout in a thread, as a multiple of the time it took, while the answer grows."""
NUMBERED = ".answer--mark "
"""First part of the style name of a mark that can be chosen; its number follows."""
UNMARKED = "-unmarked"
"""Class of a screen whose answers show no marks."""


@dataclass(slots=True)
class _LaidOut:
    """Layout for one width: final blocks up to the offset `settled`, and the rest of the text."""

    width: int = 0
    marks: Sequence[Mark] = ()
    settled: int = 0
    done: list[Line] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    of: object = None
    """The length and mode of the text that `rest` was laid out from."""

    def lay_out(self, text: str, *, close: bool) -> _LaidOut:
        """Return the layout of `text`, which has grown; with `close`, close open inline marks."""
        from travel_tui.tui.rendering.markdown import closed, last_block, rows

        done, settled = self.done, self.settled
        tail = text[settled:]
        if step := last_block(tail):
            marks = shifted(self.marks, settled, settled + step)
            done = [*done, *([BLANK] if done else []), *rows(tail[:step], self.width, marks)]
            settled += step
            tail = tail[step:]
        marks = shifted(self.marks, settled, settled + len(tail))
        rest = rows(closed(tail) if close else tail, self.width, marks)
        return _LaidOut(self.width, self.marks, settled, done, rest, (len(text), close))


class Answer(LineList):
    """Lays out only the last block when text arrives; the same widget is used from the first to the last word."""

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES = {
        f"answer--{name}"
        for name in ("strong", "em", "strike", "link", "code", "fence", "heading", "header", "marker", "quote", "rule")
    } | {"answer--mark", "answer--chosen", "answer--differs", *(f"{SYMBOL[1:]}-{source}" for source in Source)}

    def __init__(self, text: str = "", *, cut_off: bool = False, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = safe(text)
        self._cut_off = cut_off
        self._laid = _LaidOut()
        self._marks: tuple[Mark, ...] = ()
        self._chosen: int | None = None
        self._in_thread = False
        self._whole = True
        self._high = 0
        self._had = 0
        self._rushing = 0

    @property
    def text(self) -> str:
        """The Markdown source so far, sanitised for display."""
        return self._text

    def append(self, text: str) -> None:
        """Append text to the answer and show it."""
        kept = len(self._laid.done)
        self._text += safe(text)
        self._whole = False
        self.changed(kept=kept)

    def finish(self, *, cut_off: bool = False) -> None:
        """Mark the answer as complete and show its final text; with `cut_off`, close open inline marks."""
        if not self._whole:
            self._whole, self._cut_off = True, cut_off
            self.changed(kept=len(self._laid.done))

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Mark ranges of the complete text; until then, none is shown."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self.changed()

    def marks_toggled(self) -> None:
        """Lay out again after the screen has begun or ceased to show marks."""
        if self._marks:
            self.changed()

    def choose_mark(self, number: int | None) -> None:
        """Highlight the words with the style `NUMBERED` and this number, or none."""
        if number != self._chosen:
            self._chosen = number
            self._by_name.clear()
            self.refresh()

    def row_of_mark(self, number: int) -> int | None:
        """Return the row in which the words of that mark begin; None where they are not shown."""
        name = f"{NUMBERED}{number}"
        shown = (at for at, row in enumerate(self._rows) if any(span.style == name for span in row.content.spans))
        return next(shown, None)

    @property
    def _shown_marks(self) -> tuple[Mark, ...]:
        unmarked = not self._whole or (self.is_attached and self.screen.has_class(UNMARKED))
        return () if unmarked else self._marks

    def _style(self, name: str | Style) -> Style:
        if isinstance(name, str) and name.startswith(NUMBERED):
            chosen = name == f"{NUMBERED}{self._chosen}"
            return super()._style(".answer--chosen" if chosen else ".answer--mark")
        return super()._style(name)

    def height_for(self, rows: int) -> int:
        """Return the height, with spare rows while the answer grows fast: laying out the screen costs the most."""
        grown, self._had = rows - self._had, rows
        self._rushing = self._rushing + 1 if grown > 1 else 0
        if self._whole or rows > self._high:
            self._high = rows + (SPARE_ROWS if self._rushing > FAST_FRAMES and not self._whole else 0)
        return self._high

    def lay_out(self, width: int) -> list[Line]:
        marks = self._shown_marks
        if width != self._laid.width or marks != self._laid.marks:
            # Keep the old layout of a long answer until a thread has laid it out for this width and these marks.
            self._laid = _LaidOut(width, marks, rest=[*self._laid.done, *self._laid.rest])
            self._high = 0
        shown, close = self._shown()
        laid = self._laid
        if laid.of != (len(shown), close):
            if len(shown) - laid.settled <= AT_ONCE:
                laid = self._laid = laid.lay_out(shown, close=close)
            elif not self._in_thread:
                self._in_thread = True
                self.run_worker(self._lay_out_in_thread(), group="layout")
        return [*laid.done, *([BLANK] if laid.done and laid.rest else []), *laid.rest, *self._end()]

    def _shown(self) -> tuple[str, bool]:
        """Return the text to show, and whether its open inline marks are closed."""
        return beginning(self._text, MOST, MAX_LINES), not self._whole or self._cut_off

    def _end(self) -> list[Line]:
        if (more := len(self._text) - len(self._shown()[0])) <= 0 or not self._whole:
            return []
        return [BLANK, Line(Content.styled(f"… {more:,} more characters; /copy copies all.", ".answer--marker"))]

    async def _lay_out_in_thread(self) -> None:
        """Lay out in a thread until the layout covers all shown text."""
        try:
            while True:
                before = self._laid
                shown, close = self._shown()
                if before.of == (len(shown), close):
                    return
                began = time.perf_counter()
                laid = await asyncio.to_thread(before.lay_out, shown, close=close)
                if (self._laid.width, self._laid.marks) == (before.width, before.marks):
                    self._laid = laid
                    self.changed(kept=len(before.done))
                if not self._whole:
                    await asyncio.sleep(PAUSE_FACTOR * (time.perf_counter() - began))
        finally:
            self._in_thread = False
