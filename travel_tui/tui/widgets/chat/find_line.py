"""Line below the conversation that shows the position of the current search match."""

from __future__ import annotations

from textual.widgets import Static

from travel_tui.text import one_line


class FindLine(Static):
    """The search words, the number of the match and the total."""

    DEFAULT_CSS = (
        "FindLine { height: 1; margin: 0 2; text-wrap: nowrap; text-overflow: ellipsis; color: $text-accent; }"
    )

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, words: str, number: int, total: int, *, more: bool) -> None:
        """Show the match `number` of `total`; `more` if earlier turns may contain uncounted matches."""
        of = f"{total:,} or more" if more else f"{total:,}"
        self.update(f"“{one_line(words, 30)}” {number:,} of {of} · /find previous match")
        self.display = True
