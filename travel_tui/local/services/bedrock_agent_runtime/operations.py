"""Operations of bedrock-agent-runtime."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.bedrock_agent_runtime.return_control import ReturnControlResults, match_result
from travel_tui.local.services.bedrock_agent_runtime.turn import TurnInput, TurnRunner
from travel_tui.local.services.operation_table import Operation
from travel_tui.local.state.agents import TEST_ALIAS, AgentVersion
from travel_tui.local.state.memories import Summary, position
from travel_tui.local.wire.call import Event, EventStream, Params
from travel_tui.local.wire.errors import ServiceError

SESSION_ENDED = "Session is terminated as 'endSession' flag is set in request."
"""AWS's exact response to endSession."""

_PAGE = 100
"""Default page size of GetAgentMemory; AWS's own default is not documented."""


async def invoke_agent(endpoint: RegionalEndpoint, params: Params) -> Params:
    """InvokeAgent: runs a turn of a session, or with endSession ends it."""
    agent = _agent(endpoint, params)
    if agent.paused:
        raise ServiceError(
            "ValidationException",
            f"Agent alias {agent.alias_id} is paused: its aliasInvocationState is REJECT_INVOCATIONS. Set it to "
            "ACCEPT_INVOCATIONS with UpdateAgentAlias, and retry your request.",
        )
    session_id, memory_id = params["sessionId"], params.get("memoryId")
    output = {"contentType": "application/json", "sessionId": session_id, "memoryId": memory_id}
    if params.get("endSession"):
        return {**output, "completion": EventStream(_end(endpoint, agent, session_id))}
    text, state = params.get("inputText", ""), params.get("sessionState", {})
    returned = None
    if "returnControlInvocationResults" in state:
        returned = ReturnControlResults(state.get("invocationId"), state["returnControlInvocationResults"])
        session = endpoint.session_manager.running(agent, session_id)
        match_result(session.waiting if session else None, returned)
    elif not text.strip():
        raise ServiceError("ValidationException", "The text input can't be empty. Add text to inputText and try again.")
    endpoint.session_manager.check_room(agent, session_id)
    turn = TurnRunner(
        endpoint,
        agent,
        TurnInput(
            session_id=session_id,
            memory_id=memory_id,
            text=text,
            trace=params.get("enableTrace", False),
            stream=params.get("streamingConfigurations", {}).get("streamFinalResponse", False),
            session_attributes=state.get("sessionAttributes", {}),
            prompt_attributes=state.get("promptSessionAttributes", {}),
            history=state.get("conversationHistory", {}).get("messages", []),
            returned=returned,
            earlier_turns=params.get("promptCreationConfigurations", {}).get("previousConversationTurnsToInclude"),
        ),
    )
    return {**output, "completion": EventStream(turn.events(), turn.stop_pacing)}


async def get_agent_memory(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetAgentMemory: returns a page of the summaries of a memory, newest first."""
    agent = _agent(endpoint, params)
    if agent.memory is None:
        return {"memoryContents": []}
    size = params.get("maxItems", _PAGE)
    found = endpoint.memories.newest(
        agent.key,
        params["memoryId"],
        since=endpoint.clock.now() - timedelta(days=agent.memory.storage_days),
        limit=size + 1,
        after=_read_token(params.get("nextToken")),
    )
    page = found[:size]
    token = _write_token(page[-1]) if len(found) > size else None
    return {"memoryContents": [{"sessionSummary": _session_summary(s)} for s in page], "nextToken": token}


async def delete_agent_memory(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteAgentMemory: deletes a memory or one session's part of it, including pending summaries."""
    agent = _agent(endpoint, params)
    memory_id, session_id = params.get("memoryId"), params.get("sessionId")
    if memory_id is None and session_id is None:
        raise ServiceError("ValidationException", "Name what to delete: memoryId, sessionId, or both.")
    endpoint.memories.delete(agent.key, memory_id, session_id)
    return {}


OPERATIONS: dict[str, Operation] = {
    "InvokeAgent": invoke_agent,
    "GetAgentMemory": get_agent_memory,
    "DeleteAgentMemory": delete_agent_memory,
}


def _agent(endpoint: RegionalEndpoint, params: Params) -> AgentVersion:
    agent_id, alias_id = params["agentId"], params["agentAliasId"]
    agent = endpoint.agents.version_behind_alias(agent_id, alias_id)
    if agent is None:
        if alias_id == TEST_ALIAS and endpoint.agents.agent(agent_id):
            raise ServiceError(
                "ValidationException",
                f"Agent {agent_id} is not prepared: only a prepared agent answers. Call PrepareAgent, wait until its "
                "status is PREPARED, and retry your request.",
            )
        raise ServiceError(
            "ResourceNotFoundException",
            f"Failed to retrieve resource because it doesn't exist: agent {agent_id} with alias {alias_id}. "
            "Retry your request with a different resource identifier.",
        )
    return agent


async def _end(endpoint: RegionalEndpoint, agent: AgentVersion, session_id: str) -> AsyncGenerator[Event, None]:
    async with endpoint.session_manager.hold(agent, session_id):
        session = endpoint.session_manager.running(agent, session_id)
        if session:
            endpoint.session_manager.end(session, agent)
    yield Event("chunk", {"bytes": SESSION_ENDED.encode()})


def _session_summary(summary: Summary) -> dict[str, Any]:
    return {
        "memoryId": summary.memory_id,
        "sessionId": summary.session_id,
        "sessionStartTime": summary.started_at,
        "sessionExpiryTime": summary.ended_at,
        "summaryText": summary.text,
    }


def _write_token(last: Summary) -> str:
    return base64.urlsafe_b64encode(json.dumps(position(last)).encode()).decode()


def _read_token(token: str | None) -> tuple[str, int] | None:
    if token is None:
        return None
    try:
        ended_at, row = json.loads(base64.urlsafe_b64decode(token))
        return str(ended_at), int(row)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ServiceError("ValidationException", "The nextToken is not one that this operation returned.") from error
