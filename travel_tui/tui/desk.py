"""What happens on the main screen: turns, sessions and memories, between the talk and the widgets."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from travel_tui.agent import AgentError, Trouble
from travel_tui.tui.again import Again
from travel_tui.tui.cards import Cards
from travel_tui.tui.commands import like, named, shown_key
from travel_tui.tui.config_file import ConfigFile
from travel_tui.tui.find import Find
from travel_tui.tui.garbage import tidy
from travel_tui.tui.records import Records
from travel_tui.tui.room import Room
from travel_tui.tui.sessions import Sessions
from travel_tui.tui.setting import END, NEW, Setting
from travel_tui.tui.story import Story
from travel_tui.tui.talk import Talk, trouble_of
from travel_tui.tui.text import count, one_line, short_id
from travel_tui.tui.turns import Turns
from travel_tui.tui.users import Users
from travel_tui.tui.views import LOOKING, LifeView, MemoryView, life_view, memory_view
from travel_tui.tui.widgets.chat import Chat
from travel_tui.tui.widgets.memory_panel import MemoryPanel
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.session_panel import SessionPanel
from travel_tui.tui.widgets.tab_strip import TabStrip

if TYPE_CHECKING:
    from textual.timer import Timer

    from travel_tui.tui.screens.main import MainScreen

STEPS = {
    END: ("session.end", "ends the session, and its memory is made"),
    NEW: ("session.new", "begins a new session, once the memory is there"),
}
OUT_OF_SIGHT_S = 300.0
"""Without focus for so long, nobody reads the panel."""
STAGES = ("open", "ended", "summarising", "stored")


class Desk:
    """Everything behind the main screen's frame: `turns`, `sessions`, and the panels that show them."""

    def __init__(
        self, screen: MainScreen, setting: Setting, panels: tuple[Chat, SessionPanel, MemoryPanel, TabStrip]
    ) -> None:
        self._screen = screen
        self._setting = setting
        self._chat, self._session, self._memory, self._tabs = panels
        self._talk = Talk(setting, self.look_again, self._say)
        self._story = Story(setting.story)
        self._prompt = screen.query_one(Prompt)
        self.room = Room(screen, setting, self._talk, self._story, self._chat, self._prompt, self.look_again)
        self.turns = Turns(self.room)
        self.sessions = Sessions(self.room, lambda: self.turns.answering, self.turns.answered)
        self.users = Users(self.room, self.sessions)
        self.records = Records(self.room, self.turns)
        self.again = Again(self.room, self.turns, self.sessions)
        self.verbs: dict[str, Callable[[str], object]] = {
            "session.end": lambda _: self.sessions.end(),
            "session.new": lambda _: self.sessions.new(),
            "turn.retry": lambda _: self.turns.retry(),
            "turn.edit": lambda _: self.turns.edit(),
            "copy": lambda what: self.room.start(self._copy(what or "answer"), "copy"),
            "turn.trace": lambda _: self.turns.trace(),
            "session.attributes": lambda _: self.room.start(self._attributes(), "attributes"),
            "user.choose": self.users.choose,
            "screen.stage": lambda _: self._stage(),
            "chat.find": Find(self.room),
            "memory.look": lambda _: self.look(),
            "memory.filter": self._filter,
            "memory.pause": lambda _: self._pause(),
            "memory.history": lambda _: self.room.start(self._history(), "history"),
            "memory.why": self._why,
            "session.resume": lambda _: self.again.resume(),
            "twin": self.again.twin,
            "turn.note": self.records.note,
            "turn.fact": self.records.fact,
            "turn.expect": self.records.expect,
            "recall.save": self.records.save,
            "sessions.past": self.records.past,
            "export": self.records.export,
            "open": self.records.open,
            "memory.forget": lambda _: self.forget(None),
        }
        self._config = ConfigFile(setting.look.config, self.room.notify)
        self._out_of_sight: Timer | None = None
        self._resting = False
        self._drawing = False
        self._written, self._quiet_s = "", 0
        self._cards = Cards()
        self._wanted = ""
        self._told: frozenset[str] = frozenset()

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
        desk.room.start(desk._open(), "open")
        return desk

    def _say(self, trouble: Trouble) -> None:
        self.room.say(trouble)

    async def _open(self) -> None:
        for name in ("travel_tui.archive", "travel_tui.memory.watcher", "travel_tui.tui.widgets.agent_turn"):
            await asyncio.to_thread(importlib.import_module, name)
        from travel_tui.archive import ArchiveError

        try:
            await self._talk.open()
        except ArchiveError as error:
            await self._chat.notice(trouble_of(error))
        else:
            written, draft = await self._talk.written()
            self._prompt.remember(written, draft)
            if self._talk.notice:
                self._screen.notify(self._talk.notice, markup=False, severity="warning", timeout=20)
        self._screen.set_interval(1, self._tick)
        self._screen.watch(self._screen.app, "app_focus", self._focus_changed)
        self.look_again()

    def _stage(self) -> None:
        self._screen.toggle_class("-stage")
        for line in self._screen.query("IdLine"):
            line.refresh()  # ids are shorter there

    def _tick(self) -> None:
        written, self._written = self._written, self._prompt.text
        self._quiet_s = 0 if self.turns.answering or self._written != written else self._quiet_s + 1
        tidy(self._quiet_s)
        self.sessions.idle()
        self._talk.keep_draft(self._prompt.text)
        self._config.look()
        self.look_again()

    def _focus_changed(self, focused: bool) -> None:
        """Look for memories no more while the terminal has long been out of sight."""
        if self._out_of_sight is not None:
            self._out_of_sight.stop()
            self._out_of_sight = None
        if (watcher := self._talk.watcher) is None:
            return
        if not focused:
            self._out_of_sight = self._screen.set_timer(OUT_OF_SIGHT_S, self._rest)
        elif self._resting:
            self._resting = False
            watcher.resume()

    def _rest(self) -> None:
        """Pause until the terminal is in sight again; what the person paused stays paused then."""
        watcher = self._talk.watcher
        if watcher is not None and not watcher.view.paused:
            self._resting = True
            watcher.pause()

    async def close(self, *, keep_agent: bool = False) -> None:
        """Close what the talk opened; the agent not, where another screen goes on with it."""
        self._talk.keep_draft(self._prompt.text)
        await self._talk.close(keep_agent=keep_agent)

    def do(self, command_id: str, argument: str = "") -> None:
        """Do what the registry has under that id."""
        self.verbs[command_id](argument)

    def submit(self, text: str) -> None:
        """Send a message, or do what one that begins with a slash names; two slashes send what follows the first."""
        if not text.startswith("/") or text.startswith("//"):
            self.turns.submit(text.removeprefix("/") if text.startswith("//") else text)
            return
        name, _, argument = text[1:].partition(" ")
        if (command := named(name.strip())) is not None:
            self.do(command.id, argument.strip())
        else:
            self._prompt.put_back(text)
            known = ", ".join(f"/{each}" for each in like(name))
            self.room.notify(
                f"There is no /{name}. {'Did you mean ' + known + '? ' if known else ''}F1 lists them all."
            )

    async def _attributes(self) -> None:
        from travel_tui.tui.screens.attributes import Attributes

        talk = self._talk
        dialog = Attributes(talk.session_attributes, talk.prompt_attributes)
        if (kept := await self._screen.app.push_screen_wait(dialog)) is not None:
            talk.session_attributes, talk.prompt_attributes = kept
            self.look_again()

    async def _copy(self, what: str) -> None:
        from travel_tui.tui.clipboard import copy
        from travel_tui.tui.markdown import code_blocks

        answer = self.turns.last[1].text if self.turns.last else ""
        conversation = self._talk.conversation
        match what:
            case "answer":
                text = answer
            case "code":
                text = "\n".join(code_blocks(answer))
            case "session":
                text = conversation.session_id if conversation else ""
            case "memory":
                text = self._setting.memory_id
            case _:
                self.room.notify(f"There is no {what} to copy: say code, session or memory, or nothing for the answer.")
                return
        if text:
            await copy(self._screen.app, text, f"the {what}")
        else:
            self.room.notify(f"There is no {what} to copy yet.")

    def turn_page(self, pages: int) -> None:
        """Read on in the conversation, or back."""
        if pages < 0:
            self._chat.action_page_up()
        else:
            self._chat.action_page_down()

    def look(self) -> None:
        """Look for memories now."""
        if self._talk.watcher is not None:
            self._talk.watcher.poll_now()

    def _filter(self, words: str) -> None:
        self._wanted = words
        if words:
            self._screen.pane = "memory"
        self.look_again()

    def _pause(self) -> None:
        if (watcher := self._talk.watcher) is not None:
            self._resting = False
            (watcher.resume if watcher.view.paused else watcher.pause)()
            self.look_again()

    async def _history(self) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.insights import history
        from travel_tui.tui.screens.reader import Reader

        try:
            paragraphs, plain = history(await self._talk.history(), self._setting.clock)
        except ArchiveError as error:
            await self._chat.notice(trouble_of(error))
            return
        title = f"What changed in the memory of {one_line(self._setting.memory_id, 40)}"
        await self._screen.app.push_screen(Reader(title, paragraphs or [Content("Nothing was seen yet.")], plain))

    def read(self, session_id: str) -> None:
        """Show a summary as the service has it."""
        from travel_tui.tui.insights import as_it_came
        from travel_tui.tui.screens.reader import Reader

        summaries = self._talk.watcher.view.summaries if self._talk.watcher else ()
        for summary in summaries:
            if summary.session_id == session_id:
                self._screen.app.push_screen(Reader(f"Session {one_line(session_id)}", *as_it_came(summary)))

    def _why(self, words: str) -> None:
        from travel_tui.memory.why import why

        last = self.turns.last
        if not words or last is None:
            self.room.notify("Ask something first, then /why WORDS says where recall of these words ended.")
            return
        summaries = (
            {each.session_id: each.text for each in self._talk.watcher.view.summaries} if self._talk.watcher else {}
        )
        today = self._setting.clock.now().date()
        reason = why(words, summaries, self.turns.synopsis, last[1].text, today)
        where = f" (session {short_id(reason.session_id)})" if reason.session_id else ""
        self._screen.notify(f"{one_line(words, 60)}: {reason.verdict}{where}.", markup=False, timeout=15)

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
        self.room.start(self._forget(session_id, question, details), "forget")

    async def _forget(self, session_id: str | None, question: str, details: str) -> None:
        from travel_tui.tui.screens.ask import Ask

        answers = {"keep": "Keep", "forget": "Forget"}
        if await self._screen.app.push_screen_wait(Ask(question, details, answers, risky="forget")) == "forget":
            try:
                await self._talk.forget(session_id)
            except AgentError as error:
                await self._chat.notice(error.trouble)

    def _offer(self) -> None:
        self._prompt.offer = one_line(self._story.line, 400)
        command_id, words = STEPS.get(self._story.step or "", ("", ""))
        self._prompt.step = f"{shown_key(command_id, self._setting.look.keys)} {words}" if words else ""

    def look_again(self) -> None:
        """Draw the panels again soon, once for however many reasons."""
        if not self._drawing and self._screen.is_attached:
            self._drawing = True
            self._screen.call_later(self._draw)

    def _tell_of_news(self, new: frozenset[str]) -> None:
        """Say that a summary has come where the panel that shows it is out of sight."""
        if (arrived := new - self._told) and not self._memory.is_on_screen:
            sessions = ", ".join(map(short_id, sorted(arrived)))
            self.room.notify(f"The memory of session {sessions} is there. F4 goes to it.")
        self._told = new

    async def _draw(self) -> None:
        self._drawing = False
        self._offer()
        conversation, watcher = self._talk.conversation, self._talk.watcher
        if conversation is None or watcher is None:
            return
        view, clock = watcher.view, self._setting.clock
        life = life_view(conversation, view, self._setting, self._talk.last_at, self._talk.usual_summary_s)
        cards = self._cards.of(view, clock, self._talk.used, self._talk.insights.by_session, self._wanted)
        memory = memory_view(view, clock, cards, self._wanted)
        self._session.show(conversation.session_id, life, self._talk.attributes)
        await self._memory.show(memory)
        self._talk.look_into(self._memory.mounted)
        stage = "" if life.station < 0 else "overdue" if life.overdue else STAGES[life.station]
        fresh = sum(card.new for card in memory.cards)
        self._tell_of_news(view.new)
        words = {"session": stage, "memory": f"{fresh} new" if fresh else str(len(memory.cards) or "")}
        self._tabs.show(self._screen.pane, words)
