"""A harness for tests: on the built-in one of a local endpoint, or on a server that replays bytes."""

from __future__ import annotations

from typing import Any

from tests.bedrock_agents.wire import Step, frame, whole
from tests.endpoint import RunningEndpoint
from travel_tui.agent import TextDelta, TurnEvent, TurnRequest
from travel_tui.agentcore_config import AGENTCORE, AgentCoreConfig
from travel_tui.backends.agentcore.client import open_agent
from travel_tui.backends.agentcore.runtime import AgentCoreAgent
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.config import AgentConfig

ARN = "arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/travel_demo-TRAVELDEMO"
MEMORY = "travel_demo-TRAVELDEMO"
SESSION = "session-00000000-0000-4000-8000-000000000001"
HARNESS = AgentCoreConfig(ARN)


def config_at(url: str, target: AgentCoreConfig = HARNESS) -> AgentConfig:
    """The config of an agent at this URL."""
    return AgentConfig(
        "travel", target.agent_id, target.alias_id, "us-east-1", endpoint_url=url, backend=AGENTCORE, agentcore=target
    )


def agent_at(url: str, target: AgentCoreConfig = HARNESS) -> AgentCoreAgent:
    """An agent at this URL, with keys of its own."""
    return open_agent(config_at(url, target), isolated=Credentials("AKIDLOCAL", "secret"))


def agent_of(endpoint: RunningEndpoint, target: AgentCoreConfig = HARNESS) -> AgentCoreAgent:
    """An agent of a running endpoint."""
    key = Credentials(endpoint.key.access_key_id, endpoint.key.secret_access_key)
    return open_agent(config_at(endpoint.url, target), isolated=key)


async def events_of(agent: AgentCoreAgent, text: str = "Hello", **more: Any) -> list[TurnEvent]:
    """All events of a turn."""
    request = TurnRequest(text, **{"session_id": SESSION, "memory_id": "anna", **more})
    return [event async for event in agent.invoke(request)]


def text_of(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def started(role: str = "assistant") -> bytes:
    return frame("messageStart", {"role": role})


def stopped(reason: str = "end_turn") -> bytes:
    return frame("messageStop", {"stopReason": reason})


def delta(index: int = 0, **what: Any) -> bytes:
    return frame("contentBlockDelta", {"contentBlockIndex": index, "delta": what})


def begun(index: int = 0, **what: Any) -> bytes:
    return frame("contentBlockStart", {"contentBlockIndex": index, "start": what})


def ended(index: int = 0) -> bytes:
    return frame("contentBlockStop", {"contentBlockIndex": index})


def usage(given: int, taken: int) -> bytes:
    counted = {"inputTokens": given, "outputTokens": taken, "totalTokens": given + taken}
    return frame("metadata", {"usage": counted, "metrics": {"latencyMs": 1500}})


def called(name: str, given: str, tool_use_id: str = "tool-1", kind: str = "tool_use", index: int = 0) -> list[bytes]:
    """A block with a tool use, its input in two pieces."""
    half = len(given) // 2
    return [
        begun(index, toolUse={"toolUseId": tool_use_id, "name": name, "type": kind}),
        delta(index, toolUse={"input": given[:half]}),
        delta(index, toolUse={"input": given[half:]}),
        ended(index),
    ]


def answer(*frames: bytes) -> list[Step]:
    """A complete stream of these frames."""
    return whole(*frames)
