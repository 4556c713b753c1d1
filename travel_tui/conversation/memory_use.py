"""Contribution of memory to one answer, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from travel_tui.attribution.types import Claim
from travel_tui.conversation.memory_labels import Quotes


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """`quotes` are the summaries in the prompt by id, None if the trace does not report them.

    `claims` are the facts of the answer with their sources, None if it was not judged because it is incomplete, and
    while they are `pending`.
    """

    quotes: Quotes | None
    claims: tuple[Claim, ...] | None = ()
    partly: bool = False
    """Whether only the beginning of a very long answer was judged."""
    derived: bool = False
    """Whether the quotes are those that would be recalled, since the service does not tell which were."""
    pending: bool = False
    """Whether the claims are still being found."""
