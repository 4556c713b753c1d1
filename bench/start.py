"""Time from exec to a prompt that accepts keys, compared with a bare Textual app in the same run."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.terminal import Terminal

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("~bare~")
Bare().run()
"""
RAW = "\x1b[?1049h"
"""Written when the client takes over the terminal; keys sent before go to the shell."""
TYPED = "~"
"""A character that no frame of the client shows by itself."""


def painted(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the seconds to the bare app's first paint."""
    terminal = Terminal(command, environment)
    first = terminal.until("~bare~")
    terminal.close()
    return first


def shows_key(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the seconds until the client echoes a key typed as soon as it owned the terminal, with all frames."""
    terminal = Terminal(command, environment)
    terminal.until(RAW)
    terminal.send(TYPED)
    second = terminal.until(TYPED, "Session", "Memory")
    terminal.close()
    return second


def measure(rounds: int = 9) -> dict[str, float]:
    """Return medians in seconds: bare app painted; key echoed with the three panes' frames; all panes filled."""
    bare, echo, filled = [], [], []
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "HOME": home,
            "XDG_DATA_HOME": home,
            "XDG_CONFIG_HOME": home,
            "XDG_STATE_HOME": home,
        }
        client = str(Path(sys.executable).parent / "travel-tui")
        for number in range(rounds + 1):
            first = painted([sys.executable, "-c", BARE], environment)
            terminal = Terminal([client, "demo"], environment)
            terminal.until(RAW)
            terminal.send(TYPED)
            second = terminal.until(TYPED, "Session", "Memory")
            third = terminal.until("open", "ended", "summarising", "stored", "No messages yet", "Loading…")
            terminal.close()
            if number:  # the first round warms the caches
                bare.append(first)
                echo.append(second)
                filled.append(third)
    return {"bare": statistics.median(bare), "echo": statistics.median(echo), "filled": statistics.median(filled)}


def report() -> list[str]:
    """Return the lines of the table."""
    found = measure()
    bare, echo, filled = found["bare"], found["echo"], found["filled"]
    return [
        f"start, bare app painted          {bare * 1000:6.0f} ms",
        f"start, a typed key shows         {echo * 1000:6.0f} ms   {echo / bare:.2f} × bare (goal 1.5)",
        f"start, all panes filled          {filled * 1000:6.0f} ms   {filled / bare:.2f} × bare (goal 2.0)",
    ]
