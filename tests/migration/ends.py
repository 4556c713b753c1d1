"""Both ends of a migration on one endpoint: summaries of TRAVELDEMO, and the built-in AgentCore memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from click.testing import CliRunner, Result

from tests.endpoint import AGENT, RunningEndpoint, client_at
from travel_tui.cli import travel_tui
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.timestamps import to_text

MEMORY = "travel_demo-TRAVELDEMO"
_FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)


def summarise(endpoint: RunningEndpoint, memory_id: str, texts: list[str], session: str = "session") -> None:
    """Store summaries as those of ended sessions, one an hour."""
    rows = [
        (
            "123456789012/us-east-1", AGENT["agentId"], AGENT["agentAliasId"], memory_id, f"{session}-{number}",
            to_text(_FIRST + timedelta(hours=number)), to_text(_FIRST + timedelta(hours=number, minutes=9)), text,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    statement = (
        "INSERT INTO summaries (scope, agent_id, alias_id, memory_id, session_id, started_at, ended_at, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )

    def store(its: Endpoint) -> None:
        for row in rows:
            its.memories._db.execute(statement, *row)

    endpoint.do(store)


def migrate(endpoint: RunningEndpoint, *arguments: str) -> Result:
    """Run the command on both ends of an endpoint."""
    place = ("--endpoint-url", endpoint.url, "--to-memory-id", MEMORY)
    return CliRunner().invoke(travel_tui, ["migrate", *place, *arguments])


def records(endpoint: RunningEndpoint, actor: str) -> list[dict[str, Any]]:
    """The target's records of an actor."""
    data = client_at(endpoint.url, endpoint.key, "bedrock-agentcore")
    pages = data.get_paginator("list_memory_records").paginate(memoryId=MEMORY, namespacePath=f"/summaries/{actor}/")
    return [each for page in pages for each in page["memoryRecordSummaries"]]


def hashes(texts: list[str]) -> list[str]:
    """The SHA-256 of each text, sorted."""
    return sorted(sha256(each.encode()).hexdigest() for each in texts)
