"""--log of every command: what happened, when and how long it took; not what was said, and never a key."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint, endpoint_process, running_endpoint, until
from travel_tui.cli import COMMANDS, travel_tui
from travel_tui.cli.log_file import open_log, shareable_tail

SAID = "I live in Trondheim"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


def ask(endpoint: RunningEndpoint, text: str, *options: str) -> Result:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}
    return CliRunner().invoke(travel_tui, ["ask", text, "--endpoint-url", endpoint.url, *options], env=keys)


def test_turns_and_calls_are_logged_without_what_was_said(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for _ in range(2):
        done = ask(endpoint, SAID, "--log", str(log), "--log-level", "debug")
        assert done.exit_code == 0, done.output
    lines = log.read_text().splitlines()
    assert sum("log opened: travel-tui" in line for line in lines) == 2, "the second is appended"
    for part in ("command: travel-tui ask", f"turn sent: session {done.stderr.split()[1]}, {len(SAID)} characters"):
        assert any(part in line for line in lines), part
    assert any("InvokeAgent: status 200, " in line for line in lines)
    assert any("turn completed: session" in line for line in lines)
    assert not any("Trondheim" in line or "botocore" in line or "urllib3" in line for line in lines)
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_was_said_is_logged_if_asked_for_and_keys_are_not(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    done = ask(endpoint, f"{SAID} and my key is {SECRET}", "--log", str(log), "--log-level", "debug", "--log-content")
    assert done.exit_code == 0, done.output
    text = log.read_text()
    assert f'user: "{SAID} and my key is …"' in text
    assert 'agent: "' in text
    for secret in (SECRET, "AKIAIOSFODNN7EXAMPLE", "Authorization", "Signature="):
        assert secret not in text


def test_failures_are_logged_by_kind_and_place(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    done = ask(endpoint, SAID, "--agent-id", "NOSUCHAGEN", "--log", str(log))
    assert done.exit_code == 1
    assert "InvokeAgent: status 404 ResourceNotFoundException, " in log.read_text()
    assert "turn failed, " in log.read_text()


def test_the_client_and_the_endpoint_log_too(tmp_path: Path) -> None:
    client, local = tmp_path / "client.log", tmp_path / "local.log"
    with endpoint_process(tmp_path / "state", "--log", str(local), "--log-level", "debug") as endpoint:
        with running("chat", "--endpoint-url", endpoint.url, "--log", str(client)) as anna:
            anna.sees("No memories yet")
            anna.send(f"{SAID}\r")
            anna.sees("1 turn", "enter send")
        until(lambda: "InvokeAgent: status 200, " in local.read_text())
    assert "turn completed" in client.read_text()
    assert "Trondheim" not in client.read_text() + local.read_text()


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for each, found in command.commands.items():
            yield from commands(found, f"{name} {each}")
    else:
        yield name, command


def test_every_command_takes_the_options() -> None:
    context = click.Context(travel_tui)
    for name in COMMANDS:
        command = travel_tui.get_command(context, name)
        assert command is not None
        for full_name, each in commands(command, name):
            names = [param.name for param in each.params]
            assert [names.count(option) for option in ("log", "log_level", "log_content")] == [1, 1, 1], full_name


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (("--log-level", "debug"), 2, "--log-level is for a log: add --log FILE."),
        (("--log-content",), 2, "--log-content is for a log: add --log FILE."),
        (("--log", ""), 2, "the path is empty"),
        (("--log", "/nosuch/a.log"), 1, "/nosuch/a.log cannot be written: No such file or directory. Check its folder"),
        (("--log", "a.log", "--log-level", "loud"), 2, "'loud' is not one of"),
    ],
)
def test_what_cannot_be_logged_is_told(options: tuple[str, ...], status: int, told: str) -> None:
    done = CliRunner().invoke(travel_tui, ["config", "path", *options])
    assert (done.exit_code, done.stdout) == (status, "")
    assert told in done.stderr


@contextmanager
def opened(log: Path, *, content: bool) -> Iterator[None]:
    close = open_log(log, "debug", content=content)
    try:
        yield
    finally:
        assert close() == ""


def fail() -> None:
    try:
        raise ValueError(SAID)
    except ValueError as error:
        raise RuntimeError(f"again: {SAID}") from error


@pytest.mark.parametrize("content", [False, True])
def test_libraries_and_exceptions_have_no_words_in_it_unless_asked_for(tmp_path: Path, content: bool) -> None:
    log = tmp_path / "a.log"
    with opened(log, content=content):
        for name in ("botocore.endpoint", "httpx", "openai._base_client", "urllib3.connectionpool"):
            library = logging.getLogger(name)
            before = library.level
            library.setLevel(logging.DEBUG)
            library.debug("request %s", {"Authorization": SECRET, "inputText": SAID})
            library.warning("warned of %s", SAID)
            library.setLevel(before)
        try:
            fail()
        except RuntimeError as error:
            logging.getLogger("travel_tui.test").error("it failed: %s", error, exc_info=error)
    text = log.read_text()
    assert SECRET not in text
    assert "request" not in text
    assert text.count("warning") == 4
    assert ("Trondheim" in text) is content
    (last,) = [line for line in text.splitlines() if "it failed" in line]
    assert "RuntimeError" in last
    assert "from ValueError" in last
    assert " fail" in last, "the place is told, on the same line"


def test_a_log_is_shared_only_if_nothing_said_is_in_it(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    with opened(log, content=False):
        logging.getLogger("travel_tui.test").info("one")
        logging.getLogger("travel_tui.test").info("two\nlines")
    lines, reason = shareable_tail(log, 2)
    assert (len(lines), reason) == (2, "")
    assert lines[1].endswith("two␤lines")
    with opened(log, content=True):
        pass
    assert shareable_tail(log, 2) == ([], "it holds what was said (--log-content)")
    log.write_text(SAID)
    assert shareable_tail(log, 2) == ([], "it was not written by --log")
