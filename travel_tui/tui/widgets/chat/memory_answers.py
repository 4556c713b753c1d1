"""Ways from a memory to the answers that used it, and marks of claims on a whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from travel_tui.attribution.types import Source
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.answer import UNMARKED, Answer
from travel_tui.tui.widgets.chat.memory_line import MemoryLine

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from travel_tui.tui.widgets.chat.chat import Chat


class MemoryAnswers:
    """Goes through the answers of a conversation that used a memory, newest first."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._last: tuple[str, Widget] | None = None
        """The memory whose answers are looked at, and the last of them."""

    async def show(self, record_id: str) -> bool:
        """Go to the newest answer that used a memory, or when repeated to the one before; False if there is none."""

        def wanted(item: Widget) -> bool:
            return isinstance(item, AgentTurn) and _uses(item, record_id)

        before = self._last[1] if self._last is not None and self._last[0] == record_id else None
        found = await self._chat.reveal(wanted, before, self._explained)
        if found is None and before is not None:
            found = await self._chat.reveal(wanted, ready=self._explained)
        self._last = (record_id, found) if found is not None else None
        if isinstance(found, AgentTurn) and (line := found.memory_line) is not None:
            line.focus(scroll_visible=False)
            line.choose_record(record_id)
        return found is not None

    async def _explained(self) -> None:
        """Wait until the memory use of every mounted answer is known."""
        for turn in list(self._chat.query(AgentTurn)):
            if turn.turn_state.explained is not None:
                await turn.turn_state.explained.wait()

    def choose(self, event: MemoryLine.Chosen) -> tuple[str | None, str]:
        """Choose a claim in its answer alone; return the record and the sentence it came from, or None and ""."""
        if event.number is not None:
            for each in self._chat.query(MemoryLine):
                if each is not event.line:
                    each.choose(None)
        found = event.claim.evidence if event.claim else None
        return (found.record_id, found.text) if found else (None, "")


def toggle_marks(screen: Screen[Any]) -> bool:
    """Show the marks of claims on a screen, or hide them; return whether they are shown."""
    screen.toggle_class(UNMARKED)
    for answer in screen.query(Answer):
        answer.marks_toggled()
    return not screen.has_class(UNMARKED)


def _uses(turn: AgentTurn, record_id: str) -> bool:
    use = turn.turn_state.use
    return any(each.source is Source.MEMORY and each.record_id == record_id for each in (use and use.claims) or ())
