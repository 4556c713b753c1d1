"""In any environment, a command has a documented status, one clear sentence, no traceback, and sends nothing wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.environments import ARCHIVES, ENDPOINT, NOWHERE, CommandCall, commands, examples
from tests.cli.terminal import installed, running
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.parts import in_part, rows_in_part
from travel_tui.cli import travel_tui

ENDLESS = {("serve",)}
"""It serves until it is stopped; what it refuses is in tests/web."""
COMMANDS = [each for each in commands() if each not in ENDLESS]
EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
"""Of each command; raise it to search."""
ASK_NOBODY = frozenset({"completion", "config", "sessions", "shot"})
READS = re.compile("List|Get")
"""What connect asks to show a choice, before it says that there is no terminal to choose on."""
SAY_MORE = frozenset({("doctor",), ("recall", "run"), ("recall", "show")})
"""Their findings and results are what they say."""


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningEndpoint]:
    with running_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore waits seconds before it tries a place again where nothing listens."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


def calls(endpoint: RunningEndpoint) -> list[str]:
    """The operations that were asked of it."""
    return endpoint.do(lambda each: [call["operation"] for call in each.calls])


def write(path: Path, data: str | bytes, url: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.replace(ENDPOINT, url).encode())


def perform(example: CommandCall, url: str, home: Path) -> Result:
    """Run the command in that home."""
    write(home / "own.toml", "x = 1\n", url)
    if example.aws_file is not None:
        write(home / "aws", example.aws_file, url)
    if example.config is not None:
        write(home / "config" / "travel-tui" / "config.toml", example.config, url)
    if example.archive is not None:
        (home / "data" / "travel-tui").mkdir(parents=True)
        ARCHIVES[example.archive](home / "data" / "travel-tui" / "archive.sqlite3")
    variables = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "AWS_CONFIG_FILE": str(home / "aws"),
        "HTTPS_PROXY": NOWHERE,
        **{name: value.replace(ENDPOINT, url) for name, value in example.variables.items()},
    }
    arguments = [each.replace(ENDPOINT, url) for each in example.arguments]
    with chdir(home):
        return CliRunner(env=variables).invoke(travel_tui, arguments, input="")


@pytest.mark.usefixtures("_no_backoff")
@pytest.mark.parametrize("path", in_part(COMMANDS, 3), ids=" ".join)
@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
def test_every_command_ends_in_words(path: tuple[str, ...], shared: RunningEndpoint, data: st.DataObject) -> None:
    example = data.draw(examples(path))
    before = len(calls(shared))
    with tempfile.TemporaryDirectory() as home:
        done = perform(example, shared.url, Path(home))
    sent = calls(shared)[before:]
    shown = f"{example}\n{done.output}"
    assert done.exception is None or isinstance(done.exception, SystemExit), shown
    assert done.exit_code in (0, 1, 2, 3), shown
    assert "Traceback" not in done.output, shown
    assert "Something unexpected failed" not in done.output, shown
    sentences = [line for line in done.stderr.splitlines() if line.startswith(("Error: ", "Undecided: "))]
    if done.exit_code and path not in SAY_MORE:
        assert len(sentences) == 1, shown
    if done.exit_code == 2 or path[0] in ASK_NOBODY:
        assert sent == [] or (path == ("connect",) and all(READS.match(each) for each in sent)), shown
    if "nothing was sent" in done.output:
        assert "may have been done" not in done.output, shown
        assert "InvokeAgent" not in sent, shown


@pytest.mark.parametrize(
    "command", in_part([("doctor",), ("provision", "--yes"), ("destroy", "--yes"), ("ask", "Hello")], 2), ids=str
)
def test_the_installed_command_names_the_variable(command: tuple[str, ...], tmp_path: Path) -> None:
    environment = {**os.environ, "AWS_ENDPOINT_URL": "localhost:4571", "AWS_REGION": "us-east-1"}
    agent = ("--agent-id", "TRAVELDEMO") if command[0] in ("ask", "doctor") else ()
    done = subprocess.run(
        [installed(), *command, *agent], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1
    assert "AWS_ENDPOINT_URL is 'localhost:4571'" in said
    assert "nothing was sent" in said
    assert "Traceback" not in said
    assert "may have been done" not in said


def test_a_terminal_without_other_letters_gets_the_answer(shared: RunningEndpoint) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    place = ("--endpoint-url", shared.url, "--trace")
    done = subprocess.run(
        [installed(), "ask", "-", *place], input="Grüße 🚆".encode(), capture_output=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert b"Traceback" not in done.stderr


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(f"{installed()} {line}", shell=True, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("command", "closed"),
    rows_in_part(
        [
            ("sessions", "<&-"),
            ("doctor --agent-id TRAVELDEMO", "<&-"),
            ("doctor --agent-id TRAVELDEMO", "2>&-"),
            ("sessions", ">&-"),
            ("sessions", "<&- >&- 2>&-"),
        ],
        3,
    ),
)
def test_a_stream_that_is_closed_is_no_reason_to_stop(shared: RunningEndpoint, command: str, closed: str) -> None:
    done = in_shell(f"{command} --endpoint-url {shared.url} {closed}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "command",
    in_part(
        ["--help", "doctor --agent-id TRAVELDEMO", "<&- config path", "local --port 0 --in-memory", "recall list"], 3
    ),
)
def test_a_closed_output_is_a_failure_where_there_is_something_to_print(shared: RunningEndpoint, command: str) -> None:
    place = f" --endpoint-url {shared.url}" if command.startswith("doctor") else ""
    done = in_shell(f"{command}{place} >&-")
    assert done.returncode == 1
    assert done.stderr == "Error: Standard output is closed. Send it to a file, a pipe or /dev/null.\n"


@pytest.mark.parametrize(
    "command",
    ["ask Hello", "memory delete --yes", "connect --agent-id TRAVELDEMO", "provision --yes", "destroy --yes"],
)
def test_with_a_closed_output_nothing_is_sent_that_changes_something(shared: RunningEndpoint, command: str) -> None:
    before = calls(shared)
    done = in_shell(f"{command} --endpoint-url {shared.url} >&-")
    assert (done.returncode, calls(shared)) == (1, before)
    assert done.stderr == "Error: Standard output is closed. Send it to a file, a pipe or /dev/null.\n"


@pytest.mark.parametrize("command", ["config path", "recall schema"])
def test_an_output_that_takes_nothing_is_told(command: str) -> None:
    done = in_shell(f"{command} >/dev/full")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "No space left" in line


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("nowhere.invalid", "correct --host"),
        ("192.0.2.1", "correct --host"),
        ("x" * 64, "correct --host"),
        ("", "Expected: an address of this machine"),
        ("a\nb", "Expected: an address of this machine"),
    ],
)
def test_a_host_that_cannot_be_bound_is_told_as_that(host: str, said: str) -> None:
    done = CliRunner().invoke(travel_tui, ["local", "--port", "0", "--in-memory", "--host", host])
    assert done.exit_code == (1 if "correct" in said else 2)
    assert said in done.stderr
    assert "Choose another port" not in done.stderr


@pytest.mark.usefixtures("_no_backoff")
@pytest.mark.parametrize(
    "command",
    in_part(
        [
            ("ask", "Hello", "--agent-id", "TRAVELDEMO"),
            ("memory", "list", "--agent-id", "TRAVELDEMO"),
            ("memory", "wait", "--session", "last-one", "--agent-id", "TRAVELDEMO"),
            ("connect", "--agent-id", "TRAVELDEMO", "--alias-id", "TSTALIASID"),
            ("doctor", "--agent-id", "TRAVELDEMO"),
            ("provision", "--yes"),
            ("destroy", "--yes"),
        ],
        4,
    ),
    ids=" ".join,
)
def test_https_where_http_is_spoken_is_told_as_that(shared: RunningEndpoint, command: tuple[str, ...]) -> None:
    url = shared.url.replace("http:", "https:")
    done = CliRunner().invoke(travel_tui, [*command, "--endpoint-url", url])
    said = " ".join(done.output.split())
    assert done.exit_code == 1
    assert said.count(f"Use {shared.url} as its URL; nothing was sent.") == 1, said
    assert "certificate" not in said
    assert "WRONG_VERSION" not in said


NO_HOME = """
import os, pwd, sys
for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
    os.environ.pop(name, None)
def nobody(number):
    raise KeyError(number)
pwd.getpwuid = nobody
from travel_tui.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", ["sessions", "config show", "local --port 0", "recall show last", "connect"])
def test_a_user_without_a_home_is_told_to_set_it(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_HOME, *command.split()], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "set HOME" in line
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_the_screen_says_what_is_wrong_with_aws_and_stays(tmp_path: Path) -> None:
    (tmp_path / "aws").write_text("[default]\nregion = us-east-1\nendpoint_url = localhost:4571\n")
    with running("chat", "--agent-id", "TRAVELDEMO", AWS_CONFIG_FILE=str(tmp_path / "aws"), TZ="No/Where") as terminal:
        terminal.sees("No messages yet")
        terminal.send("Hello\r")
        terminal.sees("endpoint_url of the profile default", "nothing was sent")
