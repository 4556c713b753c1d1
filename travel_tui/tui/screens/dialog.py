"""What dialogs have in common: a card in the middle, the screen dimmed behind it."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import ModalScreen

from travel_tui.tui.styles import beside

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A card over the screen; its parts have the classes question, details and answers."""

    DEFAULT_CSS = beside(__file__)

    def on_mount(self) -> None:
        for field in self.query("Input, TextArea"):
            field.cursor_blink = False  # type: ignore[attr-defined]
