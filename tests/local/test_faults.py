"""Faults on demand: how they are written, and what each does to a client that is real boto3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.eventstream import ChecksumMismatch
from botocore.exceptions import ClientError, EventStreamError, HTTPClientError, ReadTimeoutError
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import ReadTimeoutError as StreamTimeout

from tests.endpoint import AGENT, WAIT_S, User, running_endpoint, text_of
from travel_tui.local.faults import FaultError, Faults, read_fault

STREAMED: dict[str, Any] = {"streamingConfigurations": {"streamFinalResponse": True}}


@contextmanager
def faulty(*faults: str, **flags: Any) -> Iterator[User]:
    """A client of an endpoint with these faults, which waits half a second for what stalls."""
    with running_endpoint(faults=tuple(read_fault(text) for text in faults), **flags) as endpoint:
        make: Any = boto3.client
        client = make(
            "bedrock-agent-runtime",
            endpoint_url=endpoint.url,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=0.5),
        )
        try:
            yield User(client)
        finally:
            client.close()


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("text", "error", "after"),
    [
        ("InvokeAgent=ThrottlingException", "ThrottlingException", None),
        ("InvokeAgent=throttling@before:2", "ThrottlingException", None),
        ("InvokeAgent=ModelNotReadyException@stream:10%", "ModelNotReadyException", 0),
        ("InvokeAgent=drop@3", "drop", 3),
        ("InvokeAgent=corrupt", "corrupt", 0),
        ("GetAgentMemory=stall", "stall", None),
        ("DeleteAgentMemory=ConflictException:1", "ConflictException", None),
        ("InvokeAgent=memory-ignored", "memory-ignored", None),
    ],
)
def test_a_fault_is_read(text: str, error: str, after: int | None) -> None:
    fault = read_fault(text)
    assert (fault.error, fault.after) == (error, after)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("InvokeAgent", "OPERATION=ERROR"),
        ("", "OPERATION=ERROR"),
        ("InvokeAgents=stall", "InvokeAgent"),
        ("InvokeAgent=Nonsense", "memory-not-injected"),
        ("InvokeAgent=Nonsense", "DependencyFailedException"),
        ("GetAgentMemory=corrupt", "It has: "),
        ("GetAgentMemory=stall@2", "@before"),
        ("InvokeAgent=stall@soon", "@stream"),
        ("InvokeAgent=corrupt@before", "inside a stream"),
        ("InvokeAgent=summary-never@stream", "leave out @stream"),
        ("InvokeAgent=stall:0", "would never happen"),
        ("InvokeAgent=stall:0%", "would never happen"),
        ("InvokeAgent=stall:101%", "at most 100"),
    ],
)
def test_what_is_no_fault_is_told_what_there_is(text: str, words: str) -> None:
    with pytest.raises(FaultError) as error:
        read_fault(text)
    assert words in str(error.value)


def test_a_percentage_meets_the_same_calls_for_the_same_seed() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults([read_fault("InvokeAgent=stall:30%")], seed)
        return [faults.on_wire("InvokeAgent") is not None for _ in range(200)]

    assert run(1) == run(1) != run(2)
    assert 30 < sum(run(1)) < 90


def test_a_count_is_how_many_calls_meet_it_and_then_the_next_fault_comes() -> None:
    faults = Faults([read_fault("InvokeAgent=stall:2"), read_fault("InvokeAgent=drop:1")])
    met = [fault.error if (fault := faults.on_wire("InvokeAgent")) else "" for _ in range(5)]
    assert met == ["stall", "stall", "drop", "", ""]
    assert faults.on_wire("GetAgentMemory") is None
    faults.reset()
    assert faults.on_wire("InvokeAgent") is not None


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "BadGatewayException",
        "ConflictException",
        "DependencyFailedException",
        "InternalServerException",
        "ModelNotReadyException",
        "ResourceNotFoundException",
        "ServiceQuotaExceededException",
        "ThrottlingException",
        "ValidationException",
    ],
)
def test_every_modelled_error_comes_before_the_stream_and_inside_it(code: str) -> None:
    with faulty(f"InvokeAgent={code}:1", f"InvokeAgent={code}@stream:1", f"InvokeAgent={code}@1:1") as user:
        with pytest.raises(ClientError) as before:
            user.say("hello", "s-1")
        assert not isinstance(before.value, EventStreamError)
        assert code_of(before) == code
        for pieces in (0, 1):
            seen: list[dict[str, Any]] = []
            failing = pytest.raises(EventStreamError)
            with user.stream("hello", "s-1", **STREAMED) as events, failing as inside:
                seen.extend(events)
            assert code_of(inside) == code[0].lower() + code[1:]
            assert len(seen) == pieces
        assert user.say("hello", "s-1")


def test_a_dropped_connection_before_the_answer_and_inside_it() -> None:
    with faulty("InvokeAgent=drop:1", "InvokeAgent=drop@2:1") as user:
        with pytest.raises(HTTPClientError):
            user.say("hello", "s-1")
        seen: list[dict[str, Any]] = []
        with user.stream("hello", "s-1", **STREAMED) as events, pytest.raises(ProtocolError):
            seen.extend(events)
        assert len(seen) == 2
        assert user.say("hello", "s-1")


def test_a_stall_before_the_answer_and_inside_it() -> None:
    with faulty("InvokeAgent=stall:1", "InvokeAgent=stall@1:1") as user:
        with pytest.raises(ReadTimeoutError):
            user.say("hello", "s-1")
        seen: list[dict[str, Any]] = []
        with user.stream("hello", "s-1", **STREAMED) as events, pytest.raises(StreamTimeout):
            seen.extend(events)
        assert len(seen) == 1
        assert user.say("hello", "s-1")


def test_a_corrupt_frame() -> None:
    with faulty("InvokeAgent=corrupt:1") as user:
        with user.stream("hello", "s-1") as events, pytest.raises(ChecksumMismatch):
            list(events)
        assert user.say("hello", "s-1")


def test_a_frame_cut_in_half_leaves_bytes_that_are_no_event() -> None:
    with faulty("InvokeAgent=truncate@1:1") as user:
        cut = user.events("What can you do?", "cut", **STREAMED)
        whole = user.events("What can you do?", "whole", **STREAMED)
        assert cut == whole[:1] != whole


def test_a_clean_end_without_the_final_chunk() -> None:
    with faulty("InvokeAgent=no-final-chunk:2") as user:
        assert user.events("What can you do?", "s-1") == []
        cut = user.say("What can you do?", "s-2", **STREAMED)
        whole = user.say("What can you do?", "s-3", **STREAMED)
        assert whole.startswith(cut)
        assert len(whole) > len(cut) > 0


def test_a_cut_answer_was_given_all_the_same() -> None:
    with faulty("InvokeAgent=drop@1:1") as user:
        with user.stream("My name is Edda.", "s-1", enableTrace=True) as events, pytest.raises(ProtocolError):
            list(events)
        assert "Edda" in user.say("What is my name?", "s-1")


def test_reads_fail_too() -> None:
    with faulty("GetAgentMemory=ThrottlingException:1", "GetAgentMemory=drop:1", "DeleteAgentMemory=conflict") as user:
        with pytest.raises(ClientError) as error:
            user.memories("anna")
        assert code_of(error) == "ThrottlingException"
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
        with pytest.raises(HTTPClientError):
            user.memories("anna")
        assert user.memories("anna") == []
        with pytest.raises(ClientError) as error:
            user.client.delete_agent_memory(**AGENT, memoryId="anna")
        assert code_of(error) == "ConflictException"


def remember(user: User, session: str) -> None:
    user.say("My name is Edda.", session, "memory")
    user.end(session, "memory")


def test_a_summary_that_never_comes() -> None:
    with faulty("InvokeAgent=summary-never:1") as user:
        remember(user, "lost")
        remember(user, "kept")
        user.await_summary("kept", "memory")
        assert [m["sessionId"] for m in user.memories("memory")] == ["kept"]


def test_a_summary_that_forgets() -> None:
    with faulty("InvokeAgent=summary-forgets:1") as user:
        remember(user, "s-1")
        assert "Edda" not in user.await_summary("s-1", "memory")
        remember(user, "s-2")
        assert "Edda" in user.await_summary("s-2", "memory")


@pytest.mark.parametrize(("fault", "in_prompt"), [("memory-not-injected", False), ("memory-ignored", True)])
def test_a_memory_that_does_not_help(fault: str, in_prompt: bool) -> None:
    with faulty(f"InvokeAgent={fault}:1") as user:
        remember(user, "s-1")
        user.await_summary("s-1", "memory")
        events = user.events("What is my name?", "s-2", "memory", enableTrace=True)
        assert "Edda" not in text_of(events)
        assert ("Edda" in str(events[0])) is in_prompt
        assert "Edda" in user.say("What is my name?", "s-3", "memory")


def test_latency_makes_every_answer_wait() -> None:
    with faulty(latency=3600.0) as user, pytest.raises(ReadTimeoutError):
        user.memories("anna")


def test_a_fault_in_the_command_is_a_usage_error(tmp_path: Any) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-P", "-m", "travel_tui", "local", "--state", str(tmp_path), "--fault"]
    done = subprocess.run(
        [*command, "InvokeAgent=Nonsense"], capture_output=True, text=True, check=False, timeout=WAIT_S
    )
    assert done.returncode == 2
    assert "InvokeAgent has no error Nonsense. It has: " in done.stderr
    assert "ThrottlingException" in done.stderr
