"""Report for the terminal, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from travel_tui.memory.record_text import readable
from travel_tui.recall.report.formatting import MARKS, SHOWN, broken_line, line, seconds, why, why_with_answers
from travel_tui.recall.results import Check, Outcome, Run, StoredMemory, Tally, TestResult, by_category, by_test


def summary(run: Run) -> Iterator[str]:
    """Yield the failed and undecided tests with their reasons, then the counts by category."""
    for result in run.tests:
        if result.outcome is not Outcome.HELD or result.uncleaned:
            yield f"{MARKS[result.outcome]} {result.key}  {SHOWN[result.outcome]}  {seconds(result.seconds)}"
            for reason in why_with_answers(result):
                yield f"    {reason}"
    yield from table(by_category(run.tests))
    if rates := [tally for tally in by_test(run.tests) if tally.total > 1]:
        yield ""
        yield from (f"  {tally.name}: {tally}" for tally in rates)
    if missing := run.planned - len(run.tests):
        yield f"  {missing} of {run.planned} did not run."


def conversation(result: TestResult) -> Iterator[str]:
    """Yield the complete conversation of a test, with its memories and checks."""
    yield f"{MARKS[result.outcome]} {result.key}  {SHOWN[result.outcome]}  {seconds(result.seconds)}"
    for session in result.sessions:
        whose = f", memory {session.memory_id}" if session.memory_id else ", no memory"
        waited = f", waited {seconds(session.waited_s)}" if session.waited_s is not None else ""
        yield f"  {session.name}{whose}{waited}"
        for memory in session.before or ():
            yield f"    memory before: {_record(memory)}"
        yield from (f"      {_check(check)}" for check in session.checks)
        for turn in session.turns:
            yield f"    User   {line(turn.user, 2000)}"
            yield from (f"    ▸      {line(call, 400)}" for call in turn.calls)
            yield f"    Agent  {line(turn.answer, 2000)}  ({seconds(turn.seconds)})"
            yield from (f"      {_check(check)}" for check in turn.checks)
    yield from (f"  {reason}" for reason in why(result) if not result.broken)
    for memory in result.after or ():
        yield f"  memory after: {_record(memory)}"


def _record(memory: StoredMemory) -> str:
    kind = f"{memory.kind}: " if memory.namespace else ""
    return f"{kind}{line(readable(memory.text), 400)}"


def _check(check: Check) -> str:
    return f"{MARKS[check.outcome]} {broken_line(check)}"


def table(tallies: list[Tally]) -> Iterator[str]:
    """Yield the counts, in columns."""
    width = max((len(tally.name) for tally in tallies), default=8)
    yield f"{'category':<{width}}  {'passed':>6}  {'failed':>6}  {'undecided':>9}"
    for tally in tallies:
        yield f"{tally.name:<{width}}  {tally.held:>6}  {tally.broke:>6}  {tally.undecided:>9}"
