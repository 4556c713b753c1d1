"""Query the terminal for kitty's keyboard protocol, which distinguishes Shift+Enter from Enter."""

from __future__ import annotations

import os
import re
import select
import sys
import time

WAIT_S = 0.5
"""Timeout in seconds for the terminal's answer; distant ones over ssh take some 0.2 s."""
_ASK = b"\x1b[?u\x1b[c"
"""Query of the protocol's flags (only terminals that have it answer) and of the device attributes (all answer)."""
_FLAGS, _WHAT = re.compile(rb"\x1b\[\?\d+u"), re.compile(rb"\x1b\[\?[\d;]*c")


def supports_kitty_keyboard() -> bool | None:
    """Whether the terminal has the protocol; None if it does not answer or there is no terminal."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        return None
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        os.write(sys.stdout.fileno(), _ASK)
        answer = _answer(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
    return bool(_FLAGS.search(answer)) if _WHAT.search(answer) else None


def _answer(terminal: int) -> bytes:
    """Read until the device attributes have arrived or the time is up."""
    answer, until = b"", time.monotonic() + WAIT_S
    while not _WHAT.search(answer) and (left := until - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            answer += os.read(terminal, 1024)
    return answer
