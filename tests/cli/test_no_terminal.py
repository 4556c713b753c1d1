"""What a full-screen command does without a terminal, and any command whose output cannot be written."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, installed, processes_of
from tests.endpoint import RunningEndpoint, until
from tests.parts import in_part, rows_in_part
from travel_tui.paths import archive_file

FULL = "Error: Standard output: No space left on device. Check the output's destination, and the disk with `df`."
WEB = "textual.drivers.web_driver:WebDriver"


@contextmanager
def terminal() -> Iterator[int]:
    """A terminal to be given as a standard stream."""
    master, end = pty.openpty()
    try:
        yield end
    finally:
        os.close(master)
        os.close(end)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell's line in which $T stands for travel-tui; its standard input is a terminal."""
    with terminal() as end:
        return subprocess.run(
            ["/bin/sh", "-c", command],
            env={**os.environ, "T": installed(), **environment},
            stdin=end,
            capture_output=True,
            check=False,
        )


@pytest.mark.parametrize(
    ("command", "missing"),
    rows_in_part(
        [
            ("$T chat </dev/null", "standard input"),
            ("echo Hello | $T", "standard input"),
            ("$T demo --fresh --seed 3 </dev/null >file", "standard input"),
            ("$T demo", "standard output"),
            ("$T chat <&-", "standard input"),
            ("$T demo >&-", "standard output"),
            ("TEXTUAL_DRIVER=textual.drivers.linux_driver:LinuxDriver $T demo", "standard output"),
        ],
        4,
    ),
)
def test_a_full_screen_command_says_that_it_needs_one(
    command: str, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = shell(command)
    (told,) = done.stderr.decode().splitlines()
    assert f"needs a terminal; {missing} is not one" in told
    assert "`travel-tui ask" in told
    assert (done.returncode, done.stdout) == (2, b"")
    assert not archive_file().parent.exists(), "nothing was begun"


def on_screen(command: str, **environment: str) -> closing[Terminal]:
    """A shell's line in a terminal."""
    own = {**os.environ, "T": installed(), "TERM": "xterm-256color", **environment}
    return closing(Terminal("/bin/sh", "-c", command, environment=own))


def test_a_dumb_terminal_is_none() -> None:
    with on_screen("$T demo", TERM="dumb") as terminal:
        assert terminal.ended() == 2
        assert "needs a terminal; TERM=dumb" in terminal.flat()


def test_it_paints_on_the_terminal_also_where_standard_error_is_a_file_and_there_is_no_term(tmp_path: Path) -> None:
    file = tmp_path / "errors"
    with on_screen(f"unset TERM; exec $T chat 2>{file}") as terminal:
        terminal.sees("No agent is configured yet.")
        terminal.send("q")
        assert terminal.ended() == 0
    assert file.read_bytes() == b""


@pytest.mark.parametrize("given", ["/dev/null", __file__], ids=["no input", "a file"])
def test_another_driver_needs_none_and_its_input_is_its_terminal(tmp_path: Path, given: str) -> None:
    done = shell(f"$T demo <{given}", TEXTUAL_DRIVER=WEB, TMPDIR=str(tmp_path))
    assert done.returncode == 0
    assert done.stdout.startswith(b"__GANGLION__\n")
    assert done.stderr == b""
    until(lambda: not processes_of(tmp_path))


@pytest.mark.parametrize("end", ["input", "output"])
def test_another_driver_ends_when_its_server_goes(tmp_path: Path, end: str) -> None:
    environment = {**os.environ, "TEXTUAL_DRIVER": WEB, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [installed(), "demo"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as served:
        assert served.stdin
        assert served.stdout
        assert served.stderr
        assert served.stdout.readline() == b"__GANGLION__\n"
        if end == "input":
            served.stdin.close()
            served.stdout.read()
        else:
            served.stdout.close()
        assert served.wait() == 0
        assert served.stderr.read() == b""
    until(lambda: not processes_of(tmp_path))


@pytest.mark.parametrize("named", in_part(["nonsense", "nonsense:Driver", "os:path", "textual.app:App"], 4))
def test_a_driver_that_is_none_is_named(named: str) -> None:
    done = shell("$T demo", TEXTUAL_DRIVER=named)
    assert done.returncode == 2
    assert f"Error: TEXTUAL_DRIVER={named} is not a Textual driver" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", in_part(["recall list", "ask Hello", "local --port 0 --in-memory", "ask Hello --json"], 2)
)
def test_output_that_cannot_be_written_is_said_and_a_reader_who_has_enough_is_no_error(
    command: str, endpoint: RunningEndpoint, tmp_path: Path
) -> None:
    environment = {**os.environ, "AWS_ENDPOINT_URL": endpoint.url, "TMPDIR": str(tmp_path)}
    read_end, shut = os.pipe()
    os.close(read_end)
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        for out, words in ((full.fileno(), FULL), (shut, "")):
            done = subprocess.run(
                [installed(), *command.split()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                check=False,
            )
            told = [line for line in done.stderr.decode().splitlines() if not line.startswith("session ")]
            assert told == ([words] if words else [])
            assert done.returncode == 1
    os.close(shut)
    until(lambda: not processes_of(tmp_path))
