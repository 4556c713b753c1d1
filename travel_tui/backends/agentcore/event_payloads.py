"""Payloads of short-term events as what was said. SDKs write messages as JSON into an event's text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from travel_tui.backends.shared.json_values import json_safe
from travel_tui.memory_store import EventPart, Role

_ROLES = {"USER": Role.USER, "ASSISTANT": Role.AGENT, "TOOL": Role.TOOL}


def parts_of(payload: Mapping[str, Any]) -> Iterator[EventPart]:
    """Yield what a payload says; a tool's result is never the user's words, and a document is shown as one."""
    if conversational := payload.get("conversational"):
        role = _ROLES.get(str(conversational.get("role")), Role.OTHER)
        text = str((conversational.get("content") or {}).get("text", ""))
        message = _session_message(text)
        if message is None:
            yield EventPart(role, text)
            return
        for part in message:
            yield EventPart(*_said(role, part), raw=text)
        return
    document = payload["blob"] if "blob" in payload else (payload.get("json") or {}).get("content", payload)
    text = document if isinstance(document, str) else json.dumps(json_safe(document), ensure_ascii=False)
    yield EventPart(Role.BLOB, text)


def _session_message(text: str) -> list[Mapping[str, Any]] | None:
    """Return the content of a message that an SDK wrote as JSON; None if the text is none."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    message = parsed.get("message", parsed)
    content = message.get("content") if isinstance(message, dict) and "role" in message else None
    if not isinstance(content, list) or not content or not all(isinstance(each, dict) for each in content):
        return None
    return content


def _said(role: Role, part: Mapping[str, Any]) -> tuple[Role, str]:
    if isinstance(text := part.get("text"), str):
        return role, text
    if isinstance(result := part.get("toolResult"), dict):
        return Role.TOOL, _result(result)
    if isinstance(use := part.get("toolUse"), dict):
        return role, f"calls {use.get('name', 'a tool')} {json.dumps(use.get('input', {}), ensure_ascii=False)}"
    return Role.OTHER if role is Role.USER else role, json.dumps(json_safe(part), ensure_ascii=False)


def _result(result: Mapping[str, Any]) -> str:
    content = result.get("content")
    texts = [
        str(each["text"]) if "text" in each else json.dumps(json_safe(each), ensure_ascii=False)
        for each in (content if isinstance(content, list) else ())
        if isinstance(each, dict)
    ]
    return "\n".join(texts) or str(result.get("status", ""))
