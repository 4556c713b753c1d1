"""The built-in harness, the travel assistant of TRAVELDEMO on AgentCore, and its memory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from travel_tui.local.runtime.agentcore_resources import (
    DEFAULT_ENDPOINT,
    HARNESS,
    HARNESS_ENDPOINT,
    HARNESS_VERSION,
    MEMORY,
    harness_arn,
    memory_arn,
)
from travel_tui.local.runtime.demo_agent import FUNCTIONS, INSTRUCTION, MODEL
from travel_tui.local.state.resources import Document, Resources
from travel_tui.local.state.scope import Scope
from travel_tui.local.state.timestamps import to_text

HARNESS_ID = "travel_demo-TRAVELDEMO"
MEMORY_ID = "travel_demo-TRAVELDEMO"
_NAME = "travel_demo"
_EVENT_DAYS = 30
_RECORD_DAYS = 31
"""Days until a record expires: the fewest that a strategy takes, and about as many as the demo's agent keeps a summary.
"""
_STRATEGIES = (
    ("summaries", "SUMMARIZATION", "/summaries/{actorId}/{sessionId}/"),
    ("facts", "SEMANTIC", "/facts/{actorId}/"),
    ("preferences", "USER_PREFERENCE", "/preferences/{actorId}/"),
)
_RETRIEVAL = {
    "/summaries/{actorId}/": {"topK": 5, "relevanceScore": 0.0},
    "/facts/{actorId}/": {"topK": 10, "relevanceScore": 0.0},
    "/preferences/{actorId}/": {"topK": 5, "relevanceScore": 0.0},
}
"""Recall crosses sessions: summaries are retrieved of all of an actor's sessions."""


def ensure(resources: Resources, scope: Scope, now: datetime) -> None:
    """Create the harness and its memory in `scope`, which is that of `resources`, unless it exists."""
    if resources.get(HARNESS, HARNESS_ID):
        return
    times: Document = {"createdAt": to_text(now), "updatedAt": to_text(now)}
    resources.put(MEMORY, MEMORY_ID, _memory(scope, times))
    harness = _harness(scope, times)
    resources.put(HARNESS_VERSION, f"{HARNESS_ID}/1", harness)
    resources.put(
        HARNESS_ENDPOINT,
        f"{HARNESS_ID}/{DEFAULT_ENDPOINT}",
        {
            "harnessId": HARNESS_ID,
            "harnessName": _NAME,
            "endpointName": DEFAULT_ENDPOINT,
            "arn": f"{harness_arn(scope, HARNESS_ID)}/harness-endpoint/{DEFAULT_ENDPOINT}",
            "status": "READY",
            "targetVersion": "1",
            "liveVersion": "1",
            **times,
        },
    )
    resources.put(HARNESS, HARNESS_ID, harness)  # last, since its being there tells that all of it is


def _memory(scope: Scope, times: Document) -> Document:
    return {
        "arn": memory_arn(scope, MEMORY_ID),
        "id": MEMORY_ID,
        "name": _NAME,
        "eventExpiryDuration": _EVENT_DAYS,
        "status": "ACTIVE",
        "strategies": [
            {
                "strategyId": f"{name}-TRAVELDEMO",
                "name": name,
                "type": kind,
                "namespaces": [template],
                "namespaceTemplates": [template],
                "recordExpiryDurationDays": _RECORD_DAYS,
                "status": "ACTIVE",
                **times,
            }
            for name, kind, template in _STRATEGIES
        ],
        **times,
    }


def _harness(scope: Scope, times: Document) -> Document:
    return {
        "harnessId": HARNESS_ID,
        "harnessName": _NAME,
        "arn": harness_arn(scope, HARNESS_ID),
        "status": "READY",
        "harnessVersion": "1",
        "executionRoleArn": scope.of_account.arn("iam", "role/AmazonBedrockAgentCoreHarness_travel-demo"),
        "model": {"bedrockModelConfig": {"modelId": MODEL}},
        "systemPrompt": [{"text": " ".join(INSTRUCTION.split())}],
        "tools": [_tool(name) for name in FUNCTIONS],
        "skills": [],
        "allowedTools": list(FUNCTIONS),
        "truncation": {"strategy": "sliding_window", "config": {"slidingWindow": {"messagesCount": 150}}},
        "environment": {
            "agentCoreRuntimeEnvironment": {
                "agentRuntimeArn": scope.arn("bedrock-agentcore", f"runtime/harness_{HARNESS_ID}"),
                "agentRuntimeName": f"harness_{_NAME}",
                "agentRuntimeId": f"harness_{HARNESS_ID}",
                "lifecycleConfiguration": {"idleRuntimeSessionTimeout": 900, "maxLifetime": 28_800},
                "networkConfiguration": {"networkMode": "PUBLIC"},
            }
        },
        "memory": {
            "agentCoreMemoryConfiguration": {"arn": memory_arn(scope, MEMORY_ID), "retrievalConfig": _RETRIEVAL}
        },
        "maxIterations": 75,
        "timeoutSeconds": 3600,
        **times,
    }


def _tool(name: str) -> dict[str, Any]:
    description, parameters = FUNCTIONS[name]
    properties = {key: {"type": "string", "description": text} for key, text in parameters.items()}
    schema = {"type": "object", "properties": properties, "required": list(parameters)}
    function = {"description": description, "inputSchema": schema}
    return {"type": "inline_function", "name": name, "config": {"inlineFunction": function}}
