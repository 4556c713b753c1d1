"""Marks on answers and cards for the memories in a prompt, and for the sources of an answer's claims.

They are made when the trace arrives and again when more memory is known: the trace may precede the first poll of the
memory, or name a record that the last poll did not return yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from travel_tui.clock import Clock
from travel_tui.conversation.memory_insights import explained, more_complete, prompted
from travel_tui.conversation.service import ConversationService
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.widgets.chat.chat import Chat

if TYPE_CHECKING:
    from travel_tui.agent import MemoryRecord
    from travel_tui.attribution.types import Turn
    from travel_tui.conversation.memory_labels import Quotes
    from travel_tui.conversation.memory_tracker import MemoryContext
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
    from travel_tui.tui.widgets.chat.turn_state import TurnState

MAX_UPDATED = 50
"""Number of newest answers whose marks are updated."""


@dataclass(slots=True)
class _Answer:
    """An answer with a known prompt; the session's turns up to this one are set once it is complete."""

    held: TurnState
    session_id: str
    sent_at: datetime
    turns: Sequence[Turn] | None = None
    stored: Sequence[MemoryRecord] | None = None
    """The records that the memory had when it was asked; None until the memory is known."""


class PromptMarks:
    """Computes the marks. Texts are compared in threads."""

    def __init__(
        self,
        feedback: Feedback,
        service: ConversationService,
        clock: Clock,
        chat: Chat,
        refresh_panels: Callable[[], None],
    ) -> None:
        self._feedback, self._service, self._clock, self._chat = feedback, service, clock, chat
        self._refresh_panels = refresh_panels
        self._answers: list[_Answer] = []
        """Oldest first."""
        self._made_of: MemoryContext | None = None
        self._updating = False

    async def add(self, turn: AgentTurn, session_id: str) -> None:
        """Mark the newest answer, whose prompt just arrived in the trace, and the cards of the memories in it."""
        self._keep(
            [each for each in self._answers if each.held is not turn.turn_state], [self._answer(turn, session_id)]
        )
        await self._update_one(self._answers[-1], self._service.memory.known)

    def restore(self, turns: Sequence[AgentTurn], session_id: str, *, newest: bool) -> None:
        """Schedule marks for restored answers, oldest first; `newest` if they are the latest in the conversation."""
        told = [self._answer(turn, session_id) for turn in turns if turn.turn_state.synopsis]
        if newest:
            self._keep(self._answers, told)
        else:
            self._keep(told, self._answers)
        if told:
            self._made_of = None
            self.refresh()

    async def explain(self, turn: AgentTurn, session_id: str, turns: Sequence[Turn]) -> None:
        """Show the memories in a complete answer's prompt, and the sources of its claims; `turns` end with it."""
        answer = next((each for each in self._answers if each.held is turn.turn_state), None)
        if answer is None:  # the trace had no prompt
            answer = self._answer(turn, session_id)
            self._keep(self._answers, [answer])
        answer.turns = turns
        await self._update_one(answer, self._service.memory.known)

    def refresh(self) -> None:
        """Schedule an update of the marks if more of the memory is known than when they were made."""
        if self._answers and not self._updating and self._made_of is not self._service.memory.known:
            self._updating = True
            self._feedback.run_worker(self._update_all(), "marks")

    def _answer(self, turn: AgentTurn, session_id: str) -> _Answer:
        return _Answer(turn.turn_state, session_id, self._clock.now())

    def _keep(self, *answers: list[_Answer]) -> None:
        self._answers = [each for some in answers for each in some][-MAX_UPDATED:]

    async def _update_all(self) -> None:
        try:
            while self._made_of is not (known := self._service.memory.known):
                for answer in list(self._answers):
                    await self._update_one(answer, known)
                self._made_of = known
        finally:
            self._updating = False

    async def _update_one(self, answer: _Answer, known: MemoryContext) -> None:
        from travel_tui.tui.widgets.chat.agent_turn import AgentTurn

        held = answer.held
        found = await self._quotes(held.synopsis, known)
        quotes, use = more_complete(held.quotes, found), held.use  # as they are now: a restored answer is explained too
        if answer.turns is not None and (use is None or use.quotes != quotes or answer.stored is None):
            stored = answer.stored = self._stored(answer, known)
            day = self._clock.day(answer.sent_at)
            use = await asyncio.to_thread(explained, answer.turns, quotes, stored or (), day)
        elif use is not None:
            use = replace(use, quotes=quotes)
        if use is not None:
            use = replace(use, derived=held.derived)
        if (quotes, use) != (held.quotes, held.use):
            held.quotes, held.use = quotes, use  # also for an answer that is not mounted
            for turn in self._chat.query(AgentTurn):
                if turn.turn_state is held:
                    await turn.mark()
        service = self._service
        here = service.conversation is not None and service.conversation.session_id == answer.session_id
        if here and self._answers and self._answers[-1] is answer:
            service.used = frozenset(each.record_id for each in quotes or () if each.record_id)
            self._refresh_panels()

    def _stored(self, answer: _Answer, known: MemoryContext) -> Sequence[MemoryRecord] | None:
        """Return the records that the memory had when an answer was asked for; None if it is not known yet."""
        watcher = self._service.watcher
        if watcher is None or not watcher.view.known:
            return None
        return [
            each
            for each in known.now
            if each.session_id != answer.session_id and (each.ended_at is None or each.ended_at <= answer.sent_at)
        ]

    async def _quotes(self, synopsis: str | None, known: MemoryContext) -> Quotes | None:
        """Match a prompt's synopsis to the memories known now; if the first is not matched, to all in the archive."""
        from travel_tui.archive import ArchiveError

        quotes = await asyncio.to_thread(prompted, synopsis, known.now, known.earlier)
        if not quotes or quotes[0].record_id:
            return quotes
        seen: list[MemoryRecord] = []
        with suppress(ArchiveError):  # archive errors are reported when writing
            seen = [entry.record for entry in await self._service.history()]
        return await asyncio.to_thread(prompted, synopsis, seen)
