"""A user at the client's terminal, who can do what people do and finds the way back to the prompt."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.soak.accounts import Accounts

ESCAPE, ENTER, TAB, DOWN = "\x1b", "\r", "\t", "\x1b[B"
F1, F2, F3, F4, F5 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
FOCUS_IN, FOCUS_OUT, PALETTE, QUIT = "\x1b[I", "\x1b[O", "\x10", "\x11"
CLEAR = "\x1b[18~\x7f"
"""Selects the whole prompt and deletes it."""
EMPTY_PROMPT, RESTING = "Ask, book, change", "enter send"
PATIENCE_S = 8.0
"""Seconds that an answer may take until the user stops it, as one that stalls."""
LOST_S = 60.0
"""Seconds after which something that does not come is an error; the machine may be busy."""
_WRONG = re.compile(r" (?:error|critical) +\d+ |unexpected failure|unhandled exception")


class SoakTerminal(Terminal):
    """A terminal that forgets what was written, and whose screen has the size that the program was told."""

    def resize(self, columns: int, rows: int) -> None:
        super().resize(columns, rows)
        self._screen.resize(rows, columns)
        self._rows = None

    def watch(self, seconds: float, until: Callable[[], object] = lambda: False) -> bool:
        """Read for `seconds`, or until the predicate is true; return whether it is."""
        end = time.monotonic() + seconds
        while not (found := until()) and (left := end - time.monotonic()) > 0 and self.status is None:
            self._read(min(left, 0.1))
            self.raw = b""
        return bool(found)


class User:
    """Does one thing after the other; each begins and ends at the prompt."""

    def __init__(self, terminal: SoakTerminal, accounts: Accounts, home: Path) -> None:
        self._terminal = terminal
        self._accounts = accounts
        self._home = home
        self.watch = terminal.watch
        self.resize = terminal.resize
        self.press = terminal.send

    def shows(self, *texts: str) -> bool:
        """Whether the screen shows one of the texts."""
        text = self._terminal.text()
        return any(each in text for each in texts)

    def begin(self) -> None:
        """Wait for the prompt; a key before that would be edited by the terminal itself. Raises TimeoutError."""
        if not self.watch(LOST_S, self._is_home):
            raise TimeoutError(f"the client does not begin; it shows\n{self._terminal.text()}")

    def go_home(self) -> None:
        """Leave whatever is in front, and empty the prompt. Raises TimeoutError if that does not work."""
        end = time.monotonic() + LOST_S
        while not self.watch(0.3, self._is_home):
            if time.monotonic() > end or self._terminal.status is not None:
                raise TimeoutError(f"no way back to the prompt; it shows\n{self._terminal.text()}")
            self.press(ESCAPE)
            if self.watch(0.5, self._is_home):
                return
            if self.shows(EMPTY_PROMPT):
                self._click(EMPTY_PROMPT)
            else:
                self.press(CLEAR)
                if not self.watch(0.5, lambda: self.shows(EMPTY_PROMPT)):
                    self.press(F4)  # a narrow window may show another pane

    def _click(self, text: str) -> None:
        """Click on a text that the screen shows."""
        for row, line in enumerate(self._terminal.rows(), 1):
            if (column := line.find(text) + 1) > 0:
                self.press(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
                return

    def _is_home(self) -> bool:
        rows = [row for row in self._terminal.rows() if row.strip()]
        return bool(rows) and RESTING in rows[-1] and self.shows(EMPTY_PROMPT)

    def say(self, text: str) -> str:
        """Send a message and wait for its end, or stop it if that does not come; return the state of the turn."""
        self.go_home()
        self._accounts.send(text)
        self.press(text + ENTER)
        end = time.monotonic() + LOST_S
        while not self.watch(5, lambda: self._accounts.state(text)):
            if time.monotonic() > end or self._terminal.status is not None:
                raise TimeoutError(f"the message was not sent: {text!r}; it shows\n{self._terminal.text()}")
            self.press(ENTER)  # the answer before had just ended, and the message waited in the prompt
        ended = self.watch(PATIENCE_S, lambda: self._accounts.state(text) != "sent")
        while not ended:
            self.press(ESCAPE)
            ended = self.watch(1, lambda: self._accounts.state(text) != "sent")
        state = self._accounts.state(text) or ""
        if state != "answered":
            self.watch(3, lambda: not self.shows(EMPTY_PROMPT))  # the message comes back into the prompt
        self.go_home()
        return state

    def command(self, text: str, *keys: str, shown: str = "", seconds: float = 2.0) -> None:
        """Run a slash command or press a key, wait until `shown`, and press more keys. Raises TimeoutError."""
        self.go_home()
        self.press(text + ENTER if text.startswith("/") else text)
        self.watch(0.5)
        if shown and not self.watch(LOST_S, lambda: self.shows(shown)):
            raise TimeoutError(f"{text} does not show {shown!r}, but\n{self._terminal.text()}")
        for key in keys:
            self.press(key)
            self.watch(0.5)
        self.watch(seconds)
        self.go_home()

    def export(self, name: str, *, then_open: bool) -> None:
        """Export the conversation, open it again if wanted, and delete it. Raises TimeoutError."""
        folder = self._home / "work" / name
        self.go_home()
        self.press(f"/export {folder}{ENTER}")
        if not self.watch(LOST_S, (folder / "manifest.json").exists):
            raise TimeoutError(f"nothing was exported; it shows\n{self._terminal.text()}")
        if then_open:
            self.command(f"/open {folder}", shown="All hashes verified")
        self.go_home()
        shutil.rmtree(folder)

    def leave(self) -> list[str]:
        """Quit; return what is wrong with that."""
        self.go_home()
        self.press(QUIT)
        self.watch(1)
        self.press(QUIT)
        status = self._terminal.ended()
        return [f"the client ended with status {status}"] if status else []

    def wrong(self, log: Path) -> list[str]:
        """Return what the log or the screen has that should not be there."""
        lines = log.read_text(encoding="utf-8").splitlines()
        found = [f"in the log: {line}" for line in lines if _WRONG.search(line)]
        if self._terminal.status:
            found.append(f"the client ended with status {self._terminal.status}; it showed\n{self._terminal.text()}")
        return found
