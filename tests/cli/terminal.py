"""The installed command in a real terminal: a pseudo-terminal, with a screen to read."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte

WAIT_S = 30.0


class Terminal:
    """A program that runs in a terminal of `columns` × `rows`."""

    def __init__(self, *command: str, environment: Mapping[str, str], columns: int = 120, rows: int = 40) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self.status: int | None = None
        # pytest-xdist sets these two, and they would be believed before the terminal.
        own = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execve(command[0], list(command), own)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def _read(self, wait_s: float) -> None:
        if select.select([self._master], [], [], wait_s)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                data = b""
            self.raw += data
            # pyte takes the private form of "report keys" for a cursor command, so it is left out.
            self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self._screen.display)

    def flat(self) -> str:
        """What the screen shows, in one line: by column as the wide layout has them, then as it stands."""
        halves = [(row[:74], row[74:]) for row in self._screen.display]
        words = " ".join(left for left, _ in halves) + " " + " ".join(right for _, right in halves)
        return " ".join(f"{words} ‖ {' '.join(self._screen.display)}".replace("▏", " ").split())

    def until(self, predicate: Callable[[], object], what: str = "the predicate") -> None:
        """Wait for a predicate, reading what the program writes."""
        deadline = time.monotonic() + WAIT_S
        while not predicate():
            assert time.monotonic() < deadline, f"waited in vain for {what}; it shows\n{self.text()}"
            self._read(0.05)

    def sees(self, *texts: str) -> None:
        """Wait until the screen shows every text."""
        self.until(lambda: all(text in self.flat() for text in texts), repr(texts))

    def ended(self) -> int:
        """Wait for the end; the exit status."""
        self.until(lambda: self.status is not None, "the end")
        assert self.status is not None
        return self.status

    def close(self) -> None:
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)


def installed() -> str:
    """The travel-tui command of the environment that runs the tests."""
    return str(Path(sys.executable).with_name("travel-tui"))


@contextmanager
def running(*arguments: str, columns: int = 120, rows: int = 40, **environment: str) -> Iterator[Terminal]:
    """Run travel-tui in a terminal; whatever happens it is gone afterwards."""
    terminal = Terminal(
        installed(),
        *arguments,
        environment={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        columns=columns,
        rows=rows,
    )
    try:
        yield terminal
    finally:
        terminal.close()
