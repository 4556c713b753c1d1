"""Rows of pickers: a session with its first message, and a turn with an excerpt around the search words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.content import Content

from travel_tui.text import count, moment, one_line, safe, short_id, without_marks

if TYPE_CHECKING:
    from travel_tui.archive import Hit, SessionRecord
    from travel_tui.clock import Clock

LEAD = 24
"""Approximate number of characters before the search words, so that they stay visible in a truncated row."""
LONGEST = 100
WHO = {"message": "You", "answer": "Agent", "note": "note"}


def session_row(session: SessionRecord, clock: Clock, *, ended: bool) -> Content:
    """Return a row: session id, time of the last turn, turns, first message; `ended` to mark open sessions."""
    when = moment(clock.shown(session.last_sent_at or session.opened_at), clock.shown(clock.now()))
    open_ = "  open" if ended and not session.ended_at else ""
    return Content.assemble(
        (short_id(session.session_id), "bold"),
        (f"  {when}  {count(session.turns, 'turn')}{open_}  ", "$foreground-muted"),
        one_line(session.first_text, LONGEST),
    )


def hit_row(hit: Hit, words: str, clock: Clock) -> Content:
    """Return a row: session id, time of the turn, and an excerpt around the search words."""
    when = moment(clock.shown(hit.sent_at), clock.shown(clock.now()))
    head = Content.styled(f"{short_id(hit.session_id)}  {when}  {WHO[hit.part]}: ", "$foreground-muted")
    return head + excerpt(hit.text, words, markdown=hit.part == "answer")


def excerpt(text: str, words: str, *, markdown: bool = False) -> Content:
    """Return an excerpt on one line with `words` highlighted; the beginning of the text if they do not occur.

    With `markdown`, the marks of tables, headings and bold text are left out.
    """
    wanted = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    if (place := wanted.search(text)) is None:
        return Content(one_line(without_marks(text[: 8 * LONGEST]) if markdown else text, LONGEST))
    from_, to = max(0, place.start() - 4 * LEAD), place.start() + 4 * LONGEST
    near = text[from_:to]
    folded = " ".join(safe(without_marks(near) if markdown else near).split())
    if (found := wanted.search(folded)) is None:  # truncated within words that are longer than the row
        return Content(one_line(text[place.start() : to], LONGEST))
    start = max(0, found.start() - LEAD)
    if start:
        start = max(start, folded.find(" ", start, found.start()) + 1)
    end = start + LONGEST
    return Content.assemble(
        "…" if start or from_ else "",
        folded[start : found.start()],
        (folded[found.start() : min(found.end(), end)], "reverse"),
        folded[found.end() : end],
        "…" if len(folded) > end or to < len(text) else "",
    )
