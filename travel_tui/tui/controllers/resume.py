"""Controller for resuming an open session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.text import count, short_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.controllers.sessions import SessionController
from travel_tui.tui.controllers.turns import TurnController
from travel_tui.tui.widgets.chat.chat import Chat

if TYPE_CHECKING:
    from textual.widget import Widget

    from travel_tui.archive import Archive, MemoryHistoryEntry, Note, SessionKey, SessionRecord, TurnRecord
    from travel_tui.attribution.types import Turn
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
    from travel_tui.tui.widgets.chat.chat import Earlier
    from travel_tui.tui.widgets.chat.turn import UserTurn

SHOWN = 12
"""Turns of a resumed session shown at once; scrolling up loads earlier ones."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Consecutive turns of a session, with the turns before them, their notes and the history of the memory."""

    turns: Sequence[TurnRecord]
    said: Sequence[Turn]
    notes: Mapping[int, Sequence[Note]]
    history: Sequence[MemoryHistoryEntry]
    """Every observed change of the memory, oldest first."""


class ResumeController:
    """Runs /resume. Each public method starts a worker and returns at once."""

    def __init__(
        self,
        feedback: Feedback,
        context: ConversationContext,
        service: ConversationService,
        chat: Chat,
        turns: TurnController,
        sessions: SessionController,
        show_prompt: Callable[[], None],
    ) -> None:
        """`show_prompt` shows the chat and focuses the prompt."""
        self._feedback, self._context, self._service, self._chat = feedback, context, service, chat
        self._turns, self._sessions = turns, sessions
        self._show_prompt = show_prompt

    def resume(self) -> None:
        """Choose an open session and resume it."""
        self._feedback.run_worker(self._resume(), "session")

    def show_open_count(self) -> None:
        """Show the number of open sessions in the chat at startup."""
        self._feedback.run_worker(self._show_open_count(), "greet")

    async def _show_open_count(self) -> None:
        from travel_tui.archive import ArchiveError

        with suppress(ArchiveError):  # archive errors are reported when writing
            if found := await self._service.use_archive(self._open_sessions):
                await self._chat.greet(f"{count(len(found), 'open session')}: /resume")

    async def _resume(self) -> None:
        from travel_tui.archive import ArchiveError

        service = self._service
        try:
            found = await service.use_archive(self._open_sessions)
            if not found:
                self._feedback.notify("No open session to resume.")
                return
            if (chosen := await self._choose(found)) is None or not await self._sessions.confirm_close_open():
                return
            page = await self._page(chosen.key)
            if not page.turns:  # deleted while the list was open
                self._feedback.notify("This session is no longer in the archive.")
                return
            last = page.turns[-1]
            await service.resume(chosen)
            said = await service.use_archive(lambda archive: archive.said(chosen.key, last.number + 1))
        except ArchiveError as error:
            self._feedback.show_problem(problem_of(error))
            return
        shown = self._shown(page)
        await self._chat.rule(
            f"Resumed session {short_id(chosen.session_id)}", self._earlier_loader(chosen.key, page.turns[0])
        )
        await self._chat.begin(*(widget for pair in shown for widget in pair))
        self._turns.resumed(chosen.session_id, said, last, shown[-1][-1])
        self._show_prompt()
        await self._chat.laid_out()  # the threads below would delay the first frame of the turns
        answers = [answer for _, answer in shown]
        self._turns.marks.restore(answers, chosen.session_id, newest=True)
        self._explain(page, answers)

    async def _page(self, session: SessionKey, before: int | None = None) -> _Page:
        """Return the last `SHOWN` turns of a session, or those before turn number `before`. Raises ArchiveError."""
        from travel_tui.archive import Notes

        def read(archive: Archive) -> _Page:
            turns = archive.turns(session, last=SHOWN, before=before)
            said = archive.said(session, turns[0].number) if turns else []
            notes: dict[int, list[Note]] = {}
            for note in Notes(archive, session.agent).of(session.memory_id, [session.session_id]):
                notes.setdefault(note.number, []).append(note)
            known = archive.memory_history(session.agent, session.memory_id) if session.memory_id else []
            return _Page(turns, said, notes, known)

        return await self._service.use_archive(read)

    def _earlier_loader(self, session: SessionKey, first: TurnRecord) -> Earlier | None:
        """Return a loader of the turns before `first` in its session, or None if there are none."""
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.widgets.chat.turn import Notice

        async def bring() -> list[Widget]:
            try:
                page = await self._page(session, first.number)
            except ArchiveError as error:
                return [Notice(problem_of(error))]
            if page.turns and (earlier := self._earlier_loader(session, page.turns[0])):
                self._chat.add_loader(earlier)
            shown = self._shown(page)
            answers = [answer for _, answer in shown]
            self._turns.marks.restore(answers, first.session_id, newest=False)
            self._explain(page, answers)
            return [widget for pair in shown for widget in pair]

        return bring if first.number > 1 else None

    def _open_sessions(self, archive: Archive) -> list[SessionRecord]:
        """Return the sessions believed to be open at the service, newest first. Called in the archive's thread."""
        context, service = self._context, self._service
        current = service.conversation.session_id if service.conversation else ""
        limit = timedelta(seconds=context.idle_limit_s) if context.idle_limit_s is not None else timedelta.max
        now = context.clock.now()
        return [
            session
            for session in archive.sessions(context.agent_key, context.memory_id)
            if session.ended_at is None and session.session_id != current
            if session.last_sent_at is not None and now - session.last_sent_at < limit
        ]

    async def _choose(self, sessions: list[SessionRecord]) -> SessionRecord | None:
        from travel_tui.tui.picker_rows import session_row
        from travel_tui.tui.screens.picker import ListPicker

        rows = [session_row(each, self._context.clock, ended=False) for each in sessions]
        dialog = ListPicker("Resume which session?", rows, "enter resume · esc cancel")
        chosen = await self._feedback.ask(dialog)
        return sessions[chosen] if chosen >= 0 else None

    def _shown(self, page: _Page) -> list[tuple[UserTurn, AgentTurn]]:
        """Return the widgets of a page's turns."""
        from travel_tui.tui.widgets.chat.archived_turns import archived_turns

        return archived_turns(page.turns, self._context.clock, page.notes)

    def _explain(self, page: _Page, answers: Sequence[AgentTurn]) -> None:
        """Show the memory use of a page's answers as it is found."""
        from travel_tui.tui.widgets.chat.archived_turns import explain_archived_turns

        records, clock = [each.record for each in reversed(page.history)], self._context.clock
        work = explain_archived_turns(self._chat, page.turns, answers, page.said, records, clock, page.history)
        self._feedback.run_worker(work, "explain")
