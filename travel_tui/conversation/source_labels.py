"""Wording and symbols of the sources of claims, for the screen and the commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from travel_tui.attribution.types import Claim, Source
from travel_tui.text import one_line, short_id


@dataclass(frozen=True, slots=True)
class SourceLabel:
    """A source's symbol, and its name, also where there is little room."""

    symbol: str
    name: str
    short: str


LABELS: Mapping[Source, SourceLabel] = {
    Source.MEMORY: SourceLabel("◆", "from memory", "memory"),
    Source.NOT_INJECTED: SourceLabel("◇", "in memory, not in prompt", "not in prompt"),
    Source.SAID: SourceLabel("○", "said", "said"),
    Source.TOOL: SourceLabel("ƒ", "returned by a function", "function"),
    Source.UNKNOWN: SourceLabel("△", "source unknown", "unknown"),
}
"""In the order in which they are counted. Each has a symbol of its own, so that nothing hangs on a colour."""
_DERIVED: Mapping[Source, SourceLabel] = {
    **LABELS,
    Source.NOT_INJECTED: SourceLabel("◇", "in memory, would not be recalled", "not recalled"),
}
"""The same for services that do not tell which memories they put in a prompt, only which they would recall."""


def labels_of(*, derived: bool) -> Mapping[Source, SourceLabel]:
    """Return the labels; with `derived`, for a service that does not tell which memories it put in a prompt."""
    return _DERIVED if derived else LABELS


def counted(claims: Sequence[Claim], *, short: bool = False, derived: bool = False) -> list[str]:
    """Return the number of claims of each source that occurs, in words; with `derived`, of what would be recalled."""
    numbers = _numbers(claims, labels_of(derived=derived))
    return [f"{label.symbol} {number} {label.short if short else label.name}" for label, number in numbers]


def symbols_counted(claims: Sequence[Claim]) -> str:
    """Return the number of claims of each source by symbols alone."""
    return "  ".join(f"{label.symbol} {number}" for label, number in _numbers(claims, LABELS))


def _numbers(claims: Sequence[Claim], labels: Mapping[Source, SourceLabel]) -> list[tuple[SourceLabel, int]]:
    numbers = Counter(each.source for each in claims)
    return [(label, numbers[source]) for source, label in labels.items() if numbers[source]]


def place(claim: Claim, *, derived: bool = False) -> str:
    """Say where a claim's evidence stands: the memory, or the turn; with `derived`, in words of what is recalled."""
    found, name = claim.evidence, labels_of(derived=derived)[claim.source].name
    if found is None:
        return name
    if found.record_id is not None:
        record = one_line(short_id(found.record_id))
        if claim.source is Source.MEMORY:
            return f"{name} {record}".rstrip()
        return name.replace("in memory", f"in memory {record}") if record else name
    return name if found.turn is None else f"{name} in turn {found.turn:,}"
