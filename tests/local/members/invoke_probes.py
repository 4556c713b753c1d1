"""Probes of InvokeHarness's members."""

from __future__ import annotations

from typing import Any

from tests.local.agentcore.clients import DEMO, WEATHER_TOOL, AgentCore, call_in, said, session_id, stop_reason
from tests.local.members.model_world import (
    MODELS,
    OTHER_TOOLS,
    SAIL,
    SKILLS,
    asked_of,
    modelled,
    reasons,
    tools_in,
)
from tests.local.members.probes import World, probe
from tests.local.models.model_server import Raw, Said, chunk, sse

SERVICE = "bedrock-agentcore"
ASK = "What is the weather in Lisbon?"


@probe(
    SERVICE,
    "InvokeHarness",
    "allowedTools",
    "maxIterations",
    "maxTokens",
    "model",
    "skills",
    "systemPrompt.text",
    "timeoutSeconds",
    "tools.name",
    "tools.config.inlineFunction",
    *(f"tools.config.{next(iter(tool['config']))}" for tool in OTHER_TOOLS),
    *(f"model.{name}.{key}" for name in MODELS for key in ("maxTokens", "additionalParams")),
)
def settings_of_one_call(_: World) -> None:
    with modelled() as (server, core):
        missing = {"lambda": {"arn": "arn:aws:lambda:us-east-1:123456789012:function:missing"}}
        harness = core.harness(hooks=[{"beforeToolCall": {"name": "no", "target": missing}}])["arn"]
        settings: dict[str, Any] = {
            "allowedTools": ["set_sail"],
            "tools": [SAIL, *OTHER_TOOLS],
            "systemPrompt": [{"text": "Speak of boats."}],
            "skills": SKILLS,
        }
        for model, config in MODELS.items():
            asked, events = asked_of(
                server, core, harness, "hi", Said("Aye.", reasoning="Hm."), model={model: config}, **settings
            )
            assert (asked["max_tokens"], reasons(events)) == (7, True)
        assert tools_in(asked) == ["set_sail"]
        assert "Speak of boats." in asked["messages"][0]["content"]
        asked, _events = asked_of(server, core, harness, "hi", maxTokens=9)
        assert (asked["max_tokens"], tools_in(asked)) == (9, [])
        calls = Said(calls=(("set_sail", {}),))
        _asked, events = asked_of(
            server, core, harness, "hi", calls, maxIterations=1, runtimeSessionId="i" * 40, **settings
        )
        assert stop_reason(events) == "max_iterations_exceeded"
        server.says(Raw(sse(chunk({"content": "Once"})), "keep"))
        assert stop_reason(core.invoke(harness, session_id(), "A story", timeoutSeconds=1)) == "timeout_exceeded"


@probe(
    SERVICE,
    "InvokeHarness",
    "actorId",
    "messages.content.text",
    "messages.content.reasoningContent",
    "messages.content.toolUse",
    "messages.content.toolResult",
    "messages.content.toolResult.content.json",
    "messages.content.toolResult.content.text",
    "messages.content.toolResult.status",
    "messages.content.toolResult.type",
    "qualifier",
)
def messages_and_results(world: World) -> None:
    core = world.core
    harness = core.harness(tools=[WEATHER_TOOL])
    core.control.create_harness_endpoint(harnessId=harness["harnessId"], endpointName="old")
    core.control.update_harness(harnessId=harness["harnessId"], tools=[])
    core.ready(harness["harnessId"])
    assert stop_reason(core.invoke(harness, session_id(), ASK)) == "end_turn"
    for content, status, words in (
        ({"text": "It rains."}, "success", "rains"),
        ({"json": {"sky": "blue"}}, "success", "blue"),
        ({"text": "It is closed."}, "error", "did not work"),
    ):
        session = session_id()
        tool_use_id, name, given = call_in(core.invoke(harness, session, ASK, qualifier="old"))
        result = {"toolUseId": tool_use_id, "content": [content], "status": status, "type": "tool_use"}
        use = {"name": name, "toolUseId": tool_use_id, "input": given, "type": "tool_use"}
        thought = {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "x"}}}
        messages = [
            {"role": "assistant", "content": [thought, {"toolUse": use}]},
            {"role": "user", "content": [{"toolResult": result}]},
        ]
        assert words in said(core.invoke(harness, session, "", messages=messages, qualifier="old"))
    actor, arn = session_id(), core.control.get_harness(harnessId=DEMO)["harness"]["arn"]
    core.invoke(arn, session_id(), "hello", actorId=actor)
    assert core.data.list_sessions(memoryId=DEMO, actorId=actor)["sessionSummaries"]


@probe(SERVICE, "InvokeHarness", "baggage", "runtimeUserId", "traceId", "traceParent", "traceState")
def what_changes_nothing(world: World) -> None:
    more = {"traceId": "t", "traceParent": "p", "traceState": "s", "baggage": "b", "runtimeUserId": "anna"}
    core: AgentCore = world.core
    harness = core.harness()
    assert said(core.invoke(harness, session_id(), "hello", **more)) == said(
        core.invoke(harness, session_id(), "hello")
    )
