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
from travel_tui.archive import Archive, TurnState
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


def ready(anna: Terminal) -> None:
    anna.sees("No memories yet")


def nothing(anna: Terminal) -> None:
    """The moment of the start."""


def first_byte(anna: Terminal) -> None:
    anna.until(lambda: b"\x1b[?1049h" in anna.raw, "the first thing that it writes")


def first_paint(anna: Terminal) -> None:
    anna.sees("travel-tui ·")


def draft(anna: Terminal) -> None:
    ready(anna)
    anna.send("half a sen")
    anna.sees("half a sen")


def waiting(anna: Terminal) -> None:
    ready(anna)
    anna.send(QUESTION + ENTER)
    anna.sees("You", "Agent")


def streaming(anna: Terminal) -> None:
    ready(anna)
    anna.send(QUESTION + ENTER)
    anna.sees("by train or by")


def palette(anna: Terminal) -> None:
    ready(anna)
    anna.send(CTRL_P)
    anna.sees("Search for commands")


def dialog(anna: Terminal) -> None:
    ready(anna)
    anna.send("Hello" + ENTER)
    anna.sees("1 turn", "enter send")
    anna.send(CTRL_Q)
    anna.sees("End the session before quitting?")


def keys(anna: Terminal) -> None:
    first_paint(anna)
    anna.send(b"\xe9\xff")  # no UTF-8, and no end either
    anna.send(F1)
    anna.sees("stop the answer")


def summarising(anna: Terminal) -> None:
    ready(anna)
    anna.send("Hello" + ENTER)
    anna.sees("1 turn", "enter send")
    anna.send(F2)
    anna.sees("summarising")


def stopped(anna: Terminal) -> None:
    """Stopped as by ctrl+z; the terminal's end wakes it."""
    ready(anna)
    os.kill(anna.pid, signal.SIGTSTP)
    until(lambda: state_of(anna.pid) == "T")


def full(anna: Terminal) -> None:
    """The terminal takes nothing more, and there is more to show than the writing thread's queue has room for."""
    draft(anna)
    anna.fill()
    for width in range(60, 110):
        anna.resize(width, 40)
        anna.send("x")


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
        marks=[pytest.mark.slow] if number % 3 else [],
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
    with running(command, ignoring=ignoring) as anna:
        moment(anna)
        assert anna.hang_up() < MAX_S
        assert b"Traceback" not in anna.raw
        if moment is not nothing:  # then a hangup may come before anything is imported
            assert anna.status == 0


def test_what_was_sent_and_what_was_being_written_is_kept(endpoint: RunningEndpoint) -> None:
    with running("chat") as anna:
        waiting(anna)
        anna.send(DRAFT)
        anna.sees(DRAFT, "by train or by")
        anna.hang_up()
    assert kept() == ([QUESTION], DRAFT)
    assert heard(endpoint) == [QUESTION]


@pytest.mark.usefixtures("endpoint")
def test_what_was_written_before_the_panels_stand_is_kept() -> None:
    with running("chat") as anna:
        first_paint(anna)
        anna.send(DRAFT)
        anna.sees(DRAFT)
        anna.hang_up()
    assert kept() == ([], DRAFT)


@pytest.mark.parametrize("number", range(RANDOM))
def test_at_a_random_moment_nothing_is_lost(number: int, endpoint: RunningEndpoint) -> None:
    moment = random.Random(f"{SEED} {number}").randrange(MAX_BYTES)
    with running("chat", ignoring=HANGUPS[number % 2]) as anna:
        first_paint(anna)  # before, the terminal itself echoes what is typed
        anna.send(QUESTION + ENTER + DRAFT)
        anna.until(lambda: len(anna.raw) >= moment or ("1 turn" in anna.flat() and "enter send" in anna.flat()))
        shown = anna.flat()
        assert anna.hang_up() < MAX_S
        assert anna.status == 0
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
        assert all(turn.state != TurnState.SENT for turn in turns)
        ((draft,),) = archive.rows("SELECT coalesce(max(draft), '') FROM users", ())
        return [turn.text for turn in turns], draft


def heard(endpoint: RunningEndpoint) -> list[str]:
    calls = endpoint.do(lambda its: list(its.calls))
    return [call["input"]["inputText"] for call in calls if call["input"].get("inputText")]


@pytest.mark.usefixtures("endpoint")
def test_after_a_stop_it_takes_the_terminal_again() -> None:
    with running("chat") as anna:
        ready(anna)
        for times, number in enumerate((signal.SIGTSTP, signal.SIGSTOP), 1):
            os.kill(anna.pid, number)
            anna.until(lambda: state_of(anna.pid) == "T", "the stop")
            anna.raw = b""
            os.kill(anna.pid, signal.SIGCONT)
            anna.until(lambda: b"\x1b[?1049h" in anna.raw, "the screen to be taken again")
            anna.send(DRAFT)
            anna.sees(DRAFT * times)
        anna.hang_up()


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_also_where_the_terminal_takes_nothing_more(number: signal.Signals) -> None:
    with running("chat") as anna:
        full(anna)
        os.kill(anna.pid, number)
        until(lambda: state_of(anna.pid) == "Z")  # nothing is read meanwhile
