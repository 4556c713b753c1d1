"""The input of InvokeHarness, checked beyond the service model: what is said, or the result of a call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from travel_tui.local.services.agentcore.harness_settings import check_limits, check_tools
from travel_tui.local.services.agentcore.lookups import validation_error
from travel_tui.local.state.harness_sessions import HarnessSession
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_OVERRIDES = (
    "model",
    "systemPrompt",
    "tools",
    "skills",
    "allowedTools",
    "maxIterations",
    "maxTokens",
    "timeoutSeconds",
)
"""Settings of a harness that a call can replace; memory, truncation and hooks it cannot."""
_ACTOR = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-_/]*(?::[a-zA-Z0-9-_/]+)*[a-zA-Z0-9-_/]*")
"""CreateEvent's pattern of actor ids, which InvokeHarness's own model lacks."""
_MAX_ACTOR = 255


@dataclass(frozen=True, slots=True)
class GivenResult:
    """The caller's result of an inline function."""

    tool_use_id: str
    text: str
    failed: bool
    block: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HarnessInput:
    """What a call says: a text, or a result; and an earlier conversation that it brings along."""

    text: str = ""
    result: GivenResult | None = None
    history: Sequence[Mapping[str, Any]] = ()
    messages: Sequence[Mapping[str, Any]] = ()
    """All that the call said, as it came."""

    def as_context(self) -> dict[str, Any]:
        """Return what hooks are told of the call's messages."""
        return {"messageCount": len(self.messages), "messages": list(self.messages)}


def read_input(messages: list[dict[str, Any]]) -> HarnessInput:
    """Return what the last message says. Raises ValidationException for what cannot be answered."""
    if not messages or messages[-1]["role"] != "user":
        raise validation_error("The last message must have the role user.")
    blocks = messages[-1]["content"]
    if any("toolUse" in block for block in blocks):
        raise validation_error("The last message must not contain toolUse: tools are called by the harness alone.")
    results = [block["toolResult"] for block in blocks if "toolResult" in block]
    if len(results) > 1:
        raise validation_error("The last message must contain one toolResult: one call is made at a time.")
    if results:
        return HarnessInput(result=_result(results[0]), messages=messages)
    text = "\n".join(block["text"] for block in blocks if "text" in block)
    if not text.strip():
        raise validation_error("The last message has no text.")
    return HarnessInput(text=text, history=messages[:-1], messages=messages)


def effective_settings(harness: Document, params: Params) -> Document:
    """Return a harness with the call's overrides. Raises ValidationException for invalid ones."""
    changed = {name: params[name] for name in _OVERRIDES if name in params}
    check_tools(changed.get("tools", []))
    check_limits(changed)
    return {**harness, **changed}


def check_actor(actor: str) -> None:
    """Raise ValidationException for an actor whose events a memory would refuse."""
    if len(actor) > _MAX_ACTOR or not _ACTOR.fullmatch(actor):
        raise validation_error(
            f"Value '{actor[:100]}' at 'actorId' failed to satisfy constraint: Member must have length less than or "
            f"equal to {_MAX_ACTOR} and satisfy regular expression pattern: {_ACTOR.pattern}"
        )


def check_waiting(session: HarnessSession | None, tool_use_id: str) -> dict[str, Any]:
    """Return the call that a session waits for. Raises ValidationException for the result of any other."""
    waiting = session.waiting if session else None
    if waiting is None or waiting["toolUseId"] != tool_use_id:
        wanted = f"It waits for {waiting['toolUseId']}." if waiting else "It waits for no result."
        raise validation_error(f"The toolResult {tool_use_id} answers no pending call of this session. {wanted}")
    return waiting


def _result(block: dict[str, Any]) -> GivenResult:
    parts = [
        part["text"] if "text" in part else json.dumps(part["json"], ensure_ascii=False) for part in block["content"]
    ]
    return GivenResult(block["toolUseId"], "\n".join(parts), block.get("status") == "error", block)
