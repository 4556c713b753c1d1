"""YAML whose every part knows where it stands, and errors that say so.

Scalars are text as it was written: `no` is "no" and 2027-07-23 is no date, because what is read here is compared
with what somebody said. Numbers and booleans are read where one is asked for, by YAML 1.2's core schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import yaml

T = TypeVar("T")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where PyYAML has it, is ten times as fast

MOST_CHARACTERS = 20_000_000
MOST_DEPTH = 100
"""Of parts in each other: a file of checks needs about ten."""
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {word: value for value, words in {True: "true True TRUE", False: "false False FALSE"}.items()
             for word in words.split()}  # fmt: skip


class _DepthError(Exception):
    """Parts stand in each other too deeply; its argument is the last one that was read."""


class _Shallow:
    """Counts how deep a loader is, because libyaml's composer would go on until the process has no stack left."""

    depth = 0

    def descend_resolver(self, parent: yaml.Node, _index: object) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _DepthError(parent)

    def ascend_resolver(self) -> None:
        self.depth -= 1


ShallowLoader = type("ShallowLoader", (_Shallow, Loader), {})


class ScenarioError(Exception):
    """A file cannot be used; the message has file, line, column, and what was expected."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: a mapping, a list or a scalar, and its place."""

    node: yaml.Node
    source: str
    path: str
    """Such as tests.story.sessions[0]."""

    def error(self, found: str, expected: str) -> ScenarioError:
        """What is wrong here."""
        mark = self.node.start_mark
        return error_at(self.source, mark.line + 1, mark.column + 1, f"{self.path or 'the file'} {found}", expected)

    def mapping(self, known: Sequence[str], expected: str) -> dict[str, Part]:
        """The parts by their keys, which must be among `known`."""
        parts = self.entries(expected)
        for key, (name, _) in parts.items():
            if key not in known:
                raise name.error("is not known here", f"one of {', '.join(known)}")
        return {key: part for key, (_, part) in parts.items()}

    def entries(self, expected: str) -> dict[str, tuple[Part, Part]]:
        """Key and value of each entry, by the key's text."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"is {self.kind}", expected)
        found: dict[str, tuple[Part, Part]] = {}
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Part(key, self.source, self.path).error("has a key that is no text", expected)
            path = f"{self.path}.{key.value}" if self.path else key.value
            if key.value in found:
                raise Part(key, self.source, path).error("stands here a second time", "each key once")
            found[key.value] = Part(key, self.source, path), Part(value, self.source, path)
        return found

    def items(self, expected: str) -> Iterator[Part]:
        """The parts of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(f"is {self.kind}", expected)
        for number, node in enumerate(self.node.value):
            yield Part(node, self.source, f"{self.path}[{number}]")

    def text(self, expected: str, *, empty: bool = False) -> str:
        """The scalar as it is written."""
        if not isinstance(self.node, yaml.ScalarNode) or self._null():
            raise self.error(f"is {self.kind}", expected)
        text: str = self.node.value
        if not text.strip() and not empty:
            raise self.error("is empty", expected)
        return text

    def matching(self, pattern: re.Pattern[str], expected: str) -> str:
        """The scalar, which must match."""
        text = self.text(expected)
        if not pattern.fullmatch(text):
            raise self.error(f"is {shown(text)}", expected)
        return text

    def choice(self, among: Mapping[str, T], expected: str) -> T:
        """What the scalar's text stands for."""
        text = self.text(expected)
        if text not in among:
            raise self.error(f"is {shown(text)}", expected)
        return among[text]

    def boolean(self) -> bool:
        """True or false."""
        if not self._plain() or self.node.value not in _BOOLEANS:
            raise self.error(f"is {self.kind}", "true or false")
        return _BOOLEANS[self.node.value]

    def number(self, expected: str, least: float, most: float, *, whole: bool = False, above: bool = False) -> float:
        """A number from `least` to `most`, or above `least`."""
        if not self._plain() or not _NUMBER.fullmatch(self.node.value):
            raise self.error(f"is {self.kind}", expected)
        value = float(self.node.value)
        if not least <= value <= most or (above and value == least) or (whole and value != int(value)):
            raise self.error(f"is {self.node.value}", expected)
        return value

    def all_texts(self, expected: str, read: Callable[[Part], T]) -> dict[str, T]:
        """A mapping whose keys are free, each value read by `read`."""
        return {key: read(part) for key, (_, part) in self.entries(expected).items()}

    @property
    def scalar(self) -> bool:
        """Whether it is a text or a number."""
        return isinstance(self.node, yaml.ScalarNode) and not self._null()

    @property
    def kind(self) -> str:
        """What it is, in a person's words."""
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
    """The error of one place."""
    return ScenarioError(f"{source}, line {line}, column {column}: {what}. Expected: {expected}.")


def shown(text: str) -> str:
    """A text in an error."""
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def parse(text: str, source: str) -> Part:
    """The document of a text; raises ScenarioError where it is not one YAML document."""
    if len(text) > MOST_CHARACTERS:
        raise ScenarioError(f"{source} has {len(text):,} characters. Expected: at most {MOST_CHARACTERS:,}.")
    try:
        node = yaml.compose(text, Loader=ShallowLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = " ".join(str(error.problem or error.context or "it cannot be read").split())
        raise error_at(source, line, column, f"it is not YAML: {problem}", "YAML, its text in quotes") from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        # Its position is no use: libyaml counts bytes, and PyYAML itself characters.
        at = max(0, text.find(chr(getattr(error, "character", 0))))
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise error_at(source, line, column, "it has a character that YAML does not allow", "readable text") from error
    except _DepthError as error:
        raise Part(error.args[0], source, "").error("is nested too deeply", "tests, sessions and turns") from error
    if node is None:
        raise error_at(source, 1, 1, "the file is empty", "a mapping with tests")
    _refuse_aliases(node, source)
    return Part(node, source, "")


def _refuse_aliases(node: yaml.Node, source: str) -> None:
    """Aliases may stand for the same part several times, but not for one that holds them; and not without end."""
    open_nodes: set[int] = set()
    count = 0
    pending = [(node, False)]
    while pending:
        current, done = pending.pop()
        if done:
            open_nodes.discard(id(current))
            continue
        count += 1
        if id(current) in open_nodes or count > 2_000_000:
            raise Part(current, source, "").error("repeats itself by an alias", "no alias that holds itself")
        if isinstance(current, yaml.ScalarNode):
            continue
        open_nodes.add(id(current))
        pending.append((current, True))
        for child in current.value:
            pending += [(c, False) for c in (child if isinstance(child, tuple) else (child,))]
