"""Controller of the /why command: diagnose why something was not recalled, and show the result in the chat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.service import ConversationService
from travel_tui.tui.controllers.base import Feedback, report_errors
from travel_tui.tui.controllers.sessions import STILL_ANSWERING
from travel_tui.tui.controllers.turns import TurnController

if TYPE_CHECKING:
    from travel_tui.attribution.types import Diagnosis
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn


class RecallDiagnosisController:
    """Says where recall of some words ended in the last answer, and keeps that as a note on its turn."""

    def __init__(
        self, feedback: Feedback, context: ConversationContext, service: ConversationService, turns: TurnController
    ) -> None:
        self._feedback, self._context, self._service, self._turns = feedback, context, service, turns

    def explain(self, words: str) -> None:
        """Say in the chat where recall of these words ended."""
        last = self._turns.last
        if last is None:
            why = "Ask something first; /why WORDS then shows where recall failed."
            self._feedback.refuse("memory.why", words, why)
        elif self._turns.answering:
            self._feedback.refuse("memory.why", words, STILL_ANSWERING)
        else:
            work = self._explain(words, last[1], self._turns.last_session_id)
            self._feedback.run_worker(report_errors(self._feedback, work, "memory.why", words), "why")

    async def _explain(self, words: str, turn: AgentTurn, session_id: str) -> None:
        """Diagnose, show, and note. Raises ArchiveError."""
        from travel_tui.archive import NoteKind, Notes
        from travel_tui.attribution.recall import diagnose_recall
        from travel_tui.conversation.memory_words import memory_words
        from travel_tui.conversation.recall_diagnosis import DiagnosisText
        from travel_tui.conversation.stored_texts import stored_texts
        from travel_tui.memory.text_limits import MAX_SESSION, MAX_TEXT, limited_newest

        service, context = self._service, self._context
        agent_key, memory_id, clock = context.agent_key, context.memory_id, context.clock
        history, said = await service.history(), await service.messages()
        known = service.watcher is not None and service.watcher.view.known
        synopsis = turn.turn_state.synopsis[:MAX_SESSION] if turn.turn_state.synopsis is not None else None
        diagnosis = await asyncio.to_thread(
            diagnose_recall,
            words,
            limited_newest(said),
            limited_newest(stored_texts(history, context.memory_days)),
            synopsis,
            turn.text[:MAX_TEXT],
            clock.today(),
            complete=known,
        )
        derived = turn.turn_state.derived
        shown, kept = DiagnosisText(clock, derived=derived), DiagnosisText(clock, full=True, derived=derived)
        lines = [shown.evidence(diagnosis)]
        conversation = service.conversation
        if conversation is not None and conversation.ended_at is None and _only_said_in(diagnosis, session_id):
            lines.append(memory_words(context.capabilities).made_of_open)
        self._feedback.show_result(shown.head(words, diagnosis), "\n".join(filter(None, lines)))
        text = "\n".join(filter(None, (kept.head(words, diagnosis), kept.evidence(diagnosis))))
        await service.use_archive(
            lambda archive: Notes(archive, agent_key).add(memory_id, session_id, NoteKind.WHY, text, clock.now())
        )


def _only_said_in(diagnosis: Diagnosis, session_id: str) -> bool:
    """Return whether the words were said in a session, and stored nowhere."""
    from travel_tui.attribution.types import RecallStage

    places = [each.said for each in diagnosis.evidence]
    return diagnosis.outcome is RecallStage.NOT_STORED and any(
        each and each.session_id == session_id for each in places
    )
