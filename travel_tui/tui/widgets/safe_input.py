"""Single-line input that renders no terminal control sequences."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from travel_tui.text import UNSAFE, visible
from travel_tui.tui.terminal.typed_text import in_order, on_one_line
from travel_tui.tui.textual_compat import ShownValue

_NOT_ON_A_LINE = re.compile(r"[\t\n]")


class SafeInput(ShownValue, Input):
    """A field for text from anywhere; `value` is as it was sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "home", "go to start", show=False),
        Binding("ctrl+end", "end", "go to end", show=False),
        Binding("ctrl+shift+home", "home(True)", "select to start", show=False),
        Binding("ctrl+shift+end", "end(True)", "select to end", show=False),
    ]

    async def on_key(self, event: events.Key) -> None:
        await in_order(self, event)

    def action_paste(self) -> None:
        """Insert the clipboard's text on one line, as for a paste."""
        self.replace(on_one_line(self.app.clipboard), *self.selection)

    def shown_value(self) -> str:
        """Return the value with visible characters in place of the unsafe ones."""
        return _NOT_ON_A_LINE.sub(visible, UNSAFE.sub(visible, self.value))
