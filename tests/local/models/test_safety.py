"""A model's key is nowhere but in the requests to the model, and nothing else is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from tests.endpoint import endpoint_process, running_endpoint
from tests.local.models.model_server import ModelServer, Raw, Refused, Said, sse
from tests.local.models.test_turns import BOOK, STREAMED
from travel_tui.local.models.choice import ChoiceError, ModelChoice, choose, read_address
from travel_tui.local.models.openai_chat import OpenAIChat

KEY = "sk-secret-0123456789abcdef"


def test_the_key_reaches_no_log_state_trace_or_recording(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_LOG", "debug")
    state, recording = tmp_path / "state", tmp_path / "model.json"
    seen: list[Any] = []
    flags = ("--model", server.address, "--record", str(recording))
    with endpoint_process(state, *flags) as endpoint, endpoint.user() as user:
        server.says(
            Said(calls=(BOOK,)),
            Said("Booked."),
            Refused(401, "Incorrect API key provided: {key}. Find yours elsewhere."),
            Raw(sse({"error": {"message": f"Bearer {KEY} is worn out", "code": 500}})),
            Refused(401, "Incorrect API key provided: {key}."),
        )
        seen += user.events("A trip", "first-session", "anna", **STREAMED)
        with pytest.raises(EventStreamError, match=r"Incorrect API key provided: \[key\]") as caught:
            user.events("Another", "first-session", "anna", **STREAMED)
        with pytest.raises(EventStreamError, match=r"Bearer \[key\] is worn out"):
            user.events("And another", "first-session", "anna", **STREAMED)
        user.end("first-session", "anna")
        server.says(Said("Hello."))
        seen.append(user.events("Hello", "second-session", "anna", **STREAMED))
        endpoint.process.terminate()
        said = endpoint.process.stdout.read() if endpoint.process.stdout else ""
        endpoint.process.wait(60)
    written = capfd.readouterr()
    assert f"Answers come from the model m at {server.url}" in said
    assert "openai" in written.err  # its debug log was on
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"model.json", "state.sqlite3"} <= {path.name for path in files}
    for where in (said, written.out, written.err, repr(seen), str(caught.value)):
        assert KEY not in where
    for path in files:
        assert KEY.encode() not in path.read_bytes(), path


def test_the_key_is_sent_to_this_machine_and_over_tls_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    urls = ("http://127.0.0.1:1/v1", "http://localhost:1/v1", "https://models.example/v1", "http://models.example/v1")
    sent = [OpenAIChat(read_address(f"openai:{url}#m"), 1)._client.api_key for url in urls]
    assert sent == [KEY, KEY, KEY, "none"]


def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    address = read_address("openai:http://127.0.0.1:1/v1#m")
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    assert OpenAIChat(address, 1)._client.api_key == KEY
    for key in (f"{KEY}\n{KEY}", f"{KEY}ä"):
        monkeypatch.setenv("OPENAI_API_KEY", key)
        with pytest.raises(ChoiceError, match="OPENAI_API_KEY has a line break") as caught:
            OpenAIChat(address, 1)
        assert KEY not in str(caught.value)


def test_a_redirect_is_not_followed(server: ModelServer) -> None:
    server.says(Refused(307, "Go elsewhere", {"location": f"{server.url}/elsewhere"}))
    with (
        running_endpoint(model=ModelChoice(read_address(server.address))) as endpoint,
        pytest.raises(EventStreamError, match="refused with status 307"),
    ):
        endpoint.user().say("Hello", "first-session")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("gpt-5", "names no model"),
        ("openai:http://127.0.0.1:8080/v1", "lacks the model"),
        ("openai:127.0.0.1:8080#m", "has no URL"),
        ("openai:http://127.0.0.1:99999/v1#m", "has no URL"),
        (f"openai:http://me:{KEY}@host/v1#m", "name, password or query"),
        (f"openai:https://host/v1?key={KEY}#m", "name, password or query"),
        ("bedrock:", "names no model"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secrets(text: str, why: str) -> None:
    with pytest.raises(ChoiceError, match=why) as caught:
        read_address(text)
    assert KEY not in str(caught.value)


def test_options_that_exclude_each_other_are_refused(tmp_path: Path) -> None:
    address, file = read_address("bedrock:m"), tmp_path / "file"
    assert choose(None, None, None, 1) is None
    with pytest.raises(ChoiceError, match="--record needs --model"):
        choose(None, file, None, 1)
    with pytest.raises(ChoiceError, match="--replay answers instead"):
        choose(address, None, file, 1)


@pytest.mark.parametrize("options", [["--help"], ["--in-memory", "--port", "0", "--until-stdin-closes"]])
def test_without_a_model_nothing_of_it_is_imported(options: list[str]) -> None:
    code = (
        "import atexit, sys, travel_tui.cli as cli\n"
        "atexit.register(lambda: print(sorted({'openai', 'httpx2', 'boto3', 'pydantic'} & sys.modules.keys())))\n"
        "cli.travel_tui(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", code, "local", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, stdin=subprocess.DEVNULL)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
