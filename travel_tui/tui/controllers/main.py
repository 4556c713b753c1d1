"""Controller of the main screen: runs commands and updates the panels from the conversation service."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter
from typing import TYPE_CHECKING

from textual.containers import Vertical

from travel_tui.agent import Problem
from travel_tui.conversation.memory_labels import deleted
from travel_tui.conversation.memory_tracker import sessions_in
from travel_tui.conversation.memory_words import memory_words
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.text import one_line, rough, short_id
from travel_tui.tui.commands import Argument, Command, by_id, shown_key
from travel_tui.tui.config_watcher import ConfigWatcher
from travel_tui.tui.context import END, NEW, AppContext
from travel_tui.tui.controllers.archive import ArchiveController
from travel_tui.tui.controllers.base import ScreenFeedback
from travel_tui.tui.controllers.clipboard import ClipboardController
from travel_tui.tui.controllers.compare import CompareController
from travel_tui.tui.controllers.memory import MemoryController
from travel_tui.tui.controllers.memory_browser import MemoryBrowserController
from travel_tui.tui.controllers.notes import NotesController
from travel_tui.tui.controllers.recall_diagnosis import RecallDiagnosisController
from travel_tui.tui.controllers.resume import ResumeController
from travel_tui.tui.controllers.search import SearchController
from travel_tui.tui.controllers.sessions import SessionController
from travel_tui.tui.controllers.sources import SourcesController
from travel_tui.tui.controllers.turns import TurnController
from travel_tui.tui.controllers.users import UserController
from travel_tui.tui.demo_script import DemoScript
from travel_tui.tui.messages import UserChosen
from travel_tui.tui.rendering.gc_tuning import collect_when_idle
from travel_tui.tui.session_life import empty_note, session_life, used_label
from travel_tui.tui.slash_commands import SlashError, missing, parse, typed
from travel_tui.tui.summary_cards import SummaryCards
from travel_tui.tui.view_models import LOADING, NOT_LOADED, Cards, MemoryView, SessionLifeView, memory_view
from travel_tui.tui.widgets.chat.chat import Chat
from travel_tui.tui.widgets.command_list import SlashCommandList
from travel_tui.tui.widgets.memory.memory_panel import MemoryPanel
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.session.session_panel import SessionPanel
from travel_tui.tui.widgets.tab_strip import TabStrip
from travel_tui.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from travel_tui.memory.watcher import MemorySnapshot
    from travel_tui.tui.screens.main import MainScreen

OUT_OF_SIGHT_S = 300.0
"""Seconds without terminal focus after which memory polling pauses."""


class MainController:
    """Runs the commands of the main screen and draws its panels; owns the controllers of turns, sessions etc."""

    def __init__(
        self, screen: MainScreen, app_context: AppContext, panels: tuple[Chat, SessionPanel, MemoryPanel, TabStrip]
    ) -> None:
        self._screen = screen
        self._app_context = app_context
        self._chat, self._session, self._memory, self._tabs = panels
        self._service = ConversationService(app_context, self.refresh_panels, self._show_problem)
        self._demo_script = DemoScript(app_context.demo_script)
        self._prompt = screen.query_one(Prompt)
        self._feedback = feedback = ScreenFeedback(screen, self._chat, self._prompt)
        service, chat, demo_script = self._service, self._chat, self._demo_script
        self.turns = TurnController(
            feedback,
            app_context,
            service,
            chat,
            self._prompt,
            demo_script,
            refresh_hints=screen.hints,
            refresh_panels=self.refresh_panels,
        )
        self.sessions = SessionController(
            feedback,
            service,
            chat,
            demo_script,
            ends_sessions=app_context.capabilities.ends_sessions,
            answering=lambda: self.turns.answering,
            answered=self.turns.answered,
            show_prompt=self._show_prompt,
            refresh_panels=self.refresh_panels,
            quit_app=screen.app.exit,
        )
        self.users = UserController(
            feedback,
            app_context,
            service,
            show_name=self._show_user,
            may_leave=self.sessions.confirm_close_open,
            switch=lambda memory_id: screen.post_message(UserChosen(memory_id)),
        )
        self.archive = ArchiveController(feedback, app_context, service, self._screenshot)
        self.notes = NotesController(feedback, app_context, service, self.turns)
        self.resume = ResumeController(
            feedback, app_context, service, chat, self.turns, self.sessions, self._show_prompt
        )
        self.compare = CompareController(feedback, app_context, service, self.turns)
        self.search = SearchController(feedback, chat)
        self.clipboard = ClipboardController(feedback, screen.app, app_context.memory_id, service, self.turns)
        self.memory = MemoryController(feedback, app_context, service, chat)
        self.records = MemoryBrowserController(feedback, app_context, service)
        self.recall_diagnosis = RecallDiagnosisController(feedback, app_context, service, self.turns)
        self.sources = SourcesController(feedback, chat, self._memory, self.archive.read_session)
        self._config = ConfigWatcher(app_context.ui_options.config, feedback.notify)
        self._unfocused_timer: Timer | None = None
        self._paused_unfocused = False
        self._drawing = False
        self._last_prompt_text, self._idle_s = "", 0
        self._cards = SummaryCards(used_label(app_context))
        self._filter_words = ""
        self._announced: frozenset[str] = frozenset()
        self._announced_deletions: set[str] = set()
        self._archive_failed = False

    @classmethod
    async def mount_panels(cls, screen: MainScreen, app_context: AppContext) -> MainController:
        """Replace the placeholder frames with the panels, create the controller and start it."""
        chat = Chat(memory_words(app_context.capabilities).after_end)
        session = SessionPanel(app_context.title, app_context.address, app_context.place_label, app_context.memory_id)
        memory = MemoryPanel(app_context.memory_id)
        tabs, commands = TabStrip(), SlashCommandList()
        with screen.app.batch_update():
            await screen.query(".frame").remove()
            await screen.query_one("#left").mount(chat, before=0)
            await screen.query_one("#left").mount(commands)
            await screen.query_one("#panes").mount(Vertical(session, memory, id="right"))
            await screen.mount(tabs, after="#top")
        screen.watch(screen.query_one(Prompt), "menu", commands.show)
        tabs.show(screen.pane, {})
        session.show("", SessionLifeView())
        await memory.show(MemoryView((), LOADING, Cards()))
        controller = cls(screen, app_context, (chat, session, memory, tabs))
        controller._feedback.run_worker(controller._open(), "open")
        return controller

    def _show_problem(self, problem: Problem) -> None:
        self._feedback.show_problem(problem)

    async def _open(self) -> None:
        for name in ("travel_tui.archive", "travel_tui.memory.watcher", "travel_tui.tui.widgets.chat.agent_turn"):
            await asyncio.to_thread(importlib.import_module, name)
        await self._open_archive()
        if self._app_context.no_chat is not None:
            await self._chat.notice(self._app_context.no_chat)
        self._screen.set_interval(1, self._tick)
        self._screen.watch(self._screen.app, "app_focus", self._focus_changed)
        self.refresh_panels()

    async def _open_archive(self) -> None:
        from travel_tui.archive import ArchiveError

        try:
            await self._service.open()
        except ArchiveError as error:
            await self._chat.notice(problem_of(error))
            await self._memory.show(MemoryView((), NOT_LOADED, Cards(), problem=True))
            self._archive_failed = True
            return
        written, draft = await self._service.prompt_history()
        self._prompt.remember([typed(each) for each in written], draft)
        if self._service.notice:
            await self._chat.show_result(self._service.notice)
        self.resume.show_open_count()
        with suppress(ArchiveError):  # the memory id is shown already
            await self.users.show_current()

    def _show_user(self, name: str) -> None:
        for bar in self._screen.query(TopBar):  # none while the screen closes
            bar.show_user(name)
        self._memory.show_user(name)

    def _show_prompt(self) -> None:
        """Show the chat and focus the prompt."""
        self._screen.pane = "chat"
        self._prompt.focus()
        self.refresh_panels()

    def _screenshot(self) -> str:
        """Return an SVG of what the screen shows."""
        return self._screen.app.export_screenshot(title="travel-tui")

    def toggle_stage(self) -> None:
        """Show less and more space around it, for an audience, or go back."""
        self._screen.toggle_class("-stage")
        for line in self._screen.query("IdLine"):
            line.refresh()  # ids are shorter in presentation mode

    def _tick(self) -> None:
        written, self._last_prompt_text = self._last_prompt_text, self._prompt.text
        self._idle_s = 0 if self.turns.answering or self._last_prompt_text != written else self._idle_s + 1
        collect_when_idle(self._idle_s)
        self.sessions.check_idle_limit()
        self._service.save_draft(self._prompt.text)
        self._config.check()
        self.refresh_panels()

    def _focus_changed(self, focused: bool) -> None:
        """Pause memory polling after the terminal has been unfocused for `OUT_OF_SIGHT_S`; resume on focus."""
        if self._unfocused_timer is not None:
            self._unfocused_timer.stop()
            self._unfocused_timer = None
        if (watcher := self._service.watcher) is None:
            return
        if not focused:
            self._unfocused_timer = self._screen.set_timer(OUT_OF_SIGHT_S, self._pause_unfocused)
        elif self._paused_unfocused:
            self._paused_unfocused = False
            watcher.resume()

    def _pause_unfocused(self) -> None:
        """Pause polling until the terminal regains focus, unless the user has paused it already."""
        watcher = self._service.watcher
        if watcher is not None and not watcher.view.paused:
            self._paused_unfocused = True
            watcher.pause()

    async def close(self, *, keep_agent: bool = False) -> None:
        """Save the draft and close the conversation service; keep the agent open if another screen takes it over."""
        self._service.save_draft(self._prompt.text)
        await self._service.close(keep_agent=keep_agent)

    @property
    def answering(self) -> bool:
        """Whether an answer is streaming."""
        return self.turns.answering

    def confirm_quit(self) -> bool:
        """Ask for confirmation before quitting if a session is open; return whether a question is shown."""
        return self.sessions.confirm_quit()

    def run_command(self, command_id: str, argument: str = "") -> None:
        """Run the command of that id with the text behind it, which is ignored where the command takes none."""
        command = by_id(command_id)
        if command_id != "chat.find":
            self.search.close()
        if command.argument is Argument.REQUIRED and not argument:
            self._feedback.notify(missing(command))
        else:
            handler = self.handler_of(command)
            handler(*(() if command.argument is Argument.NONE else (argument,)))

    def handler_of(self, command: Command) -> Callable[..., object]:
        """Find the method that a command's declaration names. Raises AttributeError."""
        handler: Callable[..., object] = attrgetter(command.handler)(self)
        return handler

    def submit(self, text: str) -> bool:
        """Send `text`, or run the slash command in it; if neither can be done now, notify and return False."""
        try:
            found = parse(text)
        except SlashError as error:
            self._feedback.notify(str(error))
            return False
        if isinstance(found, str):
            self.search.close()
            return self.turns.submit(found)
        self.run_command(found.command.id, found.argument)
        return True

    def cancel(self) -> bool:
        """Stop the answer that is coming, and mark no words any more; False where there was neither."""
        found = self.search.close()
        return self.turns.cancel() or found

    def edit_attributes(self) -> None:
        """Ask for the session's and the prompt's attributes."""
        self._feedback.run_worker(self._edit_attributes(), "attributes")

    async def _edit_attributes(self) -> None:
        from travel_tui.tui.screens.attributes import AttributesDialog

        service = self._service
        if not self._app_context.capabilities.session_attributes:
            self._feedback.notify("This agent takes no attributes.")
            return
        dialog = AttributesDialog(service.session_attributes, service.prompt_attributes)
        if (kept := await self._screen.app.push_screen_wait(dialog)) is not None:
            service.session_attributes, service.prompt_attributes = kept
            self.refresh_panels()

    def scroll_pages(self, pages: int) -> None:
        """Scroll the conversation one page: back if `pages` is negative, else forward."""
        if pages < 0:
            self._chat.action_page_up()
        else:
            self._chat.action_page_down()

    def poll_now(self) -> None:
        """Poll the memory now; if the archive could not be opened, try that again."""
        if self._service.watcher is not None:
            self._service.watcher.poll_now()
        elif self._archive_failed:
            self._archive_failed = False
            self._feedback.run_worker(self._open_archive(), "open")

    def filter_memories(self, words: str) -> None:
        """Show only the memories with these words; all where there are none."""
        self._filter_words = words
        if words:
            self._screen.pane = "memory"
        self.refresh_panels()

    def toggle_polling(self) -> None:
        """Poll the memory no more, or again."""
        if (watcher := self._service.watcher) is not None:
            self._paused_unfocused = False
            (watcher.resume if watcher.view.paused else watcher.pause)()
            self.refresh_panels()

    def _offer(self) -> None:
        if (watcher := self._service.watcher) is not None and (view := watcher.view).known:
            awaited = [each.session_id for each in view.awaited]
            self._demo_script.check([*awaited, *sessions_in(view.records)])
        self._prompt.suggested_line = one_line(self._demo_script.line, 400)
        hint = memory_words(self._app_context.capabilities).end_hint
        steps = {END: ("session.end", hint), NEW: ("session.new", "new session")}
        command_id, words = steps.get(self._demo_script.step or "", ("", ""))
        if self._demo_script.step == NEW and watcher is not None and watcher.view.awaited:
            usual_s = self._service.usual_summary_s
            when = "once the memory is ready" if usual_s is None else f"memory will be ready in ~{rough(usual_s)}"
            words += f" ({when})"
        self._prompt.step = f"{shown_key(command_id, self._app_context.ui_options.keys)} {words}" if words else ""

    def refresh_panels(self) -> None:
        """Schedule one redraw of the panels; further calls before it have no effect."""
        if not self._drawing and self._screen.is_attached:
            self._drawing = True
            self._screen.call_later(self._draw)

    def _announce_changes(self, view: MemorySnapshot) -> None:
        """Notify about new records while the memory panel is hidden, and about deleted ones and who deleted them."""
        arrived = sessions_in(each for each in view.records if each.record_id in view.new - self._announced)
        if arrived and not self._memory.is_on_screen:
            sessions = ", ".join(map(short_id, sorted(arrived)))
            self._feedback.notify(f"The memory of session {sessions} is ready. F4 shows it.")
        self._announced = view.new
        gone = {each: by for each, by in self._service.memory.gone.items() if each not in self._announced_deletions}
        for by in sorted(set(gone.values())):
            theirs = [each for each in sorted(gone) if gone[each] is by]
            which = f"session {short_id(theirs[0])}" if len(theirs) == 1 else f"{len(theirs):,} sessions"
            self._feedback.notify(f"Memory of {which}: {deleted(by)}. /history still shows it.")
        self._announced_deletions |= gone.keys()

    async def _draw(self) -> None:
        self._drawing = False
        self._offer()
        conversation, watcher = self._service.conversation, self._service.watcher
        if conversation is None or watcher is None:
            return
        view, clock = watcher.view, self._app_context.clock
        life = session_life(conversation, view, self._app_context, self._service)
        cards = self._cards.of(
            view, clock, self._service.used, self._service.memory.insights.by_record, self._filter_words
        )
        ends, empty = self._app_context.capabilities.ends_sessions, empty_note(self._app_context, self._service)
        memory = memory_view(view, clock, cards, self._filter_words, empty, at_end=ends)
        self._session.show(conversation.session_id, life, self._service.attributes, self._service.tokens_told)
        await self._memory.show(memory)
        mounted = self._memory.mounted
        self._service.memory.analyse(each for each in view.records if each.record_id in mounted)
        self.turns.marks.refresh()
        self.search.refresh()
        stage = "" if life.stage < 0 else "overdue" if life.overdue else life.stations[life.stage]
        fresh = memory.cards.new
        self._announce_changes(view)
        words = {"session": stage, "memory": f"{fresh} new" if fresh else str(len(memory.cards) or "")}
        self._tabs.show(self._screen.pane, words)
