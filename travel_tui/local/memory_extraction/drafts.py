"""What an extraction proposes to store."""

from __future__ import annotations

from dataclasses import dataclass

BASE, REFLECTION = "BASE", "REFLECTION"
"""Values of a record's x-amz-agentcore-memory-recordType."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a record, and its subject: a newer record on the same subject replaces an older one."""

    text: str
    subject: str = ""
    record_type: str = BASE
    retracts: str = ""
    """Words of older facts that this one ends: what the user no longer does, has sold, or switched from."""
