"""What was expected of a turn or of a memory, held against what came."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from travel_tui.recall.assertions import found_in, holds, plain_memory, traced_in, with_values
from travel_tui.recall.results import Check, Memory
from travel_tui.recall.scenario import Assertion, ExpectedCall, Turn
from travel_tui.recall.variables import filled, filled_pattern
from travel_tui.recall.verdict import Evidence, Verdict, of_answer, of_memory

Call = Mapping[str, Any]


def memory_checks(
    asserts: Sequence[Assertion], values: Mapping[str, str], memory: Sequence[Memory]
) -> tuple[Check, ...]:
    """What the memory, all its summaries together, should hold."""
    text = "\n".join(plain_memory(summary.text) for summary in memory)
    checks = []
    for assertion in (with_values(one, values) for one in asserts):
        found = found_in(assertion, text)
        verdict = of_memory(found, negative=assertion.negative)
        checks.append(Check("memory", str(assertion), verdict, in_summary=found))
    return tuple(checks)


def answer_checks(
    turn: Turn,
    values: Mapping[str, str],
    answer: str,
    memory: Sequence[Memory] | None,
    prompt: str | None,
    remembered: bool,
    today: date,
) -> list[Check]:
    """What the answer should be like, and where each part of it was on its way there."""
    checks = []
    summaries = "\n".join(summary.text for summary in memory) if memory is not None else None
    for assertion in (with_values(one, values) for one in turn.asserts):
        evidence = Evidence(
            None if summaries is None else traced_in(assertion, summaries, today),
            None if prompt is None else traced_in(assertion, prompt, today),
            found_in(assertion, answer),
        )
        verdict = of_answer(evidence, negative=assertion.negative, remembered=remembered)
        checks.append(
            Check("answer", str(assertion), verdict, evidence.in_summary, evidence.in_prompt, evidence.in_answer)
        )
    return checks


def call_checks(turn: Turn, values: Mapping[str, str], calls: Sequence[Call]) -> list[Check]:
    """Whether the expected calls were made, in their order; those between them are nobody's business."""
    if turn.calls is None:
        return []
    if not turn.calls:
        return [Check("call", "no call", Verdict.NOT_CALLED if calls else Verdict.HELD)]
    checks, begin = [], 0
    for expected in turn.calls:
        found = next((n for n in range(begin, len(calls)) if _is(expected, values, calls[n])), None)
        begin = begin if found is None else found + 1
        verdict = Verdict.NOT_CALLED if found is None else Verdict.HELD
        checks.append(Check("call", _shown(expected, values), verdict))
    return checks


def saved(turn: Turn, values: Mapping[str, str], answer: str) -> tuple[list[Check], dict[str, str]]:
    """The variables that are taken from the answer; one that is not there is a check that did not hold."""
    checks, found = [], {}
    for name, pattern in turn.save.items():
        wanted = filled_pattern(pattern, values)
        match = re.search(wanted, answer)
        if match:
            found[name] = match[1] if match.re.groups and match[1] is not None else match[0]
        else:
            checks.append(Check("save", f"{name} from {wanted!r}", Verdict.NOT_SAID, in_answer=False))
    return checks, found


def _is(expected: ExpectedCall, values: Mapping[str, str], call: Call) -> bool:
    if filled(expected.function, values) != call["function"]:
        return False
    if expected.action_group is not None and filled(expected.action_group, values) != call["action_group"]:
        return False
    given = call["parameters"]
    return all(
        name in given and holds(with_values(assertion, values), given[name])
        for name, assertion in expected.parameters.items()
    )


def _shown(expected: ExpectedCall, values: Mapping[str, str]) -> str:
    given = []
    for name, assertion in expected.parameters.items():
        wanted = with_values(assertion, values)
        given.append(f"{name}={wanted.value}" if wanted.type == "equals" else f"{name} {wanted}")
    return f"{filled(expected.function, values)}({', '.join(given)})"
