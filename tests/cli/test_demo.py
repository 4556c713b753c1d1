"""`travel-tui demo` as it is installed, in a real terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, running
from tests.endpoint import until
from tests.parts import in_part

STAY = "I need to stay an extra day. Can I return on the 23rd instead?"


def data() -> Path:
    return Path(os.environ["XDG_DATA_HOME"]) / "travel-tui"


def endpoint_pid() -> int:
    return int(json.loads((data() / "local" / "demo" / "endpoint.json").read_text())["pid"])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def archived() -> list[tuple[str, str]]:
    """Texts and answers of all turns in the archive."""
    with closing(sqlite3.connect(data() / "archive.sqlite3")) as db:
        return list(db.execute("select text, state from turns order by 1"))


def write(terminal: Terminal, text: str) -> None:
    terminal.send(text + "\r")


def test_the_story_from_booking_to_recall() -> None:
    with running("demo") as terminal:
        terminal.sees("⇥ Hi, my name is Anna.", "No memories yet")
        terminal.send("\t\r")
        terminal.sees("Your booking id is", "book_trip", "1 turn", "⇥ thank you!")
        booking = re.search(r"booking id is ([0-9a-f]{8})", terminal.flat())
        assert booking
        terminal.send("\x1bOQ")
        terminal.sees("summarising")
        terminal.sees("stored after", "new", booking[1])
        terminal.send("\x1bOR")
        terminal.sees("New session")
        write(terminal, STAY)
        terminal.sees("23 July 2027", "1 memory in prompt", "⇥ that is correct, thanks!")
        terminal.until(lambda: re.search("in prompt [0-9a-f]{8}", terminal.flat()), "the card's mark")
        terminal.send("\t\r")
        terminal.sees("update_existing_trip_dates")
        terminal.until(
            lambda: re.search(r"2 turns", terminal.flat()) and "F2 end session" in terminal.flat(), "the change"
        )
        terminal.send("\x11")
        terminal.sees("End the session before quitting?")
        terminal.send("\x11")
        assert terminal.ended() == 0
    assert len(archived()) == 3


def test_memory_outlives_the_demo_and_its_endpoint_does_not() -> None:
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        write(terminal, "I'm Anna and I am vegetarian.")
        terminal.sees("1 turn", "enter send")
        terminal.send("\x1bOQ")
        terminal.sees("stored after")
        pid = endpoint_pid()
        terminal.send("\x11")
        assert terminal.ended() == 0
    until(lambda: not alive(pid))
    with running("demo") as terminal:
        terminal.sees("vegetarian")
        write(terminal, "What do you know about my diet?")
        terminal.sees("1 memory in prompt")
        terminal.send("\x03")
        terminal.sees("Press ctrl+c again to quit.")
        terminal.send("\x03")
        assert terminal.ended() == 0


def test_the_endpoint_ends_when_the_client_is_killed() -> None:
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        pid = endpoint_pid()
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.ended()
        until(lambda: not alive(pid))


def test_a_second_demo_joins_and_keeps_the_endpoint_when_the_first_quits() -> None:
    with running("demo") as first:
        first.sees("No memories yet")
        pid = endpoint_pid()
        with running("demo") as second:
            second.sees("No memories yet")
            assert endpoint_pid() == pid
            write(first, "Hello")
            first.sees("1 turn", "enter send")
            first.send("\x11\x11")
            assert first.ended() == 0
            write(second, "Hello, it is me")
            second.sees("1 turn", "enter send")
            assert "failed" not in second.flat()
            assert endpoint_pid() == pid
            second.send("\x11\x11")
            assert second.ended() == 0
    until(lambda: not alive(pid))


def test_two_demos_started_at_once_share_one_endpoint() -> None:
    with running("demo") as first, running("demo") as second:
        first.sees("No memories yet")
        second.sees("No memories yet")
        for terminal in (first, second):
            write(terminal, "Hello")
        for terminal in (first, second):
            terminal.sees("1 turn", "enter send")
            assert "failed" not in terminal.flat()


def test_an_endpoint_that_dies_in_a_turn_is_said_and_replaced() -> None:
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        pid = endpoint_pid()
        os.kill(pid, signal.SIGSTOP)
        write(terminal, "What can you do for me?")
        terminal.sees("waiting", "esc stop")
        os.kill(pid, signal.SIGKILL)
        # Where the question had not reached the endpoint yet, sending it again is safe, and the client does so.
        terminal.until(
            lambda: "train or air" in terminal.flat() or "failed" in terminal.flat(), "an answer or a failure"
        )
        failed = "failed" in terminal.flat()
        if failed:
            terminal.send("\r")
        terminal.sees("2 turns" if failed else "1 turn", "train or air", "enter send")
        assert endpoint_pid() != pid
    assert [state for _, state in archived()] == [*(["failed"] if failed else []), "answered"]


@pytest.mark.parametrize("number", in_part([signal.SIGTERM, signal.SIGHUP], 2))
def test_a_signal_ends_it_cleanly_and_loses_no_turn(number: signal.Signals) -> None:
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        write(terminal, "Which trips do I have?")
        terminal.sees("You", "Which trips do I have?", "Agent")
        os.kill(terminal.pid, number)
        assert terminal.ended() == 0
        assert b"\x1b[?1049l" in terminal.raw
        assert b"Traceback" not in terminal.raw
    assert [text for text, _ in archived()] == ["Which trips do I have?"]


def test_a_broken_aws_environment_does_not_break_the_demo(tmp_path: Path) -> None:
    broken = tmp_path / "config"
    broken.write_text("[profile nothing\nregion=")
    with running(
        "demo",
        AWS_PROFILE="dangling",
        AWS_CONFIG_FILE=str(broken),
        AWS_REGION="nowhere-1",
        AWS_ENDPOINT_URL="http://127.0.0.1:1",
        HTTP_PROXY="http://127.0.0.1:1",
        HTTPS_PROXY="http://127.0.0.1:1",
    ) as terminal:
        terminal.sees("No memories yet")
        write(terminal, "Hello")
        terminal.sees("1 turn", "enter send")
        assert "failed" not in terminal.flat()


def test_fresh_forgets_and_does_not_take_a_running_demo_its_memory() -> None:
    with running("demo") as terminal:
        terminal.sees("No memories yet")
        write(terminal, "I'm Anna and I am vegetarian.")
        terminal.sees("1 turn", "enter send")
        terminal.send("\x1bOQ")
        terminal.sees("stored after")
        with running("demo", "--fresh") as other:
            other.until(lambda: b"Quit it first" in other.raw, "the refusal")
            assert other.ended() == 1
        terminal.send("\x11")
        terminal.ended()
    with running("demo", "--fresh") as terminal:
        terminal.sees("No memories: removed by `demo --fresh`.")
