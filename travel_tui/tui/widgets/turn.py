"""What a conversation is made of on the screen: messages, notices, and lines between sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.tui.styles import beside
from travel_tui.tui.text import safe
from travel_tui.tui.widgets.blank import Blank
from travel_tui.tui.widgets.rows import Row, Rows, wrap

if TYPE_CHECKING:
    from travel_tui.agent import Trouble

WIDEST = 100
"""Cells of a line of text at most, its mark and its margin included; longer ones are hard to read."""
SHOWN = 20_000
"""Characters of a message that the chat shows: a longer one was pasted, and laying it out would stall the screen."""


class Shown:
    """What stands in a conversation."""

    def again(self) -> Callable[[], Widget]:
        """Makes the same once more, from plain data: a widget that is off the screen would cost what one on it does."""
        raise NotImplementedError


class UserTurn(Rows, Shown):
    """What the person wrote, as it was written."""

    DEFAULT_CSS = beside(__file__)

    def __init__(self, text: str, at: str) -> None:
        super().__init__(classes="user")
        self._said, self._at = text, at

    def lay_out(self, width: int) -> list[Row]:
        shown = safe(self._said[:SHOWN])
        if (more := len(self._said) - SHOWN) > 0:
            shown += f"…\n\n{more:,} more characters were sent and are archived, but not shown."
        head = Content.assemble(("You", "bold"), (f"  {self._at}", "$foreground-muted"))
        return [Row(head), *wrap(Content(shown), min(width, WIDEST) - 1, Content.styled("▏ ", "$primary"))]

    def again(self) -> Callable[[], Widget]:
        return partial(UserTurn, self._said, self._at)


class Turn(Blank, Shown):
    """What stands in a conversation and is made of several widgets: its look."""

    DEFAULT_CSS = beside(__file__)


class Notice(Turn):
    """Something that the person should know and that belongs to no turn."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        yield from told(self._trouble)

    def again(self) -> Callable[[], Widget]:
        return partial(Notice, self._trouble)


class Rule(Turn):
    """A line between two sessions."""

    def __init__(self, words: str) -> None:
        super().__init__(classes="rule")
        self._words = words

    def compose(self) -> ComposeResult:
        yield Static(Content(safe(self._words)), classes="rule-words")

    def again(self) -> Callable[[], Widget]:
        return partial(Rule, self._words)


def told(trouble: Trouble) -> Iterator[Widget]:
    """What went wrong, why, and what to do."""
    yield Static(Content.styled(safe(trouble.what), "bold $text-error"), classes="trouble")
    if trouble.why:
        yield Static(Content(safe(trouble.why)), classes="trouble", markup=False)
    if trouble.advice:
        yield Static(Content.assemble(("→ ", "$text-accent"), safe(trouble.advice)), classes="trouble")
