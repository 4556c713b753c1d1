"""Controller of deletions from the agent's memory: a record, a session's, or all of it; each after a question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from travel_tui.agent import AgentError, MemoryRecord
from travel_tui.conversation.memory_words import memory_words
from travel_tui.conversation.problems import problem_of
from travel_tui.memory.record_text import readable
from travel_tui.text import one_line, short_id
from travel_tui.tui.controllers.base import ControllerContext

LOCAL_COPY = "The archive on this machine keeps its copy of the conversation and the memory, unless you delete both."
LAG = "The service may still list it for some minutes."
RECORD_QUESTION = "Delete this record?"


def record_details(record: MemoryRecord) -> str:
    """Return which record is to be deleted, and what that means."""
    told = one_line(readable(record.text), 200)
    return f"“{told}” The agent will no longer know it. {LAG} The archive on this machine keeps its copy."


class DeletionController:
    """Asks, then deletes. Each public method starts a worker and returns at once."""

    def __init__(self, context: ControllerContext) -> None:
        self._context = context

    def delete_all(self) -> None:
        """Ask, then delete all of this memory."""
        number = len(self._context.service.watcher.view.records) if self._context.service.watcher else 0
        words = memory_words(self._context.app_context.capabilities)
        question = f"Delete all memories of {one_line(self._context.app_context.memory_id, 40)}?"
        details = f"This deletes {words.count(number)} from the agent's memory. {LOCAL_COPY}"
        self._start(question, details, lambda both: self._context.service.delete_memory(None, local_copy=both))

    def delete_card(self, record_id: str, session_id: str | None) -> None:
        """Ask, then delete a record; where the service deletes no single one, all of its session."""
        watcher = self._context.service.watcher
        records = watcher.view.records if watcher is not None else ()
        record = next((each for each in records if each.record_id == record_id), None)
        if self._context.app_context.capabilities.edits_records:
            if record is not None:
                self._context.run_worker(self._delete_record(record), "forget")
        elif session_id is not None:
            self.delete_session(session_id)

    def delete_session(self, session_id: str) -> None:
        """Ask, then delete the records of a session."""
        words = memory_words(self._context.app_context.capabilities)
        question = f"Delete the memory of session {short_id(session_id)}?"
        details = f"{words.deleted_session.format(session_id=session_id)} {LOCAL_COPY}"
        self._start(question, details, lambda both: self._context.service.delete_memory(session_id, local_copy=both))

    def _start(self, question: str, details: str, delete: Callable[[bool], Awaitable[None]]) -> None:
        self._context.run_worker(self._delete(question, details, delete), "forget")

    async def _delete(self, question: str, details: str, delete: Callable[[bool], Awaitable[None]]) -> None:
        """Ask, then `delete`, with this machine's copy if the user chose both."""
        answer = await self._ask(question, details, {"keep": "Cancel", "forget": "Delete", "both": "Delete both"})
        if answer != "keep":
            await self._try(delete(answer == "both"))

    async def _delete_record(self, record: MemoryRecord) -> None:
        if await self._ask(RECORD_QUESTION, record_details(record), {"keep": "Cancel", "forget": "Delete"}) == "forget":
            await self._try(self._context.service.delete_record(record))

    async def _ask(self, question: str, details: str, answers: dict[str, str]) -> str:
        from travel_tui.tui.screens.confirm import ConfirmDialog

        if not self._context.screen.is_active:
            return "keep"  # the question is already open: the key was pressed twice
        dialog = ConfirmDialog(question, details, answers, risky="forget")
        return await self._context.screen.app.push_screen_wait(dialog)

    async def _try(self, deletion: Awaitable[None]) -> None:
        from travel_tui.archive import ArchiveError

        try:
            await deletion
        except (AgentError, ArchiveError) as error:
            await self._context.chat.notice(problem_of(error))
