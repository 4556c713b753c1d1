"""Dialog that lists a memory's records by kind and namespace, its sessions and its failed extractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from travel_tui.agent import MemoryRecord
from travel_tui.memory_store import FailedExtraction, StoredSession
from travel_tui.tui.record_rows import BrowserRow
from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.widgets.row_list import RowList

HELP, HELP_FAILED = "enter open · a add · e edit · delete delete · r refresh · esc close", "s start again"
AROUND = 7
"""Rows of the card besides the list: border, title, help, and the lines between them."""
ONLY_RECORDS, ONLY_FAILED = "This needs a record: choose one.", "This needs a failed extraction: choose one."


@dataclass(frozen=True, slots=True)
class BrowserAction:
    """What the user wants to do: open, add, edit, delete, start or refresh; and with what."""

    name: str
    target: MemoryRecord | StoredSession | FailedExtraction | None = None


class MemoryBrowser(Dialog[BrowserAction | None]):
    """Returns what the user wants to do, or None if closed; whoever opened it does that and opens it again."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "close"),
        Binding("a", "choose('add')", "add a record"),
        Binding("e", "choose('edit')", "edit the record"),
        Binding("delete,d", "choose('delete')", "delete the record or the session's memory"),
        Binding("s", "choose('start')", "start the failed extraction again"),
        Binding("r", "choose('refresh')", "refresh"),
    ]

    def __init__(self, title: str, rows: Sequence[BrowserRow], note: str = "", chosen: int = 0) -> None:
        """`note` says what could not be listed, or that there is nothing; `chosen` is the row to highlight."""
        super().__init__(classes="reader")
        self._title, self._rows, self._note, self._chosen = title, rows, note, chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="question", markup=False)
            yield RowList(self._rows, self._chosen)
            with Vertical(classes="foot"):
                yield Static(self._note or self._help, classes="details", markup=False)

    @property
    def _help(self) -> str:
        failed = any(isinstance(row.target, FailedExtraction) for row in self._rows)
        return f"{HELP_FAILED} · {HELP}" if failed else HELP

    def on_mount(self) -> None:
        self.query_one(RowList).focus()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.query_one(RowList).styles.max_height = max(1, event.size.height - AROUND)  # it scrolls, not the card

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        event.stop()
        self.dismiss(BrowserAction("open", self._rows[event.number].target))

    def action_choose(self, name: str) -> None:
        """Close with this action on the highlighted row, or say why it cannot be done."""
        number = self.query_one(RowList).chosen
        target = self._rows[number].target if number is not None else None
        if name == "edit" and not isinstance(target, MemoryRecord):
            self._say(ONLY_RECORDS)
        elif name == "start" and not isinstance(target, FailedExtraction):
            self._say(ONLY_FAILED)
        elif name == "delete" and not isinstance(target, MemoryRecord | StoredSession):
            self._say(ONLY_RECORDS)
        else:
            self.dismiss(BrowserAction(name, target))

    def _say(self, words: str) -> None:
        self.query_one(".details", Static).update(words)
