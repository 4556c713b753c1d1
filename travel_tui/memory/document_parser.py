"""Records that are JSON documents, as sentences and named parts: preferences, episodes, reflections."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_SENTENCES = ("preference", "title", "fact")
"""Members that say what the record is about: first, and without a name."""
_PART = re.compile(
    r"<(situation|intent|assessment|justification|reflection|turns|title|use_cases|hints|confidence)>(.*?)</\1>", re.S
)
"""Parts of an episode that is written in tags."""


def document_parts(text: str) -> list[tuple[str, str]] | None:
    """Return the parts of a document as names and texts; None if the text is none."""
    start = text.lstrip()[:1]
    if start == "{":
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return list(_parts(parsed)) if isinstance(parsed, dict) and parsed else None
    if start == "<" and (found := list(_PART.finditer(text))) and not _PART.sub("", text).strip():
        return [(_name(each[1]), _tidy(each[2])) for each in found]
    return None


def _parts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    first = [name for name in _SENTENCES if isinstance(document.get(name), str)]
    for name in first:
        yield "", _sentence(document[name])
    for name, value in document.items():
        if name in first:
            continue
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            for number, each in enumerate(value, 1):
                yield f"{_name(name).removesuffix('s')} {number}", _told(each)
        else:
            yield _name(name), _told(value)


def _told(value: Any) -> str:
    match value:
        case str():
            return _tidy(value)
        case list():
            return ", ".join(_told(each) for each in value)
        case dict():
            return "\n".join(f"{_name(str(name))}: {_told(each)}" for name, each in value.items())
        case _:
            return json.dumps(value)


def _name(key: str) -> str:
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _sentence(text: str) -> str:
    text = _tidy(text)
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


def _tidy(text: str) -> str:
    return "\n".join(line for line in (" ".join(each.split()) for each in text.splitlines()) if line)
