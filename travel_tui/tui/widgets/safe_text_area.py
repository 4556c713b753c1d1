"""Text area that keeps the original text and renders no terminal control sequences."""

from __future__ import annotations

import re
from typing import Any

from textual import events
from textual.widgets.text_area import Document, EditResult, Location, WrappedDocument

from travel_tui.text import UNSAFE, visible
from travel_tui.tui.rendering.folded_text import Folds
from travel_tui.tui.terminal.typed_text import in_order
from travel_tui.tui.textual_compat import DocumentLines, KeyboardEdits
from travel_tui.tui.widgets.base_text_area import BaseTextArea

_BREAK = re.compile(r"\r\n|\r|\n")
_TYPED = 100
"""Most characters of typed text; longer text was pasted."""


class SafeDocument(DocumentLines, Document):
    """A text whose lines are read with visible characters in place of the unsafe ones; `text` is as it was sent.

    Textual's own breaks lines at every Unicode separator, and drops one at the end of inserted text (8.2.8).
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self.own_lines = _BREAK.split(text)
        self._shown = [_safe(line) for line in self.own_lines]

    @property
    def lines(self) -> list[str]:
        return self._shown

    def get_line(self, index: int) -> str:
        return self._shown[index]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace the text between two locations, given in either order."""
        (top, left), (bottom, right) = sorted((start, end))
        replaced = self.get_text_range(start, end)
        before = self.own_lines[top][:left] if top < len(self.own_lines) else ""
        after = self.own_lines[bottom][right:] if bottom < len(self.own_lines) else ""
        inserted = _BREAK.split(text)
        column = len(inserted[-1]) + (len(before) if len(inserted) == 1 else 0)
        inserted[0] = before + inserted[0]
        inserted[-1] += after
        self.own_lines[top : bottom + 1] = inserted
        self._shown[top : bottom + 1] = [_safe(line) for line in inserted]
        return EditResult((top + len(inserted) - 1, column), replaced)


class SafeTextArea(KeyboardEdits, BaseTextArea):
    """A text area for text from anywhere. The middle of a long text is folded; `text` is all of it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._folds = Folds()
        super().__init__(*arguments, **options)

    @property
    def text(self) -> str:
        return self._folds.unfold(self.document.text)

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    @property
    def selected_text(self) -> str:
        return self._folds.unfold(super().selected_text)

    def action_cut(self) -> None:
        """Cut the selection, or the line, to the clipboard."""
        super().action_cut()
        if (cut := self._folds.unfold(self.app.clipboard)) != self.app.clipboard:
            self.app.copy_to_clipboard(cut)

    def action_delete_left(self) -> None:
        """Delete the selection or the character left of the cursor; a fold label is deleted as a whole."""
        row, column = self.cursor_location
        label = self._folds.label_before(self.document.get_line(row), column) if self.selection.is_empty else ""
        if label:
            self.delete_as_typed((row, column - len(label)), (row, column))
        else:
            super().action_delete_left()

    def typed_text(self, text: str) -> str:
        """Fold the middle of a text that was pasted."""
        return self._folds.fold(text, self.document.text) if len(text) > _TYPED else text

    def typed_range(self, start: Location, end: Location) -> tuple[Location, Location]:
        """A range that holds each label whole or not at all; an empty one within a label moves behind it."""
        top, bottom = sorted((start, end))
        if label := self._folds.label_at(self._line(bottom[0]), bottom[1]):
            bottom = (bottom[0], label[1])
            if start == end:
                return bottom, bottom
        if label := self._folds.label_at(self._line(top[0]), top[1]):
            top = (top[0], label[0])
        return top, bottom

    def _line(self, row: int) -> str:
        """Return a line; empty below the last, which is reached when the last line is deleted."""
        return self.document.get_line(row) if row < self.document.line_count else ""

    def make_document(self, text: str) -> tuple[Document, WrappedDocument]:
        """Make a document with safe lines, the middle of a long text folded."""
        document = SafeDocument(self._folds.fold(text))
        return document, WrappedDocument(document, tab_width=self.indent_width)

    async def on_key(self, event: events.Key) -> None:
        if event.key != "enter":  # which is a line break, whatever else it may be bound to
            await in_order(self, event)

    async def on_paste(self, event: events.Paste) -> None:
        """Take a paste, and nobody else; TextArea's own handler, which runs after this one, inserts it."""
        event.stop()


def _safe(line: str) -> str:
    return UNSAFE.sub(visible, line)
