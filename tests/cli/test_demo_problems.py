"""What may stand in the demo's way on a machine, and what it makes of it."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.cli.terminal import running
from tests.endpoint import until
from tests.parts import in_part
from travel_tui.cli.agent_options import own_memory_id
from travel_tui.local.state.folder import endpoint_on
from travel_tui.paths import local_state


def left_behind(**told: object) -> None:
    """What an endpoint leaves that was killed: its announcement, and a process id that another process has now."""
    state = local_state() / "demo"
    state.mkdir(parents=True)
    keys = {"access_key_id": "AKIALOCAL", "secret_access_key": "secret"}
    values = {"version": 1, "url": "http://127.0.0.1:9", "pid": os.getpid(), "region": "us-east-1", **keys, **told}
    (state / "endpoint.json").write_text(json.dumps(values))
    (state / "lock").touch(mode=0o600)


@pytest.mark.parametrize("options", in_part([(), ("--fresh",)], 2))
def test_what_a_killed_endpoint_left_is_no_endpoint(options: tuple[str, ...]) -> None:
    left_behind()
    with running("demo", *options) as terminal:
        terminal.sees("No memories yet")
        terminal.send("Hello\r")
        terminal.sees("1 turn", "enter send")
        assert "failed" not in terminal.flat()


def test_a_state_folder_that_cannot_be_made_is_said_in_the_chat() -> None:
    local_state().parent.mkdir(parents=True)
    local_state().write_text("a file where the folder should be")
    with running("demo") as terminal:
        terminal.sees("No messages yet")
        terminal.send("Hello\r")
        terminal.sees("The demo's endpoint did not start.", "→ Send again to retry.", "enter send")
        local_state().unlink()
        terminal.send("\r")
        terminal.sees("2 turns", "by train or by air")
        assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_first_moment_leaves_the_terminal_as_it_was(number: signal.Signals) -> None:
    with running("demo") as terminal:
        terminal.until(lambda: b"\x1b[?1049h" in terminal.raw, "the first thing that it writes")
        os.kill(terminal.pid, number)
        assert terminal.ended() == 0
        assert b"\x1b[?1049l" in terminal.raw
        assert b"Traceback" not in terminal.raw


def test_who_has_no_login_name_has_a_memory_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert own_memory_id() == "default"


def picture(*options: str) -> str:
    """What the demo shows after a session was remembered."""
    with running("demo", *options) as terminal:
        terminal.sees("No memories yet", "⇥ Hi, my name is Anna.")
        terminal.send("\t\r")
        terminal.sees("Your booking id is", "1 turn", "enter send")
        terminal.send("\x1bOQ")
        terminal.sees("stored after", "user goals", "by AIR, booking_id")
        terminal.until(lambda: "will be ready" not in terminal.flat(), "that the footer says that it is ready")
        shown = terminal.text()
    until(lambda: endpoint_on(local_state() / "demo-repeatable") is None)  # it ends a moment after its parent
    return shown


def test_the_same_seed_and_moment_show_the_same_twice() -> None:
    options = ("--seed", "7", "--now", "2027-06-01T16:04:00+00:00")
    assert picture(*options) == picture(*options)
    assert not (local_state() / "demo").exists()
