"""Rows of the list of an answer's claims, each beside the sentence that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len
from textual.content import Content

from travel_tui.attribution.types import Claim
from travel_tui.conversation.memory_labels import Quotes
from travel_tui.conversation.source_labels import LABELS, place
from travel_tui.memory.summary_parser import topics
from travel_tui.text import beginning, one_line, safe, short_id
from travel_tui.tui.rendering.lines import Line, wrap
from travel_tui.tui.widgets.chat.claim_marks import STYLES

BESIDE = 56
"""Columns from which on the sentences are beside the claims; in less room they are below them."""
WIDEST_CLAIM = 28
"""Most columns of the claims where the sentences are beside them."""
LEAD, GAP = 4, 2
"""Columns of what is before a claim, and between a claim and its sentence."""
CHOSEN = ".memory-line--chosen"
MUTED = "$foreground-muted"


def claim_rows(
    claims: Sequence[Claim], width: int, chosen: int | None, *, derived: bool = False
) -> tuple[list[Line], list[int]]:
    """Return the rows of the claims, and the first row of each; `derived` is as in `prompt_rows`.

    Neighbours from the same sentence share it: it stands beside them, or below where there is little room.
    """
    widest = max((cell_len(one_line(each.text, 60)) for each in claims), default=0)
    left = min(widest, WIDEST_CLAIM, width * 2 // 5) if width >= BESIDE else 0
    rows: list[Line] = []
    starts: list[int] = []
    for _, group in groupby(enumerate(claims), key=lambda each: (each[1].source, each[1].evidence)):
        its = list(group)
        words: list[Line] = []
        for number, claim in its:
            starts.append(len(rows) + len(words))
            words += _claim(claim, left or width - LEAD, chosen=number == chosen)
        source = _source(its[0][1], derived=derived)
        if left:
            rows += _beside(words, wrap(source, width, Content(" " * (LEAD + left + GAP))), LEAD + left + GAP)
        else:
            rows += [*words, *wrap(source, width, Content(" " * LEAD))]
    return rows, starts


def _claim(claim: Claim, width: int, *, chosen: bool) -> list[Line]:
    lead = Content.assemble(
        ("› " if chosen else "  ", "bold"), (f"{LABELS[claim.source].symbol} ", STYLES[claim.source])
    )
    words = Content.styled(one_line(claim.text, 60), CHOSEN if chosen else "")
    rows = wrap(words, width)
    return [
        Line((Content(" " * LEAD) if number else lead) + row.content, row.soft, LEAD) for number, row in enumerate(rows)
    ]


def _source(claim: Claim, *, derived: bool) -> Content:
    sentence = one_line(claim.evidence.text, 300) if claim.evidence else ""
    return Content.assemble(sentence, "  " if sentence else "", (place(claim, derived=derived), MUTED))


def _beside(words: Sequence[Line], sentence: Sequence[Line], column: int) -> list[Line]:
    """Put the rows of a sentence, which are indented to `column`, beside those of claims."""
    rows = list(words)
    for at, row in enumerate(rows[: len(sentence)]):
        gap = Content(" " * (column - row.content.cell_length))
        rows[at] = Line(row.content + gap + sentence[at].content[column:], lead=row.lead)
    return [*rows, *sentence[len(rows) :]]


def prompt_rows(quotes: Quotes | None, width: int, most: int, *, derived: bool = False) -> list[Line]:
    """Return the memories that were in the prompt, with `derived` that would be recalled; or that this is not known."""
    where = " would be recalled" if derived else " was in the prompt"
    if quotes is None:
        told = "The trace does not say which memories were in the prompt; any stored one counts as its source."
        return wrap(Content(told), width, Content("  "))
    rows: list[Line] = []
    for quote in quotes[:most]:
        name = one_line(short_id(quote.record_id)) or "memory"
        rows.append(Line(Content.assemble("  ", (name, "$text-success"), (where, MUTED))))
        for topic in topics(beginning(quote.text)):
            words = Content.assemble((f"{topic.name}: " if topic.name else "", MUTED), safe(topic.text))
            rows += wrap(words, width, Content("  ▏ "))
    return rows
