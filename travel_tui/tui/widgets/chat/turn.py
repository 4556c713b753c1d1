"""Items of the conversation: messages, notices, command results and rules between sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.text import safe, shortened
from travel_tui.tui.rendering.lines import Line, wrap
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.line_list import LineList
from travel_tui.tui.widgets.passive_container import PassiveContainer

if TYPE_CHECKING:
    from travel_tui.agent import Problem

MAX_SHOWN, MAX_LINES = 2_500, 100
"""Most characters and lines shown of a message: they are laid out within one frame."""
WIDEST = 100
"""Maximum width in cells of a line of text, including its mark and margin; longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class TurnPlace:
    """Place of a turn: its session, and its number in it, from 1."""

    session_id: str
    number: int


class Restorable:
    """Item of a conversation that can be unmounted and recreated."""

    def factory(self) -> Callable[[], Widget]:
        """Return a function that recreates this widget from plain data.

        An unmounted widget would cost as much as a mounted one.
        """
        raise NotImplementedError


class UserTurn(LineList, Restorable):
    """The user's message, as typed."""

    DEFAULT_CSS = load_css(__file__)

    def __init__(self, text: str, at: str, place: TurnPlace | None = None) -> None:
        super().__init__(classes="user")
        self._said, self._at = text, at
        self.place = place

    def lay_out(self, width: int) -> list[Line]:
        shown = shortened(self._said, " were sent and are archived, but not shown.", MAX_SHOWN, MAX_LINES)
        head = Content.assemble(("You", "bold"), (f"  {self._at}", "$foreground-muted"))
        return [Line(head), *wrap(Content(shown), min(width, WIDEST) - 1, Content.styled("▏ ", "$primary"))]

    def factory(self) -> Callable[[], Widget]:
        return partial(UserTurn, self._said, self._at, self.place)


class ConversationItem(PassiveContainer, Restorable):
    """Base of conversation items made of several widgets: their style."""

    DEFAULT_CSS = load_css(__file__)


class Notice(ConversationItem):
    """A problem outside any turn."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self._problem = problem

    def compose(self) -> ComposeResult:
        yield from problem_lines(self._problem)

    def factory(self) -> Callable[[], Widget]:
        return partial(Notice, self._problem)


class CommandResult(LineList, Restorable):
    """The result of a command, which stays in the conversation, with an optional heading."""

    DEFAULT_CSS = load_css(__file__)

    def __init__(self, head: str, text: str = "") -> None:
        super().__init__(classes="told")
        self._head, self._text = head, text

    def lay_out(self, width: int) -> list[Line]:
        bar, room = Content.styled("▏ ", "$accent"), min(width, WIDEST) - 1
        rows = wrap(Content.styled(safe(self._head), "bold"), room, bar)
        return rows + (wrap(Content(safe(self._text)), room, bar) if self._text else [])

    def factory(self) -> Callable[[], Widget]:
        return partial(CommandResult, self._head, self._text)


class Rule(ConversationItem):
    """A rule between two sessions."""

    def __init__(self, words: str) -> None:
        super().__init__(classes="rule")
        self._words = words

    def compose(self) -> ComposeResult:
        yield Static(Content(safe(self._words)), classes="rule-words")

    def factory(self) -> Callable[[], Widget]:
        return partial(Rule, self._words)


def problem_lines(problem: Problem) -> Iterator[Widget]:
    """Yield the widgets for a problem: error, cause and advice."""
    yield Static(Content.styled(shortened(problem.what, most=1_000, lines=10), "bold $text-error"), classes="problem")
    if problem.why:
        yield Static(Content(shortened(problem.why, most=1_000, lines=10)), classes="problem", markup=False)
    if problem.advice:
        yield Static(
            Content.assemble(("→ ", "$text-accent"), shortened(problem.advice, most=1_000, lines=10)), classes="problem"
        )
