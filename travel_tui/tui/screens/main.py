"""The main screen: its frame, which is painted first, and its layout by window size.

The application starts the controller after the first paint, so that keys are echoed while it is imported.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.query import NoMatches
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import MountError
from textual.widgets import Static

from travel_tui.tui.command_menu import CLOSED
from travel_tui.tui.commands import bindings, first_key
from travel_tui.tui.rendering.frame_pacer import FramePacer
from travel_tui.tui.rendering.gc_tuning import freeze_startup_objects
from travel_tui.tui.terminal.typed_text import is_text
from travel_tui.tui.textual_compat import PacedScreen, forward, is_closing
from travel_tui.tui.widgets.key_line import MOST, KeyHint, KeyLine, focus_hints
from travel_tui.tui.widgets.passive_container import PassiveContainer
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.tab_strip import PANES
from travel_tui.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from travel_tui.attribution.types import LostItem
    from travel_tui.tui.context import AppContext
    from travel_tui.tui.widgets.chat.memory_line import MemoryLine
    from travel_tui.tui.widgets.command_list import SlashCommandList
    from travel_tui.tui.widgets.memory.summary_card import SummaryCard
    from travel_tui.tui.widgets.session.session_panel import IdLine
    from travel_tui.tui.widgets.tab_strip import TabStrip

NARROW, WIDE = 100, 160
"""Below so many columns the right column becomes tabs; from so many on there is more room around everything."""
LOW = 32
"""Below so many rows the list of commands takes a quarter of them."""
SMALLEST = (40, 12)
"""Columns and rows below which the screen shows a message instead of truncated content."""
FIRST_KEYS_S = 0.005
"""Seconds to process keys typed ahead, between the first paint and the imports."""
STILL_STARTING = "Still starting. Your first message is sent in a moment."
PLACEHOLDER = Content("\n" * 16).join([Content.styled("Session", "bold"), Content.styled("Memory", "bold")])
"""Placeholder with the headings of the panels."""


class Sources(Protocol):
    """Interface of the controller of sources, as used by the screen."""

    def cite(self, event: MemoryLine.Chosen) -> None:
        """Highlight the sentence of the chosen claim in its memory card."""

    def open_card(self, record_id: str) -> None:
        """Show the card of a memory."""

    def show_answers(self, record_id: str) -> None:
        """Go to an answer that used a memory."""

    def show_turn(self, session_id: str, item: LostItem) -> None:
        """Go to the turn where a missing fact was said."""


class MemoryCommands(Protocol):
    """Interface of the controller of the memory, as used by the screen."""

    def open(self, record_id: str) -> None:
        """Show a memory record as the service returned it."""

    def delete(self, record_id: str, session_id: str | None) -> None:
        """Confirm, then delete a record; where the service deletes no single one, all of its session."""


class Controller(Protocol):
    """Interface of the main screen's controller, as used by the screen."""

    @property
    def memory(self) -> MemoryCommands:
        """The controller of the memory."""

    @property
    def sources(self) -> Sources:
        """The controller of the sources of claims."""

    @property
    def answering(self) -> bool:
        """Whether an answer is streaming."""

    def cancel(self) -> bool:
        """Stop the streaming answer; return False if there is none."""

    def confirm_quit(self) -> bool:
        """Ask for confirmation before quitting if a session is open; return whether a question is shown."""

    def submit(self, text: str) -> bool:
        """Send a message or run a slash command; return False, and notify the user, if the prompt has to keep it."""
        ...

    def run_command(self, command_id: str, argument: str = "") -> None:
        """Run a command by its id."""

    def scroll_pages(self, pages: int) -> None:
        """Scroll the conversation; `pages` is negative to scroll back."""

    def refresh_panels(self) -> None:
        """Schedule a redraw of the panels."""

    async def close(self, *, keep_agent: bool = False) -> None:
        """Close the session and the archive; with `keep_agent`, leave the agent open."""


class MainScreen(PacedScreen, Screen[None]):
    """Chat on the left, session and memory on the right."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        Binding("f4", "next_pane", "next pane", id="pane.next"),
        Binding("escape", "cancel", "stop the answer", id="turn.cancel"),
    ]

    pane: reactive[str] = reactive("chat", init=False)

    def __init__(self, app_context: AppContext, start_controller: StartController) -> None:
        """Create the frame; `start_controller` is called after the first paint to mount the panels."""
        super().__init__(classes="-pane-chat" + (" -stage" if app_context.ui_options.presentation else ""))
        self._app_context = app_context
        self._start_controller = start_controller
        self._controller: Controller | None = None
        self._hints = KeyLine(id="hints")
        self._prompt: Prompt | None = None
        self._queued_input: list[events.Key | events.Paste] = []
        self._queued_messages: list[str] = []
        self._queued_actions: list[Callable[[Controller], None]] = []
        self.agent_handed_over = False
        """Whether another screen takes over the agent when this one closes."""

    def frame_timer(self, draw: Callable[[], None], failed: Callable[[Exception], None]) -> FramePacer:
        """Draw the screen as soon as something has changed."""
        return FramePacer(draw, failed)

    def compose(self) -> ComposeResult:
        context = self._app_context
        yield TopBar(context.title, context.place_label, context.memory_id, self._key("app.keys", "f1"))
        with PassiveContainer(id="panes"):
            with PassiveContainer(id="left"):
                yield Static(id="chat", classes="frame")
                yield Prompt(self._submit)
            yield Static(PLACEHOLDER, id="right", classes="frame")
        yield self._hints

    def on_mount(self) -> None:
        self._prompt = prompt = self.query_one(Prompt)
        self.set_focus(prompt)
        for event in self._queued_input:
            forward(prompt, event)
        self._queued_input.clear()
        prompt.suggested_line = self._app_context.demo_script[0] if self._app_context.demo_script else ""
        self.watch(self, "focused", self._focus_moved, init=False)
        self.watch(prompt, "menu", self.hints, init=False)
        self.call_after_refresh(self.set_timer, FIRST_KEYS_S, self._begin)

    def _begin(self) -> None:
        self.run_worker(self._start_panels(), group="furnish")

    async def _start_panels(self) -> None:
        """Start the controller, which mounts the panels. Called after the frame has been painted."""
        try:
            self._controller = await self._start_controller(self)
        except (NoMatches, MountError):
            if self.is_attached and not (is_closing(self) or is_closing(self.app)):
                raise
            return  # the screen was closed while the controller started
        freeze_startup_objects()
        for do in self._queued_actions:
            do(self._controller)

    async def on_unmount(self) -> None:
        if self._controller is not None:
            await self._controller.close(keep_agent=self.agent_handed_over)
        elif written := self._queued_text():
            service = await asyncio.to_thread(importlib.import_module, "travel_tui.conversation.service")
            await service.save_unsent_text(self._app_context, written)

    def _queued_text(self) -> str:
        """Return the text sent and typed before the controller was ready."""
        typed = [
            event.text if isinstance(event, events.Paste) else event.character or "" for event in self._queued_input
        ]
        prompt = self._prompt.text if self._prompt is not None else ""
        return "\n".join(filter(str.strip, (*self._queued_messages, "".join(typed), prompt)))

    def receive(self, event: events.Key | events.Paste) -> bool:
        """Route a key or paste to the prompt, whatever has the focus; return True if queued until the prompt exists.

        The application calls this before it dispatches the event, so that no other widget handles it and all text
        arrives in the order in which it was typed.
        """
        if self._prompt is None:
            early = isinstance(event, events.Paste) or event.key not in self.active_bindings
            if early:
                self._queued_input.append(event)
            return early
        if self.focused is not self._prompt and (
            isinstance(event, events.Paste)
            or (event.key not in self.active_bindings and (is_text(event) or self.focused is None))
        ):
            self.pane = "chat"
            self.set_focus(self._prompt)
        return False

    def receive_behind(self, event: events.Key | events.Paste) -> None:
        """Forward a key or paste to the prompt while a dialog is open."""
        if self._prompt is not None:
            forward(self._prompt, event)

    def _submit(self, text: str) -> bool:
        """Send a message or run a command, once the controller is ready; False if the prompt has to keep the text."""
        if self._controller is not None:
            return self._controller.submit(text)
        if self._queued_messages:
            self.notify(STILL_STARTING)
            return False
        self._queued_messages.append(text)
        self._queued_actions.append(self._submit_queued)
        return True

    def _submit_queued(self, controller: Controller) -> None:
        (text,) = self._queued_messages
        if not controller.submit(text) and self._prompt is not None:
            self._prompt.put_back(text)

    def _do(self, what: Callable[[Controller], None]) -> None:
        """Call `what` with the controller, now or once it is ready."""
        if self._controller is not None:
            what(self._controller)
        else:
            self._queued_actions.append(what)

    def on_prompt_read(self, event: Prompt.Read) -> None:
        if self._controller is not None:
            self._controller.scroll_pages(event.pages)

    def action_cancel(self) -> None:
        if not (self._controller is not None and self._controller.cancel()):
            self.pane = "chat"

    def action_command(self, command_id: str, argument: str = "") -> None:
        """Run the command with this id, unless the window is too small to show what it does."""
        if not self.too_small:
            self._do(lambda controller: controller.run_command(command_id, argument))

    def confirm_quit(self) -> bool:
        """Return whether this screen asks for confirmation before quitting; it then closes the application itself."""
        return self._controller is not None and self._controller.confirm_quit()

    def on_top_bar_user_pressed(self) -> None:
        self.action_command("user.choose")

    def on_slash_command_list_chosen(self, event: SlashCommandList.Chosen) -> None:
        if self._prompt is not None:
            self._prompt.choose(event.command)

    def on_session_panel_end(self) -> None:
        self.action_command("session.end")

    def on_session_panel_new(self) -> None:
        self.action_command("session.new")

    def on_summary_card_read(self, event: SummaryCard.Read) -> None:
        if self._controller is not None:
            self._controller.memory.open(event.record_id)

    def on_summary_card_forget(self, event: SummaryCard.Forget) -> None:
        if self._controller is not None:
            self._controller.memory.delete(event.record_id, event.session_id)

    def on_summary_card_answers(self, event: SummaryCard.Answers) -> None:
        if self._controller is not None:
            self._controller.sources.show_answers(event.record_id)

    def on_summary_card_said(self, event: SummaryCard.Said) -> None:
        if self._controller is not None:
            self._controller.sources.show_turn(event.session_id, event.item)

    def on_memory_line_chosen(self, event: MemoryLine.Chosen) -> None:
        if self._controller is not None:
            self._controller.sources.cite(event)

    def on_memory_line_card(self, event: MemoryLine.Card) -> None:
        if self._controller is not None:
            self._controller.sources.open_card(event.record_id)

    def on_memory_panel_grown(self) -> None:
        if self._controller is not None:
            self._controller.refresh_panels()

    def on_memory_panel_forget_all(self) -> None:
        self.action_command("memory.forget")

    def on_id_line_copy(self, event: IdLine.Copy) -> None:
        from travel_tui.tui.clipboard import copy

        self.run_worker(copy(self.app, event.value, f"{event.name} id"), group="copy")

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        classes = {"-narrow": width < NARROW, "-wide": width >= WIDE, "-low": height < LOW, "-small": small}
        for name, wanted in classes.items():
            if self.has_class(name) != wanted:
                self.set_class(wanted, name)
        if small:
            self._say_too_small(width, height)
        elif width >= NARROW and self.focused is None and self.is_mounted:
            self.query_one(Prompt).focus()  # the prompt was in a hidden pane
        self.hints()

    @property
    def too_small(self) -> bool:
        """Whether the window is too small for anything but a message."""
        return self.has_class("-small")

    def _say_too_small(self, width: int, height: int) -> None:
        words = f"{width}×{height} is too small.\nPlease enlarge it to {SMALLEST[0]}×{SMALLEST[1]}."
        if found := self.query("#too-small"):
            found.first(Static).update(words)
        else:
            self.mount(Static(words, id="too-small", markup=False))

    def _focus_moved(self) -> None:
        """Close the list of commands where the person goes elsewhere; a terminal out of sight has no focus."""
        if self._prompt is not None and self.focused not in (None, self._prompt):
            self._prompt.menu = CLOSED
        self.hints()

    def _key(self, name: str, usual: str = "") -> str:
        return first_key(name, self._app_context.ui_options.keys, usual)

    def hints(self) -> None:
        """Say the keys that count now, where the focus is."""
        self._hints.show(self._current_hints())

    def _current_hints(self) -> list[KeyHint]:
        send, complete = self._key("prompt.send", "enter"), self._key("prompt.offer", "tab")
        menu = self._prompt.menu if self._prompt is not None else CLOSED
        if menu.commands:
            does = "run" if menu.runs else "complete"
            named = [KeyHint("↑↓", "choose"), KeyHint(complete, "complete", rank=1), KeyHint(send, does, rank=2)]
            return [*named, KeyHint("escape", "close", rank=3)]
        panes = [KeyHint(self._key("pane.next", "f4"), "panes", rank=3)] if self.has_class("-narrow") else []
        if self._controller is not None and self._controller.answering:
            shown = [KeyHint(self._key("turn.cancel", "escape"), "stop", rank=MOST)]
        else:
            shown = [
                KeyHint(send, "send"),
                KeyHint(self._key("prompt.newline", "ctrl+j"), "new line", "line"),
                KeyHint(self._key("session.end"), "end session", "end", rank=1),
                KeyHint(self._key("session.new"), "new session", "new", rank=1),
            ]
        if self.focused not in (None, self._prompt):
            own = focus_hints(self.focused, rank=4)
            keys = {each.key for each in own}
            shown = own + [each for each in shown if each.rank > 0 and each.key not in keys]
        return [*shown, *panes]

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        self.pane = event.pane

    def action_next_pane(self) -> None:
        self.pane = PANES[(PANES.index(self.pane) + 1) % len(PANES)]

    def watch_pane(self, pane: str) -> None:
        for name in PANES:
            self.set_class(name == pane, f"-pane-{name}")
        target = {"chat": "#prompt", "session": "#new", "memory": ".card"}[pane]
        if found := self.query(target):
            found.first().focus()
        if self._controller is not None:
            self._controller.refresh_panels()


StartController = Callable[[MainScreen], Awaitable[Controller]]
"""Mounts the panels of the screen and starts what works on them."""
