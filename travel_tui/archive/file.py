"""The archive's SQLite file: made private, migrated to the newest version, quarantined if damaged."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from travel_tui import UPGRADE
from travel_tui.archive.migrations import MIGRATIONS, OWN_TABLES
from travel_tui.file_kind import not_a_file
from travel_tui.paths import private_folder
from travel_tui.sqlite_version import is_foreign, version_of

BUSY_S = 3.0
"""Seconds that a statement waits for another process before it fails."""


class ArchiveError(Exception):
    """The archive cannot be read or written; the message says why and what to do."""


class DamagedError(ArchiveError):
    """The file is not a sound SQLite database."""


@contextmanager
def translate_sqlite_errors(path: Path | None) -> Iterator[None]:
    """Convert SQLite and system errors about the file at `path` to an ArchiveError with advice."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_words(path, error) from error
    except OSError as error:
        folder = path.parent if path else Path()
        raise ArchiveError(
            f"The archive {path} cannot be opened: {error.strerror or error}. "
            f"Check the permissions with `ls -ld {folder}`."
        ) from error


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the file, or an in-memory database for None, migrated to the newest version. Raises ArchiveError."""
    with translate_sqlite_errors(path):
        if path is not None:
            check_is_archive(path)
            private_folder(path.parent)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
        connection = sqlite3.connect(
            path or ":memory:", timeout=BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        connection.text_factory = _lenient
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = OFF")  # otherwise recreating a table would delete its turns
            _migrate(path, connection)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection


def open_or_quarantine(path: Path, now: Callable[[], datetime]) -> tuple[sqlite3.Connection, str | None]:
    """Open the file; a damaged one is renamed and replaced with a new archive, reported in the returned notice."""
    suspect = _suspicion(path)
    try:
        connection = connect(path)
        if suspect.exists():
            with closing(connection.execute("PRAGMA quick_check(1)")) as rows, translate_sqlite_errors(path):
                sound = rows.fetchone() == ("ok",)
            if not sound:
                connection.close()
                raise DamagedError(str(path))
            suspect.unlink()
    except DamagedError:
        kept = _set_aside(path, now())
        suspect.unlink(missing_ok=True)
        notice = f"The archive was damaged. It is kept as {kept}, and a new one was created at {path}."
        return connect(path), notice
    return connection, None


def mark_suspect(path: Path | None) -> None:
    """Mark the file as possibly damaged, so that the next start checks all of it."""
    if path is not None:
        with suppress(OSError):
            _suspicion(path).touch(mode=0o600)


def _suspicion(path: Path) -> Path:
    return path.with_name(path.name + ".suspect")


def _lenient(text: bytes) -> str:
    """Decode text leniently: a flipped bit in one answer must not hide the rest."""
    return text.decode("utf-8", "replace")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Enable the write-ahead log. SQLite's busy timeout does not cover this, so two first starts can conflict."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(path: Path | None, connection: sqlite3.Connection) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    removed = False
    try:
        version = _version(connection)  # another process may have migrated first
        _refuse_newer(path, version)
        for steps in MIGRATIONS[version:]:
            for step in steps:
                if isinstance(step, str):
                    connection.execute(step)
                else:
                    removed |= step(connection)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    if removed:
        with suppress(sqlite3.Error):  # another program is reading: the next deletion rewrites the file
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def check_is_archive(path: Path) -> None:
    """Raise ArchiveError if the file at `path` is something else, or a newer archive. Raises OSError too.

    The file is never changed; a damaged one counts as an archive.
    """
    if kind := not_a_file(path):
        ending = ", or create an empty file there" if "link" in kind else ""
        raise ArchiveError(f"The archive {path} {kind}. Move it away to start a new archive{ending}.")
    _refuse_newer(path, version_of(path))
    if is_foreign(path, OWN_TABLES):
        raise ArchiveError(
            f"The archive {path} is a database of another program, so nothing was changed. "
            "Move it away to start a new archive."
        )


def _refuse_newer(path: Path | None, version: int) -> None:
    if version > len(MIGRATIONS):
        raise ArchiveError(
            f"The archive {path} was written by a newer travel-tui (version {version}; this one supports "
            f"{len(MIGRATIONS)}). {UPGRADE}; nothing was changed."
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _set_aside(path: Path, now: datetime) -> Path:
    stem = f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}"
    kept = path.with_name(stem)
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}-{number}")
    with translate_sqlite_errors(path):
        path.rename(kept)
        for ending in ("-wal", "-shm"):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + ending))
    return kept


def _in_words(path: Path | None, error: sqlite3.Error) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    folder = path.parent if path else Path()
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ArchiveError(
                f"The archive {path} is locked by another program: a second travel-tui, a backup or an open sqlite3 "
                f"shell. Find it with `fuser -v {path}` (or `lsof {path}`), close it and try again."
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return DamagedError(
                f"The archive {path} is damaged ({error}). Restart travel-tui: it sets the file aside and creates a "
                "new one."
            )
        case sqlite3.SQLITE_FULL:
            return ArchiveError(
                f"The disk of the archive {path} is full. Free some space; `df {folder}` shows what is left."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return ArchiveError(
                f"The archive {path} cannot be written ({error}). "
                f"Check the permissions with `ls -l {path}` and `ls -ld {folder}`."
            )
        case _:
            return ArchiveError(f"The archive {path} cannot be used: {error}. Move the file away to start a new one.")
