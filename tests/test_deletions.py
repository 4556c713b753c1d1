"""Who deleted a memory that is gone: told from what was kept here, also after a restart and a kill."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.cli.headless import lines, remembered, run
from tests.endpoint import running_endpoint
from tests.fakes import NOON, FakeAgent, summary
from tests.tui.client import PilotUser, client, running_client
from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.archive import Archive, Change, DeletedBy, memory_deletion
from travel_tui.archive.migrations import MIGRATIONS
from travel_tui.clock import Clock
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt

AGENT = "TRAVELDEMO/TSTALIASID@us-east-1"
ONE, TWO = summary("session-one", "Anna likes trains."), summary("session-two", "Anna lives in Oslo.")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "archive.sqlite3", Clock(NOON))) as opened:
        opened.record_memory(AGENT, "anna", [ONE, TWO], NOON)
        yield opened


def gone(archive: Archive) -> dict[str | None, DeletedBy | None]:
    """Who deleted what is gone, by session; the last time counts."""
    history = archive.memory_history(AGENT, "anna")
    return {each.record.session_id: each.deleted_by for each in history if each.change is Change.GONE}


async def delete(archive: Archive, session_id: str | None, failing: ErrorKind | None = None) -> None:
    with suppress(AgentError):
        async with memory_deletion(archive, AGENT, "anna", session_id):
            if failing:
                raise AgentError(Problem(failing, "It failed."))


@pytest.mark.parametrize(
    ("session_id", "failing", "one", "two"),
    [
        (None, None, "you", "you"),
        ("session-one", None, "you", "elsewhere"),
        ("session-one", ErrorKind.DENIED, "elsewhere", "elsewhere"),
        ("session-one", ErrorKind.DROPPED, "unknown", "elsewhere"),
        (None, ErrorKind.STALLED, "unknown", "unknown"),
    ],
)
async def test_who_deleted_it_is_known_as_far_as_the_call_tells(
    archive: Archive, session_id: str | None, failing: ErrorKind | None, one: str, two: str
) -> None:
    await delete(archive, session_id, failing)
    archive.record_memory(AGENT, "anna", [], NOON)
    assert gone(archive) == {"session-one": one, "session-two": two}


async def test_a_deletion_counts_for_what_was_there_and_not_for_what_came_later(archive: Archive) -> None:
    await delete(archive, None)
    archive.record_memory(AGENT, "anna", [], NOON)
    archive.record_memory(AGENT, "anna", [ONE], NOON)
    archive.record_memory(AGENT, "anna", [], NOON)
    assert gone(archive) == {"session-one": "elsewhere", "session-two": "you"}
    assert [each.deleted_by for each in archive.memory_history(AGENT, "anna")] == [
        None, None, "you", "you", None, "elsewhere",
    ]  # fmt: skip


async def test_what_another_client_misses_first_was_deleted_from_here_all_the_same(archive: Archive) -> None:
    async with memory_deletion(archive, AGENT, "anna", "session-one"):
        archive.record_memory(AGENT, "anna", [TWO], NOON)
    assert gone(archive) == {"session-one": "you"}


async def test_a_deletion_that_was_killed_may_have_been_done(archive: Archive) -> None:
    with suppress(asyncio.CancelledError):
        async with memory_deletion(archive, AGENT, "anna", "session-one"):
            raise asyncio.CancelledError
    archive.record_memory(AGENT, "anna", [TWO], NOON)
    assert gone(archive) == {"session-one": "unknown"}


def test_of_what_was_gone_before_this_was_kept_nobody_knows(tmp_path: Path) -> None:
    path, before = (
        tmp_path / "archive.sqlite3",
        next(n for n, each in enumerate(MIGRATIONS) if "CREATE TABLE deletions" in str(each[0])),
    )
    with closing(sqlite3.connect(path)) as old:
        for statements in MIGRATIONS[:before]:
            old.executescript(";".join(map(str, statements)))
        for change in ("seen", "gone"):
            old.execute(
                "INSERT INTO memories (agent, memory_id, session_id, at, change, text) VALUES (?, 'anna', ?, ?, ?, '')",
                (AGENT, "session-one", NOON.isoformat(), change),
            )
        old.execute(f"PRAGMA user_version = {before}")
        old.commit()
    with closing(Archive(path, Clock(NOON))) as archive:
        assert gone(archive) == {"session-one": "unknown"}


async def deleted(user: PilotUser) -> None:
    user.main.query_one(SummaryCard).focus()
    await user.press("delete")
    await user.sees("Delete the memory of session")
    await user.press("right", "enter")
    await user.sees("No memories: deleted by you.")
    user.main.query_one(Prompt).focus()


async def test_a_deletion_made_here_is_told_as_ones_own_wherever_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    async with running_client(client(FakeAgent(summarise=True), archive=path)) as user:
        await user.say("I like trains")
        await user.sees("You said", "enter send")
        await user.press("f2")
        await user.sees("stored after")
        await deleted(user)
        await user.sees("ended; memory deleted by you", "/history still shows it")
    async with running_client(client(FakeAgent(stored=[TWO]), archive=path, seed=8)) as user:
        await user.sees("Anna lives in Oslo.")
        await user.say("Where do I live?")
        await user.sees("You said", "enter send")
        await deleted(user)
        await user.say("/why Oslo")
        await user.sees("Oslo: stored, then deleted by you.")
        await user.say("/history")
        shown = await user.sees("deleted by you; copy kept", "Anna lives in Oslo.")
        assert shown.count("deleted by you; copy kept") == 2


def test_what_the_command_deletes_is_ones_own_and_what_others_delete_is_not(tmp_path: Path) -> None:
    with running_endpoint() as endpoint:
        mine = remembered(endpoint, "My name is Anna.")
        run(endpoint, "memory", "delete", "--session", mine, "--yes", "--memory", "anna")
        theirs = remembered(endpoint, "I live in Oslo.")
        endpoint.user().client.delete_agent_memory(agentId="TRAVELDEMO", agentAliasId="TSTALIASID", memoryId="anna")
        kept = {
            each["session_id"]: each for each in lines(run(endpoint, "memory", "export", "--memory", "anna", "--json"))
        }
        assert (kept[mine]["deleted_by"], kept[theirs]["deleted_by"]) == ("you", "elsewhere")
        text = run(endpoint, "memory", "export", "--memory", "anna").stdout
        assert "deleted by you, missed since 20" in text
        assert "deleted elsewhere or expired, missed since 20" in text
