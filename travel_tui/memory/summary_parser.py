"""Parser of a summary's topics. The service writes either tagged topics or plain prose; both are supported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from travel_tui.memory.document_parser import document_parts

TOPIC = re.compile(
    r"<topic\s{1,9}name\s{0,9}=\s{0,9}(?P<quote>['\"])(?P<name>.{0,200}?)(?P=quote)\s{0,9}>"
    r"(?P<text>.*?)(?:</topic\s{0,9}>|(?=<topic\s)|\Z)",
    re.S | re.I,
)
WRAPPER = re.compile(r"</?summary\s{0,9}>", re.I)


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of a summary. The name is empty for prose, and for text outside any topic."""

    name: str
    text: str


def topics(summary: str) -> list[Topic]:
    """Return the topics of a record's text in order, with entities resolved; no text is ever lost.

    A preference or an episode, which is a document, has its parts as topics.
    """
    if (parts := document_parts(summary)) is not None:
        return [Topic(name, text) for name, text in parts if name or text]
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
