"""A summary's text by topic. The service writes either topics in tags or plain prose; both are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

TOPIC = re.compile(
    r"<topic\s+name\s*=\s*(?P<quote>['\"])(?P<name>.*?)(?P=quote)\s*>(?P<text>.*?)(?:</topic\s*>|(?=<topic\s)|\Z)",
    re.S | re.I,
)
WRAPPER = re.compile(r"</?summary\s*>", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of a summary. The name is empty for prose, and for what stands outside any topic."""

    name: str
    text: str


def topics(summary: str) -> list[Topic]:
    """The topics of a summary text in their order, with entities resolved; never loses text."""
    body = WRAPPER.sub(" ", summary)
    found: list[Topic] = []
    position = 0
    for match in TOPIC.finditer(body):
        _add(found, "", body[position : match.start()])
        _add(found, match["name"], match["text"])
        position = match.end()
    _add(found, "", body[position:])
    return found


def _add(found: list[Topic], name: str, text: str) -> None:
    lines = [" ".join(line.split()) for line in unescape(text).splitlines()]
    kept = "\n".join(line for line in lines if line)
    if kept or name:
        found.append(Topic(" ".join(unescape(name).split()), kept))
