"""GetAgentMemory and DeleteAgentMemory over HTTP with boto3."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from tests.endpoint import AGENT, RunningEndpoint, User, running_endpoint

NewId = Callable[[str], str]

SESSIONS = [f"s-{number}" for number in range(5)]


@pytest.fixture(scope="module")
def kept() -> Iterator[RunningEndpoint]:
    """An endpoint with five summaries of one memory, from the oldest s-0 to the newest s-4."""
    with running_endpoint() as endpoint:
        user = endpoint.user()
        for session in SESSIONS:
            user.say(f"My name is Edda and this is {session}.", session, "anna")
            user.end(session, "anna")
            user.await_summary(session, "anna")
        yield endpoint


def page(user: User, **more: object) -> dict[str, object]:
    found: dict[str, object] = user.client.get_agent_memory(
        **AGENT, memoryId="anna", memoryType="SESSION_SUMMARY", **more
    )
    return found


def sessions_of(found: dict[str, object]) -> list[str]:
    contents: list[dict[str, dict[str, str]]] = found["memoryContents"]  # type: ignore[assignment]
    return [content["sessionSummary"]["sessionId"] for content in contents]


def test_pages_go_from_the_newest_to_the_oldest(kept: RunningEndpoint) -> None:
    user = kept.user()
    first = page(user, maxItems=2)
    second = page(user, maxItems=2, nextToken=first["nextToken"])
    third = page(user, maxItems=2, nextToken=second["nextToken"])
    assert sessions_of(first) + sessions_of(second) + sessions_of(third) == SESSIONS[::-1]
    assert "nextToken" not in third


def test_a_page_that_ends_with_the_last_has_no_token(kept: RunningEndpoint) -> None:
    assert "nextToken" not in page(kept.user(), maxItems=5)


def test_botocores_paginator_finds_them_all(kept: RunningEndpoint) -> None:
    pages = (
        kept.user()
        .client.get_paginator("get_agent_memory")
        .paginate(**AGENT, memoryId="anna", memoryType="SESSION_SUMMARY", PaginationConfig={"PageSize": 2})
    )
    assert [session for found in pages for session in sessions_of(found)] == SESSIONS[::-1]


@pytest.mark.parametrize("token", ["x", "WzFd", "bm90IGpzb24=", "%%%"])
def test_a_strange_token_is_refused(kept: RunningEndpoint, token: str) -> None:
    with pytest.raises(ClientError, match="nextToken") as error:
        page(kept.user(), nextToken=token)
    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_a_record_tells_its_session_and_its_times(kept: RunningEndpoint) -> None:
    newest = kept.user().memories("anna", maxItems=1)[0]
    assert newest["memoryId"] == "anna"
    assert newest["sessionId"] == SESSIONS[-1]
    assert newest["sessionStartTime"] <= newest["sessionExpiryTime"]
    assert "Edda" in newest["summaryText"]


def test_an_unknown_memory_is_empty(kept: RunningEndpoint) -> None:
    assert kept.user().memories("nobody") == []


def remember(user: User, sessions: list[str], memory: str) -> None:
    for session in sessions:
        user.say("My name is Edda.", session, memory)
        user.end(session, memory)
        user.await_summary(session, memory)


def test_one_session_of_a_memory_is_deleted(user: User, new_id: NewId) -> None:
    memory, sessions = new_id("memory"), [new_id("session"), new_id("session")]
    remember(user, sessions, memory)
    user.client.delete_agent_memory(**AGENT, memoryId=memory, sessionId=sessions[0])
    assert [m["sessionId"] for m in user.memories(memory)] == [sessions[1]]


def test_a_session_is_deleted_without_naming_its_memory(user: User, new_id: NewId) -> None:
    memory, sessions = new_id("memory"), [new_id("session"), new_id("session")]
    remember(user, sessions, memory)
    user.client.delete_agent_memory(**AGENT, sessionId=sessions[1])
    assert [m["sessionId"] for m in user.memories(memory)] == [sessions[0]]


def test_deleting_a_memory_leaves_others(user: User, new_id: NewId) -> None:
    mine, yours = new_id("memory"), new_id("memory")
    remember(user, [new_id("session")], mine)
    remember(user, [new_id("session")], yours)
    user.client.delete_agent_memory(**AGENT, memoryId=mine)
    assert user.memories(mine) == []
    assert len(user.memories(yours)) == 1


def test_deleting_needs_to_be_told_what(user: User) -> None:
    with pytest.raises(ClientError, match="memoryId, sessionId") as error:
        user.client.delete_agent_memory(**AGENT)
    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_a_deleted_memory_takes_the_summaries_to_come_with_it() -> None:
    with running_endpoint(summary_delay=60.0) as endpoint:
        user = endpoint.user()
        for session, memory in (("s-1", "gone"), ("s-2", "kept")):
            user.say("My name is Edda.", session, memory)
            user.end(session, memory)
        user.client.delete_agent_memory(**AGENT, memoryId="gone")
        endpoint.advance(seconds=61)
        user.await_summary("s-2", "kept")
        assert user.memories("gone") == []


def test_a_session_keeps_the_memories_it_began_with(user: User, new_id: NewId) -> None:
    memory, session = new_id("memory"), new_id("session")
    remember(user, [new_id("session")], memory)
    assert "Edda" in user.say("What is my name?", session, memory)
    user.client.delete_agent_memory(**AGENT, memoryId=memory)
    assert "Edda" in user.say("What was my name again?", session, memory)
    assert "Edda" not in user.say("What is my name?", new_id("session"), memory)
