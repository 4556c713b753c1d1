"""The log file of --log: one line a record, without keys, and without what was said unless that is asked for.

Records of travel-tui itself are kept from the chosen level on. Those of libraries are kept from `warning` on, without
their words unless what was said is asked for: at lower levels boto3 and httpx log requests with headers and bodies.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from travel_tui import __version__
from travel_tui.cli.redaction import without_secrets
from travel_tui.conversation.turn_log import SAID
from travel_tui.text import safe

_OWN = ("travel_tui", "provision")
_FRAMES = 30
"""Places of a traceback that a record has at most, the innermost ones."""
_BEGINS, _WITH_CONTENT = "log opened:", "with what was said"
_LOG = logging.getLogger(__name__)


def open_log(path: Path, level: str, *, content: bool) -> Callable[[], str]:
    """Log to `path` (0600, appended) from now on; return what ends that, and returns why the log is incomplete or "".

    Raises OSError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    handler = _FileHandler(os.fdopen(descriptor, "w", encoding="utf-8", errors="replace"))
    handler.setFormatter(_Line(content=content))
    handler.addFilter(_Wanted(level, content=content))
    root, hook = logging.getLogger(), sys.excepthook
    if logging.lastResort is not None and not root.handlers:
        root.addHandler(logging.lastResort)  # warnings go to standard error as they do without a log
    root.addHandler(handler)
    own = [logging.getLogger(name) for name in _OWN]
    for each in own:
        each.setLevel(level.upper())
    logging.getLogger(SAID).setLevel(logging.INFO if content else logging.CRITICAL + 1)

    def log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _LOG.error("unhandled exception", exc_info=error)
        hook(kind, error, trace)

    sys.excepthook = log_crash
    kept = _WITH_CONTENT if content else "without what was said"
    handler.emit(  # whatever the level is: `shareable_tail` reads it
        _LOG.makeRecord(
            _LOG.name, logging.INFO, __file__, 0, "%s travel-tui %s, Python %s, %s; level %s, %s",
            (_BEGINS, __version__, platform.python_version(), platform.system(), level, kept), None,
        )
    )  # fmt: skip

    def close() -> str:
        sys.excepthook = hook
        root.removeHandler(handler)
        if logging.lastResort is not None:
            root.removeHandler(logging.lastResort)
        for each in (*own, logging.getLogger(SAID)):
            each.setLevel(logging.NOTSET)
        handler.close()
        return handler.failure

    return close


def shareable_tail(path: Path, lines: int) -> tuple[list[str], str]:
    """Return the last lines of a log, and why none may be shared, or "". Raises OSError."""
    with path.open(encoding="utf-8", errors="replace") as file:
        found = file.read().splitlines()
    if not found or _BEGINS not in found[0]:
        return [], "it was not written by --log"
    if any(_BEGINS in line and line.endswith(_WITH_CONTENT) for line in found):
        return [], "it holds what was said (--log-content)"
    return found[-lines:], ""


class _FileHandler(logging.StreamHandler[TextIO]):
    """Writes records to a file until that fails, as on a full disk; the command goes on without a log then."""

    failure = ""

    def emit(self, record: logging.LogRecord) -> None:
        if not self.failure:
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's signature
        error = sys.exception()
        self.failure = (isinstance(error, OSError) and error.strerror) or type(error).__name__

    def close(self) -> None:
        try:
            self.stream.close()
        except OSError as error:
            self.failure = self.failure or error.strerror or type(error).__name__
        super().close()


class _Wanted(logging.Filter):
    def __init__(self, level: str, *, content: bool) -> None:
        super().__init__()
        self._level = logging.getLevelNamesMapping()[level.upper()]
        self._content = content

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == SAID:
            return self._content
        return record.levelno >= (self._level if _is_own(record) else max(self._level, logging.WARNING))


class _Line(logging.Formatter):
    """Formats a record as one line; the messages of exceptions and of libraries may quote what was said."""

    def __init__(self, *, content: bool) -> None:
        super().__init__()
        self._content = content

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = self._told(record)
        if record.exc_info and (error := record.exc_info[1]) is not None:
            told += f" | {places_of(error, content=self._content)}"
        line = f"{at} {record.levelname.lower():<8} {record.process} {record.name}: {told}"
        return safe(without_secrets(line)).replace("\n", "␤")

    def _told(self, record: logging.LogRecord) -> str:
        if self._content:
            return record.getMessage()
        if not _is_own(record):
            return f"(message left out) in {record.funcName}, {Path(record.pathname).name}:{record.lineno}"
        arguments = record.args
        if isinstance(arguments, tuple):
            arguments = tuple(type(each).__name__ if isinstance(each, BaseException) else each for each in arguments)
        return str(record.msg) % arguments if arguments else str(record.msg)


def places_of(error: BaseException, *, content: bool = False) -> str:
    """Describe an exception and its causes by their types and places; their words only with `content`."""
    chain: list[str] = []
    following: BaseException | None = error
    while following is not None and len(chain) < _FRAMES:
        frames = traceback.extract_tb(following.__traceback__)[-_FRAMES:]
        places = " > ".join(f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames)
        words = f": {following}" if content else ""
        chain.append(f"{type(following).__name__}{words} at {places or 'an unknown place'}")
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return ", from ".join(chain)


def _is_own(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _OWN
