"""Collapsible line below an answer: the memories in its prompt, and the sources of its claims."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from rich.cells import cell_len
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from travel_tui.attribution.types import Claim
from travel_tui.conversation.memory_labels import in_prompt
from travel_tui.conversation.memory_use import MemoryUse
from travel_tui.conversation.source_labels import counted, symbols_counted
from travel_tui.memory.text_limits import MAX_ANSWER
from travel_tui.tui.rendering.lines import BLANK, Line, wrap
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.chat.source_list import claim_rows, prompt_rows
from travel_tui.tui.widgets.clicks import presses
from travel_tui.tui.widgets.line_list import LineList

MAX_SHOWN = 200
"""Maximum memories and claims listed in the expanded line."""
NOT_JUDGED = "sources not judged: the answer is incomplete"
PENDING = "finding sources…"
NO_CLAIMS = "no facts to attribute"
FOOT = "↑↓ choose · m memory card · enter close"
PARTLY = f"Only the first {MAX_ANSWER:,} characters of the answer are judged."
NOTE = "Heuristic: compares what was said, returned and stored; it does not know why the agent said it."


class MemoryLine(LineList, can_focus=True):
    """One line, expanded by enter or a click to a list; the chosen claim is highlighted in the answer."""

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES = {"memory-line--chosen"}
    BINDINGS = [
        Binding("enter,space", "unfold", "sources", id="line.open"),
        Binding("up", "choose(-1)", "previous source", show=False, id="line.previous"),
        Binding("down", "choose(1)", "next source", show=False, id="line.next"),
        Binding("m", "card", "memory card", show=False, id="line.card"),
    ]

    opened: reactive[bool] = reactive(False, init=False)

    class Chosen(Message):
        """A claim was chosen in the list; None if none is any more."""

        def __init__(self, line: MemoryLine, number: int | None) -> None:
            super().__init__()
            self.line, self.number = line, number
            self.claim = None if number is None else line.claims[number]

    class Card(Message):
        """Requests the card of a memory."""

        def __init__(self, record_id: str) -> None:
            super().__init__()
            self.record_id = record_id

    def __init__(self, use: MemoryUse) -> None:
        super().__init__(classes="memory-line")
        self._use = use
        self._chosen: int | None = None
        self._starts: list[int] = []
        """First row of each claim in the opened list."""
        self._foot = 0
        """Row below the last claim."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that the list has."""
        return (self._use.claims or ())[:MAX_SHOWN]

    @property
    def chosen(self) -> Claim | None:
        """The chosen claim."""
        return None if self._chosen is None else self.claims[self._chosen]

    def show(self, use: MemoryUse) -> None:
        """Show the current memory use; redraw only if it has changed."""
        if use != self._use:
            before, self._use = self._use, use
            if before.pending and self.opened and self.claims:
                self.choose(0)
            elif self._chosen is not None:
                self.choose(min(self._chosen, len(self.claims) - 1) if self.claims else None)
            self.changed()

    def watch_opened(self) -> None:
        self.choose(0 if self.opened and self.claims else None)
        self.changed()

    def choose(self, number: int | None) -> None:
        """Choose a claim by its number, or none."""
        if number != self._chosen:
            self._chosen = number
            self.changed()
            self.post_message(self.Chosen(self, number))

    def choose_record(self, record_id: str) -> None:
        """Open the list at the first claim from this memory; the first claim if there is none."""
        self.opened = True
        found = (number for number, each in enumerate(self.claims) if each.record_id == record_id)
        self.choose(next(found, self._chosen))

    def action_unfold(self) -> None:
        self.opened = not self.opened

    def action_choose(self, step: int) -> None:
        if self._chosen is None:
            raise SkipAction
        self.choose(max(0, min(len(self.claims) - 1, self._chosen + step)))

    def action_card(self) -> None:
        if (claim := self.chosen) is not None and claim.record_id:
            self.post_message(self.Card(claim.record_id))

    def on_click(self, event: events.Click) -> None:
        if not presses(self, event):
            return
        offset = event.get_content_offset(self)
        row = offset.y if offset is not None else 0
        if self.opened and self._starts and self._starts[0] <= row < self._foot:
            self.choose(bisect_right(self._starts, row) - 1)
        else:
            self.action_unfold()

    def row_of(self, number: int) -> int:
        """Return the row of a claim in the list, or the first row while there is none."""
        return self._starts[number] if number < len(self._starts) else 0

    def lay_out(self, width: int) -> list[Line]:
        mark = "▾ " if self.opened else "▸ "
        head = next((mark + words for words in self._heads() if cell_len(mark + words) <= width), mark + "memory")
        rows = [Line(Content.styled(head, "$foreground-muted").truncate(width, ellipsis=True))]
        self._starts = []
        if self.opened:
            rows += self._claims(width)
            rows += self._details(width)
        return rows

    def _heads(self) -> Iterator[str]:
        """Yield variants of the line's text, from longest to shortest."""
        derived, claims = self._use.derived, self._use.claims
        prompt = in_prompt(self._use.quotes, derived=derived)
        if self._use.pending:
            yield from (f"{prompt} · {PENDING}", PENDING)
        elif claims is None:
            yield from (f"{prompt} · {NOT_JUDGED}", NOT_JUDGED, "sources not judged")
        elif not claims:
            yield from (f"{prompt} · {NO_CLAIMS}", NO_CLAIMS)
        else:
            short = counted(claims, short=True, derived=derived)
            yield " · ".join([prompt, *counted(claims, derived=derived)])
            yield " · ".join([prompt, *short])
            yield " · ".join(short)
            yield f"{prompt} · {symbols_counted(claims)}"
            yield symbols_counted(claims)
        yield prompt

    def _claims(self, width: int) -> list[Line]:
        rows, starts = claim_rows(self.claims, width, self._chosen, derived=self._use.derived)
        self._starts = [1 + start for start in starts]
        self._foot = 1 + len(rows)
        indent = Content("  ")
        if (more := len(self._use.claims or ()) - MAX_SHOWN) > 0:
            rows += wrap(Content(f"… and {more:,} more"), width, indent)
        if rows:
            rows += wrap(Content.styled(FOOT, "$foreground-muted"), width, indent)
        return rows

    def _details(self, width: int) -> list[Line]:
        rows = prompt_rows(self._use.quotes, width, MAX_SHOWN, derived=self._use.derived)
        if rows and self.claims:
            rows.insert(0, BLANK)
        if self._use.partly:
            rows += wrap(Content.styled(PARTLY, "$foreground-muted"), width, Content("  "))
        if self.claims:
            rows += wrap(Content.styled(NOTE, "$foreground-muted"), width, Content("  "))
        return rows
