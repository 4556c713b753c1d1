"""Result of a doctor check: one line of its screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckStatus(StrEnum):
    """Status of a check."""

    GOOD = "good"
    LIMITED = "limited"
    """It works, with restrictions."""
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """It could not be checked, most often because a permission is missing."""
    SKIPPED = "skipped"
    """There was nothing to check, or no reason to."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Result for a subject, and advice; the advice is empty if nothing has to be done."""

    subject: str
    verdict: CheckStatus
    found: str
    advice: str = ""
