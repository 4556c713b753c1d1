"""The parts of recall checks that need no agent: patterns, variables, assertions, expectations, verdicts."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.agent import MemoryKind
from travel_tui.recall.assertions import holds, plain_memory, traced_in, with_values
from travel_tui.recall.expectations import answer_checks, call_checks, memory_checks, saved
from travel_tui.recall.json_schema import filled_schema
from travel_tui.recall.patterns import PatternTimeoutError, search
from travel_tui.recall.results import StoredMemory
from travel_tui.recall.scenario import ASSERTIONS, Assertion, ExpectedCall, MemoryAssertion, Turn
from travel_tui.recall.variables import filled, filled_pattern, names_in
from travel_tui.recall.verdict import Findings, RecallVerdict, of_answer, of_memory

TODAY = date(2031, 1, 15)
BOOKING = json.dumps(
    {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "pattern": "^[0-9a-f]{4}$"}, "from": {"format": "date-time"}},
    }
)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)


# Regular expressions


def test_a_search_that_takes_longer_than_its_limit_is_stopped() -> None:
    with pytest.raises(PatternTimeoutError):
        search("x.*y", "x" * 100, limit_s=0)
    found = search("x(.*)y", "axby")
    assert found
    assert found[1] == "b"


def test_an_assertion_that_takes_too_long_is_not_checked_and_the_others_are() -> None:
    asserts = (Assertion("regex", "{{long}}"), Assertion("icontains", "Oslo"))
    values = {"long": "x" * 100_001}  # a value from an answer may make the pattern as long as it likes
    turn = Turn("Where?", asserts, (ExpectedCall("f", parameters={"n": asserts[0]}), ExpectedCall("f")))
    called = [{"action_group": "g", "function": "f", "parameters": {"n": "1"}}]
    for checks in (
        memory_checks([MemoryAssertion(each) for each in asserts], values, [StoredMemory("s", "Oslo")], {}),
        answer_checks(turn, values, "Oslo", None, None, False, TODAY),
        call_checks(turn, values, called),
    ):
        first, second = checks
        assert (first.verdict, first.outcome, second.outcome) == (RecallVerdict.NOT_CHECKED, "undecided", "held")
    assert saved("x", "{{long}}", values, "Oslo")[1].verdict is RecallVerdict.NOT_CHECKED


# Variables


@given(NAMES, st.text(), st.text(alphabet="ab {}\\", max_size=5))
def test_a_value_stands_in_its_place_as_it_is(name: str, value: str, around: str) -> None:
    text = f"<{{{{ {name} }}}}>"
    assert filled(text, {name: value}) == f"<{value}>"
    assert list(names_in(text)) == [name]
    assert filled(text, {f"{name}x": around}) == text
    assert re.fullmatch(filled_pattern(text, {name: value}), f"<{value}>")


def test_what_a_value_holds_is_not_read_again() -> None:
    assert filled("{{a}}{{b}}", {"a": "{{b}}", "b": "{{a}}"}) == "{{b}}{{a}}"


# Assertions


@given(st.sampled_from([kind for kind in ASSERTIONS if f"not-{kind}" in ASSERTIONS]), st.text(), st.text())
def test_not_is_the_opposite(kind: str, value: str, text: str) -> None:
    value = re.escape(value) if kind == "regex" else value
    assert holds(Assertion(kind, value), text) is not holds(Assertion(f"not-{kind}", value), text)


@given(st.text(), st.text(), st.text())
def test_a_part_is_contained_in_whatever_case(before: str, part: str, after: str) -> None:
    text = before + part + after
    assert holds(Assertion("contains", part), text)
    assert holds(Assertion("icontains", part), text)
    assert holds(Assertion("regex", re.escape(part)), text)


@pytest.mark.parametrize(
    ("assertion", "text", "held"),
    [
        (Assertion("contains", "oslo"), "Oslo", False),
        (Assertion("icontains", "STRASSE"), "die Straße", True),
        (Assertion("equals", "Oslo"), " Oslo\n", True),
        (Assertion("equals", "Oslo"), "Oslo.", False),
        (Assertion("equals"), "", True),
        (Assertion("regex", r"\b23\b"), "the 23rd", False),
        (Assertion("not-regex", r"\b23\b"), "the 23rd", True),
        (Assertion("regex", "(?i)^(?P<city>oslo)$"), "Oslo\n", True),
        (Assertion("regex", r"^\d\w$"), "٣é", True),
        (Assertion("is-json"), '{"a": [1]}', True),
        (Assertion("is-json"), "Here: {}", False),
        (Assertion("is-json"), "[" * 100_000, False),
        (Assertion("is-json"), "[NaN]", False),
        (Assertion("is-json"), "-Infinity", False),
        (Assertion("is-json"), " 1e999\n", True),
        (Assertion("is-json"), "[" + "9" * 10_000 + "]", True),
        (Assertion("is-json"), "\ufeff{}", False),
        (Assertion("not-is-json"), "NaN", True),
        (Assertion("not-is-json"), "{}", False),
        (Assertion("is-json", BOOKING), '{"id": "0a1b"}', True),
        (Assertion("is-json", BOOKING), '{"id": "0a1b", "from": "2031-07-22T09:00:00Z"}', True),
        (Assertion("is-json", BOOKING), '{"id": "0a1b", "from": "22nd of July"}', False),
        (Assertion("is-json", BOOKING), '{"id": "none"}', False),
        (Assertion("is-json", BOOKING), "{}", False),
        (Assertion("is-json", BOOKING), "0a1b", False),
        (Assertion("not-is-json", BOOKING), '{"id": "0a1b"}', False),
        (Assertion("not-is-json", BOOKING), "{}", True),
        (Assertion("not-is-json", BOOKING), "0a1b", True),
        (Assertion("is-json", "true"), "1", True),
        (Assertion("is-json", "false"), "1", False),
        (Assertion("is-json", '{"$ref": "#/definitions/a", "definitions": {"a": {"const": "A"}}}'), '"A"', True),
        (Assertion("is-json", '{"type": "array", "items": {"$ref": "#"}}'), "[" * 900 + "]" * 900, False),
    ],
)
def test_an_assertion_holds_or_not(assertion: Assertion, text: str, held: bool) -> None:
    assert holds(assertion, text) is held


def test_values_are_literal_in_a_pattern_and_plain_elsewhere() -> None:
    values = {"price": "1.50"}
    assert with_values(Assertion("regex", "^{{price}}$"), values) == Assertion("regex", r"^1\.50$")
    assert with_values(Assertion("equals", "{{price}}", "{{price}}"), values) == Assertion("equals", "1.50", "1.50")
    schema = with_values(Assertion("is-json", '{"pattern": "^{{price}}$", "enum": ["{{price}} \\""]}'), values)
    assert json.loads(schema.value) == {"pattern": r"^1\.50$", "enum": ['1.50 "']}


def test_a_schemas_pattern_has_the_limits_of_every_other() -> None:
    asked = with_values(Assertion("is-json", '{"pattern": "{{long}}"}'), {"long": "x" * 100_001})
    with pytest.raises(PatternTimeoutError):
        holds(asked, '"x"')


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_what_is_written_as_json_is_json_unless_a_number_is_none(value: Any) -> None:
    text = json.dumps(value)
    assert holds(Assertion("is-json"), text) is not any(name in re.sub(r'"[^"]*"', "", text) for name in ("NaN", "Inf"))


@pytest.mark.parametrize(
    ("assertion", "memory", "traced"),
    [
        (Assertion("contains", "OSLO"), "The user lives in Oslo.", True),
        (Assertion("not-icontains", "Oslo"), "The user lives in Oslo.", True),
        (Assertion("icontains", "Oslo"), "The user lives in Bergen.", False),
        (Assertion("icontains", "July 11th 2031"), "leaving on 2031-07-11", True),
        (Assertion("icontains", "July 11th 2031"), "leaving on 2031-07-12", False),
        (Assertion("regex", r"\b22\b", "2031-07-22"), "returning on 2031-07-22", True),
        (Assertion("regex", r"\b22\b", "2031-07-22"), "22 nights", False),
        (Assertion("icontains", "Tom & Ann"), "<summary><topic name='x'>Tom &amp; Ann</topic></summary>", True),
        (Assertion("icontains", "topic"), "<summary><topic name='x'>Oslo</topic></summary>", False),
        (Assertion("is-json"), "{}", None),
        (Assertion("not-is-json", "true"), "{}", None),
    ],
)
def test_a_memory_holds_what_is_asked_for_in_its_own_words(
    assertion: Assertion, memory: str, traced: bool | None
) -> None:
    assert traced_in(assertion, plain_memory(memory), TODAY) is traced


def test_markup_does_not_join_the_words_around_it() -> None:
    assert plain_memory("Oslo</topic><topic name='b'>Bergen").split() == ["Oslo", "Bergen"]


# Expectations


def test_calls_are_wanted_in_their_order_with_others_between() -> None:
    made = [{"action_group": "g", "function": name, "parameters": {"n": str(n)}} for n, name in enumerate("abc")]

    def verdicts(*wanted: ExpectedCall) -> list[bool]:
        checks = call_checks(Turn("hi", calls=wanted), {"one": "1"}, made)
        return [check.verdict is RecallVerdict.HELD for check in checks]

    a, b, c = (ExpectedCall(name) for name in "abc")
    assert verdicts(a, c) == [True, True]
    assert verdicts(b, a) == [True, False]
    assert verdicts(a, a) == [True, False]
    assert verdicts() == [False]
    assert verdicts(ExpectedCall("b", parameters={"n": Assertion("equals", "{{one}}")})) == [True]
    assert verdicts(ExpectedCall("b", parameters={"n": Assertion("not-equals", "{{one}}")})) == [False]
    assert verdicts(ExpectedCall("b", parameters={"m": Assertion("not-equals", "1")})) == [False]
    assert verdicts(ExpectedCall("b", "other")) == [False]
    assert list(call_checks(Turn("hi"), {}, made)) == []


def test_variables_stand_in_the_names_of_a_schema_too() -> None:
    schema = {"properties": {"{{name}}": {"const": "{{name}}"}}, "patternProperties": {"^{{name}}": {}}}
    filled_in = json.loads(filled_schema(json.dumps(schema), {"name": "a.b"}))
    assert filled_in["properties"] == {"a.b": {"const": "a.b"}}
    assert filled_in["patternProperties"] == {r"^a\.b": {}}


def test_a_variable_is_saved_from_the_first_group_or_from_all() -> None:
    patterns = {"group": r"id (\w+)", "all": r"\d+", "other": r"(x)?7", "after": r"{{city}} (\w+)"}
    answer = "id ab, 7, to St. Olav (N) today"
    values = {name: saved(name, each, {"city": "St. Olav (N)"}, answer)[0] for name, each in patterns.items()}
    assert values == {"group": "ab", "all": "7", "other": "7", "after": "today"}


def test_a_variable_that_is_not_there_is_a_break() -> None:
    value, check = saved("id", r"\d+", {}, "none")
    assert (value, check.kind, check.outcome, check.verdict) == (None, "save", "broke", RecallVerdict.NOT_SAID)


def test_an_answer_is_traced_through_summary_and_prompt() -> None:
    turn = Turn("Where?", (Assertion("icontains", "{{city}}"),))
    memory = [StoredMemory("s", "The user lives in Oslo.")]
    (check,) = answer_checks(turn, {"city": "Oslo"}, "I do not know.", memory, "", True, TODAY)
    assert (check.in_summary, check.in_prompt, check.in_answer) == (True, False, False)
    assert check.verdict is RecallVerdict.NOT_INJECTED
    (check,) = answer_checks(turn, {"city": "Oslo"}, "In Oslo.", memory, None, True, TODAY)
    assert (check.in_summary, check.in_prompt, check.in_answer) == (True, None, True)
    assert check.verdict is RecallVerdict.HELD


def test_a_memory_is_checked_without_its_markup_and_all_summaries_together() -> None:
    memory = [StoredMemory("b", "<summary>Bergen</summary>"), StoredMemory("a", "<summary>Oslo</summary>")]
    asserts = [Assertion("regex", r"Bergen\s+Oslo"), Assertion("icontains", "summary"), Assertion("equals")]
    checks = memory_checks([MemoryAssertion(each) for each in asserts], {}, memory, {})
    verdicts = [check.verdict for check in checks]
    assert verdicts == [RecallVerdict.HELD, RecallVerdict.NEVER_STORED, RecallVerdict.NEVER_STORED]
    (empty,) = memory_checks([MemoryAssertion(Assertion("equals"))], {}, [], {})
    assert empty.verdict is RecallVerdict.HELD


def test_a_memory_of_records_is_checked_by_kind_and_namespace_and_by_the_rank_that_a_query_gives() -> None:
    seat = json.dumps({"context": "The user said so.", "preference": "Prefers an \u201eaisle\u201c seat"})
    memory = [
        StoredMemory("s", "Anna is allergic to nuts.", "summary", "/summaries/anna/s/"),
        StoredMemory(None, "The user has a dog.", "fact", "/facts/anna/"),
        StoredMemory(None, seat, "preference", "/preferences/anna/"),
    ]
    told = [
        (MemoryAssertion(Assertion("contains", "an „aisle“ seat.")), "held"),
        (MemoryAssertion(Assertion("not-contains", "{")), "held"),
        (MemoryAssertion(Assertion("icontains", "nuts"), MemoryKind.FACT), "never stored"),
        (MemoryAssertion(Assertion("icontains", "nuts"), namespace="/summaries/{actorId}"), "held"),
        (MemoryAssertion(Assertion("icontains", "nuts"), namespace="/summaries/{actorId}/t/"), "never stored"),
        (MemoryAssertion(Assertion("not-icontains", "dog"), namespace="/{kind}/{{who}}/"), "in the memory"),
        (MemoryAssertion(Assertion("icontains", "dog"), query="pets", top=1), "stored but not among the first"),
        (MemoryAssertion(Assertion("icontains", "cat"), query="pets"), "never stored"),
    ]
    found_by = {6: memory[:1], 7: memory}
    checks = list(memory_checks([each for each, _ in told], {"who": "anna"}, memory, found_by))
    for check, (asserted, verdict) in zip(checks, told, strict=True):
        assert str(check.verdict).startswith(verdict), asserted
    assert checks[6].what == "icontains 'dog' in the first 1 for 'pets'"
    assert checks[5].what == "not-icontains 'dog', under /{kind}/anna/"


# Verdicts


@pytest.mark.parametrize(
    ("in_summary", "in_prompt", "verdict"),
    [
        (False, False, RecallVerdict.NEVER_STORED),
        (False, None, RecallVerdict.NEVER_STORED),
        (False, True, RecallVerdict.NOT_USED),
        (True, False, RecallVerdict.NOT_INJECTED),
        (True, True, RecallVerdict.NOT_USED),
        (True, None, RecallVerdict.UNTRACED),
        (None, True, RecallVerdict.NOT_USED),
        (None, False, RecallVerdict.NOT_SAID),
        (None, None, RecallVerdict.NOT_SAID),
    ],
)
def test_what_is_missing_has_a_verdict(in_summary: bool | None, in_prompt: bool | None, verdict: RecallVerdict) -> None:
    evidence = Findings(in_summary, in_prompt, in_answer=False)
    assert of_answer(evidence, negative=False, remembered=True) is verdict
    assert of_answer(evidence, negative=False, remembered=False) is RecallVerdict.NOT_SAID
    derived = of_answer(replace(evidence, derived=True), negative=False, remembered=True)
    told_otherwise = {
        RecallVerdict.NOT_INJECTED: RecallVerdict.NOT_RECALLED,
        RecallVerdict.NOT_USED: RecallVerdict.RECALLED_NOT_USED,
    }
    assert derived is told_otherwise.get(verdict, verdict)


def test_the_answer_alone_says_whether_it_held() -> None:
    seen = (True, False, None)
    for in_summary, in_prompt, in_answer, negative, remembered in itertools.product(
        seen, seen, (True, False), (True, False), (True, False)
    ):
        verdict = of_answer(Findings(in_summary, in_prompt, in_answer), negative=negative, remembered=remembered)
        assert (verdict is RecallVerdict.HELD) is (in_answer is not negative)
        assert (verdict is RecallVerdict.UNWANTED) is (in_answer and negative)


def test_a_memory_has_a_verdict() -> None:
    assert of_memory(True, negative=False) is of_memory(False, negative=True) is RecallVerdict.HELD
    assert of_memory(False, negative=False) is RecallVerdict.NEVER_STORED
    assert of_memory(True, negative=True) is RecallVerdict.UNWANTED_STORED
