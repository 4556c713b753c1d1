"""Output of `travel-tui explain`, as text and as data (docs/explain.md describes the fields)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from travel_tui.attribution.types import Claim, Evidence, LostItem
from travel_tui.conversation.source_labels import LABELS, labels_of
from travel_tui.text import one_line

_WIDTH = 2 + max(len(label.short) for label in LABELS.values())
"""Columns of the longest symbol and name of a source."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Claims of an answer, and what the session's summary lacks; None if there is no summary."""

    claims: Sequence[Claim]
    lost: Sequence[LostItem] | None
    session_id: str = ""
    derived: bool = False
    """Whether its memory is one of records, of which those that would be recalled are known."""


def as_data(explained: Explained) -> dict[str, Any]:
    """Convert to JSON data; the session's id is named only for evidence."""
    named = {"session_id": explained.session_id} if explained.session_id else {}
    return {
        **named,
        "claims": [
            {
                "text": each.text,
                "start": each.start,
                "end": each.end,
                "source": str(each.source),
                "session_id": each.record_id,
                "evidence": _evidence_data(each.evidence) if each.evidence else None,
            }
            for each in explained.claims
        ],
        "lost": None
        if explained.lost is None
        else [
            {
                "text": each.text,
                "turn": each.turn,
                "start": each.start,
                "end": each.end,
                "tool": each.tool,
                "agent": each.agent,
            }
            for each in explained.lost
        ],
    }


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    return {
        "text": evidence.text,
        "start": evidence.start,
        "end": evidence.end,
        "turn": evidence.turn,
        "tool": evidence.tool,
    }


def rows(explained: Explained) -> Iterator[str]:
    """Format for people: a line for each claim with its evidence, then what the summary lacks."""
    if explained.session_id:
        yield f"Session {one_line(explained.session_id)}"
    if not explained.claims:
        yield "No facts found in the last answer."
    labels = labels_of(derived=explained.derived)
    for claim in explained.claims:
        label = labels[claim.source]
        yield f"{f'{label.symbol} {label.short}':<{_WIDTH}}  {one_line(claim.text, 60)}"
        if claim.evidence is not None:
            yield f"{'':<{_WIDTH}}    {_place(claim.evidence, explained)}: “{one_line(claim.evidence.text, 120)}”"
    if explained.lost is None:
        return
    memory = "memory" if explained.derived else "summary"
    yield f"Missing from the {memory}:" if explained.lost else f"The {memory} has every fact that was found."
    for item in explained.lost:
        where = ", answer" if item.agent else "" if item.tool is None else ", function result"
        yield f"  turn {item.turn}{where}: {one_line(item.text, 100)}"


def _place(evidence: Evidence, explained: Explained) -> str:
    if evidence.record_id is not None:
        return f"{'memory' if explained.derived else 'summary'} {one_line(evidence.record_id, 40)}"
    return f"turn {evidence.turn}, {'user' if evidence.tool is None else 'function result'}"
