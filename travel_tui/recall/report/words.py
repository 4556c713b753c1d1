"""What reports say of results, each in words of its own format's making: plain text with nothing a terminal obeys."""

from __future__ import annotations

import re

from travel_tui.recall.results import Check, Outcome, TestResult
from travel_tui.recall.verdict import Verdict

MARKS = {Outcome.HELD: "✓", Outcome.BROKE: "✗", Outcome.UNDECIDED: "?"}
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""As in the client: control characters but tab and line feed, and marks that turn the direction of text around."""


def safe(text: str) -> str:
    """The text without characters that a terminal would obey or XML does not take."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def line(text: str, limit: int = 200) -> str:
    """The text on one line, cut to `limit` characters."""
    folded = " ".join(safe(text[: 4 * limit]).split())
    return folded if len(folded) <= limit else f"{folded[: limit - 1]}…"


def seconds(value: float) -> str:
    """A duration."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s" if value < 100 else f"{value:.0f} s"


def seen(check: Check) -> str:
    """The three answers: in the summary? in the prompt? in the answer?"""
    parts = (("summary", check.in_summary), ("prompt", check.in_prompt), ("answer", check.in_answer))
    words = {True: "yes", False: "no", None: "unknown"}
    return ", ".join(f"{name}: {words[value]}" for name, value in parts)


def broken_line(check: Check) -> str:
    """What broke, on one line."""
    told = f" ({seen(check)})" if check.kind in ("answer", "memory") else ""
    return f"{check.kind}: {line(check.what, 120)}: {check.verdict}{told}"


def why(result: TestResult) -> list[str]:
    """A line for each thing that did not hold, and for what is undecided."""
    lines = [broken_line(check) for check in result.broken]
    if result.reason:
        lines.append(f"undecided: {line(result.reason, 400)}")
    if result.uncleaned:
        lines.append(f"not cleaned up: {line(result.uncleaned, 400)}")
    return lines


def verdicts(result: TestResult) -> str:
    """The different verdicts of what broke."""
    return ", ".join(dict.fromkeys(str(check.verdict) for check in result.broken if check.verdict is not Verdict.HELD))
