"""The screen that everything happens on: its frame, which is painted first, and its window's size.

What is said and shown on it is the desk's matter (`travel_tui/tui/desk.py`), which is imported after the first paint.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.css.query import NoMatches
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from travel_tui.tui.commands import bindings, shown_key
from travel_tui.tui.garbage import settle
from travel_tui.tui.pacer import Pacer
from travel_tui.tui.text import one_line
from travel_tui.tui.widgets.blank import Blank
from travel_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from travel_tui.tui.desk import Desk
    from travel_tui.tui.setting import Setting
    from travel_tui.tui.widgets.session_panel import IdLine
    from travel_tui.tui.widgets.summary_card import SummaryCard
    from travel_tui.tui.widgets.tab_strip import TabStrip

NARROW, WIDE = 100, 160
"""Below so many columns the right column becomes tabs; from so many on there is more room around everything."""
SMALLEST = (40, 12)
"""Columns and rows below which the screen says so instead of showing pieces of words."""
FIRST_KEYS_S = 0.005
"""After the first paint, so long for keys that were typed ahead before anything is imported beside them."""
PANES = ("chat", "session", "memory")
FRAMES = Content("\n" * 16).join([Content.styled("Session", "bold"), Content.styled("Memory", "bold")])
"""Where the panels' headings will stand."""


class MainScreen(Screen[None]):
    """Chat on the left, session and memory on the right."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        Binding("f4", "next_pane", "next pane", id="pane.next"),
        Binding("escape", "cancel", "stop the answer", id="turn.cancel"),
    ]

    pane: reactive[str] = reactive("chat", init=False)

    def __init__(self, setting: Setting) -> None:
        super().__init__(classes="-pane-chat" + (" -stage" if setting.look.stage else ""))
        self._setting = setting
        self._desk: Desk | None = None
        self._hints = Hints()
        self._pacer: Pacer | None = None
        self._typed_early = ""
        self._sent_early: str | None = None
        self.handed_over = False
        """Whether another screen goes on with the agent when this one goes."""

    @property
    def _update_timer(self) -> Pacer:  # type: ignore[override]
        if self._pacer is None:
            self._pacer = Pacer(self._on_timer_update, self.app._handle_exception)
        return self._pacer

    def compose(self) -> ComposeResult:
        yield TopBar(self._setting)
        with Blank(id="panes"):
            with Blank(id="left"):
                yield Static(id="chat", classes="frame")
                yield Prompt()
                yield self._hints
            yield Static(FRAMES, id="right", classes="frame")

    def on_mount(self) -> None:
        prompt = self.query_one(Prompt)
        prompt.insert(self._typed_early)
        prompt.offer = self._setting.story[0] if self._setting.story else ""
        self.call_after_refresh(self.set_timer, FIRST_KEYS_S, self._begin)

    def _begin(self) -> None:
        self.run_worker(self._furnish(), group="furnish")

    async def _furnish(self) -> None:
        """After the first paint: the panels, and all that does something.

        Imported in a thread, so that keys are echoed meanwhile.
        """
        desk = await asyncio.to_thread(importlib.import_module, "travel_tui.tui.desk")
        try:
            self._desk = await desk.Desk.furnish(self, self._setting)
        except NoMatches:
            if self.is_attached and not (self._closing or self.app._closing):
                raise
            return  # the person has left already, and what was to be furnished is gone
        settle()
        if self._sent_early is not None:
            self._desk.submit(self._sent_early)

    async def on_unmount(self) -> None:
        if self._desk is not None:
            await self._desk.close(keep_agent=self.handed_over)

    def on_key(self, event: events.Key) -> None:
        """Whatever has the focus, what is typed goes to the prompt; also what is typed before there is one."""
        if not event.is_printable or not event.character or event.key in self.active_bindings:
            return
        event.stop()
        if self.is_mounted:
            self.pane = "chat"
            self.query_one(Prompt).focus().insert(event.character)
        else:
            self._typed_early += event.character

    def on_paste(self, event: events.Paste) -> None:
        """As with keys: what is pasted goes to the prompt, whatever has the focus."""
        event.stop()
        if self.is_mounted:
            self.pane = "chat"
            self.query_one(Prompt).focus().insert(event.text)
        else:
            self._typed_early += event.text

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        if self._desk is not None:
            self._desk.submit(event.text)
        elif self._sent_early is None:
            self._sent_early = event.text
        else:
            self.query_one(Prompt).put_back(event.text)

    def on_prompt_read(self, event: Prompt.Read) -> None:
        if self._desk is not None:
            self._desk.turn_page(event.pages)

    def action_cancel(self) -> None:
        if not (self._desk is not None and self._desk.turns.cancel()):
            self.pane = "chat"

    def action_command(self, command_id: str, argument: str = "") -> None:
        """Do what the registry has under that id."""
        if self._desk is not None:
            self._desk.do(command_id, argument)

    def leave(self) -> bool:
        """Whether this screen asks something before the application ends, and then ends it itself."""
        return self._desk is not None and self._desk.sessions.leave()

    def on_session_panel_end(self) -> None:
        self.action_command("session.end")

    def on_session_panel_new(self) -> None:
        self.action_command("session.new")

    def on_summary_card_read(self, event: SummaryCard.Read) -> None:
        if self._desk is not None:
            self._desk.read(event.session_id)

    def on_summary_card_forget(self, event: SummaryCard.Forget) -> None:
        if self._desk is not None:
            self._desk.forget(event.session_id)

    def on_memory_panel_grown(self) -> None:
        if self._desk is not None:
            self._desk.look_again()

    def on_memory_panel_forget_all(self) -> None:
        self.action_command("memory.forget")

    def on_id_line_copy(self, event: IdLine.Copy) -> None:
        from travel_tui.tui.clipboard import copy

        self.run_worker(copy(self.app, event.value, f"the {event.name}'s id"), group="copy")

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        for name, wanted in (("-narrow", width < NARROW), ("-wide", width >= WIDE), ("-small", small)):
            if self.has_class(name) != wanted:
                self.set_class(wanted, name)
        if small:
            self._say_too_small(width, height)
        self.hints()

    def _say_too_small(self, width: int, height: int) -> None:
        words = f"{width}×{height} is too small.\nPlease make it {SMALLEST[0]}×{SMALLEST[1]} or more."
        if found := self.query("#too-small"):
            found.first(Static).update(words)
        else:
            self.mount(Static(words, id="too-small", markup=False))

    def hints(self) -> None:
        """Say the keys that count now."""
        running = self._desk is not None and self._desk.turns.answering
        mine = self._setting.look.keys
        ready = {"prompt.send": ("enter", "send"), "prompt.newline": ("ctrl+j", "new line")}
        ready |= {"session.end": ("", "end session"), "session.new": ("", "new session")}
        shown = {"turn.cancel": ("escape", "stop")} if running else ready
        if self.has_class("-narrow"):
            shown = {**shown, "pane.next": ("f4", "panes")}
        self._hints.show([f"{shown_key(name, mine, usual)} {does}" for name, (usual, does) in shown.items()])

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
        if self._desk is not None:
            self._desk.look_again()


class Hints(Static):
    """The keys that count now, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__(id="hints")
        self._keys: list[str] = []

    def show(self, keys: list[str]) -> None:
        """Show these; where there is little room, the last of them."""
        self._keys = keys
        self.refresh()

    def render(self) -> Content:
        keys, room = self._keys, self.size.width
        if len("   ".join(keys)) > room:
            keys = [key.replace(" session", "").replace("new line", "line") for key in keys]
        while len("   ".join(keys)) > room and len(keys) > 1:
            keys = keys[1:]  # who writes knows those; F1 has them all
        return Content("   ".join(keys))


class TopBar(Static):
    """Whose agent on the left, whose memory on the right."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(id="top")
        muted = "$foreground-muted"
        dot = ("  ·  ", muted)
        self._whose = Content.assemble(
            ("travel-tui", "bold"), dot, one_line(setting.title), dot, (one_line(setting.place), "$text-success")
        )
        self._who = Content.assemble(("user ", muted), one_line(setting.memory_id, 24), ("   F1 keys", muted))

    def render(self) -> Content:
        room = max(0, self.size.width - self._who.cell_length - 2)
        whose = self._whose.truncate(room, ellipsis=True)
        return whose + " " * (room - whose.cell_length + 2) + self._who
