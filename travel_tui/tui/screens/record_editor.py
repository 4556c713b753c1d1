"""Dialog for the text of a record: to change one, or to add one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.widgets.safe_text_area import SafeTextArea

LONGEST = 16_000
"""Characters of a record (BatchCreateMemoryRecords in botocore's service model)."""


class RecordEditor(Dialog[str | None]):
    """Returns the text, or None if cancelled or unchanged."""

    BINDINGS = [("escape", "dismiss(None)", "cancel"), ("ctrl+s", "save", "save")]

    def __init__(self, title: str, details: str, text: str = "") -> None:
        super().__init__(classes="reader")
        self._title, self._details, self._before = title, details, text
        self._field = SafeTextArea(text, id="record-text", tab_behavior="focus")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="question", markup=False)
            yield self._field
            with Vertical(classes="foot"):
                yield Static(self._details, classes="details", markup=False)
                with Horizontal(classes="answers"):
                    yield Button("Cancel", id="cancel")
                    yield Button("Save", id="save", variant="primary")

    def on_mount(self) -> None:
        self._field.move_cursor(self._field.document.end)
        self._field.focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "save":
            self.action_save()
        else:
            self.dismiss(None)

    def action_save(self) -> None:
        """Close with the text, or say why the service would not take it."""
        text = self._field.text
        if not text.strip():
            self._refuse("A record needs a text.")
        elif len(text) > LONGEST:
            self._refuse(f"A record has at most {LONGEST:,} characters; this has {len(text):,}.")
        else:
            self.dismiss(text if text != self._before else None)

    def _refuse(self, words: str) -> None:
        details = self.query_one(".details", Static)
        details.update(words)
        details.set_class(True, "-problem")
