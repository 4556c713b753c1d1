"""Comparison of a turn or a memory with what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from travel_tui.recall.assertions import found_in, holds, plain_memory, traced_in, with_values
from travel_tui.recall.patterns import PatternTimeoutError, search
from travel_tui.recall.results import Check, StoredMemory
from travel_tui.recall.scenario import ExpectedCall, MemoryAssertion, Turn
from travel_tui.recall.variables import filled, filled_pattern
from travel_tui.recall.verdict import Findings, RecallVerdict, of_answer, of_memory

Call = Mapping[str, Any]
_VARIABLE = re.compile(r"\{[^{}/]+\}")


def memory_checks(
    asserts: Sequence[MemoryAssertion],
    values: Mapping[str, str],
    memory: Sequence[StoredMemory],
    found_by: Mapping[int, Sequence[StoredMemory]],
) -> Iterator[Check]:
    """Check the memory, the records that an assertion is about all together.

    `found_by` has what its query finds for the number of each assertion with one.
    """
    for number, one in enumerate(asserts):
        assertion, namespace = with_values(one.assertion, values), filled(one.namespace, values)
        told = str(replace(one, assertion=assertion, namespace=namespace, query=filled(one.query, values)))
        about = [each for each in memory if one.kind in (None, each.kind) and is_under(each.namespace, namespace)]
        try:
            stored = found_in(assertion, _text(about))
            found = found_in(assertion, _text(found_by[number])) if one.query else stored
        except PatternTimeoutError:
            yield Check("memory", told, RecallVerdict.NOT_CHECKED)
        else:
            verdict = of_memory(found, negative=assertion.negative, stored=stored)
            yield Check("memory", told, verdict, in_summary=stored)


def is_under(namespace: str, path: str) -> bool:
    """Whether a namespace is `path` or below it; {name} in a path is any one folder, an empty path is all."""
    parts, wanted = namespace.strip("/").split("/"), path.strip("/").split("/") if path.strip("/") else []
    return len(parts) >= len(wanted) and all(
        _VARIABLE.fullmatch(part) or part == given for part, given in zip(wanted, parts, strict=False)
    )


def _text(memory: Sequence[StoredMemory]) -> str:
    return "\n".join(plain_memory(record.text) for record in memory)


def answer_checks(
    turn: Turn,
    values: Mapping[str, str],
    answer: str,
    memory: Sequence[StoredMemory] | None,
    prompt: str | None,
    remembered: bool,
    today: date,
    derived: bool = False,
) -> Iterator[Check]:
    """Check the answer, and trace each expected value through memory and prompt.

    With `derived`, `prompt` is what would be recalled.
    """
    stored = None if memory is None else _text(memory)
    in_prompt = None if prompt is None else plain_memory(prompt)
    for assertion in (with_values(one, values) for one in turn.asserts):
        try:
            evidence = Findings(
                None if stored is None else traced_in(assertion, stored, today),
                None if in_prompt is None else traced_in(assertion, in_prompt, today),
                found_in(assertion, answer),
                derived,
            )
        except PatternTimeoutError:
            yield Check("answer", str(assertion), RecallVerdict.NOT_CHECKED)
            continue
        verdict = of_answer(evidence, negative=assertion.negative, remembered=remembered)
        found = (evidence.in_summary, evidence.in_prompt, evidence.in_answer)
        yield Check("answer", str(assertion), verdict, *found, derived)


def call_checks(turn: Turn, values: Mapping[str, str], calls: Sequence[Call]) -> Iterator[Check]:
    """Check that the expected calls were made in order, ignoring other calls between them."""
    if turn.calls == ():
        yield Check("call", "no call", RecallVerdict.NOT_CALLED if calls else RecallVerdict.HELD)
    begin = 0
    for expected in turn.calls or ():
        try:
            found = next((n for n in range(begin, len(calls)) if _is(expected, values, calls[n])), None)
        except PatternTimeoutError:
            yield Check("call", _shown(expected, values), RecallVerdict.NOT_CHECKED)
            continue
        begin = begin if found is None else found + 1
        yield Check("call", _shown(expected, values), RecallVerdict.NOT_CALLED if found is None else RecallVerdict.HELD)


def saved(name: str, pattern: str, values: Mapping[str, str], answer: str) -> tuple[str | None, Check]:
    """Return the value that a variable's pattern finds in the answer, or None, and the check for it."""
    wanted = filled_pattern(pattern, values)
    value, verdict = None, RecallVerdict.NOT_SAID
    try:
        if match := search(wanted, answer):
            value, verdict = match[1] if match.re.groups and match[1] is not None else match[0], RecallVerdict.HELD
    except PatternTimeoutError:
        verdict = RecallVerdict.NOT_CHECKED
    return value, Check(
        "save",
        f"{name} from '{wanted}'",
        verdict,
        in_answer=None if verdict is RecallVerdict.NOT_CHECKED else value is not None,
    )


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
