"""Markdown report, for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator

from travel_tui.recall.report.formatting import SHOWN, line, seconds, why_with_answers
from travel_tui.recall.results import Outcome, Run, by_category, by_test

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def markdown(run: Run) -> str:
    """Return the whole report."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield from ("# Recall checks", "", f"{plain(run.target)}, {run.started}", "")
    yield from ("| category | passed | failed | undecided |", "|---|---:|---:|---:|")
    for tally in by_category(run.tests):
        yield f"| {plain(tally.name)} | {tally.held} | {tally.broke} | {tally.undecided} |"
    if run.planned > len(run.tests):
        yield from ("", f"{run.planned - len(run.tests)} of {run.planned} did not run.")
    yield from ("", "| test | passed | of | undecided |", "|---|---:|---:|---:|")
    for tally in by_test(run.tests):
        yield f"| {plain(tally.name)} | {tally.held} | {tally.total} | {tally.undecided} |"
    for result in run.tests:
        if result.outcome is Outcome.HELD and not result.uncleaned:
            continue
        yield from ("", f"## {plain(result.key)}: {SHOWN[result.outcome]}", "", f"{seconds(result.seconds)}", "")
        yield from (f"- {plain(reason)}" for reason in why_with_answers(result))


def plain(text: str) -> str:
    """Return the text on one line, with Markdown and HTML escaped."""
    return _SPECIAL.sub(r"\\\1", line(text, 600))
