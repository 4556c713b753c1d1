"""The parts of recall checks that need no agent: reading, variables, assertions, expectations, verdicts, pace."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.recall import library
from travel_tui.recall.assertions import holds, plain_memory, traced_in, with_values
from travel_tui.recall.document import ScenarioError
from travel_tui.recall.expectations import answer_checks, call_checks, memory_checks, saved
from travel_tui.recall.pace import Pace
from travel_tui.recall.reading import read_file, read_text
from travel_tui.recall.results import Memory
from travel_tui.recall.scenario import ASSERTIONS, Assertion, ExpectedCall, Turn
from travel_tui.recall.variables import filled, filled_pattern, names_in
from travel_tui.recall.verdict import Evidence, Verdict, of_answer, of_memory

TODAY = date(2031, 1, 15)
SAID = "tests: {a: {sessions: [{turns: [{user: %s}]}]}}"
FILE = """\
tests:
  moved:
    category: knowledge-update
    repeat: 2
    vars: {city: Oslo}
    sessions:
      - {memory_id: alice, turns: [{user: "I live in {{city}}."}], end_session: true}
      - memory_id: alice
        wait_memory: {timeout_s: 60}
        turns:
          - user: Where?
            assert: [{type: icontains, value: Oslo}]
"""
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)


def read(text: str) -> str:
    """The error of a file, or "" where it can be used."""
    try:
        read_text(text, "f.yaml")
    except ScenarioError as error:
        return str(error)
    return ""


# Reading


def test_a_file_is_read_as_it_is_written() -> None:
    (test,) = read_text(FILE, "f.yaml").tests
    first, second = test.sessions
    assert (test.name, test.category, test.repeat, test.variables) == ("moved", "knowledge-update", 2, {"city": "Oslo"})
    assert (first.name, first.memory_id, first.end_session) == ("session-1", "alice", True)
    assert (first.wait_memory, second.wait_memory, second.end_session) == (None, 60, False)
    assert second.turns == (Turn("Where?", (Assertion("icontains", "Oslo"),)),)


@pytest.mark.parametrize("text", ["no", "2027-07-23", "1_000", "0x10", "1.50", "on"])
def test_a_text_that_yaml_takes_for_something_else_stays_a_text(text: str) -> None:
    assert read_text(SAID % text, "f.yaml").tests[0].sessions[0].turns[0].user == text


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "expected"),
    [
        ("tests:", "test:", 1, 1, "one of target, description, vars, tests"),
        ("  moved:", "  my test:", 2, 3, "a name for the test"),
        ("knowledge-update", "knowledge", 3, 15, "one of single-session-user"),
        ("repeat: 2", "repeat: 1.5", 4, 13, "a whole number from 1 to 1000"),
        ("repeat: 2", "repeat: '2'", 4, 13, "a whole number from 1 to 1000"),
        ("{city: Oslo}", "[city]", 5, 11, "variables such as"),
        ("{{city}}", "{{town}}", 7, 43, "a variable that is set: city"),
        ("end_session: true", "end_session: yes", 7, 81, "true or false"),
        ("memory_id: alice, turns", "memory_id: a lice, turns", 7, 21, "a memory id of 1 to 40"),
        ("- memory_id: alice", "- memory_id: bob", 9, 22, "an earlier session of the same memory_id"),
        ("timeout_s: 60", "timeout_s: 0", 9, 34, "seconds, above 0"),
        ("timeout_s: 60", "timeout_s: 60, timeout_s: 60", 9, 38, "each key once"),
        ("type: icontains", "type: like", 12, 29, "one of contains, icontains"),
        ("type: icontains", "type: is-json", 12, 45, "{type: is-json} alone"),
        ("type: icontains, value: Oslo", "type: regex, value: '['", 12, 43, "one that Python's re reads"),
        ("[{type: icontains, value: Oslo}]", "[]", 12, 21, "at least one"),
        ("user: Where?", "user:", 11, 18, "what the user says"),
        ("[{type: icontains, value: Oslo}]", "[{type", 13, 1, "YAML"),
    ],
)
def test_a_wrong_file_is_told_with_its_place_and_what_was_expected(
    old: str, new: str, line: int, column: int, expected: str
) -> None:
    assert old in FILE
    found = re.fullmatch(
        r"f\.yaml, line (\d+), column (\d+): (.+?)\. Expected: (.+)\.", read(FILE.replace(old, new, 1))
    )
    assert found
    assert (int(found[1]), int(found[2])) == (line, column), found[0]
    assert expected in found[4]


def test_a_character_that_yaml_does_not_allow_is_told_with_its_place() -> None:
    error = read("# éééééééééééé 日本 🚆\nvars: {é: \x01}\n\n\n\ntests: {}\n")  # more bytes than characters before it
    assert error.startswith("f.yaml, line 2, column 11: ")


def test_what_is_nested_too_deeply_is_told_with_its_place() -> None:
    assert read("[" * 100 + "]" * 100) == read("[]")
    assert read("[" * 101 + "]" * 101).startswith("f.yaml, line 1, column 100: ")


def test_an_alias_that_holds_itself_is_refused_and_another_is_not() -> None:
    assert "alias" in read("tests: &a {a: {sessions: [*a]}}")
    assert not read("tests: {a: &a {sessions: [{turns: [{user: hi}]}]}, b: *a}")


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "a: 1\n---\nb: 1\n", "[" * 200_000 + "]" * 200_000, "- " * 200_000]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    assert re.match(r"f\.yaml\b.* Expected: ", read(text))


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    with pytest.raises(ScenarioError, match=r"f\.yaml cannot be read: .* Expected: "):
        read_file(file)
    file.write_bytes(b"tests: \xff")
    with pytest.raises(ScenarioError, match=r"not UTF-8 text \(byte 7\)\. Expected: "):
        read_file(file)


def test_a_mark_of_byte_order_is_no_part_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + FILE.encode())
    assert read_file(file).tests[0].name == "moved"


@given(st.text())
def test_any_text_is_read_or_refused_by_its_name(text: str) -> None:
    assert read(text).startswith("f.yaml")


@given(st.integers(0, len(FILE)), st.integers(0, 3), st.text(alphabet="{}[]:,-#&*!|>'\"%@ \n\t\x00ax1é", max_size=3))
def test_a_file_with_a_slip_in_it_is_read_or_refused_with_a_place_in_it(at: int, cut: int, slip: str) -> None:
    text = FILE[:at] + slip + FILE[at + cut :]
    error = read(text)
    if error:
        place = re.match(r"f\.yaml, line (\d+), column \d+: ", error)
        assert place, error
        lines = text.count("\n") + 1
        assert 1 <= int(place[1]) <= lines + 1  # what is missing at the end is missed in the line after it
        assert " Expected: " in error


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=1))
def test_what_a_user_says_is_kept_to_the_letter(said: str) -> None:
    if said.strip() and not list(names_in(said)):
        assert read_text(SAID % json.dumps(said), "f.yaml").tests[0].sessions[0].turns[0].user == said


@pytest.mark.parametrize("name", library.names())
def test_a_ready_check_can_be_read(name: str) -> None:
    assert read_text(library.text_of(name), name).tests


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
        (Assertion("is-json"), '{"a": [1]}', True),
        (Assertion("is-json"), "Here: {}", False),
        (Assertion("is-json"), "[" * 100_000, False),
    ],
)
def test_an_assertion_holds_or_not(assertion: Assertion, text: str, held: bool) -> None:
    assert holds(assertion, text) is held


def test_values_are_literal_in_a_pattern_and_plain_elsewhere() -> None:
    values = {"price": "1.50"}
    assert with_values(Assertion("regex", "^{{price}}$"), values) == Assertion("regex", r"^1\.50$")
    assert with_values(Assertion("equals", "{{price}}", "{{price}}"), values) == Assertion("equals", "1.50", "1.50")


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
    ],
)
def test_a_memory_holds_what_is_asked_for_in_its_own_words(
    assertion: Assertion, memory: str, traced: bool | None
) -> None:
    assert traced_in(assertion, memory, TODAY) is traced


def test_markup_does_not_join_the_words_around_it() -> None:
    assert plain_memory("Oslo</topic><topic name='b'>Bergen").split() == ["Oslo", "Bergen"]


# Expectations


def test_calls_are_wanted_in_their_order_with_others_between() -> None:
    made = [{"action_group": "g", "function": name, "parameters": {"n": str(n)}} for n, name in enumerate("abc")]

    def verdicts(*wanted: ExpectedCall) -> list[bool]:
        checks = call_checks(Turn("hi", calls=wanted), {"one": "1"}, made)
        return [check.verdict is Verdict.HELD for check in checks]

    a, b, c = (ExpectedCall(name) for name in "abc")
    assert verdicts(a, c) == [True, True]
    assert verdicts(b, a) == [True, False]
    assert verdicts(a, a) == [True, False]
    assert verdicts() == [False]
    assert verdicts(ExpectedCall("b", parameters={"n": Assertion("equals", "{{one}}")})) == [True]
    assert verdicts(ExpectedCall("b", parameters={"n": Assertion("not-equals", "{{one}}")})) == [False]
    assert verdicts(ExpectedCall("b", parameters={"m": Assertion("not-equals", "1")})) == [False]
    assert verdicts(ExpectedCall("b", "other")) == [False]
    assert call_checks(Turn("hi"), {}, made) == []


def test_a_variable_is_saved_from_the_first_group_or_from_all() -> None:
    turn = Turn("hi", save={"group": r"id (\w+)", "all": r"\d+", "other": r"(x)?7", "after": r"{{city}} (\w+)"})
    checks, values = saved(turn, {"city": "St. Olav (N)"}, "id ab, 7, to St. Olav (N) today")
    assert values == {"group": "ab", "all": "7", "other": "7", "after": "today"}
    assert checks == []


def test_a_variable_that_is_not_there_is_a_break() -> None:
    checks, values = saved(Turn("hi", save={"id": r"\d+"}), {}, "none")
    assert (values, [(check.kind, check.verdict) for check in checks]) == ({}, [("save", Verdict.NOT_SAID)])


def test_an_answer_is_traced_through_summary_and_prompt() -> None:
    turn = Turn("Where?", (Assertion("icontains", "{{city}}"),))
    memory = [Memory("s", "The user lives in Oslo.")]
    (check,) = answer_checks(turn, {"city": "Oslo"}, "I do not know.", memory, "", True, TODAY)
    assert (check.in_summary, check.in_prompt, check.in_answer) == (True, False, False)
    assert check.verdict is Verdict.NOT_INJECTED
    (check,) = answer_checks(turn, {"city": "Oslo"}, "In Oslo.", memory, None, True, TODAY)
    assert (check.in_summary, check.in_prompt, check.in_answer) == (True, None, True)
    assert check.verdict is Verdict.HELD


def test_a_memory_is_checked_without_its_markup_and_all_summaries_together() -> None:
    memory = [Memory("b", "<summary>Bergen</summary>"), Memory("a", "<summary>Oslo</summary>")]
    asserts = [Assertion("regex", r"Bergen\s+Oslo"), Assertion("icontains", "summary"), Assertion("equals")]
    verdicts = [check.verdict for check in memory_checks(asserts, {}, memory)]
    assert verdicts == [Verdict.HELD, Verdict.NEVER_STORED, Verdict.NEVER_STORED]
    assert [check.verdict for check in memory_checks([Assertion("equals")], {}, [])] == [Verdict.HELD]


# Verdicts


@pytest.mark.parametrize(
    ("in_summary", "in_prompt", "verdict"),
    [
        (False, False, Verdict.NEVER_STORED),
        (False, None, Verdict.NEVER_STORED),
        (False, True, Verdict.NOT_USED),
        (True, False, Verdict.NOT_INJECTED),
        (True, True, Verdict.NOT_USED),
        (True, None, Verdict.UNTRACED),
        (None, True, Verdict.NOT_USED),
        (None, False, Verdict.NOT_SAID),
        (None, None, Verdict.NOT_SAID),
    ],
)
def test_what_is_missing_has_a_verdict(in_summary: bool | None, in_prompt: bool | None, verdict: Verdict) -> None:
    evidence = Evidence(in_summary, in_prompt, in_answer=False)
    assert of_answer(evidence, negative=False, remembered=True) is verdict
    assert of_answer(evidence, negative=False, remembered=False) is Verdict.NOT_SAID


def test_the_answer_alone_says_whether_it_held() -> None:
    seen = (True, False, None)
    for in_summary, in_prompt, in_answer, negative, remembered in itertools.product(
        seen, seen, (True, False), (True, False), (True, False)
    ):
        verdict = of_answer(Evidence(in_summary, in_prompt, in_answer), negative=negative, remembered=remembered)
        assert (verdict is Verdict.HELD) is (in_answer is not negative)
        assert (verdict is Verdict.UNWANTED) is (in_answer and negative)


def test_a_memory_has_a_verdict() -> None:
    assert of_memory(True, negative=False) is of_memory(False, negative=True) is Verdict.HELD
    assert of_memory(False, negative=False) is Verdict.NEVER_STORED
    assert of_memory(True, negative=True) is Verdict.UNWANTED_STORED


# Pace


async def test_calls_begin_in_their_order_and_no_sooner_than_the_rate_allows() -> None:
    loop = asyncio.get_running_loop()
    pace, began = Pace(200), list[tuple[int, float]]()

    async def call(number: int) -> None:
        await pace.turn()
        began.append((number, loop.time()))

    start = loop.time()
    await asyncio.gather(*(call(number) for number in range(20)))
    assert [number for number, _ in began] == list(range(20))
    assert all(at - start >= number / 200 - 0.001 for number, at in began)


def test_without_a_rate_nothing_waits() -> None:
    with pytest.raises(StopIteration):
        Pace(None).turn().send(None)
