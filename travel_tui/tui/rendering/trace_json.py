"""Formats a trace payload as readable text: names and values, multi-line texts, and JSON within strings expanded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from travel_tui.text import count, quick, safe
from travel_tui.timeline import Step

LARGEST_JSON = 1_000_000
"""Longest string, in characters, that is tried as JSON."""


def format_payload(step: Step, *, raw: bool = False) -> str:
    """Format a step: its properties, then its input and output; with `raw`, as complete JSON."""
    facts = [step.kind]
    if step.took_s is not None:
        facts.append(quick(step.took_s))
    if step.input_tokens is not None or step.output_tokens is not None:
        facts.append(f"{count(step.input_tokens or 0, 'token')} in, {step.output_tokens or 0:,} out")
    if step.failed:
        facts.append("failed")
    lines = [" · ".join(facts)]
    for part in step.parts:
        lines += ["", part.name.upper()] if part.name else [""]
        if raw:
            lines.append(json.dumps(part.raw, indent=2, ensure_ascii=False))
        else:
            lines += _readable(part.body)
    return safe("\n".join(lines))


def _readable(body: Any) -> list[str]:
    try:
        return list(_lines(body, ""))
    except RecursionError:  # nested too deeply to be readable
        return [str(body) if isinstance(body, str) else json.dumps(body, ensure_ascii=False)]


def _lines(value: Any, indent: str) -> Iterator[str]:
    value = _opened(value)
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _named(str(name), each, indent)
    elif isinstance(value, list) and value:
        for each in value:
            first, *rest = list(_lines(each, "")) or [""]
            yield f"{indent}- {first}"
            yield from (f"{indent}  {line}" if line else "" for line in rest)
    else:
        yield from (f"{indent}{line}" if line else "" for line in _plain(value).split("\n"))


def _named(name: str, value: Any, indent: str) -> Iterator[str]:
    value = _opened(value)
    nested = isinstance(value, Mapping | list) and bool(value)
    if nested or "\n" in (text := _plain(value)):
        yield f"{indent}{name}:"
        yield from _lines(value, indent + "  ")
    else:
        yield f"{indent}{name}: {text}"


def _opened(value: Any) -> Any:
    """Parse a string that holds a JSON object or list, as prompts do; return other values unchanged."""
    if isinstance(value, str) and value[:1] in ("{", "[") and len(value) <= LARGEST_JSON:
        try:
            return json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return value
    return value


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
