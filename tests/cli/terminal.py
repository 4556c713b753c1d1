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
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte

from tests.endpoint import WAIT_S


class Terminal:
    """A program that runs in a terminal of `columns` × `rows`."""

    def __init__(
        self,
        *command: str,
        environment: Mapping[str, str],
        columns: int = 120,
        rows: int = 40,
        ignoring: Collection[signal.Signals] = (),
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._rows: list[str] | None = None
        self.raw = b""
        self.status: int | None = None
        # pytest-xdist sets these two, and they would be believed before the terminal.
        own = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            for number in ignoring:
                signal.signal(number, signal.SIG_IGN)
            os.execve(command[0], list(command), own)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def _read(self, wait_s: float) -> bool:
        """Read what the program has written, and whether it has ended; whether there was anything."""
        data = b""
        if select.select([self._master], [], [], wait_s)[0]:
            with suppress(OSError):
                data = os.read(self._master, 65536)
            self.raw += data
            self._rows = None
            # pyte takes the private form of "report keys" for a cursor command, so it is left out.
            self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return bool(data)

    def rows(self) -> list[str]:
        """The screen's rows; taken once after the program has written, since it takes longer than to write them."""
        if self._rows is None:
            self._rows = list(self._screen.display)
        return self._rows

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.rows())

    def flat(self) -> str:
        """What the screen shows, in one line: by column as the wide layout has them, then as it stands."""
        rows = self.rows()
        words = " ".join(row[:74] for row in rows) + " " + " ".join(row[74:] for row in rows)
        return " ".join(f"{words} ‖ {' '.join(rows)}".replace("▏", " ").split())

    def until(self, predicate: Callable[[], object], what: str = "the predicate") -> None:
        """Wait for a predicate, reading what the program writes."""
        deadline = time.monotonic() + WAIT_S
        while not predicate():
            assert time.monotonic() < deadline, f"waited in vain for {what}; it shows\n{self.text()}"
            self._read(0.05)

    def sees(self, *texts: str) -> None:
        """Wait until the screen shows every text."""

        def shown() -> bool:
            flat = self.flat()
            return all(text in flat for text in texts)

        self.until(shown, repr(texts))

    def ended(self) -> int:
        """Wait for the end; the exit status."""
        self.until(lambda: self.status is not None, "the end")
        while self._read(0):
            pass  # what it wrote last
        assert self.status is not None
        return self.status

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, of which the program hears by a signal."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def fill(self) -> None:
        """Have the terminal take nothing more, as one does that stopped reading; whoever writes then, waits."""
        end = os.open(f"/proc/{self.pid}/fd/1", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        while select.select([], [end], [], 0.1)[1]:  # the system makes room for some more a moment later
            with suppress(BlockingIOError):
                os.write(end, b" " * 4096)
        os.close(end)

    def hang_up(self) -> float:
        """Let the terminal go and wait for the program's end; the seconds of processor time that it used for that."""
        before = self._processor_s()
        self._close_master()
        deadline = time.monotonic() + WAIT_S
        while self._stat()[0] != "Z":
            assert time.monotonic() < deadline, "waited in vain for the end without a terminal"
            time.sleep(0.01)
        used = self._processor_s() - before
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return used

    def _stat(self) -> list[str]:
        """The fields of /proc/PID/stat from the state on."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()

    def _processor_s(self) -> float:
        return sum(map(int, self._stat()[11:13])) / os.sysconf("SC_CLK_TCK")

    def _close_master(self) -> None:
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def close(self) -> None:
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self._close_master()


def processes_of(folder: Path) -> list[str]:
    """The command lines of running processes with `folder` in their environment, this one left out."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            with suppress(OSError):  # it has ended, or is another user's
                zombie = (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                if os.fsencode(folder) in (process / "environ").read_bytes() and not zombie:
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def installed() -> str:
    """The travel-tui command of the environment that runs the tests."""
    return str(Path(sys.executable).with_name("travel-tui"))


@contextmanager
def running(
    *arguments: str,
    columns: int = 120,
    rows: int = 40,
    ignoring: Collection[signal.Signals] = (),
    **environment: str,
) -> Iterator[Terminal]:
    """Run travel-tui in a terminal; whatever happens it is gone afterwards."""
    terminal = Terminal(
        installed(),
        *arguments,
        environment={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        columns=columns,
        rows=rows,
        ignoring=ignoring,
    )
    try:
        yield terminal
    finally:
        terminal.close()
