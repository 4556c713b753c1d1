"""Results of a run as plain data, their JSON form, and their counts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from travel_tui.recall.verdict import RecallVerdict

T = TypeVar("T")

UNCATEGORISED = "uncategorised"


class Outcome(StrEnum):
    """Outcome of a test."""

    HELD = "held"
    BROKE = "broke"
    UNDECIDED = "undecided"
    """It could not be determined: a memory was not there in time, or a call failed."""


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """A memory record as returned by the service."""

    session_id: str | None
    text: str
    kind: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation and its verdict."""

    kind: str
    """answer, memory, call or save."""
    what: str
    verdict: RecallVerdict
    in_summary: bool | None = None
    in_prompt: bool | None = None
    in_answer: bool | None = None
    derived: bool = False
    """Whether `in_prompt` tells what would be recalled, since the service does not tell what was in the prompt."""

    @property
    def outcome(self) -> Outcome:
        """Return the outcome of this expectation alone."""
        if self.verdict is RecallVerdict.NOT_CHECKED:
            return Outcome.UNDECIDED
        return Outcome.HELD if self.verdict is RecallVerdict.HELD else Outcome.BROKE


@dataclass(frozen=True, slots=True)
class TurnResult:
    """Result of a turn; `prompt_memory` is the memory in the prompt, None if no trace reported it."""

    user: str
    answer: str
    calls: tuple[str, ...]
    prompt_memory: str | None
    seconds: float
    checks: tuple[Check, ...]
    problem: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    """Tokens of all model invocations of the turn; None where no trace reported them."""
    derived: bool = False
    """Whether `prompt_memory` is what would be recalled, as in Check."""


@dataclass(frozen=True, slots=True)
class SessionResult:
    """Result of a session; `before` is the memory at its start, None if it has none."""

    name: str
    session_id: str
    memory_id: str | None
    before: tuple[StoredMemory, ...] | None = None
    waited_s: float | None = None
    """Seconds until the awaited summaries were there."""
    checks: tuple[Check, ...] = ()
    turns: tuple[TurnResult, ...] = ()


@dataclass(frozen=True, slots=True)
class TestResult:
    """Result of one run of one test."""

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
    after: tuple[StoredMemory, ...] | None = None
    """All of the test's memories before they were deleted; None if they were not read."""
    uncleaned: str = ""
    """Leftovers of its clean-up, and why."""

    @property
    def broken(self) -> list[Check]:
        """Return the failed expectations."""
        return [check for check in self.checks if check.outcome is Outcome.BROKE]

    @property
    def checks(self) -> list[Check]:
        """Return all expectations, in order."""
        found: list[Check] = []
        for session in self.sessions:
            found += session.checks
            for turn in session.turns:
                found += turn.checks
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """Result of a whole run."""

    run_id: str
    started: str
    """ISO, in UTC."""
    target: str
    tests: tuple[TestResult, ...]
    planned: int
    """Number of planned tests; more than `tests` if the run was interrupted."""
    model: str = ""
    """The language model that the local endpoint was started with; "" for none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one category, or of one test over its repetitions."""

    name: str
    held: int
    broke: int
    undecided: int

    @property
    def total(self) -> int:
        """Return the sum of all outcomes."""
        return self.held + self.broke + self.undecided

    def __str__(self) -> str:
        return f"{self.held} of {self.total} passed" + (f", {self.undecided} undecided" if self.undecided else "")


def by_category(tests: Iterable[TestResult]) -> list[Tally]:
    """Count by category, in order of appearance. There is no total: a single number would hide failures."""
    return _tallies((test.category or UNCATEGORISED, test) for test in tests)


def by_test(tests: Iterable[TestResult]) -> list[Tally]:
    """Count by test, over its repetitions."""
    return _tallies((test.name, test) for test in tests)


def _tallies(named: Iterable[tuple[str, TestResult]]) -> list[Tally]:
    counts: dict[str, dict[Outcome, int]] = {}
    for name, test in named:
        of = counts.setdefault(name, dict.fromkeys(Outcome, 0))
        of[test.outcome] += 1
    return [Tally(name, of[Outcome.HELD], of[Outcome.BROKE], of[Outcome.UNDECIDED]) for name, of in counts.items()]


_KEYS: Mapping[str, str] = {"problem": "trouble"}
"""Key in JSON of a field, where it is not the field's name: results have been written with it."""


def exit_status(run: Run) -> int:
    """Return 0 if all tests passed, 1 if one failed, 3 if none failed but some are undecided or did not run."""
    outcomes = {test.outcome for test in run.tests}
    if Outcome.BROKE in outcomes:
        return 1
    return 3 if Outcome.UNDECIDED in outcomes or len(run.tests) < run.planned else 0


def to_json(result: TestResult) -> dict[str, Any]:
    """Convert the result to JSON-compatible values."""
    return asdict(result, dict_factory=lambda pairs: {_KEYS.get(name, name): value for name, value in pairs})


def from_json(values: Mapping[str, Any]) -> TestResult:
    """Parse a result; raises KeyError, TypeError or ValueError if it is invalid."""
    int(values["key"].split("/")[0] if isinstance(values["key"], str) else "")
    return _built(
        TestResult,
        {
            **values,
            "outcome": Outcome(values["outcome"]),
            "sessions": tuple(_session(session) for session in values["sessions"]),
            "after": memories_from_json(values.get("after")),
        },
    )


def _session(values: Mapping[str, Any]) -> SessionResult:
    turns = tuple(
        _built(TurnResult, {**_with_names(turn), "calls": tuple(turn["calls"]), "checks": _checks(turn["checks"])})
        for turn in values["turns"]
    )
    before = memories_from_json(values["before"])
    return _built(SessionResult, {**values, "before": before, "checks": _checks(values["checks"]), "turns": turns})


def _with_names(values: Mapping[str, Any]) -> dict[str, Any]:
    names = {key: name for name, key in _KEYS.items()}
    return {names.get(key, key): value for key, value in values.items()}


def memories_from_json(values: Sequence[Mapping[str, Any]] | None) -> tuple[StoredMemory, ...] | None:
    """Parse summaries; None stays None. Raises TypeError if they are invalid."""
    return None if values is None else tuple(_built(StoredMemory, memory) for memory in values)


def _checks(values: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    return tuple(_built(Check, {**check, "verdict": RecallVerdict(check["verdict"])}) for check in values)


def _built(kind: type[T], values: Mapping[str, Any]) -> T:
    """Create the dataclass; raises TypeError if a value is missing, unknown or of another type."""
    found = kind(**values)
    for name, hint in _hints(cast("Hashable", kind)).items():
        if not _matches(getattr(found, name), hint):
            raise TypeError(f"{name} has a wrong type")
    return found


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _matches(value: object, hint: Any) -> bool:
    of = get_args(hint)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_matches(each, of[0]) for each in value)
    if of:
        return any(_matches(value, each) for each in of)
    return isinstance(value, int | float if hint is float else hint)
