"""Prompt templates with their placeholder variables filled in, as they are shown in traces."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from travel_tui.local.unicode import well_formed

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Filling:
    """What the placeholder variables stand for."""

    variables: Mapping[str, str]
    """Texts by the variables' names; a variable that is not in it is left as it stands."""
    history: Sequence[Message] = field(default_factory=list)
    """The messages before the question."""
    calls: Sequence[Message] = field(default_factory=list)
    """The calls since the question, and their results."""


def filled(template: str, filling: Filling) -> str:
    """Fill a template, which is the JSON of a request with messages, or plain text.

    In messages, the conversation comes before the question unless the template has a place for it, and the calls come
    where $agent_scratchpad$ stands alone.
    """
    try:
        request = json.loads(template, strict=False)
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict) or not isinstance(request.get("messages"), list):
        return _text(template, filling)
    rest = {name: _value(value, filling) for name, value in request.items() if name != "messages"}
    placed = "$conversation_history$" in template
    said: list[Any] = []
    for message in request["messages"]:
        content = message.get("content") if isinstance(message, dict) else None
        if _whole(content) == "$agent_scratchpad$":
            said += filling.calls
            continue
        if not placed and "$question$" in json.dumps(content):
            said += filling.history
        said.append(_value(message, filling))
    return well_formed(json.dumps({**rest, "messages": said}, ensure_ascii=False))


def system_and_question(template: str, filling: Filling) -> tuple[str, str]:
    """Return a template's system prompt, and its text around the question; a plain text has no system prompt.

    They are filled without the conversation and the calls, unless the template has its own place for those.
    """
    try:
        request = json.loads(template, strict=False)
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict) or not isinstance(request.get("messages"), list):
        return "", _text(template, filling)
    asked = [message.get("content") for message in request["messages"] if isinstance(message, dict)]
    texts = [_plain(content) for content in asked if _whole(content) != "$agent_scratchpad$"]
    question = "\n\n".join(text for text in texts if "$question$" in text) or "$question$"
    return _text(_plain(request.get("system")), filling), _text(question, filling)


def _plain(content: Any) -> str:
    """Return the texts of a content, which may be blocks."""
    if isinstance(content, list):
        return "\n\n".join(_plain(each.get("text")) for each in content if isinstance(each, dict))
    return content if isinstance(content, str) else ""


def _whole(content: Any) -> str:
    """Return the text of a message that has one text."""
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict):
        content = content[0].get("text")
    return content.strip() if isinstance(content, str) else ""


def _value(value: Any, filling: Filling) -> Any:
    if isinstance(value, str):
        return _text(value, filling)
    if isinstance(value, list):
        return [_value(each, filling) for each in value]
    if isinstance(value, dict):
        return {name: _value(each, filling) for name, each in value.items()}
    return value


def _text(template: str, filling: Filling) -> str:
    """Fill a text by paragraphs; those of which nothing is left are left out."""
    known = {
        "conversation_history": _lines(filling.history),
        "agent_scratchpad": _lines(filling.calls),
        **filling.variables,
    }
    variable = re.compile(r"\$(" + "|".join(known) + r")\$")
    paragraphs = []
    for paragraph in template.split("\n\n"):
        text = variable.sub(lambda found: known[found[1]], paragraph)
        if text.strip() or not paragraph.strip():
            paragraphs.append(text.rstrip("\n") if text != paragraph else text)
    return "\n\n".join(paragraphs)


def _lines(messages: Sequence[Message]) -> str:
    return "\n".join(f"{message['role']}: {message['content']}" for message in messages)
