"""Textual's text area (8.2.8) with keys for both ends of the text, redrawn when its lines are wrapped again."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from travel_tui.tui.textual_compat import OwnDocument, WrappingRedraws


class BaseTextArea(OwnDocument, WrappingRedraws, TextArea):
    """A text area in which ctrl+home and ctrl+end go to the ends of the text, and with shift select up to them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "cursor_text_start", "start of the text", show=False),
        Binding("ctrl+end", "cursor_text_end", "end of the text", show=False),
        Binding("ctrl+shift+home", "cursor_text_start(True)", "select to the start of the text", show=False),
        Binding("ctrl+shift+end", "cursor_text_end(True)", "select to the end of the text", show=False),
    ]

    def action_cursor_text_start(self, select: bool = False) -> None:
        """Move the cursor to the start of the text; with `select`, extend the selection."""
        self.move_cursor((0, 0), select=select)

    def action_cursor_text_end(self, select: bool = False) -> None:
        """Move the cursor to the end of the text; with `select`, extend the selection."""
        self.move_cursor(self.document.end, select=select)
