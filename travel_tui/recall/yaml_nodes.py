"""YAML nodes with their position, and error messages that include it.

Scalars are kept as written: `no` is "no" and 2027-07-23 is not a date, because values are compared with text from
conversations. Numbers and booleans are parsed on request, by YAML 1.2's core schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, if PyYAML has it, is ten times as fast

MAX_CHARACTERS = 20_000_000
MAX_VALUES = 2_000_000
"""Maximum values of a file with all aliases expanded."""
MAX_DEPTH = 100
"""Maximum nesting depth: a file of checks needs about ten."""
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_MERGE = "tag:yaml.org,2002:merge"
"""Tag of a plain `<<` as a key (https://yaml.org/type/merge.html)."""
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {word: value for value, words in {True: "true True TRUE", False: "false False FALSE"}.items()
             for word in words.split()}  # fmt: skip


class _DepthError(Exception):
    """Nodes are nested too deeply; its argument is the last one that was read."""


class _Shallow:
    """Limits a loader's depth, because libyaml's composer would recurse until the stack overflows."""

    depth = 0

    def descend_resolver(self, parent: yaml.Node, _index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _DepthError(parent)

    def ascend_resolver(self) -> None:
        self.depth -= 1


ShallowLoader = type("ShallowLoader", (_Shallow, Loader), {})


class ScenarioError(Exception):
    """A file cannot be used; the message has file, line, column, and the expected content."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a document: a mapping, a list or a scalar, and its position."""

    node: yaml.Node
    source: str
    path: str
    """Path such as tests.story.sessions[0]."""

    def error(self, found: str, expected: str) -> ScenarioError:
        """Return an error about this node."""
        mark = self.node.start_mark
        return error_at(self.source, mark.line + 1, mark.column + 1, f"{self.path or 'the file'} {found}", expected)

    def mapping(self, known: Sequence[str], expected: str) -> dict[str, Node]:
        """Return the nodes by key; the keys must be among `known`."""
        parts = self.entries(expected)
        for key, (name, _) in parts.items():
            if key not in known:
                raise name.error("is not a known key", f"one of {', '.join(known)}")
        return {key: part for key, (_, part) in parts.items()}

    def entries(self, expected: str) -> dict[str, tuple[Node, Node]]:
        """Return key and value nodes of each entry by key text, including those added by a merge key (`<<`)."""
        return self._entries(expected, MAX_DEPTH)

    def _entries(self, expected: str, depth: int) -> dict[str, tuple[Node, Node]]:
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"is {self.kind}", expected)
        if depth == 0:
            raise self.error("is merged too deeply", "mappings that merge a few others")
        found: dict[str, tuple[Node, Node]] = {}
        merged: Node | None = None
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Node(key, self.source, self.path).error("has a key that is not a text", expected)
            path = f"{self.path}.{_in_path(key.value)}" if self.path else _in_path(key.value)
            merges = key.tag == _MERGE
            if key.value in found or (merges and merged is not None):
                raise Node(key, self.source, path).error("is a duplicate key", "each key once")
            if merges:
                merged = Node(value, self.source, path)
            else:
                found[key.value] = Node(key, self.source, path), Node(value, self.source, path)
        return {**self._merged(merged, depth), **found} if merged else found

    def _merged(self, part: Node, depth: int) -> dict[str, tuple[Node, Node]]:
        """Return the entries of the merged mapping, or of those in a list, of which earlier ones take precedence."""
        expected = "a mapping or a list of mappings to take entries from, such as <<: *name"
        nodes = part.node.value if isinstance(part.node, yaml.SequenceNode) else [part.node]
        found: dict[str, tuple[Node, Node]] = {}
        for node in nodes:
            if not isinstance(node, yaml.MappingNode):
                wrong = Node(node, self.source, part.path)
                raise wrong.error(f"is {wrong.kind}", expected)
            found = {**Node(node, self.source, self.path)._entries(expected, depth - 1), **found}
        return found

    def items(self, expected: str) -> Iterator[Node]:
        """Yield the nodes of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(f"is {self.kind}", expected)
        for number, node in enumerate(self.node.value):
            yield Node(node, self.source, f"{self.path}[{number}]")

    def text(self, expected: str, *, empty: bool = False) -> str:
        """Return the scalar as written."""
        if not isinstance(self.node, yaml.ScalarNode) or self._null():
            if isinstance(self.node, yaml.MappingNode) and self.node.flow_style:  # {{name}} without quotes
                expected += ", in quotes where it begins with {"
            raise self.error(f"is {self.kind}", expected)
        text: str = self.node.value
        if not text.strip() and not empty:
            raise self.error("is empty", expected)
        return text

    def matching(self, pattern: re.Pattern[str], expected: str) -> str:
        """Return the scalar, which must match."""
        text = self.text(expected)
        if not pattern.fullmatch(text):
            raise self.error(f"is {shown(text)}", expected)
        return text

    def choice(self, among: Mapping[str, T], expected: str) -> T:
        """Return the value that the scalar's text selects."""
        text = self.text(expected)
        if text not in among:
            raise self.error(f"is {shown(text)}", expected)
        return among[text]

    def boolean(self) -> bool:
        """Return the scalar as a boolean."""
        if not self._plain() or self.node.value not in _BOOLEANS:
            raise self.error(f"is {self.kind}", "true or false")
        return _BOOLEANS[self.node.value]

    def number(self, expected: str, least: float, most: float, *, whole: bool = False, above: bool = False) -> float:
        """Return a number from `least` to `most`, excluding `least` if `above`."""
        if not self._plain() or not _NUMBER.fullmatch(self.node.value):
            raise self.error(f"is {self.kind}", expected)
        value = float(self.node.value)
        if not least <= value <= most or (above and value == least) or (whole and value != int(value)):
            raise self.error(f"is {shortened(self.node.value)}", expected)
        return value

    def all_texts(self, expected: str, read: Callable[[Node], T]) -> dict[str, T]:
        """Return a mapping with arbitrary keys, each value parsed by `read`."""
        return {key: read(part) for key, (_, part) in self.entries(expected).items()}

    def data(self) -> Any:
        """Return the node as plain data, its scalars parsed by YAML 1.2's core schema."""
        if isinstance(self.node, yaml.MappingNode):
            return self.all_texts("a mapping", Node.data)
        if isinstance(self.node, yaml.SequenceNode):
            return [part.data() for part in self.items("a list")]
        text: str = self.node.value
        if not self._plain():
            return text
        if self._null():
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if not _NUMBER.fullmatch(text):
            return text
        return int(text) if text.lstrip("+-").isdecimal() and len(text) < 1_000 else float(text)

    @property
    def scalar(self) -> bool:
        """Whether it is a text or a number."""
        return isinstance(self.node, yaml.ScalarNode) and not self._null()

    @property
    def kind(self) -> str:
        """Name of the node's type for error messages."""
        if isinstance(self.node, yaml.MappingNode):
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return "empty" if self._null() else shown(self.node.value)

    def _plain(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and not self.node.style

    def _null(self) -> bool:
        return self._plain() and self.node.value in _NULL


def error_at(source: str, line: int, column: int, what: str, expected: str) -> ScenarioError:
    """Return an error at a position."""
    return ScenarioError(f"{source}, line {line}, column {column}: {what}. Expected: {expected}.")


def shown(text: str) -> str:
    """Quote a text for an error message."""
    return repr(shortened(text))


def shortened(text: str) -> str:
    """Cut a text to at most 60 characters."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def _in_path(key: str) -> str:
    """Format a key for an error message: quoted and escaped unless it is short and printable."""
    return key if key.isprintable() and len(key) <= 60 else shown(key)


def parse(text: str, source: str) -> Node:
    """Parse a text; raises ScenarioError if it is not exactly one YAML document."""
    if len(text) > MAX_CHARACTERS:
        raise ScenarioError(f"{source} has {len(text):,} characters. Expected: at most {MAX_CHARACTERS:,}.")
    try:
        node = yaml.compose(text, Loader=ShallowLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise error_at(source, line, column, *_not_yaml(error, text.split("\n")[line - 1 : line])) from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        # Its position is unusable: libyaml counts bytes, and PyYAML itself characters.
        at = max(0, text.find(chr(getattr(error, "character", 0))))
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise error_at(
            source, line, column, "invalid YAML: a character that it does not allow", "printable text"
        ) from error
    except _DepthError as error:
        raise Node(error.args[0], source, "").error("is nested too deeply", "tests, sessions and turns") from error
    if node is None:
        raise error_at(source, 1, 1, "the file is empty", "a mapping with tests")
    _refuse_aliases(node, source)
    return Node(node, source, "")


def _not_yaml(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[str, str]:
    """Reword an error of the YAML parser; `lines` holds the affected line, if there is one."""
    problem = " ".join(str(error.problem or error.context or "it cannot be read").split())
    if "cannot start any token" in problem and any("\t" in line[: len(line) - len(line.lstrip())] for line in lines):
        return "invalid YAML: a tab in the indentation", "spaces"
    if "another document" in problem:
        return "invalid YAML: a second document begins here", "one document in a file"
    if "mapping values are not allowed" in problem:
        return (
            "invalid YAML: ': ' makes this a mapping",
            "a text with ': ' in quotes, such as user: \"Correction: I moved\"",
        )
    return f"invalid YAML: {problem}", "YAML, with quotes around texts that begin with a special character"


def _refuse_aliases(node: yaml.Node, source: str) -> None:
    """Reject recursive aliases, and nodes that aliases expand too much. Each node is visited once."""
    open_nodes: set[int] = set()
    sizes: dict[int, int] = {}
    pending = [(node, False)]
    while pending:
        current, done = pending.pop()
        children = _children(current) if isinstance(current, yaml.CollectionNode) else []
        if done:
            open_nodes.discard(id(current))
            sizes[id(current)] = 1 + sum(sizes[id(child)] for child in children)
            if sizes[id(current)] > MAX_VALUES:
                raise Node(current, source, "").error("grows to millions of values through aliases", "fewer aliases")
        elif id(current) in open_nodes:
            raise Node(current, source, "").error("contains itself through an alias", "an alias of another part")
        elif id(current) not in sizes:
            open_nodes.add(id(current))
            pending.append((current, True))
            pending += [(child, False) for child in children]


def _children(node: yaml.CollectionNode) -> list[yaml.Node]:
    return [part for child in node.value for part in (child if isinstance(child, tuple) else (child,))]
