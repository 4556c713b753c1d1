"""Controller of notes, facts and expectations: what a person marks on the newest turn."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.service import ConversationService
from travel_tui.tui.controllers.base import Feedback, report_errors
from travel_tui.tui.controllers.turns import NOTHING_SENT, TurnController

MAX_MARKED = 100
"""Maximum facts that one /fact or /expect command marks."""


class NotesController:
    """Runs /note, /fact and /expect. Each public method starts a worker and returns at once."""

    def __init__(
        self, feedback: Feedback, context: ConversationContext, service: ConversationService, turns: TurnController
    ) -> None:
        self._feedback = feedback
        self._agent_key, self._clock = context.agent_key, context.clock
        self._service = service
        self._turns = turns

    def note(self, words: str) -> None:
        """Add a note to the newest turn."""
        self._start(self._note("note", words, words), "turn.note", words)

    def fact(self, words: str) -> None:
        """Mark `words`, or the facts found in the newest message, as facts the memory must keep."""
        self._start(self._mark("fact", words), "turn.fact", words)

    def expect(self, words: str) -> None:
        """Mark `words`, or the facts found in the newest answer, as text the answer must contain."""
        self._start(self._mark("expect", words), "turn.expect", words)

    def _start(self, work: Coroutine[Any, Any, None], command_id: str, words: str) -> None:
        self._feedback.run_worker(report_errors(self._feedback, work, command_id, words), "records")

    async def _note(self, kind: str, words: str, *texts: str) -> None:
        """Save `texts` as notes on the newest turn; `words` is the argument as typed, put back if refused."""
        conversation = self._service.conversation
        if self._turns.last is None or conversation is None or not conversation.turns:
            self._feedback.refuse(f"turn.{kind}", words, NOTHING_SENT)
            return
        from travel_tui.archive import Archive, NoteKind, Notes

        now, session_id, memory_id = self._clock.now(), conversation.session_id, conversation.memory_id

        def add(archive: Archive) -> None:
            notes = Notes(archive, self._agent_key)
            for text in texts:
                notes.add(memory_id, session_id, NoteKind(kind), text, now)

        await self._service.use_archive(add)
        self._turns.last[1].note(kind, texts)

    async def _mark(self, kind: str, words: str) -> None:
        if words or self._turns.last is None:
            await self._note(kind, words, *([words] if words else []))
            return
        from travel_tui.facts import find
        from travel_tui.memory.text_limits import MAX_TEXT

        said, turn = self._turns.last
        text = (said if kind == "fact" else turn.text)[:MAX_TEXT]
        facts = await asyncio.to_thread(find, text, self._clock.today())
        found = list(dict.fromkeys(fact.text for fact in facts))[:MAX_MARKED]
        if found:
            await self._note(kind, "", *found)
        else:
            self._feedback.notify(f"No facts detected. Type them: /{kind} WORDS.")
