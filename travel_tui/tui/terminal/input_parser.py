"""Terminal input as events: Textual's parser (8.2.8) with fixes for lost or reordered input.

A paste is delivered as sent, even if it contains escape characters: Textual's parser takes those for keys, which come
before the paste, and a carriage return after one would send the message. A key of the kitty keyboard protocol with many
code points is read as a whole, and one without a valid code point does not end input. Enter typed before the terminal
was in raw mode is delivered as Enter, although the terminal has turned it into a line feed. An Enter that came together
with text after it, as in a paste that the terminal sends as if it were typed, is delivered as `LineBreak`.
"""

from __future__ import annotations

import fcntl
import re
import struct
import sys
import termios
from collections.abc import Generator, Iterable, Sequence

from textual import _xterm_parser, events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

from travel_tui.tui.terminal.typed_text import LineBreak

_xterm_parser._MAX_SEQUENCE_SEARCH_THRESHOLD = 512
"""Most characters of one key; Textual's limit is 32, but a family emoji in kitty's keyboard protocol has more."""

_BEGINNING = re.compile(r"\x1b\[(2|20|200)\Z")
"""A partial paste start sequence, which is no key."""
_ENTER = re.compile(r"\r\n?")
_TEXT = re.compile(r"[\t\n]*[^\x00-\x1f\x7f-\x9f]")
"""Input that begins with text, perhaps indented or after empty lines."""


class InputParser(XTermParser):
    """Parses terminal input. Create it once the terminal is in raw mode and before anything is read."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._early = _waiting()
        """Number of bytes still to be read that were typed before raw mode."""
        self._tail = ""
        """The last input outside a paste, which may be part of a paste start sequence."""
        self._pasted: list[str] | None = None
        """The parts of a paste so far; None outside a paste."""

    @property
    def waits(self) -> bool:
        """Whether `tick` has something to do unless more input comes: an escape that may be the escape key."""
        return self._timeout_time is not None

    def feed(self, data: str) -> Iterable[Message]:
        """Parse the next characters and yield events; an empty string ends the input."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                data = yield from self._outside(data)
            else:
                data = yield from self._inside(self._pasted, data)

    def tick(self) -> Iterable[Message]:
        """Yield events that have waited long enough for more input.

        A partial paste start waits for its rest without a limit.
        """
        if not _BEGINNING.search(self._tail):
            for event in super().tick():
                self._tail = ""
                yield event

    def _outside(self, data: str) -> Generator[Message, None, str]:
        """Parse up to the start of a paste; return the rest."""
        seen = self._tail + data
        start = seen.find(BRACKETED_PASTE_START)
        end = start + len(BRACKETED_PASTE_START) - len(self._tail) if start >= 0 else len(data)
        self._tail = "" if start >= 0 else seen[1 - len(BRACKETED_PASTE_START) :]
        self._pasted = [] if start >= 0 else None
        yield from self._typed(self._raw(data[:end]))
        return data[end:]

    def _typed(self, data: str) -> Generator[Message, None, None]:
        """Parse input outside a paste, one that the terminal has not marked included."""
        first, *pieces = _ENTER.split(data)
        if first:
            yield from super().feed(first)
        for piece, is_break in zip(pieces, _follow_line_breaks(pieces), strict=True):
            for event in super().feed("\r"):
                enter = is_break and isinstance(event, events.Key) and event.key == "enter"
                yield LineBreak("enter", "\r") if enter else event
            if piece:
                yield from super().feed(piece)

    def _inside(self, pasted: list[str], data: str) -> Generator[Message, None, str]:
        """Collect a paste up to its end and yield it; return the rest."""
        pasted.append(data)
        tail = "".join(pasted[-len(BRACKETED_PASTE_END) :])
        if BRACKETED_PASTE_END not in tail:
            return ""
        text, _, rest = "".join(pasted).partition(BRACKETED_PASTE_END)
        self._pasted = None
        for event in super().feed(BRACKETED_PASTE_END):
            yield events.Paste(text.replace("\x00", "")) if isinstance(event, events.Paste) else event
        return rest

    def _raw(self, data: str) -> str:
        """Return `data` as the terminal would have sent it in raw mode."""
        if not self._early:
            return data
        sent = data.encode(errors="replace")
        early = sent[: self._early].decode(errors="ignore")
        self._early = max(0, self._early - len(sent))
        return early.replace("\n", "\r") + data[len(early) :]

    def _parse_extended_key(  # type: ignore[override]  # Textual's keeps what it parsed
        self, sequence: str
    ) -> list[events.Key] | None:
        try:
            return super()._parse_extended_key(sequence)
        except (ValueError, OverflowError):
            return None


def _follow_line_breaks(pieces: Sequence[str]) -> list[bool]:
    """Return for each piece of input whether the Enter before it is a line break: followed by text or another one."""
    found: list[bool] = []
    for piece in reversed(pieces):
        begins = _TEXT.match(piece) is not None
        found.append(begins or (not piece.strip("\t\n") and found[-1:] == [True]))
    return found[::-1]


def _waiting() -> int:
    """Return the number of bytes typed already."""
    terminal = sys.__stdin__
    if terminal is None or not terminal.isatty():
        return 0
    try:
        return int(struct.unpack("i", fcntl.ioctl(terminal.fileno(), termios.FIONREAD, b"\0" * 4))[0])
    except OSError:
        return 0
