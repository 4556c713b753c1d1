"""Text from standard input and from files: UTF-8 alone, without its mark and carriage returns, and refused in words."""

from __future__ import annotations

import codecs
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.headless import lines
from tests.cli.terminal import installed
from tests.endpoint import RunningEndpoint, client_at
from travel_tui.agent import MAX_TEXT
from travel_tui.archive import Archive
from travel_tui.cli import travel_tui
from travel_tui.clock import Clock
from travel_tui.paths import archive_file

REFUSED = {
    b"caf\xe9 \xff": "not UTF-8",
    codecs.BOM_UTF16_LE + "Hello".encode("utf-16-le"): "UTF-16",
    codecs.BOM_UTF16_BE + "Hello".encode("utf-16-be"): "UTF-16",
    codecs.BOM_UTF32_LE + "Hello".encode("utf-32-le"): "UTF-32",
    "Hello".encode("utf-16-le"): "NUL",
    b"Hello\0there": "NUL character at byte 5",
    b"\xed\xa0\x80": "not UTF-8",
    b"": "No message to send",
    codecs.BOM_UTF8: "No message to send",
    b" \t\r\n\r\n": "No message to send",
}


def ask(endpoint: RunningEndpoint, given: bytes, *more: str) -> Result:
    return CliRunner().invoke(travel_tui, ["ask", "--json", "--endpoint-url", endpoint.url, *more], input=given)


def sent(endpoint: RunningEndpoint) -> list[str]:
    return endpoint.do(lambda each: [call["operation"] for call in each.calls])


@pytest.mark.parametrize("more", [(), ("-",), ("--session", "last"), ("--session", "named", "-")])
def test_what_is_no_text_is_refused_in_words_and_makes_no_session(
    endpoint: RunningEndpoint, more: tuple[str, ...]
) -> None:
    for given, words in REFUSED.items():
        done = ask(endpoint, given, *more)
        assert done.exit_code == 2, done.output
        assert words in done.stderr
        assert done.stdout == ""
    assert sent(endpoint) == []
    assert not archive_file().exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (codecs.BOM_UTF8 + b"Hello", "Hello"),
        (b"Hello\r\nthere\r\n", "Hello\nthere"),
        (codecs.BOM_UTF8 + b"\r\n\r\nHello\r\n  there\r\n\r\n", "Hello\n  there"),
        ("Grüße 🚆 \u200d\r\n".encode(), "Grüße 🚆 \u200d"),
    ],
)
def test_a_mark_and_carriage_returns_are_taken_away(endpoint: RunningEndpoint, given: bytes, said: str) -> None:
    lines(ask(endpoint, given))
    archive = Archive(archive_file(), Clock())
    (session,) = archive.sessions()
    assert [turn.text for turn in archive.turns(session.key)] == [said]
    archive.close()


def test_what_is_too_long_is_refused_before_a_session(endpoint: RunningEndpoint) -> None:
    done = ask(endpoint, b"x" * (MAX_TEXT + 1))
    assert done.exit_code == 2
    assert f"{MAX_TEXT:,} characters" in done.stderr
    assert sent(endpoint) == []
    assert not archive_file().exists()


def test_an_argument_that_is_not_utf8_is_refused_and_a_closed_input_is_none(endpoint: RunningEndpoint) -> None:
    place = ("--endpoint-url", endpoint.url)
    wrong = subprocess.run([installed(), "ask", b"caf\xe9", *place], capture_output=True, check=False)
    assert wrong.returncode == 2
    assert b"not UTF-8" in wrong.stderr
    closed = subprocess.run(
        f"exec {installed()} ask {' '.join(place)} <&-", shell=True, capture_output=True, check=False
    )
    assert closed.returncode == 2, closed.stderr
    assert b"No message to send" in closed.stderr
    assert sent(endpoint) == []
    assert not archive_file().exists()


def test_a_session_of_a_name_that_is_not_known_is_said_to_be_new(endpoint: RunningEndpoint) -> None:
    first = ask(endpoint, b"Hello", "--session", "typo")
    assert first.stderr == "No session typo on this machine, so a new session with this id starts.\n"
    assert lines(first)[0]["new"] is True
    again = ask(endpoint, b"Hello", "--session", "typo")
    assert again.stderr == ""
    assert lines(again)[0]["new"] is False


def test_an_instruction_is_text_like_any_other(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    file = tmp_path / "instruction.txt"
    options = ["--instruction", str(file), "--yes", "--endpoint-url", endpoint.url]
    wrong = {
        b"\xff" * 50: "not UTF-8",
        codecs.BOM_UTF16_LE + b"a\0" * 50: "UTF-16",
        b"\0" * 50: "NUL",
        b"short": "40 to 4,000 characters",
    }
    for data, words in wrong.items():
        file.write_bytes(data)
        done = CliRunner().invoke(travel_tui, ["provision", *options])
        assert done.exit_code == 2, done.output
        assert words in done.stderr
    assert sent(endpoint) == []
    file.write_bytes(codecs.BOM_UTF8 + b"You are a travel agent who books trips.\r\nBe brief.")
    assert CliRunner().invoke(travel_tui, ["provision", *options]).exit_code == 0
    with closing(client_at(endpoint.url, service="bedrock-agent")) as client:
        ids = [agent["agentId"] for agent in client.list_agents()["agentSummaries"]]
        built = [client.get_agent(agentId=each)["agent"]["instruction"] for each in ids]
    assert "You are a travel agent who books trips.\nBe brief." in built


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("ask", "Hello", "--session", ""), "session id '' cannot be used"),
        (("memory", "delete", "--session", "", "--yes"), "session id '' cannot be used"),
        (("memory", "wait", "--session", "last", "--timeout", "nan"), "'nan' is not a finite number"),
        (("local", "--latency", "inf"), "'inf' is not a finite number"),
        (("sessions", "-n", "99999999999999999999999"), "is not in the range"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_before_anything_is_done(command: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(travel_tui, command)
    assert (done.exit_code, said in " ".join(done.stderr.split())) == (2, True), done.output


def test_an_endpoint_with_a_path_is_told_in_one_sentence(endpoint: RunningEndpoint) -> None:
    place = ("--agent-id", "TRAVELDEMO", "--endpoint-url", f"{endpoint.url}/abc", "--region", "us-east-1")
    done = subprocess.run(
        [installed(), "ask", "Hello", "--memory", "anna", *place], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "check the path of its URL" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
