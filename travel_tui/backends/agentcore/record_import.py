"""Records made elsewhere, added to a memory in batches. Calls block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.backends.agentcore.actor import actor_id, session_name
from travel_tui.backends.agentcore.namespaces import filled, variables_of
from travel_tui.backends.agentcore.resource import Retrieval
from travel_tui.memory_store import AddedRecord, NewRecord, Strategy

_OTHER_SESSION = "another-session"
_UNNAMED = "The service's answer says nothing of this record."


def namespace_of(strategy: Strategy, memory_id: str, session_id: str) -> str:
    """Return the namespace of a user's record of a session, by the strategy's template. Raises AgentError."""
    values = {
        "actorId": actor_id(memory_id),
        "memoryStrategyId": strategy.strategy_id,
        "sessionId": session_name(session_id),
    }
    if unknown := [each for each in variables_of(strategy.namespace) if each not in values]:
        names = ", ".join(unknown)
        raise AgentError(
            Problem(
                ErrorKind.INVALID,
                f"Records cannot be added to the strategy {strategy.name}.",
                f"Its namespace {strategy.namespace} needs a value for {names}, which a summary does not have.",
                "Choose another strategy of the memory.",
            )
        )
    return filled(strategy.namespace, values)


def is_recalled(namespace: str, memory_id: str, retrievals: Sequence[Retrieval]) -> bool:
    """Whether one of a harness's retrievals, made in a later session, looks into a namespace."""
    values = {"actorId": actor_id(memory_id), "sessionId": _OTHER_SESSION}
    paths = [
        filled(each.namespace, values | ({"memoryStrategyId": each.strategy_id} if each.strategy_id else {}))
        for each in retrievals
    ]
    return any(f"{namespace.rstrip('/')}/".startswith(f"{path.rstrip('/')}/") for path in paths)


def add_records(
    client: Any, memory_id: str, strategy_id: str, records: Sequence[NewRecord], token: str
) -> list[AddedRecord]:
    """Add records, with one call, and return what became of each. Raises errors of boto3."""
    answer = client.batch_create_memory_records(
        memoryId=memory_id,
        clientToken=token,
        records=[
            {
                "requestIdentifier": each.request_id,
                "namespaces": [each.namespace],
                "content": {"text": each.text},
                "timestamp": each.at,
                "memoryStrategyId": strategy_id,
            }
            for each in records
        ],
    )
    made = {
        str(each.get("requestIdentifier")): str(each["memoryRecordId"])
        for each in answer.get("successfulRecords") or ()
    }
    refused = {str(each.get("requestIdentifier")): _reason(each) for each in answer.get("failedRecords") or ()}
    return [
        AddedRecord(each.request_id, made[each.request_id])
        if each.request_id in made
        else AddedRecord(each.request_id, reason=refused.get(each.request_id, _UNNAMED))
        for each in records
    ]


def _reason(failed: Mapping[str, Any]) -> str:
    code, message = failed.get("errorCode"), str(failed.get("errorMessage") or "")
    named = f"{code}: {message}" if code and message else message or f"Error {code or 'without a code'}."
    return named if named.endswith((".", "!", "?")) else f"{named}."
