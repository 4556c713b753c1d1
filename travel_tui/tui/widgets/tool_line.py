"""One action-group call as a quiet line that opens."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from travel_tui.agent import ToolCall
from travel_tui.tui.text import one_line, quick, safe


class ToolLine(Static, can_focus=True):
    """What was called, with what, and what came of it. Enter or a click shows all of it."""

    BINDINGS = [Binding("enter,space", "unfold", "open", show=False, id="line.open")]

    opened: reactive[bool] = reactive(False, layout=True)

    def __init__(self, call: ToolCall, result: str | None = None, took_s: float | None = None) -> None:
        super().__init__(markup=False, classes="tool")
        self._call = call
        self._result = result
        self._took_s = took_s

    def finish(self, result: str, took_s: float) -> None:
        """Show that the call answered `result` after `took_s` seconds."""
        self._result, self._took_s = result, took_s
        self.refresh(layout=True)

    def watch_opened(self, opened: bool) -> None:
        self.set_class(opened, "-opened")

    def action_unfold(self) -> None:
        self.opened = not self.opened

    def on_click(self) -> None:
        self.action_unfold()

    def render(self) -> Content:
        call = self._call
        took = "" if self._took_s is None else f" {quick(self._took_s)}"
        state = f"  ✓{took}" if self._result is not None else "  …"
        name = one_line(call.function)
        if not self.opened:
            values = "  ".join(one_line(p.value, 40) for p in call.parameters)
            line = Content.assemble(
                ("▸ ", "$foreground-muted"), (name, "$text-accent"), ("  " + values, "$foreground-muted")
            )
            room = max(8, self.size.width - len(state)) if self.size.width else 1000
            return Content.assemble(line.truncate(room, ellipsis=True), (state, "$text-success"))
        rows = [Content.assemble(("▾ ", "$foreground-muted"), (name, "$text-accent"), (state, "$text-success"))]
        rows.append(Content.styled(f"  {one_line(call.action_group)}", "$foreground-muted"))
        width = max((len(p.name) for p in call.parameters), default=0)
        rows += [
            Content.assemble((f"  {one_line(p.name).ljust(width)}  ", "$foreground-muted"), safe(p.value))
            for p in call.parameters
        ]
        if self._result is not None:
            rows.append(Content.assemble(("  → ", "$foreground-muted"), safe(self._result)))
        return Content("\n").join(rows)
