"""Base class of dialogs: a card in the middle of the dimmed screen."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.terminal.typed_text import is_line_break, is_text

Answer = TypeVar("Answer")
SLIM, LOW = 60, 20
"""Width in columns below which buttons are stacked, and height in rows below which blank lines are dropped."""
TYPING = "text goes to the prompt · tab to the buttons"


class Dialog(ModalScreen[Answer]):
    """A card over the screen; its parts have the classes question, details and answers.

    Parts with the class foot stay visible while the rest scrolls. A part with the class typing is shown while text goes
    to the prompt and no button has the focus.
    """

    DEFAULT_CSS = load_css(__file__)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "turn(-1)", "page up", show=False),
        Binding("pagedown", "turn(1)", "page down", show=False),
    ]

    ONLY_ASKS: ClassVar[bool] = False
    """Whether the dialog may open while the user types and is answered with buttons; text then goes to the prompt."""
    writing = False
    """Whether the user is typing into the prompt, so that no button should have the focus."""

    def on_mount(self) -> None:
        for field in self.query("Input, TextArea"):
            field.cursor_blink = False  # type: ignore[attr-defined]

    def passes_on(self, event: events.Key | events.Paste) -> bool:
        """Return whether a key or paste is for the prompt behind: text, while no field of the dialog has the focus.

        If so, remove the focus from the buttons, so that pressing enter after more typing presses none of them.
        """
        if not self.ONLY_ASKS or isinstance(self.focused, Input | TextArea):
            return False
        goes_on = self.writing and isinstance(event, events.Key) and is_line_break(event)
        if isinstance(event, events.Key) and not goes_on and (not is_text(event) or event.key in self.active_bindings):
            return False
        self.writing = True
        self.leave_buttons()
        return True

    def leave_buttons(self) -> None:
        """Remove the focus from the buttons, and say how to get it back there."""
        self.set_focus(None)
        self.add_class("-typing")

    def on_descendant_focus(self) -> None:
        self.remove_class("-typing")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < SLIM, "-slim")
        self.set_class(event.size.height < LOW, "-low")

    def action_turn(self, pages: int) -> None:
        """Scroll the card by pages, even if no scrollable part of it has the focus."""
        card = self.query_one(".dialog")
        card.scroll_relative(y=pages * max(1, card.scrollable_content_region.height - 1), animate=False)
