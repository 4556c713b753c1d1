"""A program in a pseudo-terminal, timed by its output."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress


class Terminal:
    """Starts `command` in its own terminal and collects its output. The terminal itself echoes nothing."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (120, 40)
    ) -> None:
        self.written = bytearray()
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        modes = termios.tcgetattr(slave)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        self.began = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(slave, number)
            os.closerange(3, 256)
            os.execve(command[0], list(command), {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"})  # noqa: S606
        os.close(slave)
        self.master = master

    def send(self, text: str) -> None:
        os.write(self.master, text.encode())

    def until(self, *texts: str, limit_s: float = 30) -> float:
        """Read until every text was written at least once; return the seconds since the start."""
        wanted = [text.encode() for text in texts]
        while not all(text in self.written for text in wanted):
            left = self.began + limit_s - time.perf_counter()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                missing = [text.decode() for text in wanted if text not in self.written]
                raise TimeoutError(f"{missing} not shown within {limit_s} s; it showed {self.written[-2000:]!r}")
            try:
                self.written += os.read(self.master, 65536)
            except OSError as error:
                raise TimeoutError(f"it ended; it showed {self.written[-2000:]!r}") from error
        return time.perf_counter() - self.began

    def read_for(self, seconds: float) -> None:
        """Read for `seconds`, so that the program never blocks on its output."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.master], [], [], left)[0]:
                self.written += os.read(self.master, 65536)

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        end = time.perf_counter() + 3
        while time.perf_counter() < end:
            with suppress(OSError):
                if select.select([self.master], [], [], 0.01)[0]:
                    os.read(self.master, 65536)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
