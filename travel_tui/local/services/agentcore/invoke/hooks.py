"""Lifecycle hooks of a harness: Lambda functions that allow or deny, and targets that are only told.

Payload, decision and the limit of a context are those of AgentCore's developer guide (harness-lifecycle-hooks).
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.agentcore.invoke import stream
from travel_tui.local.state.resources import Document
from travel_tui.local.unicode import well_formed
from travel_tui.local.wire.call import Event

BEFORE_INVOCATION, AFTER_INVOCATION = "before_invocation", "after_invocation"
BEFORE_TOOL_CALL, AFTER_TOOL_CALL = "before_tool_call", "after_tool_call"
_KINDS = {
    "beforeInvocation": BEFORE_INVOCATION,
    "afterInvocation": AFTER_INVOCATION,
    "beforeToolCall": BEFORE_TOOL_CALL,
    "afterToolCall": AFTER_TOOL_CALL,
}
_TIMEOUT_S = 60
"""Seconds that a function has by default."""
_MAX_REASON = 1_024
_MAX_CONTEXT = 64 * 1_024
"""Bytes of a hook's context as JSON."""
_MAX_PREVIEW = 8 * 1_024
"""Characters that are left of a field that is too large."""


@dataclass(frozen=True, slots=True)
class HookOutcome:
    """The events of the hooks that ran, and whether one of them denied; the first that did gives the reason."""

    events: Sequence[Event] = ()
    denied: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Decision:
    allowed: bool
    reason: str = ""


class Hooks:
    """The hooks of a harness in one call."""

    def __init__(self, endpoint: RegionalEndpoint, harness: Document, session_id: str) -> None:
        self._endpoint = endpoint
        self._harness = harness
        self._session_id = session_id
        self._hooks = [(_KINDS[member], hook) for each in harness.get("hooks", []) for member, hook in each.items()]

    async def run(self, kind: str, context: Mapping[str, Any]) -> HookOutcome:
        """Run the hooks of a kind, all at once, and return their events in the order of their list."""
        hooks = [hook for of, hook in self._hooks if of == kind]
        if not hooks:
            if not self._endpoint.faults.happens("InvokeHarness", "hook-events"):
                return HookOutcome()
            return HookOutcome([stream.hook_event(self._endpoint.ids.uuid(), f"{kind}-hook", kind, allowed=True)])
        limited = _limited(kind, context)
        ids = [self._endpoint.ids.uuid() for _ in hooks]
        decisions = await asyncio.gather(
            *(self._ask(kind, limited, hook, hook_id) for hook, hook_id in zip(hooks, ids, strict=True))
        )
        events = [
            stream.hook_event(
                hook_id, hook["name"], kind, found.reason if found else "", allowed=found.allowed if found else None
            )
            for hook, hook_id, found in zip(hooks, ids, decisions, strict=True)
        ]
        denial = next((found for found in decisions if found and not found.allowed), None)
        return HookOutcome(events, denial is not None, denial.reason if denial else "")

    async def _ask(self, kind: str, context: Mapping[str, Any], hook: Document, hook_id: str) -> _Decision | None:
        """Return a function's decision; None for a target that is only told, and here reaches nobody."""
        target = hook["target"].get("lambda")
        if target is None:
            return None
        payload = {
            "hookEventId": hook_id,
            "name": hook["name"],
            "event": kind,
            "harnessArn": self._harness["arn"],
            "sessionId": self._session_id,
            "context": context,
        }
        try:
            async with asyncio.timeout(target.get("timeoutSeconds", _TIMEOUT_S)):
                invocation = await self._endpoint.functions.invoke(target["arn"], payload, self._endpoint.ids.uuid())
        except TimeoutError:
            return _failed(target, "did not answer in time")
        if invocation is None:
            return _failed(target, "does not exist")
        if invocation.error:
            return _failed(target, f"failed: {invocation.payload['errorMessage']}")
        return _decision(invocation.payload) or _failed(target, "answered no decision, allow or deny")


def _decision(answer: Any) -> _Decision | None:
    """Read a function's answer; None if it holds no decision."""
    if not isinstance(answer, dict) or answer.get("decision") not in {"allow", "deny"}:
        return None
    reason = answer.get("reason")
    return _Decision(
        answer["decision"] == "allow", well_formed(reason)[:_MAX_REASON] if isinstance(reason, str) else ""
    )


def _failed(target: Document, why: str) -> _Decision:
    reason = well_formed(f"The function {target['arn'].rpartition(':')[2]} {why}.")
    return _Decision(target.get("failureMode", "deny") == "allow", reason[:_MAX_REASON])


def _limited(kind: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return a context as JSON, within its limit: of messages the newest that fit, of other fields their beginning."""
    plain: dict[str, Any] = json.loads(json.dumps(context, default=_plain))
    if _size(plain) <= _MAX_CONTEXT:
        return plain
    if kind == BEFORE_INVOCATION:
        plain["truncated"] = True
        while plain["messages"] and _size(plain) > _MAX_CONTEXT:
            plain["messages"] = plain["messages"][1:]
        return plain
    for name in sorted(plain, key=lambda each: -_size(plain[each])):
        if _size(plain) <= _MAX_CONTEXT:
            break
        plain[name] = {"truncated": True, "preview": json.dumps(plain[name], ensure_ascii=False)[:_MAX_PREVIEW]}
    return plain


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def _plain(value: object) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
