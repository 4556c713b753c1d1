"""Controller of the memory: its history, a record as it is stored, and deletion after a question."""

from __future__ import annotations

import asyncio

from textual.content import Content

from travel_tui.agent import AgentError
from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.text import count, one_line, short_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.widgets.chat.chat import Chat

LOCAL_COPY = "The archive on this machine keeps its copy of the conversation and the memory, unless you delete both."


class MemoryController:
    """Shows and deletes what the memory panel lists. Each public method returns at once."""

    def __init__(
        self, feedback: Feedback, context: ConversationContext, service: ConversationService, chat: Chat
    ) -> None:
        self._feedback, self._context, self._service, self._chat = feedback, context, service, chat

    def show_history(self) -> None:
        """Show every change of this memory."""
        self._feedback.run_worker(self._show_history(), "history")

    async def _show_history(self) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.rendering.memory_text import history
        from travel_tui.tui.screens.text_viewer import TextViewer

        try:
            entries = await self._service.history()
            paragraphs, plain = await asyncio.to_thread(history, entries, self._context.clock)
        except ArchiveError as error:
            await self._chat.notice(problem_of(error))
            return
        title = f"Memory history of {one_line(self._context.memory_id, 40)}"
        await self._feedback.open_screen(
            TextViewer(title, paragraphs or [Content("No changes recorded yet.")], plain, "history")
        )

    def open(self, record_id: str) -> None:
        """Show a memory record as the service returned it."""
        from travel_tui.tui.screens.record_viewer import record_viewer

        records = self._service.watcher.view.records if self._service.watcher else ()
        if (viewer := record_viewer(records, record_id)) is not None and not self._feedback.covered:
            self._feedback.open_screen(viewer)

    def delete(self, session_id: str | None) -> None:
        """Confirm, then delete the records of one session, or all of them if `session_id` is None."""
        if session_id is not None:
            question = f"Delete the memory of session {short_id(session_id)}?"
            details = f"The agent will no longer know what was said in session {session_id}. {LOCAL_COPY}"
        else:
            number = len(self._service.watcher.view.records) if self._service.watcher else 0
            question = f"Delete all memories of {one_line(self._context.memory_id, 40)}?"
            details = f"This deletes {count(number, 'summary', 'summaries')} from the agent's memory. {LOCAL_COPY}"
        self._feedback.run_worker(self._delete(session_id, question, details), "forget")

    def delete_all(self) -> None:
        """Ask, then delete all of this memory."""
        self.delete(None)

    async def _delete(self, session_id: str | None, question: str, details: str) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.screens.confirm import ConfirmDialog

        if self._feedback.covered:
            return  # the question is already open: the key was pressed twice
        answers = {"keep": "Cancel", "forget": "Delete", "both": "Delete both"}
        answer = await self._feedback.ask(ConfirmDialog(question, details, answers, risky="forget"))
        if answer != "keep":
            try:
                await self._service.delete_memory(session_id, local_copy=answer == "both")
            except (AgentError, ArchiveError) as error:
                await self._chat.notice(problem_of(error))
