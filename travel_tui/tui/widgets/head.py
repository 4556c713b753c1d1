"""The line above an answer: whose turn it is, when, and how it went. It opens the turn's trace."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from travel_tui.tui.hints import hints


class Head(Static, can_focus=True):
    """As much of it as there is room for. Enter or a click opens the turn's trace, F8 copies its answer.

    No letter does anything: what is typed goes to the prompt, also after a click here.
    """

    BINDINGS = [
        Binding("enter", "trace", "trace", id="turn.open"),
        Binding("f8", "copy", "copy the answer", id="turn.copy"),
    ]

    class Trace(Message):
        """The person wants to see the turn's steps."""

    class Copy(Message):
        """The person wants the answer on the clipboard."""

    def __init__(self) -> None:
        super().__init__(classes="head")
        self._ways: list[list[Content]] = [[]]
        self._state: Content | None = None

    def show(self, ways: list[list[Content]], state: Content | None) -> None:
        """Show the first of these ways to say it that there is room for, and how it ended in any case."""
        self._ways, self._state = ways, state
        self.refresh()

    def render(self) -> Content:
        dot = Content.styled(" · ", "$foreground-muted")
        last = [self._state] if self._state else []
        if self.has_focus:
            keys = hints(self, ("turn.open", "trace"), ("turn.copy", "copy"))
            last.append(Content.styled(keys.replace("   ", ", "), "$text-accent"))
        shown = Content("")
        for way in self._ways:
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

    def on_click(self) -> None:
        self.action_trace()
