"""Controller of the record browser: shows a memory of records, and changes it after a question."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from travel_tui.agent import AgentError, MemoryRecord
from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.memory_words import memory_words
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.memory_store import FailedExtraction, MemoryStore, StoredSession, Strategy, memory_store
from travel_tui.text import one_line, safe, short_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.controllers.memory import LAG, RECORD_QUESTION, record_details
from travel_tui.tui.record_rows import MemoryContents, rows

if TYPE_CHECKING:
    from travel_tui.tui.screens.memory_browser import BrowserAction

NO_STORE = "This agent's service has no events and no single records; the memory panel shows its summaries."


class MemoryBrowserController:
    """Opens the browser again after each action, until the user closes it."""

    def __init__(self, feedback: Feedback, context: ConversationContext, service: ConversationService) -> None:
        self._feedback, self._context, self._service = feedback, context, service

    def open(self) -> None:
        """Browse the records, sessions and failed extractions of this memory."""
        self._feedback.run_worker(self._browse(), "browser")

    async def _browse(self) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.screens.memory_browser import MemoryBrowser

        try:
            store = memory_store(await self._service.agent())
        except AgentError as error:
            self._feedback.show_problem(error.problem)
            return
        if store is None:
            self._feedback.notify(NO_STORE)
            return
        if self._feedback.covered:
            return  # it is already open
        chosen, number = "", 0
        while True:
            contents, note = await self._contents(store)
            title = f"Memory of {one_line(self._context.memory_id, 40)}"
            found = await asyncio.to_thread(rows, contents, self._context.clock)
            if chosen:
                number = next((place for place, row in enumerate(found) if row.id == chosen), number)
            action = await self._feedback.ask(MemoryBrowser(title, found, note, number))
            if action is None:
                return
            row = next((each for each in enumerate(found) if each[1].target is action.target), None)
            number, chosen = (row[0], row[1].id) if row is not None else (0, "")
            try:
                chosen = await self._do(store, action, contents) or chosen
            except (AgentError, ArchiveError) as error:
                self._feedback.show_problem(problem_of(error))
                return

    async def _contents(self, store: MemoryStore) -> tuple[MemoryContents, str]:
        """Return what is in the memory; and what could not be listed, in words."""
        service, memory_id = self._service, self._context.memory_id
        view = service.watcher.view if service.watcher else None
        note, sessions, failed, strategies = "", [], [], []
        try:
            strategies = list(await store.strategies())
            sessions = await store.list_sessions(memory_id)
            failed = await store.failed_extractions(memory_id)
        except AgentError as error:
            note = f"{error.problem.what} {error.problem.why}"
        if service.watcher is not None:
            service.watcher.add_calls(2)
        records = view.records if view else ()
        if not note and not (records or sessions or failed):
            note = "Nothing is stored yet. a adds a record, r refreshes, esc closes."
        return MemoryContents(records, view.deleting if view else frozenset(), sessions, failed, strategies), note

    async def _do(self, store: MemoryStore, action: BrowserAction, contents: MemoryContents) -> str | None:
        """Do what the user wants; return the id of a record that is to be chosen next, if it is another one."""
        match action.name, action.target:
            case "open", MemoryRecord() as record:
                await self._read_record(record)
            case "open", StoredSession() as session:
                await self._read_session(store, session)
            case (("open" | "start"), FailedExtraction() as failed):
                await self._restart(store, failed)
            case "edit", MemoryRecord() as record:
                await self._edit(store, record)
            case "delete", MemoryRecord() as record:
                await self._delete(record)
            case "delete", StoredSession() as session:
                await self._delete_session(session)
            case "add", _:
                return await self._add(store, contents.strategies)
            case _:
                await self._poll()
        return None

    async def _read_record(self, record: MemoryRecord) -> None:
        from travel_tui.tui.rendering.memory_text import raw_record
        from travel_tui.tui.screens.text_viewer import TextViewer

        title = f"{record.kind.capitalize()}  {one_line(record.namespace)}"
        await self._feedback.ask(TextViewer(title, *raw_record(record), "record as JSON"))

    async def _read_session(self, store: MemoryStore, session: StoredSession) -> None:
        from travel_tui.tui.rendering.event_text import event_paragraphs
        from travel_tui.tui.screens.text_viewer import TextViewer

        events = await store.list_events(self._context.memory_id, session.session_id)
        if self._service.watcher is not None:
            self._service.watcher.add_calls(1)
        paragraphs, plain = event_paragraphs(events, self._context.clock)
        title = f"Events of session {one_line(session.session_id)}"
        shown = paragraphs or [Content("No events: they were deleted, or have expired.")]
        await self._feedback.ask(TextViewer(title, shown, plain, "events"))

    async def _restart(self, store: MemoryStore, failed: FailedExtraction) -> None:
        reason = f"It failed with: {one_line(failed.reason, 200)}"
        if await self._confirmed("Start this extraction again?", reason, "Start again"):
            await store.restart_extraction(failed.job_id)
            self._feedback.notify("Extraction started again.")
            await self._service.extraction.check_failed(store, now=True)
            await self._poll()

    async def _edit(self, store: MemoryStore, record: MemoryRecord) -> None:
        from travel_tui.tui.screens.record_editor import RecordEditor

        details = f"{record.kind} in {one_line(record.namespace)} · ctrl+s save · esc cancel"
        text = await self._feedback.ask(RecordEditor("Edit record", details, record.text))
        if text is not None and await self._confirmed(
            "Replace the text of this record?", "The agent will know it as you wrote it.", "Replace"
        ):
            await store.edit_record(record, text)
            await self._poll()

    async def _add(self, store: MemoryStore, known: Sequence[Strategy]) -> str | None:
        """Ask for a record and add it; return its id, None if nothing was added."""
        from travel_tui.tui.screens.picker import ListPicker
        from travel_tui.tui.screens.record_editor import RecordEditor

        if not known:
            self._feedback.notify("This memory has no strategy that a record could belong to.")
            return None
        listed = [
            Content.assemble((each.name, "bold"), (f"  {each.kind}  {safe(each.namespace)}", "$foreground-muted"))
            for each in known
        ]
        number = await self._feedback.ask(ListPicker("Add a record to which strategy?", listed, "enter · esc cancel"))
        if number < 0:
            return None
        strategy, conversation = known[number], self._service.conversation
        details = f"{strategy.kind} in {safe(strategy.namespace)} · ctrl+s save · esc cancel"
        text = await self._feedback.ask(RecordEditor("Add record", details))
        memory_id = self._context.memory_id
        question = f"Add this record to the memory of {one_line(memory_id, 40)}?"
        if text is not None and await self._confirmed(question, "The agent will know it.", "Add"):
            session_id = conversation.session_id if conversation else None
            added = await store.add_record(memory_id, strategy, text, session_id)
            await self._poll()
            return added
        return None

    async def _delete(self, record: MemoryRecord) -> None:
        if await self._confirmed(RECORD_QUESTION, record_details(record), "Delete", risky=True):
            await self._service.delete_record(record)
            await self._poll()

    async def _delete_session(self, session: StoredSession) -> None:
        question = f"Delete the memory of session {short_id(session.session_id)}?"
        told = memory_words(self._context.capabilities).deleted_session.format(session_id=session.session_id)
        details = f"{told} {LAG} The archive on this machine keeps its copy."
        if await self._confirmed(question, details, "Delete", risky=True):
            await self._service.delete_memory(session.session_id)
            await self._poll()

    async def _confirmed(self, question: str, details: str, label: str, *, risky: bool = False) -> bool:
        from travel_tui.tui.screens.confirm import ConfirmDialog

        answers = {"keep": "Cancel", "do": label}
        dialog = ConfirmDialog(question, details, answers, risky="do" if risky else "")
        return await self._feedback.ask(dialog) == "do"

    async def _poll(self) -> None:
        """Read the memory again, so that the browser shows the change."""
        if self._service.watcher is not None:
            await self._service.watcher.next_poll()
