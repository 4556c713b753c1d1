"""Controller of the memory: its history, a record as it is stored, and deletion after a question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.content import Content

from travel_tui.agent import AgentError, MemoryRecord
from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.memory_words import memory_words
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.memory.record_text import readable
from travel_tui.text import one_line, short_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.widgets.chat.chat import Chat

LOCAL_COPY = "The archive on this machine keeps its copy of the conversation and the memory, unless you delete both."
LAG = "The service may still list it for some minutes."
RECORD_QUESTION = "Delete this record?"


def record_details(record: MemoryRecord) -> str:
    """Return which record is to be deleted, and what that means."""
    told = one_line(readable(record.text), 200)
    return f"“{told}” The agent will no longer know it. {LAG} The archive on this machine keeps its copy."


class MemoryController:
    """Shows and deletes what the memory panel lists. Each public method returns at once."""

    def __init__(
        self, feedback: Feedback, context: ConversationContext, service: ConversationService, chat: Chat
    ) -> None:
        self._feedback, self._context, self._service, self._chat = feedback, context, service, chat
        self._words = memory_words(context.capabilities)

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

    def delete_all(self) -> None:
        """Ask, then delete all of this memory."""
        number = len(self._service.watcher.view.records) if self._service.watcher else 0
        question = f"Delete all memories of {one_line(self._context.memory_id, 40)}?"
        details = f"This deletes {self._words.count(number)} from the agent's memory. {LOCAL_COPY}"
        self._start(question, details, lambda both: self._service.delete_memory(None, local_copy=both))

    def delete(self, record_id: str, session_id: str | None) -> None:
        """Ask, then delete a record; where the service deletes no single one, all of its session."""
        if self._context.capabilities.edits_records:
            records = self._service.watcher.view.records if self._service.watcher else ()
            for record in records:
                if record.record_id == record_id:
                    self._feedback.run_worker(self._delete_record(record), "forget")
        elif session_id is not None:
            question = f"Delete the memory of session {short_id(session_id)}?"
            details = f"{self._words.deleted_session.format(session_id=session_id)} {LOCAL_COPY}"
            self._start(question, details, lambda both: self._service.delete_memory(session_id, local_copy=both))

    def _start(self, question: str, details: str, delete: Callable[[bool], Awaitable[None]]) -> None:
        self._feedback.run_worker(self._delete(question, details, delete), "forget")

    async def _delete(self, question: str, details: str, delete: Callable[[bool], Awaitable[None]]) -> None:
        """Ask, then `delete`, with this machine's copy if the user chose both."""
        answer = await self._ask(question, details, {"keep": "Cancel", "forget": "Delete", "both": "Delete both"})
        if answer != "keep":
            await self._try(delete(answer == "both"))

    async def _delete_record(self, record: MemoryRecord) -> None:
        answers = {"keep": "Cancel", "forget": "Delete"}
        if await self._ask(RECORD_QUESTION, record_details(record), answers) == "forget":
            await self._try(self._service.delete_record(record))

    async def _ask(self, question: str, details: str, answers: dict[str, str]) -> str:
        from travel_tui.tui.screens.confirm import ConfirmDialog

        if self._feedback.covered:
            return "keep"  # the question is already open: the key was pressed twice
        return await self._feedback.ask(ConfirmDialog(question, details, answers, risky="forget"))

    async def _try(self, deletion: Awaitable[None]) -> None:
        from travel_tui.archive import ArchiveError

        try:
            await deletion
        except (AgentError, ArchiveError) as error:
            await self._chat.notice(problem_of(error))
