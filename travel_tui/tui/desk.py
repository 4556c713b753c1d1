"""What happens on the main screen: turns, sessions and memories, between the talk and the widgets."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Coroutine
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical

from travel_tui.agent import AgentError, MemoryInjected, Trouble, TurnCompleted, TurnFailed
from travel_tui.tui.setting import END, NEW, Setting
from travel_tui.tui.story import Story
from travel_tui.tui.talk import Talk, trouble_of
from travel_tui.tui.text import clock_time, count, one_line, short_id
from travel_tui.tui.views import LOOKING, LifeView, MemoryView, life_view, memory_view
from travel_tui.tui.widgets.chat import Chat
from travel_tui.tui.widgets.memory_panel import MemoryPanel
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.session_panel import SessionPanel
from travel_tui.tui.widgets.tab_strip import TabStrip

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.worker import Worker

    from travel_tui.conversation import Conversation
    from travel_tui.tui.screens.main import MainScreen
    from travel_tui.tui.widgets.turn import AgentTurn

STEPS = {
    END: "F2 ends the session, and its memory is made",
    NEW: "F3 begins a new session, once the memory is there",
}
OUT_OF_SIGHT_S = 300.0
"""Without focus for so long, nobody reads the panel."""
STAGES = ("open", "ended", "summarising", "stored")
STILL_ANSWERING = "The agent is still answering. Escape stops it."


class Desk:
    """Everything behind the main screen's frame. Its verbs return at once; what they start runs on."""

    def __init__(
        self, screen: MainScreen, setting: Setting, panels: tuple[Chat, SessionPanel, MemoryPanel, TabStrip]
    ) -> None:
        self._screen = screen
        self._setting = setting
        self._chat, self._session, self._memory, self._tabs = panels
        self._prompt = screen.query_one(Prompt)
        self._story = Story(setting.story)
        self._talk = Talk(setting, self.look_again, self._say)
        self._turn: Worker[None] | None = None
        self._ending = False
        self._out_of_sight: Timer | None = None
        self._drawing = False

    @classmethod
    async def furnish(cls, screen: MainScreen, setting: Setting) -> Desk:
        """Put the panels in their frames and begin."""
        chat = Chat()
        session = SessionPanel(setting.title, setting.address, setting.place, setting.memory_id)
        memory = MemoryPanel(setting.memory_id)
        tabs = TabStrip()
        with screen.app.batch_update():
            await screen.query(".frame").remove()
            await screen.query_one("#left").mount(chat, before=0)
            await screen.query_one("#panes").mount(Vertical(session, memory, id="right"))
            await screen.mount(tabs, after="#top")
        tabs.show(screen.pane, {})
        session.show("", LifeView())
        await memory.show(MemoryView("", LOOKING, ()))
        desk = cls(screen, setting, (chat, session, memory, tabs))
        desk._start(desk._open(), "open")
        return desk

    def _say(self, trouble: Trouble) -> None:
        """Say in the chat what went wrong outside a turn."""
        self._start(self._chat.notice(trouble), "notice")

    def _start(self, work: Coroutine[Any, Any, None], group: str) -> Worker[None]:
        return self._screen.run_worker(work, group=group, exit_on_error=True)

    async def _open(self) -> None:
        for name in ("travel_tui.archive", "travel_tui.memory.watcher", "travel_tui.tui.widgets.turn"):
            await asyncio.to_thread(importlib.import_module, name)
        from travel_tui.archive import ArchiveError

        try:
            await self._talk.open()
        except ArchiveError as error:
            await self._chat.notice(trouble_of(error))
        else:
            if self._talk.notice:
                self._screen.notify(self._talk.notice, markup=False, severity="warning", timeout=20)
        self._screen.set_interval(1, self.look_again)
        self._screen.watch(self._screen.app, "app_focus", self._focus_changed)
        self._offer()
        self.look_again()

    def _focus_changed(self, focused: bool) -> None:
        """Look for memories no more while the terminal has long been out of sight."""
        if self._out_of_sight is not None:
            self._out_of_sight.stop()
            self._out_of_sight = None
        if (watcher := self._talk.watcher) is None:
            return
        if focused:
            watcher.resume()
        else:
            self._out_of_sight = self._screen.set_timer(OUT_OF_SIGHT_S, watcher.pause)

    async def close(self) -> None:
        """Close what the talk opened."""
        await self._talk.close()

    @property
    def answering(self) -> bool:
        """Whether a turn is under way."""
        return self._turn is not None

    def submit(self) -> None:
        """Send what stands in the prompt."""
        if self.answering:
            self._screen.notify(STILL_ANSWERING, markup=False)
        else:
            self.send(self._prompt.take())

    def send(self, text: str) -> None:
        """Send `text` as a turn."""
        self._turn = self._start(self._send(text), "turn")
        self._screen.hints()

    async def _send(self, text: str) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.widgets.turn import AgentTurn, UserTurn

        setting = self._setting
        at = clock_time(setting.clock.shown(setting.clock.now()))
        turn = AgentTurn(at, setting.clock.counter)
        whole = False
        try:
            await self._chat.begin(UserTurn(text, at), turn)
            conversation = await self._talk.open()
            if conversation.ended_at is not None:
                conversation = await self._talk.begin()
                self._story.began()
            whole = await self._answer(conversation, text, turn)
            if conversation.unsaved is not None:
                await self._chat.notice(conversation.unsaved)
        except ArchiveError as error:
            turn.fail(trouble_of(error))
        finally:
            self._talk.heard()
            if turn.answering:
                turn.cancelled()
            if whole:
                self._story.said(text)
            else:
                self._prompt.give_back(text)
            self._turn = None
            self._screen.hints()
            self._offer()
            self.look_again()

    async def _answer(self, conversation: Conversation, text: str, turn: AgentTurn) -> bool:
        """Show the events of a turn as they come; whether the answer is whole."""
        whole = False
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
        return whole

    def _used(self, synopsis: str, turn: AgentTurn) -> None:
        from travel_tui.memory.attribution import injected

        watcher = self._talk.watcher
        if watcher is not None:
            self._talk.used = frozenset(injected(synopsis, watcher.view.summaries))
            turn.used(len(self._talk.used))
            self.look_again()

    def cancel(self) -> bool:
        """Stop the answer that is coming; False where none is."""
        if self._turn is None:
            return False
        self._turn.cancel()
        return True

    def end(self) -> None:
        """End the session."""
        conversation = self._talk.conversation
        if self.answering:
            self._screen.notify(STILL_ANSWERING, markup=False)
        elif self._ending or conversation is None or not conversation.turns or conversation.ended_at is not None:
            self._screen.notify("There is no open session to end. Say something first.", markup=False)
        else:
            self._ending = True
            self._start(self._end(), "end")

    async def _end(self) -> None:
        try:
            await self._talk.end()
            self._story.ended()
        except AgentError as error:
            await self._chat.notice(error.trouble)
        finally:
            self._ending = False
            self._offer()
            self.look_again()

    def new(self) -> None:
        """Begin a new session."""
        if self.answering:
            self._screen.notify(STILL_ANSWERING, markup=False)
        else:
            self._start(self._new(), "end")

    async def _new(self) -> None:
        conversation = self._talk.conversation
        if conversation is not None and conversation.turns:
            conversation = await self._talk.begin()
            await self._chat.rule(f"New session {short_id(conversation.session_id)}")
            self._story.began()
        self._screen.pane = "chat"
        self._prompt.focus()
        self._offer()

    def look(self) -> None:
        """Look for memories now."""
        if self._talk.watcher is not None:
            self._talk.watcher.poll_now()

    def forget(self, session_id: str | None) -> None:
        """Ask, then delete one session's summary or all."""
        if session_id is not None:
            question = f"Forget session {short_id(session_id)}?"
            details = f"The agent will no longer know what was said in session {session_id}."
        else:
            number = len(self._talk.watcher.view.summaries) if self._talk.watcher else 0
            question = f"Forget everything about {one_line(self._setting.memory_id, 40)}?"
            details = (
                f"This deletes {count(number, 'summary', 'summaries')} from the agent's memory. "
                "The archive here keeps what it saw."
            )
        self._start(self._forget(session_id, question, details), "forget")

    async def _forget(self, session_id: str | None, question: str, details: str) -> None:
        from travel_tui.tui.screens.confirm import Confirm

        if await self._screen.app.push_screen_wait(Confirm(question, details, "Forget")):
            try:
                await self._talk.forget(session_id)
            except AgentError as error:
                await self._chat.notice(error.trouble)

    def _offer(self) -> None:
        self._prompt.offer = one_line(self._story.line, 400)
        self._prompt.step = STEPS.get(self._story.step or "", "")

    def look_again(self) -> None:
        """Draw the panels again soon, once for however many reasons."""
        if not self._drawing and self._screen.is_attached:
            self._drawing = True
            self._screen.call_later(self._draw)

    async def _draw(self) -> None:
        self._drawing = False
        conversation, watcher = self._talk.conversation, self._talk.watcher
        if conversation is None or watcher is None:
            return
        view, clock = watcher.view, self._setting.clock
        life = life_view(conversation, view, self._setting, self._talk.last_at, self._talk.usual_summary_s)
        memory = memory_view(view, clock, self._talk.used)
        self._session.show(conversation.session_id, life)
        await self._memory.show(memory)
        stage = "" if life.station < 0 else "overdue" if life.overdue else STAGES[life.station]
        fresh = sum(card.new for card in memory.cards)
        words = {"session": stage, "memory": f"{fresh} new" if fresh else str(len(memory.cards) or "")}
        self._tabs.show(self._screen.pane, words)
