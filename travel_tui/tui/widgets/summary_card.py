"""The memory of one session as a card."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from travel_tui.tui.styles import beside
from travel_tui.tui.text import one_line, safe, short_id
from travel_tui.tui.widgets.rows import Row, Rows, wrap


@dataclass(frozen=True, slots=True)
class SummaryView:
    """What a card shows."""

    session_id: str
    text: str
    when: str
    """The session's moment in the zone to show."""
    after: str = ""
    """How long after the session's end the summary was there; empty where nobody waited."""
    new: bool = False
    used: bool = False
    """It stood in the prompt of the last answer."""
    lost: tuple[str, ...] = ()
    """Facts of the session that the summary lacks."""
    flags: tuple[str, ...] = ()
    """What in it reads like no memory."""
    changed: tuple[str, ...] = ()
    """Sentences that came since it was first seen here."""


class SummaryCard(Rows, can_focus=True):
    """A summary: its session, when, and its text by topic."""

    DEFAULT_CSS = beside(__file__)
    BINDINGS = [
        Binding("delete", "forget", "forget this one", id="memory.forget-one"),
        Binding("enter,space", "fold", "fold, unfold", id="memory.fold"),
        Binding("r", "read", "read as it came", id="memory.read"),
    ]

    class Read(Message):
        """The person wants to see this summary as the service has it."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    class Forget(Message):
        """The person wants this summary deleted."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    def __init__(self, view: SummaryView) -> None:
        super().__init__(classes="card")
        self._view = view
        self._folded = False
        self._mark()

    @property
    def view(self) -> SummaryView:
        return self._view

    def show(self, view: SummaryView) -> None:
        """Show another state of the same summary; nothing is drawn where nothing changed."""
        if view != self._view:
            self._view = view
            self._mark()
            self.changed()

    def _mark(self) -> None:
        self.set_class(self._view.new, "-new")
        self.set_class(self._view.used, "-used")
        self.set_class(bool(self._view.flags), "-flagged")

    def action_fold(self) -> None:
        self._folded = not self._folded
        self.changed()

    def action_read(self) -> None:
        self.post_message(self.Read(self._view.session_id))

    def action_forget(self) -> None:
        self.post_message(self.Forget(self._view.session_id))

    def lay_out(self, width: int) -> list[Row]:
        from travel_tui.memory.topics import topics  # the first paint has no card

        view = self._view
        word = "used now  " if view.used else "new  " if view.new else ""
        head = Content.assemble(
            (word, "bold $text-success" if view.used else "bold $text-primary"), one_line(short_id(view.session_id))
        )
        for piece in (view.when, f"after {view.after}" if view.after else ""):
            if piece and head.cell_length + 2 + len(piece) <= width:
                head += Content.styled(f"  {piece}", "$foreground-muted")
        rows = [Row(head.truncate(width, ellipsis=True))]
        for topic in topics(view.text):
            if topic.name:
                fold = "▸ " if self._folded else ""
                rows += wrap(Content.styled(fold + one_line(topic.name), "$text-accent"), width)
            if not (topic.name and self._folded):
                rows += wrap(Content(safe(topic.text)), width, Content("  ") if topic.name else None)
        for mark, words, style, texts in (
            ("⚠ ", "reads like no memory: ", "bold $text-error", view.flags),
            ("~ ", "changed since it was first seen: ", "$text-accent", view.changed),
            ("− ", "not in it, though it was said: ", "$text-warning", view.lost),
        ):
            if texts:
                told = Content.assemble((mark + words, style), ", ".join(one_line(text, 60) for text in texts))
                rows += wrap(told, width)
        return rows
