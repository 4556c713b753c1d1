"""Controller of the sources of claims: marks in answers, and the ways between answers, memory cards and turns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from travel_tui.attribution.types import LostItem
from travel_tui.text import one_line, short_id
from travel_tui.tui.controllers.archive import ArchiveController
from travel_tui.tui.controllers.base import ControllerContext
from travel_tui.tui.widgets.memory.memory_panel import MemoryPanel

if TYPE_CHECKING:
    from travel_tui.tui.widgets.chat.memory_answers import MemoryAnswers
    from travel_tui.tui.widgets.chat.memory_line import MemoryLine


class SourcesController:
    """Shows where claims come from. Each public method returns at once."""

    def __init__(self, context: ControllerContext, memory: MemoryPanel, archive: ArchiveController) -> None:
        self._context, self._memory, self._archive = context, memory, archive
        self._answers: MemoryAnswers | None = None

    def toggle_marks(self) -> None:
        """Show the marks of claims in answers, or hide them."""
        from travel_tui.tui.widgets.chat.memory_answers import toggle_marks

        shown = toggle_marks(self._context.screen)
        self._context.notify(f"Source marks are {'shown' if shown else 'hidden'}.")

    def cite(self, event: MemoryLine.Chosen) -> None:
        """Highlight the sentence of the chosen claim in its memory card, and the claim in no other answer."""
        if event.number is not None:
            self._memory_answers().leave_others(event.line)
        found = event.claim.evidence if event.claim else None
        record_id, sentence = (found.record_id, found.text) if found else (None, "")
        self._context.run_worker(self._memory.cite(record_id, sentence), "cite")

    def open_card(self, record_id: str) -> None:
        """Show the card of a memory, and focus it."""
        self._context.run_worker(self._open_card(record_id), "cite")

    async def _open_card(self, record_id: str) -> None:
        if (card := await self._memory.reveal(record_id)) is None:
            self._context.notify(f"Memory {one_line(short_id(record_id))} is not in the list. /history shows it.")
            return
        self._context.screen.pane = "memory"
        card.focus()

    def show_answers(self, record_id: str) -> None:
        """Go to the newest answer that used a memory; when repeated, to the one before it."""
        self._context.run_worker(self._show_answer(record_id), "answers")

    async def _show_answer(self, record_id: str) -> None:
        pane, self._context.screen.pane = self._context.screen.pane, "chat"
        if not await self._memory_answers().show(record_id):
            self._context.screen.pane = pane
            self._context.notify(f"No answer in this conversation used memory {one_line(short_id(record_id))}.")

    def show_turn(self, session_id: str, item: LostItem) -> None:
        """Go to the turn where a missing fact was said; if it is not shown, read its session."""
        self._context.run_worker(self._show_turn(session_id, item), "answers")

    async def _show_turn(self, session_id: str, item: LostItem) -> None:
        from travel_tui.tui.widgets.chat.turn import TurnPlace, UserTurn

        place = TurnPlace(session_id, item.turn)
        pane, self._context.screen.pane = self._context.screen.pane, "chat"
        found = await self._context.chat.reveal(lambda each: isinstance(each, UserTurn) and each.place == place)
        if isinstance(found, UserTurn):
            found.mark(re.compile(re.escape(item.text), re.IGNORECASE))
        else:
            self._context.screen.pane = pane
            self._archive.read_session(session_id, item.text)

    def _memory_answers(self) -> MemoryAnswers:
        from travel_tui.tui.widgets.chat.memory_answers import MemoryAnswers

        if self._answers is None:
            self._answers = MemoryAnswers(self._context.chat)
        return self._answers
