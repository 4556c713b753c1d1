"""Screen that compares the answers to one question with and without memory, side by side and word by word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from travel_tui.agent import MemoryInjected, TurnEvent
from travel_tui.memory.word_diff import WordDifference, word_difference
from travel_tui.text import count, one_line
from travel_tui.tui.rendering.marks import Mark
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.key_line import ScreenKeyLine

NARROW = 90
"""Width in columns below which the answers are stacked vertically."""

AskBoth = Callable[[], AsyncGenerator[TurnEvent, None]]


class CompareScreen(Screen[None]):
    """Two streaming answers. `known` and `nothing` send the question with the memory and without."""

    CSS = load_css(__file__)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", "back", id="twin.back")]

    def __init__(
        self, question: str, memory_id: str, turns: tuple[AgentTurn, AgentTurn], known: AskBoth, nothing: AskBoth
    ) -> None:
        super().__init__()
        self._question, self._memory_id = question, memory_id
        self._turns = turns
        self._asks = (known, nothing)

    def compose(self) -> ComposeResult:
        top = Content.assemble(("Compare with and without memory", "bold"), f"  {one_line(self._question)}")
        yield Static(top, id="twin-top")
        headings = (f"With the memory of {one_line(self._memory_id, 40)}", "With an empty memory")
        yield Static("Differences are marked when both answers are complete.", id="twin-told", markup=False)
        with Horizontal(id="twin"):
            for heading, turn in zip(headings, self._turns, strict=True):
                with VerticalScroll(classes="half"):
                    yield Static(Content.styled(heading, "bold $primary"), classes="heading")
                    yield turn
        yield ScreenKeyLine((("tab", "switch side"), ("↑↓", "scroll"), ("twin.back", "back")), id="twin-hints")

    def on_mount(self) -> None:
        for turn, ask in zip(self._turns, self._asks, strict=True):
            self.run_worker(self._answer(turn, ask), group="twin")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")

    async def _answer(self, turn: AgentTurn, ask: AskBoth) -> None:
        try:
            async with aclosing(ask()) as stream:
                async for event in stream:
                    turn.handle_event(event)
                    if isinstance(event, MemoryInjected) and not event.synopsis and turn.answering:
                        turn.set_state("no memory in prompt")
        finally:
            if turn.answering:
                turn.cancelled()
        if not any(each.answering for each in self._turns):
            await self._compare()

    async def _compare(self) -> None:
        """Mark the words that differ, and say how many there are."""
        one, other = self._turns
        if not (one.whole and other.whole):
            self.query_one("#twin-told", Static).update("Not compared: an answer is incomplete.")
            return
        found = await asyncio.to_thread(word_difference, one.text, other.text)
        for turn, spans in zip(self._turns, (found.one, found.other), strict=True):
            turn.mark_differences([Mark(start, end, ".answer--differs") for start, end in spans])
        self.query_one("#twin-told", Static).update(_told(found))

    def action_back(self) -> None:
        self.dismiss(None)


def _told(found: WordDifference) -> str:
    if not (found.one or found.other):
        return "Both answers have the same words."
    words = f"{count(len(found.one), 'word')} only with the memory, {count(len(found.other), 'word')} only without"
    return f"Differs: {words}, underlined."
