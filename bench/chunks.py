"""Client's cost per chunk of an answer, for answers of a thousand and ten thousand chunks."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.rest import used
from bench.screen import Hands, line, service
from bench.service import CHUNKS_A_SECOND
from bench.terminal import Terminal

FEW, MANY = 1_000, 10_000
SETTLED_S = 8.0
"""Seconds until the first poll of the memory is over."""
AFTER_S = 2.0
"""Seconds from the last chunk until the answer is complete."""


def cost(hands: Hands, chunks: int) -> float:
    """Return the seconds of processor time per chunk of an answer with `chunks` chunks."""
    seconds = chunks / CHUNKS_A_SECOND
    hands.send(f"{seconds:g}")
    before = used(hands.terminal.pid)
    hands.watch(seconds + AFTER_S)
    return (used(hands.terminal.pid) - before) / chunks


def report() -> Iterator[str]:
    """Measure; yield one figure."""
    with tempfile.TemporaryDirectory() as folder, service() as url:
        home = Path(folder)
        command = [sys.executable, "-m", "bench.hooked", url, str(home / "archive.sqlite3"), str(home / "found.json")]
        terminal = Terminal(command, os.environ)
        hands = Hands(terminal)
        terminal.until("older")
        hands.watch(SETTLED_S)
        few, many = cost(hands, FEW), cost(hands, MANY)
        terminal.close()
    shown = f"{few * 1000:.2f} ms of {FEW:,}, {many * 1000:.2f} ms of {MANY:,}: {many / few:.2f} ×"
    yield line("processor time of an answer's chunk", shown, "≤ 1.2 ×", many > 1.2 * few)
