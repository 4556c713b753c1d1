"""kill -9 at any moment loses no turn: what the agent heard is in the archive, and the next start reads it.

A hundred moments are `make soak`; `make check` takes a seeded tenth of them, `make test` three.
"""

from __future__ import annotations

import os
import random
import signal
from contextlib import closing

import pytest

from tests.cli.terminal import Terminal, running
from tests.endpoint import AGENT, running_endpoint
from travel_tui.archive import Archive
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig, save_agent
from travel_tui.paths import archive_file, config_file

SOAK = bool(os.environ.get("TRAVEL_TUI_SOAK"))
MOMENTS, QUICK = (100, 100) if SOAK else (10, 1)
SEED = 11
ALL_OF_IT, DELETE = "\x1b[18~", "\x7f"
MAX_BYTES = 14_000
"""A turn writes about so much to the terminal; a moment is a number of them."""


def nothing_written(terminal: Terminal) -> bool:
    """Whether the prompt is empty; what was being written when the client was killed is there again, and is deleted."""
    if "Ask, book, change" in terminal.flat():
        return True
    terminal.send(ALL_OF_IT)
    terminal.send(DELETE)
    return False


@pytest.mark.parametrize(
    "number", [*range(QUICK), *(pytest.param(number, marks=pytest.mark.slow) for number in range(QUICK, MOMENTS))]
)
def test_killed_at_any_moment_no_turn_is_lost(number: int) -> None:
    moment = random.Random(f"{SEED} {number}").randrange(MAX_BYTES)
    with running_endpoint(pace=300.0) as endpoint:
        ids = (AGENT["agentId"], AGENT["agentAliasId"])
        save_agent(config_file(), AgentConfig("travel", *ids, "us-east-1", endpoint_url=endpoint.url, memory_id="anna"))
        with running("chat") as terminal:
            terminal.sees("No memories yet")
            terminal.send("I live in Oslo\r")
            terminal.sees("1 turn", "· first", "enter send")
            begun = len(terminal.raw)
            terminal.send("What can you do for me, and what do you know of me?\r")
            terminal.until(
                lambda: (
                    len(terminal.raw) - begun >= moment
                    or ("2 turns" in terminal.flat() and "enter send" in terminal.flat())
                )
            )
            os.kill(terminal.pid, signal.SIGKILL)
            terminal.ended()
        calls = endpoint.do(lambda its: list(its.calls))
        heard = [call["input"]["inputText"] for call in calls if call["input"].get("inputText")]
        with closing(Archive(archive_file(), Clock())) as archive:
            assert archive.notice is None
            (session,) = archive.sessions()
            kept = archive.turns(session.key)
        assert [turn.text for turn in kept][: len(heard)] == heard
        assert kept[0].answer
        with running("chat") as terminal:
            terminal.sees("No memories yet")
            terminal.until(lambda: nothing_written(terminal), "a draft to be gone")
            terminal.send("/past\r")
            terminal.sees("Sessions of anna", "turn")
