"""Messages of a conversation, read from the payloads of memory events.

SDKs write a JSON SessionMessage into the text of an event, with tool calls and their results among its content blocks;
those are decoded, so that a tool's result is never taken for the user's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

USER, ASSISTANT = "user", "assistant"
_MAX_TEXT = 20_000
"""Characters read of one message; the rules take time."""
_CONTEXT = re.compile(r"<(\w{0,20}context)>.*?</\1>", re.DOTALL)
"""What Strands puts before the user's words in what the model sees (`context_tag`)."""
_ROLES = {"USER": USER, "ASSISTANT": ASSISTANT}


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of a tool, as the assistant asked for it."""

    tool_use_id: str
    name: str
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a call."""

    tool_use_id: str
    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what was said, and the tool calls and results in it. `role` is user, assistant or another."""

    role: str
    text: str = ""
    uses: tuple[ToolUse, ...] = ()
    results: tuple[ToolResult, ...] = ()


def messages_of(payload: Iterable[Mapping[str, Any]]) -> Iterator[Message]:
    """Yield the messages in an event's payload; blobs that hold none are skipped."""
    for item in payload:
        if "conversational" in item:
            said = item["conversational"]
            yield _conversational(said["role"], said.get("content", {}).get("text", ""))
        elif message := decode_message(item.get("blob", item.get("json", {}).get("content"))):
            yield message


def said_by_user(messages: Iterable[Message]) -> list[str]:
    """Return the texts of the user's own messages, without the records that an SDK put before them."""
    texts = [_CONTEXT.sub("", message.text) for message in messages if message.role == USER]
    return [text for text in texts if text.strip()]


def _conversational(role: str, text: str) -> Message:
    decoded = decode_message(_json(text)) if text.lstrip()[:1] == "{" else None
    if decoded:
        return decoded
    if role == "TOOL":
        return Message("tool", results=(ToolResult("", text[:_MAX_TEXT]),))
    return Message(_ROLES.get(role, "other"), text[:_MAX_TEXT])


def decode_message(document: Any) -> Message | None:
    """Decode a SessionMessage, {"message": {"role", "content": [blocks]}} or the message alone; None for others."""
    inner = document.get("message", document) if isinstance(document, dict) else None
    if not isinstance(inner, dict) or not isinstance(inner.get("content"), list):
        return None
    blocks = [block for block in inner["content"] if isinstance(block, dict)]
    texts = [block["text"] for block in blocks if isinstance(block.get("text"), str)]
    return Message(
        role=str(inner.get("role", "other")).lower(),
        text="\n".join(texts)[:_MAX_TEXT],
        uses=tuple(_use(block["toolUse"]) for block in blocks if isinstance(block.get("toolUse"), dict)),
        results=tuple(_result(block["toolResult"]) for block in blocks if isinstance(block.get("toolResult"), dict)),
    )


def _use(block: Mapping[str, Any]) -> ToolUse:
    given = block.get("input")
    return ToolUse(
        str(block.get("toolUseId", "")), str(block.get("name", "")), given if isinstance(given, dict) else {}
    )


def _result(block: Mapping[str, Any]) -> ToolResult:
    content = block.get("content")
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [str(part["text"]) if "text" in part else _dump(part.get("json")) for part in parts]
    return ToolResult(str(block.get("toolUseId", "")), "\n".join(texts)[:_MAX_TEXT], block.get("status") == "error")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _dump(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
