"""Confirmation dialog with a few answers."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from travel_tui.tui.screens.dialog import TYPING, Dialog


class ConfirmDialog(Dialog[str]):
    """Returns the chosen key of `answers`, whose values are the button labels.

    Escape chooses the first answer, which must change nothing. `risky` is the key of the destructive answer.
    """

    AUTO_FOCUS = ""
    ONLY_ASKS = True
    BINDINGS = [
        ("escape", "leave", "cancel"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
    ]

    def __init__(self, question: str, details: str, answers: Mapping[str, str], risky: str = "") -> None:
        super().__init__()
        self._question, self._details = question, details
        self._answers, self._risky = answers, risky

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="question", markup=False)
            yield Static(self._details, classes="label", markup=False)
            with Vertical(classes="foot"):
                yield Static(TYPING, classes="typing")
                with Horizontal(classes="answers"):
                    for key, label in self._answers.items():
                        yield Button(label, id=key, variant="error" if key == self._risky else "default")

    def on_mount(self) -> None:
        if self.writing:
            self.leave_buttons()
        else:
            self.query(Button).first().focus()

    def action_leave(self) -> None:
        self.dismiss(next(iter(self._answers)))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(str(event.button.id))
