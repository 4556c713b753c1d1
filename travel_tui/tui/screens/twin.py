"""Twin: one question, answered with a memory and without one, side by side."""

from __future__ import annotations

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

from travel_tui.agent import MemoryInjected, ReturnControl, TurnEvent
from travel_tui.tui.hints import hints
from travel_tui.tui.styles import beside
from travel_tui.tui.text import one_line
from travel_tui.tui.widgets.agent_turn import AgentTurn

NARROW = 90
"""Below so many columns the answers stand above each other."""

Ask = Callable[[], AsyncGenerator[TurnEvent, None]]


class Twin(Screen[None]):
    """Two answers as they come. `known` and `nothing` send the question with the memory and without."""

    CSS = beside(__file__)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "back", "back", id="twin.back")]

    def __init__(
        self, question: str, memory_id: str, turns: tuple[AgentTurn, AgentTurn], known: Ask, nothing: Ask
    ) -> None:
        super().__init__()
        self._question, self._memory_id = question, memory_id
        self._turns = turns
        self._asks = (known, nothing)

    def compose(self) -> ComposeResult:
        top = Content.assemble(("What memory is worth", "bold"), f"  {one_line(self._question)}")
        yield Static(top, id="twin-top")
        headings = (f"With the memory of {one_line(self._memory_id, 40)}", "With an empty memory")
        with Horizontal(id="twin"):
            for heading, turn in zip(headings, self._turns, strict=True):
                with VerticalScroll(classes="half"):
                    yield Static(Content.styled(heading, "bold $primary"), classes="heading")
                    yield turn
        yield Static(id="twin-hints")

    def on_mount(self) -> None:
        words = hints(self, ("tab", "the other answer"), ("↑↓", "scroll"), ("twin.back", "back"))
        self.query_one("#twin-hints", Static).update(words)
        for turn, ask in zip(self._turns, self._asks, strict=True):
            self.run_worker(self._answer(turn, ask), group="twin")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")

    async def _answer(self, turn: AgentTurn, ask: Ask) -> None:
        try:
            async with aclosing(ask()) as stream:
                async for event in stream:
                    turn.take(event)
                    if isinstance(event, MemoryInjected):
                        turn.wait("with memory" if event.synopsis else "without memory")
                    if isinstance(event, ReturnControl):
                        break  # nobody is asked here for what a function would have answered
        finally:
            if turn.answering:
                turn.cancelled()

    def action_back(self) -> None:
        self.dismiss(None)
