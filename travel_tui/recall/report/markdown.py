"""A report in Markdown, for a pull request or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator

from travel_tui.recall.report.words import line, seconds, why
from travel_tui.recall.results import Outcome, Run, by_category, by_test

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def markdown(run: Run) -> str:
    """The whole report."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield from ("# Recall", "", f"{plain(run.target)}, {run.started}", "")
    yield from ("| category | held | broke | undecided |", "|---|---:|---:|---:|")
    for tally in by_category(run.tests):
        yield f"| {plain(tally.name)} | {tally.held} | {tally.broke} | {tally.undecided} |"
    if run.planned > len(run.tests):
        yield from ("", f"{run.planned - len(run.tests)} of {run.planned} did not run.")
    yield from ("", "| test | held | of | undecided |", "|---|---:|---:|---:|")
    for tally in by_test(run.tests):
        yield f"| {plain(tally.name)} | {tally.held} | {tally.total} | {tally.undecided} |"
    for result in run.tests:
        if result.outcome is Outcome.HELD and not result.uncleaned:
            continue
        yield from ("", f"## {plain(result.key)}: {result.outcome}", "", f"{seconds(result.seconds)}", "")
        yield from (f"- {plain(reason)}" for reason in why(result))


def plain(text: str) -> str:
    """The text on one line, none of it read as Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", line(text, 600))
