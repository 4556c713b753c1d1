"""What doctor finds: one line of its screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands with something."""

    GOOD = "good"
    LIMITED = "limited"
    """It works, with less than there could be."""
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """It could not be looked at, most often for want of a permission."""
    SKIPPED = "skipped"
    """There was nothing to look at, or no reason to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a subject, and what to do about it; the advice is empty where there is nothing to do."""

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""
