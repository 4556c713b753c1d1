"""The prompt: a text area that sends on enter, offers the story's next line while it is empty, and commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.binding import Binding, BindingsMap
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from travel_tui.tui.command_menu import CLOSED, CommandMenu, menu_for
from travel_tui.tui.commands import Argument, Command
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.terminal.typed_text import is_line_break
from travel_tui.tui.textual_compat import apply_keymap
from travel_tui.tui.widgets.safe_text_area import SafeTextArea

HINT = "Ask, book, change…"


class Prompt(SafeTextArea):
    """Input for messages and commands. Editing keys keep their meaning."""

    DEFAULT_CSS = load_css(__file__)

    BINDINGS = [
        Binding("enter", "submit", "send", id="prompt.send"),
        Binding("ctrl+j,shift+enter", "break_line", "new line", id="prompt.newline"),
        Binding("tab", "take_offer", "accept suggestion", show=False, id="prompt.offer"),
        Binding("pageup", "read(-1)", "scroll up", id="chat.back"),
        Binding("pagedown", "read(1)", "scroll down", id="chat.on"),
    ]

    suggested_line: reactive[str] = reactive("")
    """A suggested line, accepted with tab while the prompt is empty."""
    step: reactive[str] = reactive("")
    """The next step of the demo script if it is a button."""

    menu: reactive[CommandMenu] = reactive(CLOSED, repaint=False)
    """The commands that are offered for what was typed; closed for a text that came otherwise."""

    class Read(Message):
        """Requests scrolling the conversation by `pages`; back if negative."""

        def __init__(self, pages: int) -> None:
            super().__init__()
            self.pages = pages

    def __init__(self, submit: Callable[[str], bool]) -> None:
        """`submit` sends a text or runs its command, and returns whether it did; otherwise the prompt keeps the text.

        It is called at once, not by a message, so that the text stays in order with what is typed after it.
        """
        super().__init__(
            id="prompt", soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, placeholder=HINT
        )
        self.cursor_blink = False
        self._send = submit
        self._kept = ""
        """The text that Enter did not send; what is typed next begins a new line."""
        self._written: list[str] = []
        self._at = 0
        """Index of the shown message in `_written`; after the last comes the current draft."""
        self._draft = ""
        self._own_keys: dict[str, str] = {}
        self._typing = False
        """Whether the next insertion is that of a key."""

    def on_mount(self) -> None:
        bindings = apply_keymap(BindingsMap(Prompt.BINDINGS), self.app)
        self._own_keys = {key: binding.action for key, binding in bindings}

    def watch_suggested_line(self) -> None:
        self._show_hint()

    def watch_step(self) -> None:
        self._show_hint()

    def on_resize(self) -> None:
        self._show_hint()

    def _show_hint(self) -> None:
        next_line = f"⇥ {self.suggested_line}" if self.suggested_line else self.step
        room = max(8, (self.content_size.width or 200) - 1)
        self.placeholder = Content("\n").join([Content(HINT), Content(next_line).truncate(room, ellipsis=True)])

    async def on_key(self, event: events.Key) -> None:
        # Not by priority bindings: those run before the keys that were typed ahead of them are in the text.
        if action := self._own_keys.get(event.key):
            event.stop()
            event.prevent_default()
            if action == "submit" and is_line_break(event) and self._open_menu.command is None and self.text.strip():
                action = "break_line"
            await self.run_action(action)
        elif self._use_menu(event.key) or (
            event.key in ("up", "down") and self._browse(-1 if event.key == "up" else 1)
        ):
            event.stop()
            event.prevent_default()
        else:
            if event.is_printable:
                self._begin_line()
            self._kept = ""
            self._typing = event.is_printable

    async def on_paste(self, event: events.Paste) -> None:
        """Take a paste; the handlers of the classes above run after this one."""
        if event.text:
            self._begin_line()

    def _begin_line(self) -> None:
        """Begin a new line behind a text that Enter did not send: it is another one."""
        kept, self._kept = self._kept, ""
        if kept and kept == self.text and self.cursor_location == self.document.end:
            self.insert("\n")

    def _use_menu(self, key: str) -> bool:
        """Choose another of the offered commands, or close the list; False for any other key."""
        menu = self._open_menu
        if menu.is_open and key == "escape":
            self.menu = CLOSED
        elif menu.commands and key in ("up", "down"):
            self.menu = menu.move(-1 if key == "up" else 1)
        else:
            return False
        return True

    @property
    def _open_menu(self) -> CommandMenu:
        """The menu, where it is that of what is written by now."""
        return self.menu if self.menu.is_open and self.menu.text == self.text else CLOSED

    def edited(self, *, deleted: bool) -> None:
        if self._typing or deleted:
            self._typing = self._typing and deleted
            self._offer_commands()

    def _offer_commands(self) -> None:
        is_command = self.document.line_count == 1 and self.document.get_line(0).startswith("/")
        self.menu = menu_for(self.text) if is_command else CLOSED

    def on_text_area_changed(self) -> None:
        """Close the list where the text was changed by anything but keys."""
        self.menu = self._open_menu

    def remember(self, written: Sequence[str], draft: str = "") -> None:
        """Set the earlier messages for up and down, oldest first; the last may include messages sent from here.

        `draft` becomes the prompt's text; if the prompt is not empty, it becomes the newest earlier message.
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
        """Show an earlier or later message; return False if the key only moves the cursor."""
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

    def choose(self, command: Command) -> None:
        """Run a command, or complete its name where it needs text."""
        if command.argument is Argument.REQUIRED:
            self._complete(command)
        else:
            self._rewrite(f"/{command.slash}")
            self._submit()

    def _complete(self, command: Command) -> None:
        text = f"/{command.slash} " if command.takes else f"/{command.slash}"
        self._rewrite(text)
        self.menu = menu_for(text) if command.takes else CLOSED

    def _rewrite(self, text: str) -> None:
        """Replace all of the text by another, which undoing takes back."""
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    def action_submit(self) -> None:
        menu = self._open_menu
        if menu.command is None:
            self._submit()
        elif menu.runs:
            self.choose(menu.command)
        else:
            self._complete(menu.command)

    def _submit(self) -> None:
        self.menu = CLOSED
        if not (text := self.text).strip():
            return
        place = self.cursor_location
        self.clear()
        if not self._send(text):
            self.text = self._kept = text
            self.move_cursor(place)
            return
        if self._written[-1:] != [text]:
            self._written.append(text)
        self._at = len(self._written)

    def action_break_line(self) -> None:
        self.insert("\n")

    def action_take_offer(self) -> None:
        if (command := self._open_menu.command) is not None:
            self._complete(command)
        elif self.suggested_line and not self.text:
            self.text = self.suggested_line
            self.move_cursor(self.document.end)
        else:
            self.screen.focus_next()

    def action_read(self, pages: int) -> None:
        """Scroll the conversation: the prompt's text is short, so the page keys are not needed here."""
        self.post_message(self.Read(pages))

    def give_back(self, text: str) -> None:
        """Restore the text of an unanswered message, unless something new was typed."""
        if not self.text.strip():
            self.text = text
            self.move_cursor(self.document.end)

    def put_back(self, text: str) -> None:
        """Restore text that was not sent, on lines of its own before any text typed since."""
        self.text = f"{text}\n{self.text}" if self.text else text
        self.move_cursor(self.document.end)
