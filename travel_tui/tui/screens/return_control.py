"""Return-of-control dialog: the user approves or denies the agent's tool calls, or enters their results."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from travel_tui.agent import AgentError, ReturnControlKind, ReturnedResult, ToolCall
from travel_tui.text import one_line, safe
from travel_tui.tui.screens.dialog import TYPING, Dialog
from travel_tui.tui.widgets.safe_input import SafeInput

CONFIRM, RESULT = ("deny", "approve"), ("here", "function", "failure", "send")
"""Button ids for confirming a call and for entering its result."""


class ReturnControlDialog(Dialog[tuple[ReturnedResult, ...] | None]):
    """Asks about one call after the other; returns a result for each, or None if cancelled (no answer is sent).

    Approve never has the focus initially, and no letter presses a button. If the user is `writing` when the dialog
    opens, nothing in it has the focus until the user moves to a button or the field: typed text goes to the prompt,
    approves nothing and sends nothing.
    """

    AUTO_FOCUS = ""
    ONLY_ASKS = True
    BINDINGS = [
        ("escape", "dismiss(None)", "cancel"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
    ]

    def __init__(
        self,
        calls: Sequence[ToolCall],
        call_here: Callable[[ToolCall], Awaitable[ReturnedResult]] | None = None,
        functions: Collection[str] = (),
        *,
        call_function: Callable[[ToolCall], Awaitable[ReturnedResult]] | None = None,
        writing: bool = False,
    ) -> None:
        """`call_here` runs the function for a call on this machine, if it is one of `functions`.

        `call_function` invokes the one that was provisioned for it.
        """
        super().__init__()
        self._calls = calls
        self._ways = {"here": call_here, "function": call_function}
        self._functions = functions
        self.writing = writing
        self._results: list[ReturnedResult] = []
        self._found: tuple[str, str | None] = ("", None)
        """Text and state of the result that the function returned on this machine."""
        self._agreed: bool | None = None
        """The user's decision on the current call; None before it, or if the call needs no confirmation."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(classes="question", id="asked")
            yield Static(id="call", classes="label")
            yield Static("Result", id="result-label", classes="question more")
            yield SafeInput(id="result")
            with Vertical(classes="foot"):
                yield Static(classes="details")
                yield Static(TYPING, classes="typing")
                with Horizontal(classes="answers"):
                    yield Button("Deny", id="deny")
                    yield Button("Approve", id="approve", variant="primary")
                    yield Button("Run it here", id="here")
                    yield Button("Invoke Lambda", id="function")
                    yield Button("Report failure", id="failure")
                    yield Button("Send result", id="send", variant="primary")

    def on_mount(self) -> None:
        self._show()

    @property
    def _call(self) -> ToolCall:
        return self._calls[len(self._results)]

    def _show(self) -> None:
        """Ask about the next call."""
        call = self._call
        confirm = call.wanted is not ReturnControlKind.RESULT and self._agreed is None
        question = "Confirm tool call" if confirm else "Return of control: the agent needs a result"
        place = f"  {len(self._results) + 1} of {len(self._calls)}" if len(self._calls) > 1 else ""
        self.query_one("#asked", Static).update(Content.assemble(question, (place, "not bold $foreground-muted")))
        self.query_one("#call", Static).update(_shown(call))
        field = self.query_one("#result", Input)
        field.value = ""
        field.display = self.query_one("#result-label").display = not confirm
        for button in self.query(Button):
            button.display = button.id in (CONFIRM if confirm else RESULT)
        for name, way in self._ways.items():
            button = self.query_one(f"#{name}", Button)
            known = name != "here" or call.function in self._functions
            button.display = button.display and way is not None and known
            button.disabled = False
        self._found = ("", None)
        self.query_one(".details", Static).update(self._told())
        self.query_one(".dialog").scroll_home(animate=False)
        if self.writing:
            self.leave_buttons()
        else:
            (self.query_one("#deny") if confirm else field).focus()
        self.writing = False

    def _told(self) -> Content:
        """Return a list of the calls answered so far, with the hint for cancelling."""
        told = [
            f"✗ {one_line(each.function, 30)}: denied"
            if each.confirmed is False
            else f"✓ {one_line(each.function, 30)}: {'answered' if each.confirmed is None else 'approved'}"
            for each in self._results
        ]
        left = "esc cancel, nothing is sent" if len(self._calls) > 1 else "esc cancel, the turn stays unanswered"
        return Content(" · ".join([*told, left]))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self._send_result(event.value)
        else:
            self.query_one("#send").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        match event.button.id:
            case "approve" if self._call.wanted is ReturnControlKind.BOTH:
                self._agreed = True
                self._show()
            case "approve" | "deny" as answer:
                self._answer("", None, confirmed=answer == "approve")
            case "here" | "function" as way:
                self.query_one("#result").focus()  # a disabled button would lose the focus to nothing
                event.button.disabled = True
                self.run_worker(self._fill(self._call, str(way)), group="here", exclusive=True)
            case "failure":
                self._answer(self.query_one("#result", Input).value, "FAILURE", confirmed=self._agreed)
            case _:
                self._send_result(self.query_one("#result", Input).value)

    async def _fill(self, call: ToolCall, way: str) -> None:
        """Run the function and put its result into the field, where it can be edited before sending.

        What was typed into the field meanwhile stays.
        """
        if (run := self._ways[way]) is None:
            return
        field = self.query_one("#result", Input)
        before = field.value
        try:
            result = await run(call)
        except AgentError as error:
            self.query_one(".details", Static).update(Content(safe(str(error))))
            self.query_one(f"#{way}", Button).disabled = False
            return
        if self._call is not call:
            return
        self.query_one(f"#{way}").disabled = False
        if field.value == before:
            field.value = result.text
            self._found = (result.text, result.state)
            if self.focused is field:
                self.query_one("#failure" if result.state == "FAILURE" else "#send").focus()

    def _send_result(self, text: str) -> None:
        """Answer with a result; that of the function, unchanged, keeps the state in which it returned it."""
        found, state = self._found
        self._answer(text, state if text == found else None, confirmed=self._agreed)

    def _answer(self, text: str, state: str | None, *, confirmed: bool | None) -> None:
        call = self._call
        self._results.append(ReturnedResult(call.action_group, call.function, text, state, confirmed))
        self._agreed = None
        if len(self._results) == len(self._calls):
            self.dismiss(tuple(self._results))
        else:
            self._show()


def _shown(call: ToolCall) -> Content:
    group = (f"  {one_line(call.action_group)}", "$foreground-muted")
    rows = [Content.assemble((one_line(call.function), "bold $text-accent"), group)]
    width = max((len(one_line(each.name)) for each in call.parameters), default=0)
    rows += [
        Content.assemble((f"  {one_line(each.name).ljust(width)}  ", "$foreground-muted"), safe(each.value))
        for each in call.parameters
    ]
    return Content("\n").join(rows)
