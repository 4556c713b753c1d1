"""Calls that the agent handed back to its caller: the person says what they answered."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Static

from travel_tui.agent import ReturnedResult, ToolCall
from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.text import one_line, safe


class Returned(Dialog[tuple[ReturnedResult, ...] | None]):
    """Asks for the result of each call; None where the person leaves the turn unanswered."""

    BINDINGS = [("escape", "dismiss(None)", "leave it")]

    def __init__(self, calls: Sequence[ToolCall]) -> None:
        super().__init__()
        self._calls = calls

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static("The agent hands control back to you", classes="question")
            for number, call in enumerate(self._calls):
                yield Static(_shown(call))
                yield Input(placeholder="what it answered", id=f"result-{number}")
                yield Checkbox("it failed", id=f"failed-{number}", compact=True)
            yield Static("The turn goes on with what you send.", classes="details")
            with Horizontal(classes="answers"):
                yield Button("Leave it", id="leave")
                yield Button("Send", id="send", variant="primary")

    def on_mount(self) -> None:
        self.query(Input).first().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        inputs = list(self.query(Input))
        if event.input is inputs[-1]:
            self._send()
        else:
            inputs[inputs.index(event.input) + 1].focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "send":
            self._send()
        else:
            self.dismiss(None)

    def _send(self) -> None:
        self.dismiss(
            tuple(
                ReturnedResult(
                    call.action_group,
                    call.function,
                    self.query_one(f"#result-{number}", Input).value,
                    "FAILURE" if self.query_one(f"#failed-{number}", Checkbox).value else None,
                )
                for number, call in enumerate(self._calls)
            )
        )


def _shown(call: ToolCall) -> Content:
    rows = [Content.assemble((one_line(call.function), "$text-accent"), (f"  {one_line(call.action_group)}", "dim"))]
    width = max((len(one_line(each.name)) for each in call.parameters), default=0)
    rows += [
        Content.assemble((f"  {one_line(each.name).ljust(width)}  ", "$foreground-muted"), safe(each.value))
        for each in call.parameters
    ]
    return Content("\n").join(rows)
