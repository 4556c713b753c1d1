"""Faults of AgentCore as a boto3 client meets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import RunningEndpoint, running_endpoint, until
from tests.local.agentcore.clients import DEMO, AgentCore, said, session_id, stop_reason
from tests.local.services.clients import refused
from travel_tui.local.faults import read_fault


@pytest.fixture(scope="module")
def own() -> Iterator[RunningEndpoint]:
    """An endpoint whose faults no other test meets."""
    with running_endpoint() as running:
        yield running


@pytest.fixture
def core(own: RunningEndpoint) -> Iterator[AgentCore]:
    """AgentCore at it."""
    with closing(AgentCore(own)) as clients:
        yield clients


def fault(own: RunningEndpoint, text: str) -> None:
    """Let the next call meet a fault."""
    own.do(lambda endpoint: endpoint.faults.clear())
    own.do(lambda endpoint: endpoint.faults.add([read_fault(text)]))


def test_an_extraction_that_never_comes(core: AgentCore, own: RunningEndpoint) -> None:
    fault(own, "CreateEvent=extraction-never:1")
    core.tell(DEMO, "never", "s", "I live in Oslo.")
    core.tell(DEMO, "never", "s", "I like tea.")
    assert core.await_text(DEMO, "/facts/never/", "tea") == ["The user likes tea."]


def test_an_extraction_that_fails_is_a_job_that_can_be_started_again(core: AgentCore, own: RunningEndpoint) -> None:
    fault(own, "CreateEvent=extraction-fails:1")
    event_id = core.tell(DEMO, "fails", "s", "I live in Oslo.", "I like tea.")
    filtered = {"filter": {"actorId": "fails", "strategyId": "facts-TRAVELDEMO"}}
    (job,) = until(lambda: core.data.list_memory_extraction_jobs(memoryId=DEMO, **filtered)["jobs"])
    assert (job["status"], job["failureReason"]) == ("FAILED", "LTM_RATE_EXCEEDED")
    assert job["messages"]["messagesList"] == [{"eventId": event_id, "messageIndex": n} for n in range(2)]
    assert core.texts(DEMO, "/facts/fails/") == []
    started = core.data.start_memory_extraction_job(memoryId=DEMO, extractionJob={"jobId": job["jobID"]})
    assert started["jobId"] == job["jobID"]
    core.await_text(DEMO, "/facts/fails/", "Oslo")
    assert core.texts(DEMO, "/preferences/fails/") == []
    assert core.data.list_memory_extraction_jobs(memoryId=DEMO, **filtered)["jobs"] == []
    with refused("ResourceNotFoundException"):
        core.data.start_memory_extraction_job(memoryId=DEMO, extractionJob={"jobId": job["jobID"]})


def test_an_extraction_that_forgets(core: AgentCore, own: RunningEndpoint) -> None:
    fault(own, "CreateEvent=extraction-forgets:1")
    core.tell(DEMO, "forgets", "s", "I live in Oslo.")
    until(lambda: core.texts(DEMO, "/summaries/forgets/"))
    assert not any(
        "Oslo" in text for text in core.texts(DEMO, "/facts/forgets/") + core.texts(DEMO, "/summaries/forgets/")
    )


def test_a_search_that_finds_nothing(core: AgentCore, own: RunningEndpoint, demo: str) -> None:
    core.tell(DEMO, "search", "s", "I am allergic to penicillin.")
    core.await_text(DEMO, "/facts/search/", "penicillin")
    criteria = {"searchQuery": "allergic", "topK": 5}
    asked = {"memoryId": DEMO, "namespacePath": "/facts/search/", "searchCriteria": criteria}
    fault(own, "RetrieveMemoryRecords=retrieval-empty:2")
    assert core.data.retrieve_memory_records(**asked)["memoryRecordSummaries"] == []
    ask = "What am I allergic to?"
    assert "penicillin" not in said(core.invoke(demo, session_id(), ask, actorId="search"))
    assert len(core.data.retrieve_memory_records(**asked)["memoryRecordSummaries"]) == 1
    for kind in ("memory-not-injected", "memory-ignored"):
        fault(own, f"InvokeHarness={kind}:1")
        assert "penicillin" not in said(core.invoke(demo, session_id(), ask, actorId="search"))
    assert "penicillin" in said(core.invoke(demo, session_id(), ask, actorId="search"))


def test_a_deletion_that_lags(core: AgentCore, own: RunningEndpoint) -> None:
    core.tell(DEMO, "lags", "s", "I like tea.")
    core.await_text(DEMO, "/facts/lags/", "tea")
    (record,) = core.data.list_memory_records(memoryId=DEMO, namespacePath="/facts/lags/")["memoryRecordSummaries"]
    named = {"memoryId": DEMO, "memoryRecordId": record["memoryRecordId"]}
    fault(own, "DeleteMemoryRecord=deletion-lags:1")
    core.data.delete_memory_record(**named)
    assert core.texts(DEMO, "/facts/lags/") == ["The user likes tea."]
    with refused("ResourceNotFoundException"):
        core.data.get_memory_record(**named)
    own.advance(seconds=4)
    until(lambda: core.texts(DEMO, "/facts/lags/") == [])


def test_a_stream_that_is_throttled(core: AgentCore, own: RunningEndpoint, demo: str) -> None:
    fault(own, "InvokeHarness=ThrottlingException@2:1")
    answer = core.data.invoke_harness(
        harnessArn=demo,
        runtimeSessionId=session_id(),
        actorId="throttled",
        messages=[{"role": "user", "content": [{"text": "What can you do?"}]}],
    )
    seen = []
    with closing(answer["stream"]) as stream, pytest.raises(EventStreamError):
        seen.extend(stream)
    assert len(seen) <= 2
    fault(own, "InvokeHarness=ThrottlingException:1")
    with refused("ThrottlingException"):
        core.invoke(demo, session_id(), "hello")


def test_a_turn_that_is_partial_several_messages_and_hooks(core: AgentCore, own: RunningEndpoint, demo: str) -> None:
    whole = said(core.invoke(demo, session_id(), "What can you do?"))
    fault(own, "InvokeHarness=partial-turn:1")
    partial = core.invoke(demo, session_id(), "What can you do?")
    assert stop_reason(partial) == "partial_turn"
    assert whole.startswith(said(partial))
    assert said(partial) != whole
    fault(own, "InvokeHarness=several-messages:1")
    several = core.invoke(demo, session_id(), "What can you do?")
    assert [e["messageStop"]["stopReason"] for e in several if "messageStop" in e] == [
        "tool_use",
        "tool_result",
        "end_turn",
    ]
    assert [e["messageStart"]["role"] for e in several if "messageStart" in e] == ["assistant", "user", "assistant"]
    fault(own, "InvokeHarness=hook-events:2")
    hooked = core.invoke(demo, session_id(), "hello")
    kinds = [event["hookEvent"]["type"] for event in hooked if "hookEvent" in event]
    assert kinds == ["before_invocation", "after_invocation"]
    fault(own, "InvokeHarness=no-final-chunk:1")
    cut = core.invoke(demo, session_id(), "What can you do?")
    assert stop_reason(cut) == "end_turn"
    assert said(cut) != whole
