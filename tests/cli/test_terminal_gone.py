"""The terminal goes, at any moment: the turn and the draft are kept, and no process is left.

Two hundred random moments are `make soak`; here a dozen of them by name.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, processes_of, running
from tests.endpoint import AGENT, RunningEndpoint, running_endpoint, until
from tests.parts import in_part
from travel_tui.archive import Archive, TurnStatus
from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig, save_agent
from travel_tui.conversation.service import save_unsent_text
from travel_tui.ids import Ids
from travel_tui.paths import archive_file, config_file

SOAK = bool(os.environ.get("TRAVEL_TUI_SOAK"))
RANDOM = 200 if SOAK else 1
SEED = 14
MAX_BYTES = 20_000
"""A start and a turn write about so much to the terminal; a moment is a number of them."""
MAX_S = 1.5
"""Seconds of processor time that the end may take; a loop that spins uses all there is until it is killed."""
ENTER, CTRL_P, CTRL_Q, F1, F2 = "\r", "\x10", "\x11", "\x1bOP", "\x1bOQ"
DRAFT = "and then"
QUESTION = "What can you do for me, and what do you know of me?"


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every process that a test starts has its folder in the environment, and is gone at its end."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    yield
    until(lambda: not processes_of(tmp_path))


def ready(terminal: Terminal) -> None:
    terminal.sees("No memories yet")


def nothing(terminal: Terminal) -> None:
    """The moment of the start."""


def first_byte(terminal: Terminal) -> None:
    terminal.until(lambda: b"\x1b[?1049h" in terminal.raw, "the first thing that it writes")


def first_paint(terminal: Terminal) -> None:
    terminal.sees("travel-tui ·")


def draft(terminal: Terminal) -> None:
    ready(terminal)
    terminal.send("half a sen")
    terminal.sees("half a sen")


def waiting(terminal: Terminal) -> None:
    ready(terminal)
    terminal.send(QUESTION + ENTER)
    terminal.sees("You", "Agent")


def streaming(terminal: Terminal) -> None:
    ready(terminal)
    terminal.send(QUESTION + ENTER)
    terminal.sees("by train or by")


def palette(terminal: Terminal) -> None:
    ready(terminal)
    terminal.send(CTRL_P)
    terminal.sees("Search for commands")


def dialog(terminal: Terminal) -> None:
    ready(terminal)
    terminal.send("Hello" + ENTER)
    terminal.sees("1 turn", "enter send")
    terminal.send(CTRL_Q)
    terminal.sees("End the session before quitting?")


def keys(terminal: Terminal) -> None:
    first_paint(terminal)
    terminal.send(b"\xe9\xff")  # no UTF-8, and no end either
    terminal.send(F1)
    terminal.sees("stop the answer")


def summarising(terminal: Terminal) -> None:
    ready(terminal)
    terminal.send("Hello" + ENTER)
    terminal.sees("1 turn", "enter send")
    terminal.send(F2)
    terminal.sees("summarising")


def stopped(terminal: Terminal) -> None:
    """Stopped as by ctrl+z; the terminal's end wakes it."""
    ready(terminal)
    os.kill(terminal.pid, signal.SIGTSTP)
    until(lambda: state_of(terminal.pid) == "T")


def full(terminal: Terminal) -> None:
    """The terminal takes nothing more, and there is more to show than the writing thread's queue has room for."""
    draft(terminal)
    terminal.fill()
    for width in range(60, 110):
        terminal.resize(width, 40)
        terminal.send("x")


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


Moment = Callable[[Terminal], None]
MOMENTS: list[tuple[Moment, str]] = [
    (nothing, "demo"),
    (first_byte, "demo"),
    (first_paint, "demo"),
    (waiting, "demo"),
    (streaming, "demo"),
    (first_paint, "chat"),
    (draft, "chat"),
    (keys, "chat"),
    (palette, "chat"),
    (dialog, "chat"),
    (summarising, "chat"),
    (stopped, "chat"),
    (full, "chat"),
]
HANGUPS: tuple[tuple[signal.Signals, ...], ...] = ((), (signal.SIGHUP,))
"""Signals that are ignored: with SIGHUP among them nothing tells of the terminal's end but the terminal itself."""
NAMED = [
    pytest.param(
        moment,
        command,
        ignoring,
        id=f"{moment.__name__}-{command}{'-no-hangup' if ignoring else ''}",
        marks=[pytest.mark.slow] if number % 8 else [],
    )
    for number, (moment, command) in enumerate(MOMENTS)
    for ignoring in (HANGUPS if SOAK else HANGUPS[number % 2 :][:1])
]


@pytest.fixture
def endpoint() -> Iterator[RunningEndpoint]:
    """What `chat` talks with."""
    with running_endpoint(pace=300.0) as endpoint:
        ids = (AGENT["agentId"], AGENT["agentAliasId"])
        save_agent(config_file(), AgentConfig("travel", *ids, "us-east-1", endpoint_url=endpoint.url, memory_id="anna"))
        yield endpoint


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize(("moment", "command", "ignoring"), NAMED)
def test_it_ends(moment: Moment, command: str, ignoring: tuple[signal.Signals, ...]) -> None:
    with running(command, ignoring=ignoring) as terminal:
        moment(terminal)
        assert terminal.hang_up() < MAX_S
        assert b"Traceback" not in terminal.raw
        if moment is not nothing:  # then a hangup may come before anything is imported
            assert terminal.status == 0


def test_what_was_sent_and_what_was_being_written_is_kept(endpoint: RunningEndpoint) -> None:
    with running("chat") as terminal:
        waiting(terminal)
        terminal.send(DRAFT)
        terminal.sees(DRAFT, "by train or by")
        terminal.hang_up()
    assert kept() == ([QUESTION], DRAFT)
    assert heard(endpoint) == [QUESTION]


@pytest.mark.usefixtures("endpoint")
def test_what_was_written_before_the_panels_stand_is_kept() -> None:
    with running("chat") as terminal:
        first_paint(terminal)
        terminal.send(DRAFT)
        terminal.sees(DRAFT)
        terminal.hang_up()
    assert kept() == ([], DRAFT)


@pytest.mark.parametrize("number", range(RANDOM))
def test_at_a_random_moment_nothing_is_lost(number: int, endpoint: RunningEndpoint) -> None:
    moment = random.Random(f"{SEED} {number}").randrange(MAX_BYTES)
    with running("chat", ignoring=HANGUPS[number % 2]) as terminal:
        first_paint(terminal)  # before, the terminal itself echoes what is typed
        terminal.send(QUESTION + ENTER + DRAFT)
        terminal.until(
            lambda: len(terminal.raw) >= moment or ("1 turn" in terminal.flat() and "enter send" in terminal.flat())
        )
        shown = terminal.flat()
        assert terminal.hang_up() < MAX_S
        assert terminal.status == 0
    turns, draft = kept()
    assert set(heard(endpoint)) <= set(turns)
    for text in (QUESTION, DRAFT):
        assert text in [*turns, *draft.splitlines()] or text not in shown


def test_what_is_kept_before_the_panels_stand_goes_after_the_draft_that_was_there() -> None:
    config = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", memory_id="anna")
    for text in ("from the last time", DRAFT):
        asyncio.run(save_unsent_text(app_context(config, Clock(), Ids(), archive_file()), text))
    assert kept() == ([], f"from the last time\n{DRAFT}")


def kept() -> tuple[list[str], str]:
    """What the archive has: the texts of all turns, none of which may be called unfinished, and the draft."""
    with closing(Archive(archive_file(), Clock())) as archive:
        assert archive.notice is None
        turns = [turn for session in archive.sessions() for turn in archive.turns(session.key)]
        assert all(turn.state != TurnStatus.SENT for turn in turns)
        ((draft,),) = archive.rows("SELECT coalesce(max(draft), '') FROM users", ())
        return [turn.text for turn in turns], draft


def heard(endpoint: RunningEndpoint) -> list[str]:
    calls = endpoint.do(lambda its: list(its.calls))
    return [call["input"]["inputText"] for call in calls if call["input"].get("inputText")]


@pytest.mark.usefixtures("endpoint")
def test_after_a_stop_it_takes_the_terminal_again() -> None:
    with running("chat") as terminal:
        ready(terminal)
        for times, number in enumerate((signal.SIGTSTP, signal.SIGSTOP), 1):
            os.kill(terminal.pid, number)
            terminal.until(lambda: state_of(terminal.pid) == "T", "the stop")
            terminal.raw = b""
            os.kill(terminal.pid, signal.SIGCONT)
            terminal.until(lambda: b"\x1b[?1049h" in terminal.raw, "the screen to be taken again")
            terminal.send(DRAFT)
            terminal.sees(DRAFT * times)
        terminal.hang_up()


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize("number", in_part([signal.SIGTERM, signal.SIGINT], 2))
def test_a_signal_ends_it_also_where_the_terminal_takes_nothing_more(number: signal.Signals) -> None:
    with running("chat") as terminal:
        full(terminal)
        os.kill(terminal.pid, number)
        until(lambda: state_of(terminal.pid) == "Z")  # nothing is read meanwhile
