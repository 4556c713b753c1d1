"""A harness whose model is a scripted server: what the model is asked is what the settings do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.endpoint import running_endpoint
from tests.local.agentcore.clients import AgentCore
from tests.local.models.model_server import ModelServer, Said, model_server
from travel_tui.local.models.choice import ModelChoice, read_address


@contextmanager
def modelled() -> Iterator[tuple[ModelServer, AgentCore]]:
    """A model server, and AgentCore at an endpoint whose agent it is."""
    with model_server() as server:
        choice = ModelChoice(read_address(server.address))
        with running_endpoint(model=choice) as own, closing(AgentCore(own)) as core:
            yield server, core


def asked_of(
    server: ModelServer, core: AgentCore, harness: str, text: str, answer: Said | None = None, **more: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the model was asked for a message, and the events of the call."""
    server.says(answer or Said("Fine."))
    session = more.pop("runtimeSessionId", f"session-{'x' * 40}")
    events = core.invoke(harness, session, text, **more)
    return dict(server.asked[0]), events


KEY = "arn:aws:bedrock-agentcore:us-east-1:123456789012:token-vault/default/apikeycredentialprovider/key"
LIMITED = {"maxTokens": 7, "additionalParams": {"thinking": {"type": "enabled"}}}
MODELS: dict[str, dict[str, Any]] = {
    "bedrockModelConfig": {"modelId": "m", "temperature": 0.5, "topP": 0.5, "apiFormat": "converse_stream", **LIMITED},
    "openAiModelConfig": {"modelId": "m", "apiKeyArn": KEY, "apiBase": "https://example.org", **LIMITED},
    "geminiModelConfig": {"modelId": "m", "apiKeyArn": KEY, "topK": 5, **LIMITED},
    "liteLlmModelConfig": {"modelId": "m", "apiKeyArn": KEY, "apiBase": "https://example.org", **LIMITED},
}
GATEWAY = "arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/gateway-0123456789"
SAIL = {
    "type": "inline_function",
    "name": "set_sail",
    "config": {
        "inlineFunction": {"description": "set sail for a port", "inputSchema": {"type": "object", "properties": {}}}
    },
}
OTHER_TOOLS = [
    {"type": "remote_mcp", "name": "mcp", "config": {"remoteMcp": {"url": "https://example.org/mcp"}}},
    {"type": "agentcore_browser", "name": "browser", "config": {"agentCoreBrowser": {}}},
    {"type": "agentcore_gateway", "name": "gateway", "config": {"agentCoreGateway": {"gatewayArn": GATEWAY}}},
    {"type": "agentcore_code_interpreter", "name": "code", "config": {"agentCoreCodeInterpreter": {}}},
]
SKILLS = [
    {"path": "/skills/one"},
    {"s3": {"uri": "s3://bucket/skill"}},
    {"git": {"url": "https://example.org/skill.git", "path": "skill"}},
    {"awsSkills": {"paths": ["a"]}},
]


def tools_in(asked: dict[str, Any]) -> list[str]:
    """The names of the functions that the model was given."""
    return [tool["function"]["name"] for tool in asked.get("tools", [])]


def reasons(events: list[dict[str, Any]]) -> bool:
    """Whether the model's reasoning was shown."""
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    return any("reasoningContent" in delta for delta in deltas)
