"""The main job in the layers below the screen: boto3 over HTTP to the local endpoint, archive and watcher."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.endpoint import running_endpoint
from travel_tui.agent import Agent, MemoryInjected, ModelUsage, TextDelta, ToolCall, ToolResult, TurnCompleted
from travel_tui.archive import Archive, SessionKey, TurnRecord, TurnStatus
from travel_tui.backends.factory import capabilities_of, open_agent_in_thread
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.conversation.session import Conversation
from travel_tui.ids import Ids
from travel_tui.memory.watcher import MemorySnapshot, MemoryWatcher

BOOK = (
    "Hi, my name is Anna. I would like to book a trip from Boston to NYC departing on July 11th 2027 "
    "and returning on July 22nd 2027. Via AIR."
)


async def say(service: Conversation, archive: Archive, text: str) -> TurnRecord:
    """Send a turn, and give what the archive kept of it."""
    events = [event async for event in service.send(text)]
    assert events[-1] == TurnCompleted()
    kept = archive.turns(SessionKey("demo", service.session_id, service.memory_id))[-1]
    assert kept.state is TurnStatus.ANSWERED
    assert kept.answer == "".join(event.text for event in events if isinstance(event, TextDelta))
    return kept


async def test_a_trip_is_booked_remembered_and_changed_in_the_next_session(tmp_path: Path) -> None:
    clock, ids = Clock(), Ids()
    stored = asyncio.Event()

    def look(view: MemorySnapshot) -> None:
        if view.new and not view.awaited:
            stored.set()

    with running_endpoint() as endpoint, closing(Archive(tmp_path / "archive.sqlite3", clock)) as archive:
        config = AgentConfig("demo", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=endpoint.url)
        keys = Credentials(endpoint.key.access_key_id, endpoint.key.secret_access_key)
        agent = await open_agent_in_thread(config, isolated=keys)

        async def ready() -> Agent:
            return agent

        def service() -> Conversation:
            return Conversation(
                ready,
                archive,
                capabilities=capabilities_of(config),
                agent_key="demo",
                memory_id="anna",
                clock=clock,
                ids=ids,
            )

        watcher = MemoryWatcher(lambda: agent.list_memories("anna"), clock=clock, on_view=look)
        watching = asyncio.create_task(watcher.run())
        first = service()
        booked = await say(first, archive, BOOK)
        (call,) = [event for event in booked.events if isinstance(event, ToolCall)]
        (result,) = [event for event in booked.events if isinstance(event, ToolResult)]
        assert call.function == "book_trip"
        assert call.trace_id == result.trace_id
        assert [event for event in booked.events if isinstance(event, ModelUsage)]

        await first.end()
        assert first.ended_at
        watcher.await_session(first.session_id, first.ended_at)
        async with asyncio.timeout(20):
            await stored.wait()
        assert [each.session_id for each in watcher.view.records if each.record_id in watcher.view.new] == [
            first.session_id
        ]
        key = SessionKey("demo", first.session_id, "anna")
        archive.store_session(key, Clock().now(), watcher.view.latency[first.session_id])

        second = service()
        asked = await say(second, archive, "I need to stay an extra day. Can I return on the 23rd instead?")
        (memory,) = [event for event in asked.events if isinstance(event, MemoryInjected)]
        assert "Boston" in memory.synopsis
        changed = await say(second, archive, "that is correct, thanks!")
        (update,) = [event for event in changed.events if isinstance(event, ToolCall)]
        assert update.function == "update_existing_trip_dates"

        await agent.delete_memory("anna", first.session_id)
        assert await agent.list_memories("anna") == []
        watching.cancel()
        newest, oldest = archive.sessions("demo")
        assert (newest.turns, oldest.turns) == (2, 1)
        assert archive.latencies("demo") == [oldest.summary_latency_s]


@pytest.mark.parametrize(
    "module",
    ["conversation", "archive", "config", "paths", "memory.watcher", "backends.bedrock_agents", "backends.factory"],
)
def test_what_the_first_paint_needs_does_not_import_what_it_can_do_without(module: str) -> None:
    heavy = ("boto3", "botocore", "textual", "msgspec", "tomlkit", "platformdirs")
    code = f"import sys, travel_tui.{module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
