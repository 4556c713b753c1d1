"""What doctor prints: for people, and as data; nothing in it that one would not paste."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from provision.finding import Finding, Verdict
from travel_tui.tui.text import count, one_line

WIDEST = 100
_LABEL = 12
_MARKS = {
    Verdict.GOOD: ("✓", "green"),
    Verdict.LIMITED: ("!", "yellow"),
    Verdict.BROKEN: ("✗", "red"),
    Verdict.UNKNOWN: ("?", "yellow"),
    Verdict.SKIPPED: ("–", None),
}
_COMMAND, _NO_BREAK = re.compile(r"`[^`]*`"), "\N{NO-BREAK SPACE}"
_ACCOUNT = re.compile(r"(?<!\d)\d{8}(\d{4})(?!\d)")
_ROLE_SESSION = re.compile(r"(assumed-role/[^/\s]+)/[^\s,:;]+")
_KEY = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b")
_PASSWORD = re.compile(r"(://)[^/\s@]+@")


def pasteable(text: str) -> str:
    """`text` without account numbers, names of role sessions, keys, passwords and the home folder."""
    text = _PASSWORD.sub(r"\1", _KEY.sub("…", _ROLE_SESSION.sub(r"\1/…", _ACCOUNT.sub(r"…\1", text))))
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def data(section: str, finding: Finding) -> dict[str, str]:
    """A finding as JSON has it."""
    return {
        "section": section,
        "subject": finding.subject,
        "verdict": finding.verdict,
        "found": pasteable(finding.found),
        "advice": pasteable(finding.advice),
    }


def screen(sections: Mapping[str, Sequence[Finding]]) -> list[str]:
    """All of it in lines, wrapped at the terminal's width, with what it comes to at the end."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    lines = []
    for findings in sections.values():
        for finding in findings:
            lines += _lines(finding, width)
        lines.append("")
    return [*lines, _outcome([each for findings in sections.values() for each in findings])]


def _lines(finding: Finding, width: int) -> list[str]:
    mark, colour = _MARKS[finding.verdict]
    indent = " " * (2 + _LABEL)
    found = _wrapped(finding.found, width - len(indent))
    first = f"{_styled(mark, colour)} {finding.subject:<{_LABEL}}{found[0]}"
    advice = _wrapped(finding.advice, width - len(indent) - 2) if finding.advice else []
    return [
        first,
        *(f"{indent}{line}" for line in found[1:]),
        *(f"{indent}{'→ ' if number == 0 else '  '}{line}" for number, line in enumerate(advice)),
    ]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`, but for what is longer in one piece: words, and commands in backquotes."""
    whole = _COMMAND.sub(lambda found: found.group().replace(" ", _NO_BREAK), pasteable(one_line(text, 1000)))
    wrapped = textwrap.wrap(whole, max(width, 20), break_on_hyphens=False, break_long_words=False)
    return [line.replace(_NO_BREAK, " ") for line in wrapped] or [""]


def _styled(mark: str, colour: str | None) -> str:
    return click.style(mark, fg=colour, bold=True) if colour and not os.environ.get("NO_COLOR") else mark


def _outcome(findings: Sequence[Finding]) -> str:
    broken = sum(each.verdict is Verdict.BROKEN for each in findings)
    unknown = sum(each.verdict is Verdict.UNKNOWN for each in findings)
    parts = [count(broken, "thing") + " to mend" if broken else "Nothing is broken"]
    if unknown:
        parts.append(f"{unknown} could not be looked at")
    return f"{'; '.join(parts)}."
