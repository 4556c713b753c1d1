"""The prompt: a text area that sends on enter, and offers the story's next line while it is empty."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding, BindingsMap
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import TextArea

from travel_tui.tui.styles import beside

HINT = "Ask, book, change…"


class Prompt(TextArea):
    """Where the person writes. Keys that edit text keep their meaning."""

    DEFAULT_CSS = beside(__file__)

    BINDINGS = [
        Binding("enter", "submit", "send", id="prompt.send"),
        Binding("ctrl+j,shift+enter", "break_line", "new line", id="prompt.newline"),
        Binding("tab", "take_offer", "take the offered line", show=False, id="prompt.offer"),
        Binding("pageup", "read(-1)", "read back", id="chat.back"),
        Binding("pagedown", "read(1)", "read on", id="chat.on"),
    ]

    offer: reactive[str] = reactive("")
    """A line that tab takes while the prompt is empty."""
    step: reactive[str] = reactive("")
    """What to do next where that is not a line to say."""

    class Submitted(Message):
        """The person sent `text`, which is no longer in the prompt: what is typed behind it is the next message."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Read(Message):
        """The person wants to read so many pages on in the conversation; back where that is negative."""

        def __init__(self, pages: int) -> None:
            super().__init__()
            self.pages = pages

    def __init__(self) -> None:
        super().__init__(
            id="prompt", soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, placeholder=HINT
        )
        self.cursor_blink = False
        self._written: list[str] = []
        self._at = 0
        """Which of `_written` is shown; behind the last stands what is being written now."""
        self._draft = ""
        self._own_keys: dict[str, str] = {}

    def on_mount(self) -> None:
        bindings = BindingsMap(Prompt.BINDINGS)
        bindings.apply_keymap(self.app._keymap)
        self._own_keys = {key: binding.action for key, binding in bindings}

    def watch_offer(self) -> None:
        self._show_hint()

    def watch_step(self) -> None:
        self._show_hint()

    def on_resize(self) -> None:
        self._show_hint()

    def _show_hint(self) -> None:
        next_line = f"⇥ {self.offer}" if self.offer else self.step
        room = max(8, (self.content_size.width or 200) - 1)
        self.placeholder = Content("\n").join([Content(HINT), Content(next_line).truncate(room, ellipsis=True)])

    async def _on_key(self, event: events.Key) -> None:
        # Not by priority bindings: those run before the keys that were typed ahead of them are in the text.
        if action := self._own_keys.get(event.key):
            event.stop()
            event.prevent_default()
            await self.run_action(action)
        elif event.key in ("up", "down") and self._browse(-1 if event.key == "up" else 1):
            event.stop()
            event.prevent_default()

    def remember(self, written: Sequence[str], draft: str = "") -> None:
        """Offer earlier messages, oldest first, on up and down; the last may be among those sent from here.

        `draft` is to be written on; where something else is being written, it is the last of those offered.
        """
        own = self._written
        if draft and self.text.strip():
            written = [*written, draft]
        else:
            self.give_back(draft)
        twice = next((n for n in range(len(own), 0, -1) if list(written[-n:]) == own[:n]), 0)
        self._written = [*written, *own[twice:]]
        self._at += len(self._written) - len(own)

    def _browse(self, step: int) -> bool:
        """Show an earlier or a later message; False where the key only moves the cursor."""
        to = self._at + step
        if not 0 <= to <= len(self._written):
            return False
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        at_edge = row == (0 if step < 0 else self.wrapped_document.height - 1)
        shown = self._written[self._at] if self._at < len(self._written) else None
        if not at_edge and (self.text != shown or self.cursor_location != self.document.end):
            return False
        if shown is None:
            self._draft = self.text
        self._at = to
        self.text = self._written[to] if to < len(self._written) else self._draft
        self.move_cursor(self.document.end)
        return True

    def action_submit(self) -> None:
        if self.text.strip():
            self.post_message(self.Submitted(self.text))
            if self._written[-1:] != [self.text]:
                self._written.append(self.text)
            self._at = len(self._written)
            self.clear()

    def action_break_line(self) -> None:
        self.insert("\n")

    def action_take_offer(self) -> None:
        if self.offer and not self.text:
            self.text = self.offer
            self.move_cursor(self.document.end)
        else:
            self.screen.focus_next()

    def action_read(self, pages: int) -> None:
        """What is written here is short, so the keys for pages turn those of the conversation."""
        self.post_message(self.Read(pages))

    def give_back(self, text: str) -> None:
        """Put a text back that was not answered, unless something new was written meanwhile."""
        if not self.text.strip():
            self.text = text
            self.move_cursor(self.document.end)

    def put_back(self, text: str) -> None:
        """Put a text back that was not sent, before what was written since."""
        self.text = text + self.text
        self.move_cursor(self.document.end)
