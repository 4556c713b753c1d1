"""The screen that everything happens on: chat, session, memory."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker

from travel_tui.agent import AgentError, MemoryInjected, TurnCompleted, TurnFailed
from travel_tui.tui.setting import END, NEW, Setting
from travel_tui.tui.story import Story
from travel_tui.tui.talk import Talk, trouble_of
from travel_tui.tui.text import clock_time, count, one_line, short_id
from travel_tui.tui.widgets.chat import Chat
from travel_tui.tui.widgets.memory_panel import MemoryPanel
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.session_panel import IdLine, SessionPanel
from travel_tui.tui.widgets.summary_card import SummaryCard
from travel_tui.tui.widgets.tab_strip import PANES, TabStrip
from travel_tui.tui.widgets.turn import AgentTurn, UserTurn

if TYPE_CHECKING:
    from travel_tui.conversation import Conversation

NARROW = 100
"""Below so many columns the right column becomes tabs."""
SMALLEST = (40, 12)
"""Columns and rows below which the screen says so instead of showing pieces of words."""
STEPS = {
    END: "F2 ends the session, and its memory is made",
    NEW: "F3 begins a new session, once the memory is there",
}
STAGES = ("open", "ended", "summarising", "stored")


class MainScreen(Screen[None]):
    """Chat on the left, session and memory on the right."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "end_session", "end session", id="session.end"),
        Binding("f3", "new_session", "new session", id="session.new"),
        Binding("f4", "next_pane", "next pane", id="pane.next"),
        Binding("f5", "look", "look for memories", id="memory.look"),
        Binding("escape", "cancel", "cancel", id="turn.cancel"),
    ]

    COMMANDS_OFFERED = (
        ("end_session", "End session", "End the session, so that its memory is made"),
        ("new_session", "New session", "Begin a session that knows only what is remembered"),
        ("look", "Look for memories", "Poll the agent's memory now"),
    )

    pane: reactive[str] = reactive("chat", init=False)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._story = Story(setting.story)
        self._talk = Talk(setting, self._look_again)
        self._turn: Worker[None] | None = None
        self._panels_due = False
        self._ending = False

    def compose(self) -> ComposeResult:
        setting = self._setting
        with Horizontal(id="top"):
            yield Static(_whose(setting), id="whose")
            yield Static(_who(setting), id="who")
        yield TabStrip()
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Chat()
                yield Prompt()
                yield Static(id="hints", markup=False)
            with Vertical(id="right"):
                yield SessionPanel(setting.title, setting.address, setting.place, setting.memory_id)
                yield MemoryPanel(setting.memory_id)
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        self.call_after_refresh(self._open)
        self.add_class("-pane-chat")
        self.query_one(TabStrip).show(self.pane, {})
        self._offer()
        self._hints()

    @work(group="open", exit_on_error=True)
    async def _open(self) -> None:
        from travel_tui.archive import ArchiveError

        try:
            await self._talk.open()
        except ArchiveError as error:
            await self.query_one(Chat).notice(trouble_of(error))
        else:
            if self._talk.notice:
                self.notify(self._talk.notice, markup=False, severity="warning", timeout=20)
        self.set_interval(1, self._look_again)
        self._look_again()

    async def on_unmount(self) -> None:
        await self._talk.close()

    # what the person does

    @on(Prompt.Submitted)
    def _submitted(self, event: Prompt.Submitted) -> None:
        if self._turn is not None and self._turn.is_running:
            self.notify("The agent is still answering. Escape stops it.", markup=False)
            return
        self._turn = self._send(self.query_one(Prompt).take())

    @work(group="turn", exit_on_error=True)
    async def _send(self, text: str) -> None:
        from travel_tui.archive import ArchiveError

        setting, chat = self._setting, self.query_one(Chat)
        at = clock_time(setting.clock.shown(setting.clock.now()))
        turn = AgentTurn(at, setting.clock.counter)
        answered = False
        await chat.begin(UserTurn(text, at), turn)
        self._hints()
        try:
            conversation = await self._talk.open()
            if conversation.ended_at is not None:
                conversation = await self._talk.begin()
                self._story.began()
            answered = await self._answer(conversation, text, turn)
        except ArchiveError as error:
            turn.fail(trouble_of(error))
        finally:
            if answered:
                self._story.said(text)
            else:
                self.query_one(Prompt).give_back(text)
            self._turn = None
            self._hints()
            self._offer()
            self._look_again()

    async def _answer(self, conversation: Conversation, text: str, turn: AgentTurn) -> bool:
        whole = False
        try:
            async with aclosing(conversation.send(text)) as stream:
                async for event in stream:
                    turn.take(event)
                    match event:
                        case MemoryInjected(synopsis):
                            self._used(synopsis, turn)
                        case TurnCompleted():
                            turn.complete()
                            whole = True
                        case TurnFailed(trouble):
                            turn.fail(trouble)
        finally:
            self._talk.heard()
            if not whole and turn.answering:
                turn.cancelled()
        return whole

    def _used(self, synopsis: str, turn: AgentTurn) -> None:
        from travel_tui.memory.attribution import injected

        watcher = self._talk.watcher
        if watcher is not None:
            self._talk.used = frozenset(injected(synopsis, watcher.view.summaries))
            turn.used(len(self._talk.used))
            self._look_again()

    def action_cancel(self) -> None:
        if self._turn is not None and self._turn.is_running:
            self._turn.cancel()
        elif self.pane != "chat":
            self.pane = "chat"

    @on(SessionPanel.End)
    def action_end_session(self) -> None:
        conversation = self._talk.conversation
        if self._ending or conversation is None or not conversation.turns or conversation.ended_at is not None:
            self.notify("There is no open session to end. Say something first.", markup=False)
        elif self._turn is not None:
            self.notify("The agent is still answering. Escape stops it.", markup=False)
        else:
            self._end()

    @work(group="end", exit_on_error=True)
    async def _end(self) -> None:
        self._ending = True
        try:
            await self._talk.end()
            self._story.ended()
        except AgentError as error:
            await self.query_one(Chat).notice(error.trouble)
        finally:
            self._ending = False
            self._offer()
            self._look_again()

    @on(SessionPanel.New)
    def action_new_session(self) -> None:
        if self._turn is not None:
            self.notify("The agent is still answering. Escape stops it.", markup=False)
        else:
            self._new()

    @work(group="end", exit_on_error=True)
    async def _new(self) -> None:
        conversation = self._talk.conversation
        if conversation is not None and conversation.turns:
            conversation = await self._talk.begin()
            await self.query_one(Chat).rule(f"New session {short_id(conversation.session_id)}")
            self._story.began()
        self.pane = "chat"
        self.query_one(Prompt).focus()
        self._offer()

    def action_look(self) -> None:
        if self._talk.watcher is not None:
            self._talk.watcher.poll_now()

    @on(SummaryCard.Forget)
    def _forget_one(self, event: SummaryCard.Forget) -> None:
        self._forget(
            event.session_id,
            f"Forget session {short_id(event.session_id)}?",
            f"The agent will no longer know what was said in session {event.session_id}.",
        )

    @on(MemoryPanel.ForgetAll)
    def _forget_all(self) -> None:
        watcher = self._talk.watcher
        number = len(watcher.view.summaries) if watcher else 0
        self._forget(
            None,
            f"Forget everything about {one_line(self._setting.memory_id, 40)}?",
            f"This deletes {count(number, 'summary', 'summaries')} from the agent's memory. "
            "The archive here keeps what it saw.",
        )

    @work(group="forget", exit_on_error=True)
    async def _forget(self, session_id: str | None, question: str, details: str) -> None:
        from travel_tui.tui.screens.confirm import Confirm

        if await self.app.push_screen_wait(Confirm(question, details, "Forget")):
            try:
                await self._talk.forget(session_id)
            except AgentError as error:
                await self.query_one(Chat).notice(error.trouble)

    @on(IdLine.Copy)
    def _copy(self, event: IdLine.Copy) -> None:
        self.app.copy_to_clipboard(event.value)
        self.notify(f"Sent to the terminal's clipboard: {event.value}", markup=False)

    # what the screen shows

    def _offer(self) -> None:
        prompt = self.query_one(Prompt)
        prompt.offer = one_line(self._story.line, 400)
        prompt.step = STEPS.get(self._story.step or "", "")

    def _hints(self) -> None:
        running = self._turn is not None
        keys = ["esc stop"] if running else ["enter send", "^j new line", "F2 end session", "F3 new session"]
        if self.has_class("-narrow"):
            keys.append("F4 panes")
        self.query_one("#hints", Static).update("   ".join(keys))

    def _look_again(self) -> None:
        """Draw the panels again soon, once for however many reasons."""
        if not self._panels_due and self.is_mounted:
            self._panels_due = True
            self.call_later(self._show_panels)

    async def _show_panels(self) -> None:
        from travel_tui.tui.views import life_view, memory_view

        self._panels_due = False
        conversation, watcher = self._talk.conversation, self._talk.watcher
        if conversation is None or watcher is None:
            return
        view = watcher.view
        life = life_view(conversation, view, self._setting.clock, self._setting.idle_limit_s, self._talk.last_at)
        memory = memory_view(view, self._setting.clock, self._talk.used)
        self.query_one(SessionPanel).show(conversation.session_id, life)
        await self.query_one(MemoryPanel).show(memory)
        stage = "" if life.station < 0 else "overdue" if life.overdue else STAGES[life.station]
        fresh = sum(card.new for card in memory.cards)
        words = {"session": stage, "memory": f"{fresh} new" if fresh else str(len(memory.cards) or "")}
        self.query_one(TabStrip).show(self.pane, words)

    # the window

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(width < NARROW, "-narrow")
        self.set_class(width >= 160, "-wide")
        self.set_class(small, "-small")
        self._hints()
        if small:
            self.query_one("#too-small", Static).update(
                f"{width}×{height} is too small.\nPlease make it {SMALLEST[0]}×{SMALLEST[1]} or more."
            )

    @on(TabStrip.Chosen)
    def _chosen(self, event: TabStrip.Chosen) -> None:
        self.pane = event.pane

    def action_next_pane(self) -> None:
        self.pane = PANES[(PANES.index(self.pane) + 1) % len(PANES)]

    def watch_pane(self, pane: str) -> None:
        for name in PANES:
            self.set_class(name == pane, f"-pane-{name}")
        if pane == "chat":
            self.query_one(Prompt).focus()
        elif pane == "session":
            self.query_one("#new").focus()
        elif cards := self.query(SummaryCard):
            cards.first().focus()
        self._look_again()


def _whose(setting: Setting) -> Content:
    dot = ("  ·  ", "$foreground-muted")
    return Content.assemble(
        ("travel-tui", "bold"), dot, one_line(setting.title), dot, (one_line(setting.place), "$text-success")
    )


def _who(setting: Setting) -> Content:
    return Content.assemble(
        ("user ", "$foreground-muted"), one_line(setting.memory_id, 24), ("   F1 keys", "$foreground-muted")
    )
