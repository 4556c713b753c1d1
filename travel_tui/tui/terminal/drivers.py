"""Drivers that end the application when its terminal closes. With `web_driver`, they rely on Textual's internals.

Textual's own drivers read a closed terminal's end of file in a busy loop; and once output fails, the writer thread has
died and every write blocks forever (8.2.8). The internals used here are no public interface:
`tests/tui/test_drivers.py` fails if a newer Textual has changed them.
"""

from __future__ import annotations

import errno
import os
import select
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.drivers.linux_driver import LinuxDriver

from travel_tui.tui.terminal.input_parser import InputParser

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

WAIT_S = 0.1
"""Seconds to wait for more of a key before the parser may treat an escape as the escape key; Textual's value."""
PASTE_WAIT_S = 0.01
"""Seconds to wait after Enter for the next line of a paste; nobody types as fast, or notices such a delay."""
AT_ONCE = 4096
"""Bytes of input read at once; Textual's value."""
PENDING = 8192
"""Characters of output buffered before they are written, unless Textual flushes earlier."""


class ClosableApp(Protocol):
    """Interface of the application, as used by these drivers."""

    def end(self) -> None:
        """End soon; may be called from any thread, and more than once."""


class Output:
    """Output file on a terminal, with the methods that Textual's writer thread uses.

    Once writing fails, it calls `lost` and discards all further output, so that the thread continues and no caller
    blocks. It writes to the file descriptor, because a Python stream would try again when the process ends.
    """

    def __init__(self, fd: int, encoding: str, lost: Callable[[], None]) -> None:
        self._fd, self._encoding, self._lost = fd, encoding, lost
        self._pending: list[str] = []
        self._size = 0
        self._works = True

    def fileno(self) -> int:
        return self._fd

    def write(self, text: str) -> None:
        """Write, now or with the next `flush`."""
        self._pending.append(text)
        self._size += len(text)
        if self._size > PENDING:
            self.flush()

    def flush(self) -> None:
        """Write the buffered output; blocks while the terminal accepts none."""
        data = memoryview("".join(self._pending).encode(self._encoding, "replace"))
        self._pending.clear()
        self._size = 0
        while data and self._works:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:  # another program has made the terminal non-blocking
                select.select([], [self._fd], [], WAIT_S)
            except OSError:
                self._works = False
                self._lost()


class TerminalDriver(LinuxDriver):
    """Textual's driver, but ends the application when its terminal closes. It draws on standard output."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._lost = cast("ClosableApp", app).end
        self._wake: tuple[int, int] | None = None
        """Both ends of the pipe that ends a wait for input, while there is an input thread."""
        if (stdout := sys.__stdout__) is not None:
            # Not on standard error as in Textual, which may be a file.
            self._file = cast("Any", Output(stdout.fileno(), stdout.encoding, self._lost))

    def start_application_mode(self) -> None:
        """Start as Textual does; end the application if the terminal has closed already."""
        if self._wake is None:  # not again by a start that had to stop in the background
            self._wake = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's has no types
        if _hung_up(self.fileno):
            self._lost()

    def disable_input(self) -> None:
        """Stop the input thread as Textual does, which waits for it, but have it end at once."""
        if self._wake is None:
            return
        os.write(self._wake[1], b"x")
        super().disable_input()
        for end in self._wake:
            os.close(end)
        self._wake = None

    def _sigtstp_application(self, *_: object) -> None:
        self._soon(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self._go_on)

    def _soon(self, call: Callable[[], None]) -> None:
        """Run `call` in the event loop.

        In a signal handler, as in Textual, it could wait for a lock of the interrupted code.
        """
        with suppress(RuntimeError):  # the application has ended
            self._loop.call_soon_threadsafe(call)

    def _go_on(self) -> None:
        """Take the terminal again after a stop, whether it could be handled (SIGTSTP) or not (SIGSTOP)."""
        if _hung_up(self.fileno):
            self._lost()
        elif self._auto_restart:
            if not self._must_signal_resume:
                self.suspend_application_mode()  # otherwise two threads would read
                self._must_signal_resume = True
            self.resume_application_mode()

    def write(self, data: str) -> None:
        """Write as Textual does; discard output without a writer thread: the terminal closed before it started."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(data)

    def run_input_thread(self) -> None:
        """Dispatch input until the driver stops or the terminal closes; replaces Textual's method."""
        parser = InputParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode  # invalid bytes become replacement characters
        while not self.exit_event.is_set():
            try:
                data = self._read(WAIT_S if parser.waits else None)
            except OSError:
                data = b""
            if data == b"":
                self._lost()
                return
            if data is not None and data.endswith(b"\r"):
                data += self._rest_of_paste()
            if data is not None:
                self._dispatch(parser.feed(decode(data)))
            self._dispatch(parser.tick())

    def _read(self, wait_s: float | None) -> bytes | None:
        """Return available input, None if there is none after `wait_s` or input is to stop, empty at the end of input.

        Without a limit the thread of a client at rest does not run; Textual's wakes ten times a second.

        Raises OSError.
        """
        wake = [] if self._wake is None else [self._wake[0]]
        if self.fileno not in select.select([self.fileno, *wake], [], [], wait_s)[0]:
            return None
        try:
            return os.read(self.fileno, AT_ONCE)
        except BlockingIOError:  # another program reading the same terminal was faster
            return None

    def _rest_of_paste(self) -> bytes:
        """Return input that comes directly after Enter: whether that sends depends on it."""
        rest = b""
        with suppress(OSError):  # the next read tells of an end of input
            while rest[-1:] in (b"", b"\r") and select.select([self.fileno], [], [], PASTE_WAIT_S)[0]:
                more = os.read(self.fileno, AT_ONCE)
                if not more:
                    break
                rest += more
        return rest

    def _dispatch(self, events: Iterable[Message]) -> None:
        for event in events:
            self.process_message(event)


def _hung_up(fd: int) -> bool:
    try:
        termios.tcgetattr(fd)
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    return False
