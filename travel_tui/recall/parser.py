"""Parser of recall check files; accepts what recall.schema.json describes, with additional checks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from travel_tui.agent import MemoryKind
from travel_tui.recall.json_schema import SchemaError, check_schema, texts_in
from travel_tui.recall.patterns import PatternError, check_pattern
from travel_tui.recall.scenario import (
    ASSERTIONS,
    CATEGORIES,
    DEFAULT_TOP,
    DEFAULT_WAIT_S,
    LOCAL,
    MAX_REPEATS,
    MAX_TOP,
    NAME,
    TARGETS,
    USER,
    Assertion,
    ExpectedCall,
    MemoryAssertion,
    Scenario,
    Session,
    Test,
    Turn,
)
from travel_tui.recall.variables import filled, names_in
from travel_tui.recall.yaml_nodes import MAX_CHARACTERS, Node, ScenarioError, parse, shown

_A_NAME = "1 to 80 letters, digits, full stops, underscores or hyphens, the first a letter or digit"
_A_USER = "a memory id of 1 to 40 letters, digits, full stops, underscores, colons or hyphens"
_A_SCHEMA = "a JSON Schema of draft 7, or of the draft that its $schema names"
_AN_ASSERTION = "an assertion such as {type: icontains, value: Bergen}"
_ASSERTION = ("type", "value", "stored_as")
_OF_RECORDS = ("kind", "namespace", "query", "top")
"""Keys of an assertion, and those that one on a memory may have as well."""
_OF_EXISTING = ("name", "existing_memory", "memory_assert")
"""Keys of a session that only reads a memory."""
_MAX_WAIT_S = 86_400
_MAX_BYTES = 4 * MAX_CHARACTERS + 4
"""Enough to detect a file with too many characters; a character has four bytes at most."""


def read_file(path: Path) -> Scenario:
    """Load the checks from a file; raises ScenarioError."""
    try:
        with path.open("rb") as file:  # limited, since a device may be endless
            content = file.read(_MAX_BYTES)
        if len(content) == _MAX_BYTES:
            raise ScenarioError(
                f"{path} has {_MAX_BYTES:,} bytes or more. Expected: at most {MAX_CHARACTERS:,} characters."
            )
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path} is not UTF-8 text (byte {error.start}). Expected: YAML in UTF-8.") from error
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}. Expected: a file of recall checks.") from error
    return read_text(text, str(path))


def read_text(text: str, source: str) -> Scenario:
    """Parse the checks from a text; `source` names it in errors. Raises ScenarioError."""
    top = parse(text, source)
    parts = top.mapping(("target", "description", "vars", "tests"), "a mapping with tests")
    if "tests" not in parts:
        raise top.error("has no tests", "tests, a mapping of names to tests")
    local, backend, agent = _target(parts.get("target"))
    description = parts["description"].text("a sentence") if "description" in parts else ""
    common = _variables(parts.get("vars"))
    tests = parts["tests"].entries("a mapping of names to tests")
    if not tests:
        raise parts["tests"].error("is empty", "at least one test")
    found = []
    for name, test in tests.values():
        name.matching(NAME, f"a name for the test, {_A_NAME}")
        found.append(_test(name.text("a name"), test, common))
    return Scenario(source, text, tuple(found), description, local, backend, agent)


def _target(part: Node | None) -> tuple[bool, str | None, str | None]:
    """Return whether the target is the local endpoint, its service if it names one, and its agent's name."""
    if part is None:
        return False, None, None
    parts = part.mapping(("type", "agent"), "a mapping such as {type: agentcore, agent: default}")
    if "type" not in parts:
        raise part.error("has no type", "type: bedrock-agent, agentcore, or local")
    kind = parts["type"].choice({name: name for name in TARGETS}, "bedrock-agent, agentcore or local")
    agent = parts["agent"].text("the name of an agent in the config, or default") if "agent" in parts else "default"
    return kind == LOCAL, TARGETS[kind], None if agent == "default" else agent


def _variables(part: Node | None) -> dict[str, str]:
    if part is None:
        return {}
    for name, _ in part.entries("variables such as {city: Bergen}").values():
        name.matching(NAME, f"a name for the variable, {_A_NAME}")
    return part.all_texts("variables", lambda value: value.text("a text", empty=True))


_TEST = ("category", "description", "repeat", "vars", "sessions")


def _test(name: str, part: Node, common: Mapping[str, str]) -> Test:
    parts = part.mapping(_TEST, "a test: a mapping with sessions")
    if "sessions" not in parts:
        raise part.error("has no sessions", "sessions, a list")
    category = ""
    if "category" in parts:
        category = parts["category"].choice({key: key for key in CATEGORIES}, f"one of {', '.join(CATEGORIES)}")
    repeat = 1
    if "repeat" in parts:
        expected = f"how often the test runs, a whole number from 1 to {MAX_REPEATS}"
        repeat = int(parts["repeat"].number(expected, 1, MAX_REPEATS, whole=True))
    description = parts["description"].text("a sentence") if "description" in parts else ""
    variables = {**common, **_variables(parts.get("vars"))}
    reader = _Sessions(variables)
    for number, session in enumerate(parts["sessions"].items("a list of sessions"), 1):
        reader.add(number, session)
    if not reader.sessions:
        raise parts["sessions"].error("is empty", "at least one session")
    return Test(name, tuple(reader.sessions), category, description, repeat, variables)


_SESSION = (
    "name", "memory_id", "existing_memory", "wait_memory", "delete_memory", "advance_days", "memory_assert",
    "session_attributes", "prompt_attributes", "turns", "end_session",
)  # fmt: skip
_NEEDED = {
    "wait_memory": ("memory_id", "a session with memory_id"),
    "delete_memory": ("memory_id", "a session with memory_id"),
    "end_session": ("turns", "a session with turns, since one in which nothing was said cannot end"),
}


class _Sessions:
    """Parses the sessions of one test in order, since each may refer to earlier ones."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.sessions: list[Session] = []
        self._known = set(variables)
        self._variables = variables
        self._saved: set[str] = set()

    def add(self, number: int, part: Node) -> None:
        parts = part.mapping(_SESSION, "a session: a mapping with turns")
        existing = "existing_memory" in parts
        if not set(parts) - {"name", "memory_id", "existing_memory"}:
            raise part.error("does nothing", f"a session with turns, or one of {', '.join(_SESSION[3:7])}")
        if other := next((key for key in parts if existing and key not in _OF_EXISTING), None):
            raise parts[other].error("cannot be used with existing_memory, which is only read", "memory_assert alone")
        if "memory_assert" in parts and not (existing or "memory_id" in parts):
            raise parts["memory_assert"].error("needs memory_id", "a session with memory_id or existing_memory")
        for key, (needed, expected) in _NEEDED.items():
            if key in parts and needed not in parts:
                raise parts[key].error(f"needs {needed}", expected)
        name = parts["name"].matching(NAME, f"a name, {_A_NAME}") if "name" in parts else f"session-{number}"
        if any(session.name == name for session in self.sessions):
            raise (parts.get("name") or part).error(
                f"has the same name as an earlier session, {name!r}", "a unique name"
            )
        memory_id = self._memory_id(parts.get("memory_id"))
        if existing:
            memory_id = self._filled(parts["existing_memory"], "the id of a memory")
        timeout_s, kinds = self._wait(parts.get("wait_memory"), memory_id)
        turns = self._turns(parts.get("turns"))
        self.sessions.append(
            Session(
                name=name,
                memory_id=memory_id,
                existing=existing,
                wait_memory=timeout_s,
                wait_kinds=kinds,
                delete_memory=self._delete(parts.get("delete_memory"), memory_id),
                advance_days=_days(parts.get("advance_days")),
                memory_assert=self._memory_assertions(parts.get("memory_assert")),
                session_attributes=self._texts(parts.get("session_attributes")),
                prompt_attributes=self._texts(parts.get("prompt_attributes")),
                turns=turns,
                end_session="end_session" in parts and parts["end_session"].boolean(),
            )
        )

    def _memory_id(self, part: Node | None) -> str | None:
        if part is None:
            return None
        text = self._filled(part, _A_USER)
        if set(names_in(text)) <= set(self._variables) - self._saved:  # values of other variables come from an answer
            value = filled(text, self._variables)
            if not USER.fullmatch(value):
                raise part.error(f"is {shown(value)}", _A_USER)
        return text

    def _wait(self, part: Node | None, memory_id: str | None) -> tuple[float | None, tuple[MemoryKind, ...]]:
        """Return the seconds to wait, None for no wait, and the kinds of records to wait for."""
        if part is None:
            return None, ()
        parts = part.mapping(("timeout_s", "kinds"), "a mapping such as {timeout_s: 300}")
        if not any(s.memory_id == memory_id and s.end_session for s in self.sessions):
            expected = "an earlier session of the same memory_id with end_session: true"
            raise part.error("has nothing to wait for", expected)
        expected = "a list of kinds such as [fact, preference]"
        kinds = tuple(_kind(each) for each in parts["kinds"].items(expected)) if "kinds" in parts else ()
        if "kinds" in parts and not kinds:
            raise parts["kinds"].error("is empty", expected)
        if "timeout_s" not in parts:
            return DEFAULT_WAIT_S, kinds
        expected = f"seconds, above 0 and at most {_MAX_WAIT_S}"
        return parts["timeout_s"].number(expected, 0, _MAX_WAIT_S, above=True), kinds

    def _delete(self, part: Node | None, memory_id: str | None) -> str | None:
        if part is None:
            return None
        text = part.text("all, or the name of an earlier session")
        mine = [session.name for session in self.sessions if session.memory_id == memory_id]
        if text != "all" and text not in mine:
            raise part.error(f"is {shown(text)}", f"one of {', '.join(['all', *mine])}")
        return text

    def _turns(self, part: Node | None) -> tuple[Turn, ...]:
        if part is None:
            return ()
        turns = tuple(self._turn(turn) for turn in part.items("a list of turns such as [{user: I live in Oslo.}]"))
        if not turns:
            raise part.error("is empty", "at least one turn")
        return turns

    def _turn(self, part: Node) -> Turn:
        parts = part.mapping(("user", "assert", "calls", "save"), "a turn such as {user: I live in Oslo.}")
        if "user" not in parts:
            raise part.error("has no user", "user, what the user says")
        user = self._filled(parts["user"], "what the user says")
        asserts = self._assertions(parts.get("assert"))
        calls = self._calls(parts["calls"]) if "calls" in parts else None
        save = self._save(parts["save"]) if "save" in parts else {}
        self._known |= set(save)
        self._saved |= set(save)
        return Turn(user, asserts, calls, save)

    def _save(self, part: Node) -> dict[str, str]:
        for name, pattern in part.entries("variables such as {booking_id: '[0-9a-f]{8}'}").values():
            name.matching(NAME, f"a name for the variable, {_A_NAME}")
            _check_pattern(pattern, self._filled(pattern, "a regular expression"))
        return part.all_texts("variables", lambda pattern: pattern.text("a regular expression"))

    def _calls(self, part: Node) -> tuple[ExpectedCall, ...]:
        return tuple(self._call(call) for call in part.items("a list of calls such as [{function: book_trip}]"))

    def _call(self, part: Node) -> ExpectedCall:
        expected = "a call such as {function: book_trip, parameters: {origin: Boston}}"
        parts = part.mapping(("function", "action_group", "parameters"), expected)
        if "function" not in parts:
            raise part.error("has no function", expected)
        group = self._filled(parts["action_group"], "an action group's name") if "action_group" in parts else None
        parameters = parts["parameters"].all_texts("parameters", self._parameter) if "parameters" in parts else {}
        return ExpectedCall(self._filled(parts["function"], "a function's name"), group, parameters)

    def _parameter(self, part: Node) -> Assertion:
        if part.scalar:
            return Assertion("equals", self._filled(part, "the parameter's value", empty=True))
        return self._assertion(part)

    def _assertions(self, part: Node | None) -> tuple[Assertion, ...]:
        return tuple(self._assertion(one) for one in _listed(part))

    def _memory_assertions(self, part: Node | None) -> tuple[MemoryAssertion, ...]:
        return tuple(self._memory_assertion(one) for one in _listed(part))

    def _memory_assertion(self, part: Node) -> MemoryAssertion:
        parts = part.mapping((*_ASSERTION, *_OF_RECORDS), _AN_ASSERTION)
        if "top" in parts and "query" not in parts:
            raise parts["top"].error("needs query", "a query, of whose records the first are meant")
        top = DEFAULT_TOP
        if "top" in parts:
            top = int(parts["top"].number(f"a whole number from 1 to {MAX_TOP}", 1, MAX_TOP, whole=True))
        return MemoryAssertion(
            self._assertion(part, _OF_RECORDS),
            _kind(parts["kind"]) if "kind" in parts else None,
            self._filled(parts["namespace"], "a path such as /facts/{actorId}/") if "namespace" in parts else "",
            self._filled(parts["query"], "what is looked for") if "query" in parts else "",
            top,
        )

    def _assertion(self, part: Node, also: tuple[str, ...] = ()) -> Assertion:
        """Parse an assertion; `also` are keys that it may have and that are parsed elsewhere."""
        parts = part.mapping((*_ASSERTION, *also), _AN_ASSERTION)
        if "type" not in parts:
            raise part.error("has no type", f"type, one of {', '.join(ASSERTIONS)}")
        kind = parts["type"].choice({name: name for name in ASSERTIONS}, f"one of {', '.join(ASSERTIONS)}")
        if kind.endswith("is-json"):
            if "stored_as" in parts:
                raise parts["stored_as"].error(
                    f"cannot be used with {kind}", f"{{type: {kind}}}, with a value or alone"
                )
            return Assertion(kind, self._schema(parts["value"]) if "value" in parts else "")
        if "value" not in parts:
            raise part.error("has no value", _AN_ASSERTION)
        value = self._filled(parts["value"], "a text", empty=kind.endswith("equals"))
        if kind.endswith("regex"):
            _check_pattern(parts["value"], value)
        stored_as = self._filled(parts["stored_as"], "how it reads in the memory") if "stored_as" in parts else ""
        return Assertion(kind, value, stored_as)

    def _schema(self, part: Node) -> str:
        """Return a JSON Schema as JSON; it is written as a mapping, as true or false, or as a text that holds one."""
        schema = part.data()
        if isinstance(schema, str):
            if schema.startswith("file://"):
                raise part.error("is the address of a file", "the JSON Schema itself, as a mapping")
            try:
                schema = parse(schema, "its text").data()
            except ScenarioError as error:  # a place in the text, which is not that in the file
                why = str(error).rstrip(".")
                raise part.error(f"is not a usable JSON Schema ({why})", _A_SCHEMA) from error
        if not isinstance(schema, dict | bool):
            raise part.error(f"is {part.kind}", "a JSON Schema, such as {type: object, required: [booking_id]}")
        for text in texts_in(schema):
            self._check_variables(part, text)
        try:
            check_schema(schema)
        except SchemaError as error:
            raise part.error(f"is not a usable JSON Schema ({error})", _A_SCHEMA) from error
        return json.dumps(schema)

    def _texts(self, part: Node | None) -> dict[str, str]:
        if part is None:
            return {}
        return part.all_texts("attributes such as {tier: gold}", lambda p: self._filled(p, "a text", empty=True))

    def _filled(self, part: Node, expected: str, *, empty: bool = False) -> str:
        """Return the text, whose variables must be known at this point."""
        text = part.text(expected, empty=empty)
        self._check_variables(part, text)
        return text

    def _check_variables(self, part: Node, text: str) -> None:
        for name in names_in(text):
            if name not in self._known:
                known = ", ".join(sorted(self._known)) or "none so far"
                raise part.error(
                    f"uses the variable {name!r}, which is not defined", f"a variable of this file: {known}"
                )


def _listed(part: Node | None) -> list[Node]:
    """Return the items of a list of assertions, which must not be empty."""
    found = list(part.items(f"a list, each {_AN_ASSERTION}")) if part is not None else []
    if part is not None and not found:
        raise part.error("is empty", f"at least one, such as {_AN_ASSERTION}")
    return found


def _kind(part: Node) -> MemoryKind:
    kinds = {str(kind): kind for kind in MemoryKind}
    return part.choice(kinds, f"a kind of records: {', '.join(kinds)}")


def _days(part: Node | None) -> float | None:
    if part is None:
        return None
    return part.number("days, above 0 and at most 3650", 0, 3650, above=True)


def _check_pattern(part: Node, pattern: str) -> None:
    try:
        check_pattern(re.sub(r"\{\{[^{}]*\}\}", "x", pattern))
    except PatternError as error:
        raise part.error(
            f"is not a usable regular expression ({error})", "a regular expression as in Python's regex module"
        ) from error
