"""Card of one memory record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from travel_tui.text import beginning, one_line, safe
from travel_tui.tui.rendering.lines import Line, wrap
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.view_models import SummaryView
from travel_tui.tui.widgets.clicks import presses
from travel_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from travel_tui.attribution.types import LostItem

MAX_LISTED = 100
"""Most facts, findings or sentences listed on a card."""
NOT_COMPARED = "not compared: session unknown here"


class SummaryCard(LineList, can_focus=True):
    """A record: its session, its time, and its text by topic."""

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES = {"card--cited", "card--chosen"}
    BINDINGS = [
        Binding("delete", "forget", "delete", id="memory.forget-one"),
        Binding("enter,space", "fold", "fold, unfold", id="memory.fold"),
        Binding("r", "read", "raw", id="memory.read"),
        Binding("a", "answers", "answers", id="memory.answers"),
        Binding("up", "choose(-1)", "previous missing fact", show=False, id="memory.previous"),
        Binding("down", "choose(1)", "next missing fact", show=False, id="memory.next"),
    ]

    class Read(Message):
        """Requests the record as the service returned it."""

        def __init__(self, record_id: str) -> None:
            super().__init__()
            self.record_id = record_id

    class Forget(Message):
        """Requests the deletion of the record, or of its session's where no single one can be deleted."""

        def __init__(self, record_id: str, session_id: str | None) -> None:
            super().__init__()
            self.record_id, self.session_id = record_id, session_id

    class Answers(Message):
        """Requests the answers that used the record."""

        def __init__(self, record_id: str) -> None:
            super().__init__()
            self.record_id = record_id

    class Said(Message):
        """Requests the turn where a missing fact was said."""

        def __init__(self, session_id: str, item: LostItem) -> None:
            super().__init__()
            self.session_id, self.item = session_id, item

    def __init__(self, view: SummaryView) -> None:
        super().__init__(classes="card")
        self._view = view
        self._folded = False
        self._cited = ""
        self._chosen: int | None = None
        self._first_item = 0
        """Row of the first missing fact."""
        self._mark()

    @property
    def view(self) -> SummaryView:
        return self._view

    def show(self, view: SummaryView) -> None:
        """Show a new state of the same record; redraw only if it has changed."""
        if view != self._view:
            self._view = view
            self._chosen = None
            self._mark()
            self.changed()

    def _mark(self) -> None:
        self.set_class(self._view.new, "-new")
        self.set_class(self._view.used, "-used")
        self.set_class(bool(self._view.flags), "-flagged")

    def cite(self, sentence: str) -> None:
        """Highlight a sentence of the summary; nothing if it is empty."""
        if sentence != self._cited:
            self._cited = sentence
            self._folded = self._folded and not sentence
            self.changed()

    @property
    def _items(self) -> Sequence[LostItem]:
        return self._view.missing_facts[:MAX_LISTED]

    def action_choose(self, step: int) -> None:
        """Choose another missing fact; beyond the first and the last, the key does what it does elsewhere."""
        chosen = step - 1 if self._chosen is None and step > 0 else (self._chosen or 0) + step
        if (self._chosen is None and step < 0) or chosen >= len(self._items):
            raise SkipAction
        self._chosen = chosen if chosen >= 0 else None
        self.changed()

    def action_answers(self) -> None:
        self.post_message(self.Answers(self._view.record_id))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and presses(self, event) and 0 <= offset.y - self._first_item < len(self._items):
            self._chosen = offset.y - self._first_item
            self.changed()
            self.action_fold()

    def action_fold(self) -> None:
        """Go to the turn of the chosen missing fact; if none is chosen, fold or unfold the topics."""
        if self._chosen is not None and self._view.session_id is not None:
            self.post_message(self.Said(self._view.session_id, self._items[self._chosen]))
            return
        self._folded = not self._folded
        self.changed()

    def action_read(self) -> None:
        self.post_message(self.Read(self._view.record_id))

    def action_forget(self) -> None:
        self.post_message(self.Forget(self._view.record_id, self._view.session_id))

    def lay_out(self, width: int) -> list[Line]:
        from travel_tui.memory.summary_parser import topics  # imported here, since the first paint has no card

        view = self._view
        marks = ((view.deleting, "deleted, still listed"), (view.used, view.used_label), (view.new, "new"))
        word = next((f"{words}  " for holds, words in marks if holds), "")
        head = Content.assemble(
            (word, "bold $text-success" if view.used else "bold $text-primary"), one_line(view.title)
        )
        for piece in (view.when, f"after {view.latency}" if view.latency else ""):
            if piece and head.cell_length + 2 + len(piece) <= width:
                head += Content.styled(f"  {piece}", "$foreground-muted")
        rows = [Line(head.truncate(width, ellipsis=True))]
        start = beginning(view.text)
        for topic in topics(start):
            if topic.name:
                fold = "▸ " if self._folded else ""
                rows += wrap(Content.styled(fold + one_line(topic.name), "$text-accent"), width)
            if not (topic.name and self._folded):
                rows += wrap(self._text(safe(topic.text), topic.name), width, Content("  ") if topic.name else None)
        if (more := len(view.text) - len(start)) > 0:
            told = Content.styled(f"… {more:,} more characters; r copies all of them.", "$foreground-muted")
            rows += wrap(told, width)
        for mark, words, style, texts in (
            ("⚠ ", "suspicious content: ", "bold $text-error", view.flags),
            ("~ ", "edited since first seen: ", "$text-accent", view.changed),
        ):
            if texts:
                told = Content.assemble((mark + words, style), _listed(texts))
                rows += wrap(told, width)
        if view.uncompared:
            rows += wrap(Content.styled(NOT_COMPARED, "$foreground-muted"), width)
        return [*rows, *self._missing(width, len(rows))]

    def _text(self, text: str, name: str) -> Content:
        """Return a part of the record, with the cited sentence highlighted; tags and spacing may differ."""
        cited = self._cited.removeprefix(f"{name}: ")  # a document's part, as it is compared
        words = unescape(re.sub(r"<[^<>]*>", " ", cited)).split()
        found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
        return Content(text) if found is None else Content(text).stylize(".card--cited", *found.span())

    def _missing(self, width: int, above: int) -> list[Line]:
        """Return the facts that the summary lacks, a row each, with the turn where each was said."""
        if not self._items:
            return []
        heading = wrap(Content.styled("− missing from summary:", "$text-warning"), width)
        self._first_item = above + len(heading)
        rows = []
        for number, item in enumerate(self._items):
            chosen = number == self._chosen
            told = f"  turn {item.turn:,}" if item.tool is None else f"  turn {item.turn:,}, function"
            words = one_line(item.text, max(8, width - 2 - len(told)))
            style = ".card--chosen" if chosen else ""
            line = Content.assemble("› " if chosen else "  ", (words, style), (told, "$foreground-muted"))
            rows.append(Line(line.truncate(width, ellipsis=True)))
        if (more := len(self._view.missing_facts) - len(rows)) > 0:
            rows.append(Line(Content(f"  and {more:,} more")))
        return [*heading, *rows]


def _listed(texts: Sequence[str]) -> str:
    """Return the first texts on one line, and the number of the rest."""
    more = f" and {len(texts) - MAX_LISTED:,} more" if len(texts) > MAX_LISTED else ""
    return ", ".join(one_line(text, 60) for text in texts[:MAX_LISTED]) + more
