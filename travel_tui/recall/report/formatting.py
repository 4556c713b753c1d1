"""Formatting of results shared by all reports: plain text without terminal control characters."""

from __future__ import annotations

import re

from travel_tui.recall.results import Check, Outcome, TestResult
from travel_tui.recall.verdict import RecallVerdict

MARKS = {Outcome.HELD: "✓", Outcome.BROKE: "✗", Outcome.UNDECIDED: "?"}
SHOWN = {Outcome.HELD: "passed", Outcome.BROKE: "failed", Outcome.UNDECIDED: "undecided"}
"""Outcomes as shown to users; JSON, JUnit and journals have the values of `Outcome`."""
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Same as in the client: control characters except tab and line feed, and marks that change the direction of text."""


def safe(text: str) -> str:
    """Replace characters that a terminal would interpret or XML does not allow."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def line(text: str, limit: int = 200) -> str:
    """Return the text on one line, cut to `limit` characters."""
    folded = " ".join(safe(text[: 4 * limit]).split())
    return folded if len(folded) <= limit else f"{folded[: limit - 1]}…"


def seconds(value: float) -> str:
    """Format a duration."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s" if value < 100 else f"{value:.0f} s"


def seen(check: Check) -> str:
    """Format the findings: is it in the summary, in the prompt, in the answer?"""
    if check.kind == "memory":
        parts = [("memory", check.in_summary)]
    elif check.derived:
        parts = [("memory", check.in_summary), ("would be recalled", check.in_prompt), ("answer", check.in_answer)]
    else:
        parts = [("summary", check.in_summary), ("prompt", check.in_prompt), ("answer", check.in_answer)]
    words = {True: "yes", False: "no", None: "unknown"}
    return ", ".join(f"{name}: {words[value]}" for name, value in parts)


def verdict_shown(check: Check) -> str:
    """Return the verdict as shown to users."""
    return SHOWN[Outcome.HELD] if check.verdict is RecallVerdict.HELD else str(check.verdict)


def broken_line(check: Check) -> str:
    """Describe a failed expectation on one line."""
    told = f" ({seen(check)})" if check.kind in ("answer", "memory") else ""
    return f"{check.kind}: {line(check.what, 120)}: {verdict_shown(check)}{told}"


def why(result: TestResult) -> list[str]:
    """Return a line for each failed expectation, and for the reason of an undecided test."""
    lines = [broken_line(check) for check in result.broken]
    if result.reason:
        label = "undecided" if result.outcome is Outcome.UNDECIDED else "stopped"
        lines.append(f"{label}: {line(result.reason, 400)}")
    if result.uncleaned:
        lines.append(f"not cleaned up: {line(result.uncleaned, 400)}")
    return lines


def why_with_answers(result: TestResult) -> list[str]:
    """Like `why`, with each turn's answer or calls after the failed expectations."""
    lines = []
    for session in result.sessions:
        lines += [broken_line(check) for check in session.checks if check.outcome is Outcome.BROKE]
        for turn in session.turns:
            broken = [check for check in turn.checks if check.outcome is Outcome.BROKE]
            lines += [broken_line(check) for check in broken]
            if any(check.kind == "call" for check in broken):
                lines.append(f"  it called: {line(', '.join(turn.calls), 400) or 'nothing'}")
            if any(check.kind != "call" for check in broken):
                lines.append(f"  it answered: {line(turn.answer, 400) or 'nothing'}")
    return lines + why(result)[len(result.broken) :]


def verdicts(result: TestResult) -> str:
    """Return the distinct verdicts of the failed expectations."""
    return ", ".join(
        dict.fromkeys(str(check.verdict) for check in result.broken if check.verdict is not RecallVerdict.HELD)
    )
