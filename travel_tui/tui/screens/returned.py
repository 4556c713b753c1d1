"""Calls that the agent handed back to its caller: the person says what they answered, or whether they may be made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Static

from travel_tui.agent import ReturnedResult, ToolCall, Wanted
from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.text import one_line, safe


class Tick(Checkbox):
    """A checkbox whose mark is there or not: Textual's own has it always, in one colour or another."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()


class Returned(Dialog[tuple[ReturnedResult, ...] | None]):
    """Asks for the result of each call; None where the person leaves the turn unanswered."""

    BINDINGS = [("escape", "dismiss(None)", "leave it")]

    def __init__(
        self, calls: Sequence[ToolCall], call_here: Callable[[ToolCall], Awaitable[ReturnedResult]] | None = None
    ) -> None:
        """`call_here` answers a call with the function on this machine."""
        super().__init__()
        self._calls = calls
        self._call_here = call_here

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            asks = all(call.wanted is Wanted.CONFIRMATION for call in self._calls)
            question = "The agent asks whether it may do this" if asks else "The agent hands control back to you"
            yield Static(question, classes="question")
            for number, call in enumerate(self._calls):
                yield Static(_shown(call))
                if call.wanted is not Wanted.RESULT:
                    yield Tick("it may be done", id=f"agreed-{number}", compact=True)
                if call.wanted is not Wanted.CONFIRMATION:
                    yield Input(placeholder="what it answered", id=f"result-{number}")
                    yield Tick("it failed", id=f"failed-{number}", compact=True)
            unmarked = " What is not marked as allowed is refused." if any(map(_asked, self._calls)) else ""
            yield Static(f"The turn goes on with what you send.{unmarked}", classes="details")
            with Horizontal(classes="answers"):
                if self._call_here is not None and any(call.wanted is not Wanted.CONFIRMATION for call in self._calls):
                    yield Button("Call it here", id="here")
                yield Button("Leave it", id="leave")
                yield Button("Send", id="send", variant="primary")

    def on_mount(self) -> None:
        super().on_mount()
        self.query("Input, Checkbox").first().focus()

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
        elif event.button.id == "here":
            event.button.disabled = True
            self.run_worker(self._fill(), group="here", exclusive=True)
        else:
            self.dismiss(None)

    async def _fill(self) -> None:
        """Call the functions on this machine; what they answer can still be changed before it is sent."""
        for number, call in enumerate(self._calls):
            if self._call_here is not None and call.wanted is not Wanted.CONFIRMATION:
                result = await self._call_here(call)
                self.query_one(f"#result-{number}", Input).value = result.text
                self.query_one(f"#failed-{number}", Checkbox).value = result.state == "FAILURE"
        self.query_one("#send").focus()

    def _send(self) -> None:
        self.dismiss(tuple(self._result(number, call) for number, call in enumerate(self._calls)))

    def _result(self, number: int, call: ToolCall) -> ReturnedResult:
        agreed = self.query_one(f"#agreed-{number}", Checkbox).value if _asked(call) else None
        if call.wanted is Wanted.CONFIRMATION or agreed is False:
            return ReturnedResult(call.action_group, call.function, "", confirmed=agreed)
        failed = self.query_one(f"#failed-{number}", Checkbox).value
        text = self.query_one(f"#result-{number}", Input).value
        return ReturnedResult(call.action_group, call.function, text, "FAILURE" if failed else None, agreed)


def _asked(call: ToolCall) -> bool:
    """Whether the person has to agree to the call."""
    return call.wanted is not Wanted.RESULT


def _shown(call: ToolCall) -> Content:
    rows = [Content.assemble((one_line(call.function), "$text-accent"), (f"  {one_line(call.action_group)}", "dim"))]
    width = max((len(one_line(each.name)) for each in call.parameters), default=0)
    rows += [
        Content.assemble((f"  {one_line(each.name).ljust(width)}  ", "$foreground-muted"), safe(each.value))
        for each in call.parameters
    ]
    return Content("\n").join(rows)
