"""Lifecycle hooks: what their Lambda functions are told, and what their decisions do."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.local.agentcore.clients import (
    WEATHER_TOOL,
    AgentCore,
    call_in,
    result,
    said,
    session_id,
    stop_reason,
)
from tests.local.services.clients import refused

ASK = "What is the weather in Lisbon?"
GUARD = """
import json, time
def handler(event, context):
    print(json.dumps(event))
    text = json.dumps(event['context'])
    if 'SLOW' in text:
        time.sleep(20)
    if 'BROKEN' in text:
        return 'yes'
    denied = {'decision': 'deny', 'reason': 'Not today.'}
    late = 'LATE' in text and event['event'] == 'after_tool_call'
    return denied if 'FORBIDDEN' in text or late else {'decision': 'allow', 'reason': 'Fine.'}
"""


def hook(member: str, name: str, arn: str, **more: Any) -> dict[str, Any]:
    """A hook with a Lambda function."""
    return {member: {"name": name, "target": {"lambda": {"arn": arn, **more}}}}


def told(events: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    """The names, decisions and reasons of the hooks that ran."""
    found = [event["hookEvent"] for event in events if "hookEvent" in event]
    return [(each["name"], each.get("decision"), each.get("reason")) for each in found]


def logged(core: AgentCore, function: str) -> list[dict[str, Any]]:
    """What a function was told, in order."""
    events = core.logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    return [json.loads(event["message"]) for event in events if event["message"].startswith("{")]


def test_hooks_decide_at_each_point_of_the_loop(core: AgentCore) -> None:
    name = f"guard-{uuid.uuid4().hex[:8]}"
    arn = core.function(name, GUARD)["FunctionArn"]
    members = ("beforeInvocation", "beforeToolCall", "afterToolCall", "afterInvocation")
    harness = core.harness(tools=[WEATHER_TOOL], hooks=[hook(member, member, arn) for member in members])
    session = session_id()
    asked = core.invoke(harness, session, ASK)
    tool_use_id, _, _ = call_in(asked)
    fine = ("allow", "Fine.")
    assert told(asked) == [(each, *fine) for each in ("beforeInvocation", "beforeToolCall", "afterInvocation")]
    assert stop_reason(asked) == "tool_use"
    answered = core.invoke(harness, session, result(tool_use_id, "It rains."))
    assert told(answered) == [(each, *fine) for each in ("beforeInvocation", "afterToolCall", "afterInvocation")]
    assert "rains" in said(answered)
    first, call, ended, *_ = logged(core, name)
    assert first["context"] == {"messageCount": 1, "messages": [{"role": "user", "content": [{"text": ASK}]}]}
    assert (first["event"], first["harnessArn"], first["sessionId"]) == ("before_invocation", harness["arn"], session)
    assert call["context"] == {
        "toolName": "get_weather",
        "toolType": "inline_function",
        "toolInput": {"city": "Lisbon"},
        "toolUseId": tool_use_id,
    }
    assert ended["context"]["stopReason"] == "tool_use"
    assert ended["context"]["usage"]["outputTokens"] > 0

    denied = core.invoke(harness, session, "FORBIDDEN")
    assert stop_reason(denied) == "hook_stopped"
    assert told(denied)[0] == ("beforeInvocation", "deny", "Not today.")
    assert said(denied) == ""
    tool_use_id, _, _ = call_in(core.invoke(harness, session, ASK))
    stopped = core.invoke(harness, session, result(tool_use_id, "LATE"))
    assert stop_reason(stopped) == "hook_stopped"
    with refused("ValidationException", "answers no pending call"):
        core.invoke(harness, session, result(tool_use_id, "again"))


def test_a_denied_call_is_skipped_and_the_agent_goes_on(core: AgentCore) -> None:
    arn = core.function(f"guard-{uuid.uuid4().hex[:8]}", GUARD)["FunctionArn"]
    hooks = [hook("beforeToolCall", "guard", arn)]
    memory_id = core.memory()
    memory = {"agentCoreMemoryConfiguration": {"arn": core.control.get_memory(memoryId=memory_id)["memory"]["arn"]}}
    harness = core.harness(tools=[WEATHER_TOOL], hooks=hooks, memory=memory)
    session = session_id()
    events = core.invoke(harness, session, "What is the weather in FORBIDDEN?")
    reasons = [event["messageStop"]["stopReason"] for event in events if "messageStop" in event]
    assert reasons == ["tool_use", "tool_result", "end_turn"]
    assert "Not today." in said(events)
    stored = core.data.list_events(memoryId=memory_id, actorId="anna", sessionId=session)["events"]
    assert [list(part) for part in stored[0]["payload"]] == [["conversational"], ["blob"], ["blob"], ["conversational"]]
    limited = core.invoke(harness, session_id(), "What is the weather in FORBIDDEN?", maxIterations=1)
    assert stop_reason(limited) == "max_iterations_exceeded"


def test_a_function_that_fails_decides_as_its_failure_mode_says(core: AgentCore) -> None:
    arn = core.function(f"guard-{uuid.uuid4().hex[:8]}", GUARD)["FunctionArn"]
    for mode, stop in (({}, "hook_stopped"), ({"failureMode": "allow"}, "end_turn")):
        slow = core.harness(hooks=[hook("beforeInvocation", "guard", arn, timeoutSeconds=1, **mode)])
        for text, why in (("BROKEN", "answered no decision"), ("SLOW", "did not answer in time")):
            events = core.invoke(slow, session_id(), text)
            assert stop_reason(events) == stop
            assert why in str(told(events)[0][2])
    nowhere = core.harness(hooks=[hook("beforeInvocation", "guard", arn.replace(":guard-", ":missing-"))])
    assert "does not exist" in str(told(core.invoke(nowhere, session_id(), "hello"))[0][2])


def test_what_is_only_told_decides_nothing(core: AgentCore) -> None:
    arns = {
        "sns": "arn:aws:sns:us-east-1:123456789012:topic",
        "eventBridge": "arn:aws:events:us-east-1:123456789012:event-bus/b",
    }
    hooks = [
        {member: {"name": f"{member}-{kind}", "target": {kind: {"arn": arn}}}}
        for member in ("beforeInvocation", "afterInvocation")
        for kind, arn in arns.items()
    ]
    events = core.invoke(core.harness(hooks=hooks), session_id(), "hello")
    assert told(events) == [(name, None, None) for each in hooks for name in (next(iter(each.values()))["name"],)]
    assert "hookEvent" in events[-1]
    with refused("ValidationException", "Hook names must be unique: same"):
        core.harness(hooks=[{"beforeInvocation": {**hooks[0]["beforeInvocation"], "name": "same"}}] * 2)


def test_a_context_is_cut_to_64_kib(core: AgentCore) -> None:
    name = f"guard-{uuid.uuid4().hex[:8]}"
    arn = core.function(name, GUARD)["FunctionArn"]
    harness = core.harness(hooks=[hook("beforeInvocation", "guard", arn)])
    messages = [
        {"role": "user", "content": [{"text": "x" * 60_000}]},
        {"role": "assistant", "content": [{"text": "y" * 60_000}]},
        {"role": "user", "content": [{"text": "hello"}]},
    ]
    core.invoke(harness, session_id(), "", messages=messages)
    context = logged(core, name)[0]["context"]
    assert (context["messageCount"], context["truncated"]) == (3, True)
    assert [message["role"] for message in context["messages"]] == ["assistant", "user"]
