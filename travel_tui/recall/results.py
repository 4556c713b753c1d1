"""What came out of a run, as plain data that goes to JSON and back, and the counts of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from travel_tui.recall.verdict import Verdict

UNCATEGORISED = "uncategorised"


class Outcome(StrEnum):
    """What is known of a test once it has run."""

    HELD = "held"
    BROKE = "broke"
    UNDECIDED = "undecided"
    """It could not be found out: a summary did not come in time, or a call failed."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A summary as it was seen."""

    session_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation and what became of it."""

    kind: str
    """answer, memory, call or save."""
    what: str
    verdict: Verdict
    in_summary: bool | None = None
    in_prompt: bool | None = None
    in_answer: bool | None = None


@dataclass(frozen=True, slots=True)
class TurnResult:
    """A turn as it went; `prompt_memory` is what of the memory stood in the prompt, None where no trace told."""

    user: str
    answer: str
    calls: tuple[str, ...]
    prompt_memory: str | None
    seconds: float
    checks: tuple[Check, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SessionResult:
    """A session as it went; `before` is the memory that it began with, None where it has none."""

    name: str
    session_id: str
    memory_id: str | None
    before: tuple[Memory, ...] | None = None
    waited_s: float | None = None
    """Seconds until the awaited summaries were there."""
    checks: tuple[Check, ...] = ()
    turns: tuple[TurnResult, ...] = ()


@dataclass(frozen=True, slots=True)
class TestResult:
    """One run of one test."""

    key: str
    """Unique in its run: number of the file, name, number of the repetition."""
    source: str
    name: str
    category: str
    attempt: int
    outcome: Outcome
    reason: str
    """Why it is undecided."""
    seconds: float
    sessions: tuple[SessionResult, ...]
    after: tuple[Memory, ...] | None = None
    """All of the test's memories before they were deleted; None where nobody looked."""
    uncleaned: str = ""
    """What its clean-up left behind, and why."""

    @property
    def broken(self) -> list[Check]:
        """The expectations that did not hold."""
        return [check for check in self.checks if check.verdict is not Verdict.HELD]

    @property
    def checks(self) -> list[Check]:
        """All expectations, in their order."""
        found: list[Check] = []
        for session in self.sessions:
            found += session.checks
            for turn in session.turns:
                found += turn.checks
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run."""

    run_id: str
    started: str
    """ISO, in UTC."""
    target: str
    tests: tuple[TestResult, ...]
    planned: int
    """How many tests it was to have; more than `tests` where it was interrupted."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one category, or of one test over its repetitions."""

    name: str
    held: int
    broke: int
    undecided: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.held + self.broke + self.undecided

    def __str__(self) -> str:
        return f"{self.held} of {self.total} held" + (f", {self.undecided} undecided" if self.undecided else "")


def by_category(tests: Iterable[TestResult]) -> list[Tally]:
    """Counts by category, in the order in which they come. There is no total: one number would hide what broke."""
    return _tallies((test.category or UNCATEGORISED, test) for test in tests)


def by_test(tests: Iterable[TestResult]) -> list[Tally]:
    """Counts by test, over its repetitions."""
    return _tallies((test.name, test) for test in tests)


def _tallies(named: Iterable[tuple[str, TestResult]]) -> list[Tally]:
    counts: dict[str, dict[Outcome, int]] = {}
    for name, test in named:
        of = counts.setdefault(name, dict.fromkeys(Outcome, 0))
        of[test.outcome] += 1
    return [Tally(name, of[Outcome.HELD], of[Outcome.BROKE], of[Outcome.UNDECIDED]) for name, of in counts.items()]


def exit_status(run: Run) -> int:
    """0 where all held, 1 where recall broke, 3 where nothing broke but something is undecided or did not run."""
    outcomes = {test.outcome for test in run.tests}
    if Outcome.BROKE in outcomes:
        return 1
    return 3 if Outcome.UNDECIDED in outcomes or len(run.tests) < run.planned else 0


def to_json(result: TestResult) -> dict[str, Any]:
    """The result as JSON has it."""
    return asdict(result)


def from_json(values: Mapping[str, Any]) -> TestResult:
    """The result again; raises KeyError, TypeError or ValueError where it is none."""
    return TestResult(
        **{
            **values,
            "outcome": Outcome(values["outcome"]),
            "sessions": tuple(_session(session) for session in values["sessions"]),
            "after": memories_from_json(values.get("after")),
        }
    )


def _session(values: Mapping[str, Any]) -> SessionResult:
    turns = tuple(
        TurnResult(**{**turn, "calls": tuple(turn["calls"]), "checks": _checks(turn["checks"])})
        for turn in values["turns"]
    )
    before = memories_from_json(values["before"])
    return SessionResult(**{**values, "before": before, "checks": _checks(values["checks"]), "turns": turns})


def memories_from_json(values: Sequence[Mapping[str, Any]] | None) -> tuple[Memory, ...] | None:
    """Summaries again; None stays None."""
    return None if values is None else tuple(Memory(**memory) for memory in values)


def _checks(values: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    return tuple(Check(**{**check, "verdict": Verdict(check["verdict"])}) for check in values)
