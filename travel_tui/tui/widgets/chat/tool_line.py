"""Collapsible line of one action-group call."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from travel_tui.agent import ToolCall
from travel_tui.text import one_line, quick, shortened
from travel_tui.tui.widgets.chat.turn_state import CallResult
from travel_tui.tui.widgets.clicks import presses


class ToolLine(Static, can_focus=True):
    """The function, its parameters and its result. Enter or a click shows them in full."""

    BINDINGS = [Binding("enter,space", "unfold", "open", show=False, id="line.open")]

    opened: reactive[bool] = reactive(False, layout=True)

    def __init__(self, call: ToolCall, result: CallResult | None = None) -> None:
        super().__init__(markup=False, classes="tool")
        self._call = call
        self._result = result

    def finish(self, result: CallResult) -> None:
        """Show the call's result."""
        self._result = result
        self.refresh(layout=True)

    def watch_opened(self, opened: bool) -> None:
        self.set_class(opened, "-opened")

    def action_unfold(self) -> None:
        self.opened = not self.opened

    def on_click(self, event: events.Click) -> None:
        if presses(self, event):
            self.action_unfold()

    def _state(self) -> tuple[str, str]:
        """The mark at the end of the line, and its style."""
        if (result := self._result) is None:
            return "  …", "$text-success"
        if result.failure:
            return f"  ✗ {result.failure}", "$text-error"
        return "  ✓" if result.took_s is None else f"  ✓ {quick(result.took_s)}", "$text-success"

    def render(self) -> Content:
        call = self._call
        state, style = self._state()
        name = one_line(call.function)
        if not self.opened:
            values = "  ".join(one_line(p.value, 40) for p in call.parameters)
            line = Content.assemble(
                ("▸ ", "$foreground-muted"), (name, "$text-accent"), ("  " + values, "$foreground-muted")
            )
            room = max(8, self.size.width - len(state)) if self.size.width else 1000
            return Content.assemble(line.truncate(room, ellipsis=True), (state, style))
        rows = [Content.assemble(("▾ ", "$foreground-muted"), (name, "$text-accent"), (state, style))]
        rows.append(Content.styled(f"  {one_line(call.action_group)}", "$foreground-muted"))
        width = max((len(p.name) for p in call.parameters), default=0)
        rows += [
            Content.assemble(
                (f"  {one_line(p.name).ljust(width)}  ", "$foreground-muted"), shortened(p.value, lines=200)
            )
            for p in call.parameters
        ]
        if self._result is not None and self._result.text:
            rows.append(
                Content.assemble(
                    ("  → ", "$foreground-muted"), shortened(self._result.text, " in the trace.", lines=200)
                )
            )
        return Content("\n").join(rows)
