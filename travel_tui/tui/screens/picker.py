"""Dialog for choosing a row of a list, such as a past session or a turn found by search."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.widgets.choices import Choices


class ListPicker(Dialog[int]):
    """A list of rows; returns the index of the chosen row, or -1 if cancelled."""

    BINDINGS = [("escape", "dismiss(-1)", "leave")]

    def __init__(self, title: str, rows: Sequence[Content], help_text: str) -> None:
        super().__init__(classes="reader")
        self._title, self._rows, self._help = title, rows, help_text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="question", markup=False)
            yield Choices(*(Option(row) for row in self._rows), compact=True)
            yield Static(self._help, classes="foot details", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index)
