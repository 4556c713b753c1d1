"""Shared wording about memories: which were in a prompt, and who deleted one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from travel_tui.text import count, short_id

if TYPE_CHECKING:
    from travel_tui.agent import MemoryRecord
    from travel_tui.archive import DeletedBy


@dataclass(frozen=True, slots=True)
class Quote:
    """Text of a memory in a prompt, and its record; without a record id if no known record matches."""

    text: str
    record_id: str = ""
    session_id: str | None = None


Quotes = Sequence[Quote]


def title(record: MemoryRecord) -> str:
    """Return the short name of a record: its session, or without one its kind; with a namespace its kind first."""
    if record.namespace and record.session_id is not None:
        return f"{record.kind} {short_id(record.session_id)}"
    return short_id(record.session_id) if record.session_id is not None else str(record.kind)


def in_prompt(quotes: Quotes | None, *, derived: bool = False) -> str:
    """Describe how many memories were in the prompt; None means the trace does not report it.

    With `derived` the service did not tell it: they are those that would be recalled.
    """
    if quotes is None:
        return "memory in prompt: unknown"
    if not quotes:
        return "nothing would be recalled" if derived else "no memory in prompt"
    where = "would be recalled" if derived else "in prompt"
    if any(not quote.record_id for quote in quotes):
        return f"memory {where}"  # there was some memory, but which records is not known (yet)
    return f"{count(len(quotes), 'memory', 'memories')} {where}"


def none_left(deleted_by: DeletedBy | None, made: str, *, had_some: bool = False) -> str:
    """Explain why a memory is empty: nothing was stored yet, or it was deleted, and by whom if known.

    `made` says when an entry of it is made, as in MemoryWords.
    """
    if deleted_by is not None:
        first = f"No memories: {deleted(deleted_by)}."
    else:
        first = "No memories." if had_some else "No memories yet."
    return f"{first} {made}"


def deleted(by: DeletedBy | None) -> str:
    """Describe how a record disappeared, if known."""
    words = {
        "you": "deleted by you",
        "elsewhere": "deleted elsewhere or expired",
        "demo --fresh": "removed by `demo --fresh`",
        "destroy": "removed by `destroy`",
        "unknown": "deleted, unknown by whom",
    }
    return words[by] if by else "gone"
