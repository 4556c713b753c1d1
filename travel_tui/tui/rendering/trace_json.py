"""Formats a trace payload as readable text: names and values, multi-line texts, and JSON within strings expanded.

Each line comes with marks: which of its characters are a name, a string or another value of JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from travel_tui.text import count, quick, safe
from travel_tui.timeline import Step

LARGEST_JSON = 1_000_000
"""Longest string, in characters, that is tried as JSON."""
KINDS = ("name", "string", "literal")
"""What a mark says of its characters; numbers, true, false and null are literals."""

_STRING = r'"(?:[^"\\]|\\.)*"'
_JSON_LINE = re.compile(
    rf" *(?:(?P<name>{_STRING}): )?(?:(?P<string>{_STRING})|(?P<literal>-?\d[^,\s]*|-?Infinity|NaN|true|false|null))?"
)
"""A line of indented JSON: a name, a value, or both."""


class Mark(NamedTuple):
    """Characters of a line that are of one kind."""

    start: int
    end: int
    kind: str


class Line(NamedTuple):
    """A line of a formatted step."""

    text: str
    marks: tuple[Mark, ...] = ()

    def indented(self, indent: str) -> Line:
        """Return the line behind an indent; an empty one stays empty."""
        if not self.text:
            return self
        by = len(indent)
        return Line(indent + self.text, tuple(Mark(start + by, end + by, kind) for start, end, kind in self.marks))


def format_payload(step: Step, *, raw: bool = False) -> str:
    """Format a step as text; see `format_lines`."""
    return "\n".join(line.text for line in format_lines(step, raw=raw))


def format_lines(step: Step, *, raw: bool = False) -> list[Line]:
    """Format a step: its properties, then its input and output; with `raw`, as complete JSON."""
    facts = [step.kind]
    if step.took_s is not None:
        facts.append(quick(step.took_s))
    if step.input_tokens is not None or step.output_tokens is not None:
        facts.append(f"{count(step.input_tokens or 0, 'token')} in, {step.output_tokens or 0:,} out")
    if step.failed:
        facts.append("failed")
    lines = [Line(" · ".join(facts))]
    for part in step.parts:
        lines += [Line(""), Line(part.name.upper())] if part.name else [Line("")]
        lines += _json_lines(part.raw) if raw else _readable(part.body)
    return [Line(safe(text), marks) for text, marks in _single(lines)]


def _single(lines: Iterable[Line]) -> Iterator[Line]:
    """Split what a line break in a name, or in what is nested too deeply, made of a line."""
    for line in lines:
        if "\n" in line.text:
            yield from map(Line, _split(line.text))
        else:
            yield line


def _json_lines(value: Any) -> Iterator[Line]:
    for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n"):
        found = _JSON_LINE.match(line)
        spans = [(*found.span(kind), kind) for kind in KINDS if found[kind]] if found else []
        yield Line(line, tuple(Mark(*span) for span in spans))


def _readable(body: Any) -> list[Line]:
    try:
        return list(_lines(body))
    except RecursionError:  # nested too deeply to be readable
        return [Line(body if isinstance(body, str) else json.dumps(body, ensure_ascii=False))]


def _lines(value: Any) -> Iterator[Line]:
    value = _opened(value)
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _named(str(name), each)
    elif isinstance(value, list) and value:
        for each in value:
            first, *rest = list(_lines(each)) or [Line("")]
            yield first.indented("- ") if first.text else Line("- ")
            yield from (line.indented("  ") for line in rest)
    else:
        yield from map(Line, _split(value)) if isinstance(value, str) else [_literal(value)]


def _named(name: str, value: Any) -> Iterator[Line]:
    value = _opened(value)
    mark = Mark(0, len(name), "name")
    if (isinstance(value, Mapping | list) and value) or (isinstance(value, str) and "\n" in value):
        yield Line(f"{name}:", (mark,))
        yield from (line.indented("  ") for line in _lines(value))
    else:
        text, marks = Line(value) if isinstance(value, str) else _literal(value)
        marked = Line(text, marks).indented(f"{name}: ")
        yield Line(marked.text or f"{name}: ", (mark, *marked.marks))


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _literal(value: Any) -> Line:
    text = json.dumps(value, ensure_ascii=False)
    return Line(text, (Mark(0, len(text), "literal"),))


def _opened(value: Any) -> Any:
    """Parse a string that holds a JSON object or list, as prompts do; return other values unchanged."""
    if isinstance(value, str) and value[:1] in ("{", "[") and len(value) <= LARGEST_JSON:
        try:
            return json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return value
    return value
