"""Output of doctor, as text and as data; it contains nothing that is unsafe to paste."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Mapping, Sequence

import click

from provision.doctor_result import CheckResult, CheckStatus
from travel_tui.cli.redaction import pasteable
from travel_tui.text import count, one_line

WIDEST = 100
_MARKS = {
    CheckStatus.GOOD: ("✓", "green"),
    CheckStatus.LIMITED: ("!", "yellow"),
    CheckStatus.BROKEN: ("✗", "red"),
    CheckStatus.UNKNOWN: ("?", "yellow"),
    CheckStatus.SKIPPED: ("–", None),
}
_COMMAND, _NO_BREAK = re.compile(r"`[^`]*`"), "\N{NO-BREAK SPACE}"


def data(section: str, finding: CheckResult) -> dict[str, str]:
    """Convert a check result to JSON data."""
    return {
        "section": section,
        "subject": finding.subject,
        "verdict": finding.verdict,
        "found": pasteable(finding.found),
        "advice": pasteable(finding.advice),
    }


def screen(sections: Mapping[str, Sequence[CheckResult]]) -> list[str]:
    """Format all results as lines, wrapped at the terminal's width, followed by a conclusion."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    every = [each for findings in sections.values() for each in findings]
    label = max((len(each.subject) for each in every), default=0) + 1
    lines = []
    for findings in sections.values():
        for finding in findings:
            lines += _lines(finding, label, width)
        lines.append("")
    return [*lines, _outcome(every)]


def _lines(finding: CheckResult, label: int, width: int) -> list[str]:
    mark, colour = _MARKS[finding.verdict]
    indent = " " * (2 + label)
    found = _wrapped(finding.found, width - len(indent))
    first = f"{_styled(mark, colour)} {finding.subject:<{label}}{found[0]}"
    advice = _wrapped(finding.advice, width - len(indent) - 2) if finding.advice else []
    return [
        first,
        *(f"{indent}{line}" for line in found[1:]),
        *(f"{indent}{'→ ' if number == 0 else '  '}{line}" for number, line in enumerate(advice)),
    ]


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap text at `width` columns; longer words and commands in backquotes are not broken."""
    whole = _COMMAND.sub(lambda found: found.group().replace(" ", _NO_BREAK), pasteable(one_line(text, 1000)))
    wrapped = textwrap.wrap(whole, max(width, 20), break_on_hyphens=False, break_long_words=False)
    return [line.replace(_NO_BREAK, " ") for line in wrapped] or [""]


def _styled(mark: str, colour: str | None) -> str:
    return click.style(mark, fg=colour, bold=True) if colour and not os.environ.get("NO_COLOR") else mark


def _outcome(findings: Sequence[CheckResult]) -> str:
    broken = sum(each.verdict is CheckStatus.BROKEN for each in findings)
    unknown = sum(each.verdict is CheckStatus.UNKNOWN for each in findings)
    parts = [count(broken, "problem") + " found" if broken else "No problems found"]
    if unknown:
        parts.append(f"{unknown} could not be checked")
    return f"{'; '.join(parts)}."
