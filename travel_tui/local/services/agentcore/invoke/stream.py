"""Events of InvokeHarness's stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from travel_tui.local.wire.call import Event

_FRAGMENT = 24
"""Characters of a fragment of a call's input."""


def message_start(role: str = "assistant") -> Event:
    """Return the event that begins a message."""
    return Event("messageStart", {"role": role})


def message_stop(reason: str) -> Event:
    """Return the event that ends a message."""
    return Event("messageStop", {"stopReason": reason})


def text_delta(index: int, text: str) -> Event:
    """Return a piece of a text block."""
    return _delta(index, {"text": text})


def block_stop(index: int) -> Event:
    """Return the event that ends a block."""
    return Event("contentBlockStop", {"contentBlockIndex": index})


def reasoning_delta(index: int, text: str) -> Event:
    """Return a piece of a block with the model's reasoning."""
    return _delta(index, {"reasoningContent": {"text": text}})


def tool_use(index: int, tool_use_id: str, name: str, given: dict[str, Any]) -> Iterator[Event]:
    """Yield a block with a call of a tool; its input comes in fragments of JSON."""
    start = {"toolUse": {"toolUseId": tool_use_id, "name": name, "type": "tool_use"}}
    yield Event("contentBlockStart", {"contentBlockIndex": index, "start": start})
    written = json.dumps(given, ensure_ascii=False)
    for at in range(0, len(written), _FRAGMENT):
        yield _delta(index, {"toolUse": {"input": written[at : at + _FRAGMENT]}})
    yield block_stop(index)


def tool_result(index: int, tool_use_id: str, text: str, *, failed: bool = False) -> Iterator[Event]:
    """Yield a block with the result of a tool that the harness ran, or did not run."""
    start = {"toolResult": {"toolUseId": tool_use_id, "status": "error" if failed else "success"}}
    yield Event("contentBlockStart", {"contentBlockIndex": index, "start": start})
    yield _delta(index, {"toolResult": [{"text": text}]})
    yield block_stop(index)


def metadata(input_tokens: int, output_tokens: int, latency_ms: int) -> Event:
    """Return the event with a call's usage."""
    usage = {"inputTokens": input_tokens, "outputTokens": output_tokens, "totalTokens": input_tokens + output_tokens}
    return Event("metadata", {"usage": usage, "metrics": {"latencyMs": latency_ms}})


def hook_event(hook_event_id: str, name: str, kind: str, reason: str = "", *, allowed: bool | None = None) -> Event:
    """Return the event of a hook that ran; `allowed` is None for one that decides nothing."""
    decision = None if allowed is None else "allow" if allowed else "deny"
    told = {"hookEventId": hook_event_id, "name": name, "type": kind, "decision": decision, "reason": reason or None}
    return Event("hookEvent", told)


def in_groups(pieces: Iterable[str], size: int) -> Iterator[str]:
    """Join pieces into groups of `size`."""
    group: list[str] = []
    for piece in pieces:
        group.append(piece)
        if len(group) == size:
            yield "".join(group)
            group = []
    if group:
        yield "".join(group)


def _delta(index: int, delta: dict[str, Any]) -> Event:
    return Event("contentBlockDelta", {"contentBlockIndex": index, "delta": delta})
