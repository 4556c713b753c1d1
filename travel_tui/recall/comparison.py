"""Comparison of runs: per test and category what passed, at which step recall was lost, tokens and times."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import median
from typing import Any

from travel_tui.recall.results import UNCATEGORISED, Outcome, Run, TestResult
from travel_tui.recall.verdict import RecallVerdict

_Z = 1.96
"""Standard deviations of a 95% interval."""
STEPS: Mapping[RecallVerdict, str] = {
    RecallVerdict.NEVER_STORED: "never stored",
    RecallVerdict.NOT_INJECTED: "stored, not in the prompt",
    RecallVerdict.NOT_USED: "in the prompt, not used",
    RecallVerdict.NOT_RECALLED: "stored, not in the prompt",
    RecallVerdict.RECALLED_NOT_USED: "in the prompt, not used",
}
"""The three steps at which recall is lost."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many tests passed. Undecided ones are counted apart, and are no part of the rate."""

    passed: int
    failed: int
    undecided: int

    @property
    def decided(self) -> int:
        """Return the number of tests that passed or failed."""
        return self.passed + self.failed

    @property
    def rate(self) -> float | None:
        """Return the share that passed, 0 to 1; None if nothing was decided."""
        return self.passed / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95% interval of the rate (Wilson score, which holds for few tests too)."""
        if not self.decided:
            return None
        n, p = self.decided, self.passed / self.decided
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Row:
    """A test or category: its rate in each run, None where the run does not have it."""

    name: str
    rates: tuple[Rate | None, ...]

    @property
    def differs(self) -> bool:
        """Whether two of the runs that have it have different rates."""
        return len({rate.rate for rate in self.rates if rate is not None}) > 1

    @property
    def compared(self) -> bool:
        """Whether two runs have it."""
        return len(self.rates) - self.rates.count(None) > 1

    @property
    def beyond_chance(self) -> bool:
        """Whether the intervals of two runs do not overlap."""
        found = [rate.interval for rate in self.rates if rate and rate.interval]
        return any(a[1] < b[0] or b[1] < a[0] for a, b in combinations(found, 2))


@dataclass(frozen=True, slots=True)
class Column:
    """What a run cost, and where it lost what."""

    title: str
    run_id: str
    started: str
    target: str
    model: str
    tests: int
    planned: int
    lost: Mapping[str, int]
    """Failed expectations by the step at which recall was lost, and others."""
    input_tokens: int | None
    output_tokens: int | None
    """None if no turn of the run reported any."""
    turn_s: float | None
    """Median seconds of a turn."""
    memory_s: float | None
    """Median seconds until an awaited memory was there."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side."""

    columns: tuple[Column, ...]
    total: Row
    categories: tuple[Row, ...]
    tests: tuple[Row, ...]

    @property
    def differences(self) -> list[Row]:
        """Return the tests that differ."""
        return [row for row in self.tests if row.differs]

    @property
    def not_everywhere(self) -> list[Row]:
        """Return the tests that a run does not have."""
        return [row for row in self.tests if None in row.rates]


def compare(runs: Sequence[Run]) -> Comparison:
    """Put runs side by side. Tests are matched by their names, over files and repetitions."""
    return Comparison(
        columns=tuple(_column(run) for run in runs),
        total=Row("all tests", tuple(_rate(run.tests) for run in runs)),
        categories=_rows(runs, lambda test: test.category or UNCATEGORISED),
        tests=_rows(runs, lambda test: test.name),
    )


def to_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON-compatible values; docs/recall.md describes them."""
    return {
        "runs": [asdict(column) for column in comparison.columns],
        "total": _row_json(comparison.total),
        "categories": [_row_json(row) for row in comparison.categories],
        "tests": [_row_json(row) for row in comparison.tests],
    }


def _row_json(row: Row) -> dict[str, Any]:
    rates = [rate and {**asdict(rate), "rate": rate.rate, "interval": rate.interval} for rate in row.rates]
    return {"name": row.name, "rates": rates, "differs": row.differs, "beyond_chance": row.beyond_chance}


def _rows(runs: Sequence[Run], key: Callable[[TestResult], str]) -> tuple[Row, ...]:
    names = dict.fromkeys(key(test) for run in runs for test in run.tests)
    return tuple(
        Row(name, tuple(_rate(found) if (found := [t for t in run.tests if key(t) == name]) else None for run in runs))
        for name in names
    )


def _rate(tests: Iterable[TestResult]) -> Rate:
    outcomes = [test.outcome for test in tests]
    return Rate(*(outcomes.count(outcome) for outcome in (Outcome.HELD, Outcome.BROKE, Outcome.UNDECIDED)))


def _column(run: Run) -> Column:
    turns = [turn for test in run.tests for session in test.sessions for turn in session.turns]
    waits = [s.waited_s for test in run.tests for s in test.sessions if s.waited_s is not None]
    lost = dict.fromkeys([*STEPS.values(), OTHER], 0)
    for test in run.tests:
        for check in test.broken:
            lost[STEPS.get(check.verdict, OTHER)] += 1
    return Column(
        title=run.model or run.target,
        run_id=run.run_id,
        started=run.started,
        target=run.target,
        model=run.model,
        tests=len(run.tests),
        planned=run.planned,
        lost=lost,
        input_tokens=_sum(turn.input_tokens for turn in turns),
        output_tokens=_sum(turn.output_tokens for turn in turns),
        turn_s=median([turn.seconds for turn in turns]) if turns else None,
        memory_s=median(waits) if waits else None,
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
