"""Controller of the sources of claims: marks in answers, and the ways between answers, memory cards and turns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from travel_tui.attribution.types import LostItem
from travel_tui.text import one_line, short_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.widgets.chat.chat import Chat
from travel_tui.tui.widgets.memory.memory_panel import MemoryPanel

if TYPE_CHECKING:
    from travel_tui.tui.widgets.chat.memory_answers import MemoryAnswers
    from travel_tui.tui.widgets.chat.memory_line import MemoryLine


class SourcesController:
    """Shows where claims come from. Each public method returns at once."""

    def __init__(
        self, feedback: Feedback, chat: Chat, memory: MemoryPanel, read_session: Callable[[str, str], None]
    ) -> None:
        """`read_session` shows an archived session, with some words highlighted."""
        self._feedback, self._chat, self._memory = feedback, chat, memory
        self._read_session = read_session
        self._answers: MemoryAnswers | None = None

    def toggle_marks(self) -> None:
        """Show the marks of claims in answers, or hide them."""
        from travel_tui.tui.widgets.chat.memory_answers import toggle_marks

        shown = toggle_marks(self._chat.screen)
        self._feedback.notify(f"Source marks are {'shown' if shown else 'hidden'}.")

    def cite(self, event: MemoryLine.Chosen) -> None:
        """Highlight the sentence of the chosen claim in its memory card, and the claim in no other answer."""
        record_id, sentence = self._memory_answers().choose(event)
        self._feedback.run_worker(self._memory.cite(record_id, sentence), "cite")

    def open_card(self, record_id: str) -> None:
        """Show the card of a memory, and focus it."""
        self._feedback.run_worker(self._open_card(record_id), "cite")

    async def _open_card(self, record_id: str) -> None:
        if (card := await self._memory.reveal(record_id)) is None:
            self._feedback.notify(f"Memory {one_line(short_id(record_id))} is not in the list. /history shows it.")
            return
        self._feedback.show_pane("memory")
        card.focus()

    def show_answers(self, record_id: str) -> None:
        """Go to the newest answer that used a memory; when repeated, to the one before it."""
        self._feedback.run_worker(self._show_answer(record_id), "answers")

    async def _show_answer(self, record_id: str) -> None:
        pane = self._feedback.show_pane("chat")
        if not await self._memory_answers().show(record_id):
            self._feedback.show_pane(pane)
            self._feedback.notify(f"No answer in this conversation used memory {one_line(short_id(record_id))}.")

    def show_turn(self, session_id: str, item: LostItem) -> None:
        """Go to the turn where a missing fact was said; if it is not shown, read its session."""
        self._feedback.run_worker(self._show_turn(session_id, item), "answers")

    async def _show_turn(self, session_id: str, item: LostItem) -> None:
        from travel_tui.tui.widgets.chat.turn import TurnPlace, UserTurn

        place = TurnPlace(session_id, item.turn)
        pane = self._feedback.show_pane("chat")
        found = await self._chat.reveal(lambda each: isinstance(each, UserTurn) and each.place == place)
        if isinstance(found, UserTurn):
            found.mark(re.compile(re.escape(item.text), re.IGNORECASE))
        else:
            self._feedback.show_pane(pane)
            self._read_session(session_id, item.text)

    def _memory_answers(self) -> MemoryAnswers:
        from travel_tui.tui.widgets.chat.memory_answers import MemoryAnswers

        if self._answers is None:
            self._answers = MemoryAnswers(self._chat)
        return self._answers
