"""Marks of an answer's claims: the words underlined, and the symbol of the source behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from travel_tui.attribution.types import Claim, Source
from travel_tui.conversation.source_labels import LABELS
from travel_tui.tui.rendering.marks import SYMBOL, Mark
from travel_tui.tui.widgets.chat.answer import NUMBERED

STYLES: Mapping[Source, str] = {
    Source.MEMORY: "$text-success",
    Source.NOT_INJECTED: "$text-warning",
    Source.SAID: "$text-primary",
    Source.TOOL: "$text-accent",
    Source.UNKNOWN: "$text-error",
}
"""Style of each source's symbol in lists; in an answer, its component classes have the same."""


def claim_marks(claims: Sequence[Claim]) -> list[Mark]:
    """Return the marks of claims; each can be chosen by its number in the list."""
    return [
        Mark(each.start, each.end, f"{NUMBERED}{number}", LABELS[each.source].symbol, f"{SYMBOL}-{each.source}")
        for number, each in enumerate(claims)
    ]
