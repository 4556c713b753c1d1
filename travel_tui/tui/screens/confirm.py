"""A question before something is lost."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from travel_tui.tui.screens.dialog import Dialog


class Confirm(Dialog[bool]):
    """Asks and answers True or False; escape is no."""

    BINDINGS = [("escape", "dismiss(False)", "keep"), ("left,right", "app.focus_next", "")]

    def __init__(self, question: str, details: str, yes: str, no: str = "Keep") -> None:
        super().__init__()
        self._question, self._details, self._yes, self._no = question, details, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="question", markup=False)
            yield Static(self._details, classes="details", markup=False)
            with Horizontal(classes="answers"):
                yield Button(self._no, id="no")
                yield Button(self._yes, id="yes", variant="error")

    def on_mount(self) -> None:
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")
