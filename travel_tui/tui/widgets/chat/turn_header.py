"""Header line above an answer: time, state and figures of the turn. It opens the turn's trace."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from travel_tui.tui.rendering.key_hints import format_hints
from travel_tui.tui.widgets.clicks import presses


class TurnHeader(Static, can_focus=True):
    """Shows as much as fits. Enter or a click opens the turn's trace, F8 copies its answer.

    No letter is bound: typed text goes to the prompt, even after a click here.
    """

    BINDINGS = [
        Binding("enter", "trace", "trace", id="turn.open"),
        Binding("f8", "copy", "copy the answer", id="turn.copy"),
    ]

    class Trace(Message):
        """Requests the turn's trace."""

    class Copy(Message):
        """Requests to copy the answer."""

    def __init__(self) -> None:
        super().__init__(classes="head")
        self._variants: list[list[Content]] = [[]]
        self._state: Content | None = None

    def show(self, ways: list[list[Content]], state: Content | None) -> None:
        """Show the longest variant that fits the width; the final state is always shown."""
        self._variants, self._state = ways, state
        self.refresh()

    def render(self) -> Content:
        dot = Content.styled(" · ", "$foreground-muted")
        last = [self._state] if self._state else []
        if self.has_focus:
            keys = format_hints(self, ("turn.open", "trace"), ("turn.copy", "copy"))
            last.append(Content.styled(", ".join(keys), "$text-accent"))
        shown = Content("")
        for way in self._variants:
            shown = dot.join([*way, *last])
            if shown.cell_length <= self.size.width:
                break
        return shown

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_trace(self) -> None:
        self.post_message(self.Trace())

    def action_copy(self) -> None:
        self.post_message(self.Copy())

    def on_click(self, event: events.Click) -> None:
        if presses(self, event):
            self.action_trace()
