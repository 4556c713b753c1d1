"""Reading files of recall checks: each wrong one is refused with its place and what was expected there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from travel_tui.recall import builtin_checks
from travel_tui.recall.parser import read_file, read_text
from travel_tui.recall.scenario import Assertion, Turn
from travel_tui.recall.variables import names_in
from travel_tui.recall.yaml_nodes import ScenarioError

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


def read(text: str) -> str:
    """The error of a file, or "" where it can be used."""
    try:
        read_text(text, "f.yaml")
    except ScenarioError as error:
        return str(error)
    return ""


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
        ("{{city}}", "{{town}}", 7, 43, "a variable of this file: city"),
        ("end_session: true", "end_session: yes", 7, 81, "true or false"),
        ("memory_id: alice, turns", "memory_id: a lice, turns", 7, 21, "a memory id of 1 to 40"),
        ("- memory_id: alice", "- memory_id: bob", 9, 22, "an earlier session of the same memory_id"),
        ("timeout_s: 60", "timeout_s: 0", 9, 34, "seconds, above 0"),
        ("timeout_s: 60", "timeout_s: 60, timeout_s: 60", 9, 38, "each key once"),
        ("type: icontains", "type: like", 12, 29, "one of contains, icontains"),
        ("icontains, value: Oslo", "is-json, stored_as: Oslo", 12, 49, "{type: is-json}, with a value or alone"),
        ("icontains, value: Oslo", "is-json, value: Oslo", 12, 45, "a JSON Schema, such as"),
        ("icontains, value: Oslo", "not-is-json, value: [Oslo]", 12, 49, "a JSON Schema, such as"),
        ("icontains, value: Oslo", "is-json, value: {type: town}", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: {pattern: '['}", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: {format: town}", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: {$ref: town.json}", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: {$ref: '#/a'}", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: {$ref: '#'}", 12, 45, "a JSON Schema of draft 7"),
        (
            "icontains, value: Oslo",
            "is-json, value: {properties: {a: {$ref: '#/a'}}}",
            12,
            45,
            "a JSON Schema of draft 7",
        ),
        ("icontains, value: Oslo", "is-json, value: {$schema: 5}", 12, 45, "that its $schema names"),
        ("icontains, value: Oslo", "is-json, value: {$schema: []}", 12, 45, "that its $schema names"),
        ("icontains, value: Oslo", "is-json, value: {$schema: {a: 1}}", 12, 45, "that its $schema names"),
        ("icontains, value: Oslo", "is-json, value: {$schema: 'http://[x'}", 12, 45, "that its $schema names"),
        ("icontains, value: Oslo", "is-json, value: {$schema: draft-99}", 12, 45, "that its $schema names"),
        ("icontains, value: Oslo", "is-json, value: {$id: 5}", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: '{'", 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", 'is-json, value: "{a: 1,\\n a: 2}"', 12, 45, "a JSON Schema of draft 7"),
        ("icontains, value: Oslo", "is-json, value: {const: '{{town}}'}", 12, 45, "a variable of this file: city"),
        (
            "icontains, value: Oslo",
            "is-json, value: {properties: {'{{town}}': {}}}",
            12,
            45,
            "a variable of this file: city",
        ),
        ("icontains, value: Oslo", "is-json, value: 'file://a.json'", 12, 45, "the JSON Schema itself"),
        ("type: icontains, value: Oslo", "type: regex, value: '['", 12, 43, "as in Python's regex module"),
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


@pytest.mark.parametrize(
    ("assertion", "taken"),
    [
        ({"type": "is-json"}, True),
        ({"type": "not-is-json", "value": {"type": "object"}}, True),
        ({"type": "is-json", "value": True}, True),
        ({"type": "is-json", "value": "type: object"}, True),
        ({"type": "is-json", "value": 3}, False),
        ({"type": "is-json", "value": ["object"]}, False),
        ({"type": "is-json", "stored_as": "x"}, False),
        ({"type": "contains", "value": {"type": "object"}}, False),
        ({"type": "contains", "value": 3}, True),
        ({"type": "equals", "value": ""}, True),
        ({"type": "contains", "value": ""}, False),
        ({"type": "contains"}, False),
        ({"type": "contains", "value": "x", "kind": "fact"}, False),
    ],
)
def test_the_schema_for_editors_takes_what_the_reader_takes(assertion: dict[str, object], taken: bool) -> None:
    check_taken({"turns": [{"user": "Where?", "assert": [assertion]}]}, taken)


def check_taken(session: dict[str, object], taken: bool) -> None:
    """Assert that the schema for editors and the reader both take a session, or both refuse it."""
    told = {"memory_id": "anna", "turns": [{"user": "Hi"}], "end_session": True}
    file = {"tests": {"a": {"sessions": [told, session]}}}
    error = read(json.dumps(file))
    by_schema = Draft202012Validator(json.loads(builtin_checks.schema())).is_valid(file)
    assert (by_schema, error == "") == (taken, taken), error


FACT = {"type": "icontains", "value": "nuts", "kind": "fact"}


@pytest.mark.parametrize(
    ("session", "taken"),
    [
        ({"memory_id": "anna", "memory_assert": [FACT]}, True),
        ({"memory_id": "anna", "memory_assert": [{**FACT, "kind": "facts"}]}, False),
        ({"memory_id": "anna", "memory_assert": [{**FACT, "namespace": "/facts/{actorId}/"}]}, True),
        ({"memory_id": "anna", "memory_assert": [{**FACT, "query": "Which food?", "top": 3}]}, True),
        ({"memory_id": "anna", "memory_assert": [{**FACT, "top": 3}]}, False),
        ({"memory_id": "anna", "memory_assert": [{**FACT, "query": "Which food?", "top": 0}]}, False),
        ({"memory_id": "anna", "memory_assert": [{**FACT, "query": "Which food?", "min_score": 0.4}]}, False),
        ({"memory_id": "anna", "wait_memory": {"kinds": ["fact", "preference"]}}, True),
        ({"memory_id": "anna", "wait_memory": {"kinds": []}}, False),
        ({"memory_id": "anna", "wait_memory": {"kinds": ["dream"]}}, False),
        ({"existing_memory": "anna/smith", "memory_assert": [FACT]}, True),
        ({"existing_memory": "anna", "memory_id": "anna", "memory_assert": [FACT]}, False),
        ({"existing_memory": "anna", "memory_assert": [FACT], "turns": [{"user": "Hi"}]}, False),
        ({"existing_memory": "anna"}, False),
        ({"memory_assert": [FACT]}, False),
    ],
)
def test_a_memory_of_records_can_be_asked_for_kinds_namespaces_and_ranks(
    session: dict[str, object], taken: bool
) -> None:
    check_taken(session, taken)


def test_a_character_that_yaml_does_not_allow_is_told_with_its_place() -> None:
    error = read("# éééééééééééé 日本 🚆\nvars: {é: \x01}\n\n\n\ntests: {}\n")  # more bytes than characters before it
    assert error.startswith("f.yaml, line 2, column 11: ")


def test_what_is_nested_too_deeply_is_told_with_its_place() -> None:
    assert read("[" * 100 + "]" * 100) == read("[]")
    assert read("[" * 101 + "]" * 101).startswith("f.yaml, line 1, column 100: ")


def test_an_alias_that_holds_itself_is_refused_and_another_is_not() -> None:
    assert "alias" in read("tests: &a {a: {sessions: [*a]}}")
    assert not read("tests: {a: &a {sessions: [{turns: [{user: hi}]}]}, b: *a}")


MERGED = """\
tests:
  one: &base
    category: knowledge-update
    repeat: 2
    vars: &said {city: Oslo, day: Monday}
    sessions: &talk [{turns: [{user: "Hi {{city}}"}]}]
  two:
    <<: *base
    repeat: 3
    vars: {<<: *said, day: Friday}
  three: {<<: [{repeat: 4}, *base]}
  four: {"<<": no merge, sessions: *talk}
"""


def test_merge_keys_take_entries_from_other_mappings_and_what_is_written_counts_more() -> None:
    assert "four.<< is not a known key" in read(MERGED)
    one, two, three = read_text(MERGED[: MERGED.index("  four")], "f.yaml").tests
    assert (one.category, one.repeat) == (two.category, 2) == ("knowledge-update", 2)
    assert two.repeat == 3
    assert two.variables == {"city": "Oslo", "day": "Friday"}
    assert two.sessions == one.sessions == three.sessions
    assert three.repeat == 4, "an earlier mapping of a list counts more than a later one"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            "tests:\n  a: {<<: words, sessions: []}",
            2,
            "tests.a.<< is 'words'. Expected: a mapping or a list of mappings",
        ),
        ("tests:\n  a:\n    <<: [{repeat: 1}, 7]\n    sessions: []", 3, "tests.a.<< is '7'. Expected: a mapping"),
        ("tests:\n  a:\n    <<:\n    sessions: []", 3, "tests.a.<< is empty"),
        ("tests:\n  a:\n    <<: {repeat: 1}\n    <<: {repeat: 2}", 4, "tests.a.<< is a duplicate key"),
        ("tests:\n  a:\n    <<: {repeat: 1, repeat: 2}", 3, "tests.a.repeat is a duplicate key"),
        ("tests:\n  a: &a\n    wrong: 1\n    sessions: []\n  b: {<<: *a}", 3, "tests.a.wrong is not a known key"),
        ("tests:\n  a: &a\n    <<: *a\n    sessions: []", 2, "contains itself through an alias"),
    ],
)
def test_a_wrong_merge_is_told_with_its_place(text: str, line: int, words: str) -> None:
    error = read(text)
    assert error.startswith(f"f.yaml, line {line}, column "), error
    assert words in error


def test_merges_of_merges_end() -> None:
    chain = "".join(f"  a{n}: &a{n} {{<<: *a{n - 1}}}\n" for n in range(1, 200))
    assert "merged too deeply" in read("tests:\n  a0: &a0 {sessions: [{turns: [{user: hi}]}]}\n" + chain)
    bomb = "".join(f"  a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 12))
    assert "alias" in read("tests:\n  a0: &a0 {sessions: []}\n" + bomb)


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


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"^/dev/zero has [\d,]+ bytes or more\. Expected: at most"):
        read_file(Path("/dev/zero"))


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


ODD = (
    "*a", "&a x", "{<<: *a}", "{<<: [*a, {<<: *a}]}", "<<: x",
    "!!binary aGk=", "!!set {a, b}", "!other x", "2027-07-11",
    "9" * 400, "1e999", ".inf", "~", "null", "[]", "{}", "[[[]]]", "{[a]: b}", "{a: 1, a: 1}", "|", '"\\ud800"',
    '"\\e[31m"', "{{a}}", "'{{a}}'", "'{{city}}'", "%YAML 1.2", "---", "...", "\t", "? a", "- a", "a: b: c", "@", "`",
)  # fmt: skip


def is_told_well(error: str) -> bool:
    """Whether an error is one line with a place and what was expected, and nothing in it that a terminal obeys."""
    return bool(re.fullmatch(r"f\.yaml, line \d+, column \d+: .+ Expected: .+\.", error)) and error.isprintable()


@given(st.integers(0, FILE.count("\n") - 1), st.sampled_from(ODD), st.sampled_from(("value", "key", "entry", "merge")))
def test_an_odd_part_at_any_place_is_read_or_refused_on_one_line(at: int, odd: str, how: str) -> None:
    lines = FILE.replace("  moved:", "  moved: &a", 1).splitlines()
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    key, colon, _ = lines[at].partition(": ")
    lines[at] = {
        "value": f"{key}{colon or ' '}{odd}",
        "key": f"{indent}{odd}: {lines[at].strip()}",
        "entry": f"{lines[at]}\n{indent}{odd}",
        "merge": f"{indent}<<: [{odd}, *a]\n{lines[at]}",
    }[how]
    error = read("\n".join(lines))
    assert not error or is_told_well(error), error


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("a", "type", "user", "<<")), inner),
    max_leaves=4,
)


@given(st.data())
def test_a_part_of_another_type_at_any_place_is_read_or_refused_on_one_line(data: st.DataObject) -> None:
    top = part = yaml.safe_load(FILE)
    while True:
        key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[key], dict | list) or data.draw(st.booleans()):
            break
        part = part[key]
    part[key] = data.draw(VALUES)
    error = read(yaml.safe_dump(top, allow_unicode=True))
    assert not error or is_told_well(error), error


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tests:\n\ta: 1", "line 2, column 1: invalid YAML: a tab in the indentation. Expected: spaces"),
        (
            "tests:\n  a: x: y",
            "line 2, column 7: invalid YAML: ': ' makes this a mapping. Expected: a text with ': ' in quotes",
        ),
        ("tests: {}\n---\na: 1", "line 2, column 1: invalid YAML: a second document begins here"),
        (SAID % "{{a}}", "is a mapping. Expected: what the user says, in quotes where it begins with {"),
        ("tests: {a: {'\\e[31m': 1}}", "tests.a.\\e[31m is not a known key"),
        ('tests: {a: {"\\e[31m": 1}}', "tests.a.'\\x1b[31m' is not a known key"),
        (
            "vars: {a: b c}\ntests: {x: {sessions: [{memory_id: '{{a}}', turns: []}]}}",
            "line 2, column 36: tests.x.sessions[0].memory_id is 'b c'",
        ),
    ],
)
def test_a_usual_slip_is_told_in_words_that_help(text: str, words: str) -> None:
    assert words in read(text)


def test_a_memory_id_may_come_from_variables_and_answers() -> None:
    session = (
        "{memory_id: '{{a}}', turns: [{user: hi, save: {a: x, b: y}}]}, {memory_id: '{{b}}-{{a}}', turns: [{user: hi}]}"
    )
    assert not read(f"vars: {{a: anna}}\ntests: {{x: {{sessions: [{session}]}}}}")


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=1))
def test_what_a_user_says_is_kept_to_the_letter(said: str) -> None:
    if said.strip() and not list(names_in(said)):
        assert read_text(SAID % json.dumps(said), "f.yaml").tests[0].sessions[0].turns[0].user == said


@pytest.mark.parametrize("name", builtin_checks.names())
def test_a_ready_check_can_be_read(name: str) -> None:
    assert read_text(builtin_checks.text_of(name), name).tests
