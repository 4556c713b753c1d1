"""The archive's SQLite file: made private, brought to the newest version, set aside when it is damaged."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from travel_tui.paths import private_folder

BUSY_S = 3.0
"""How long a statement waits for another process before it is an error."""

MIGRATIONS = (
    """
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL,
        agent TEXT NOT NULL,
        memory_id TEXT,
        opened_at TEXT NOT NULL,
        ended_at TEXT,
        stored_at TEXT,
        summary_latency_s REAL,
        UNIQUE (session_id, agent)
    );
    CREATE INDEX sessions_by_agent ON sessions (agent, memory_id, opened_at);
    CREATE TABLE turns (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        sent_at TEXT NOT NULL,
        text TEXT NOT NULL,
        state TEXT NOT NULL,
        first_text_s REAL,
        total_s REAL,
        trouble TEXT,
        UNIQUE (session, number)
    );
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
        event TEXT NOT NULL
    );
    CREATE INDEX events_by_turn ON events (turn, id);
    CREATE TABLE memories (
        id INTEGER PRIMARY KEY,
        agent TEXT NOT NULL,
        memory_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        at TEXT NOT NULL,
        change TEXT NOT NULL,
        text TEXT NOT NULL,
        started_at TEXT,
        ended_at TEXT
    );
    CREATE INDEX memories_by_id ON memories (agent, memory_id, session_id, id);
    """,
    """
    CREATE TABLE users (
        agent TEXT NOT NULL,
        memory_id TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        draft TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (agent, memory_id)
    );
    """,
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE INDEX notes_by_turn ON notes (turn, id);
    """,
)
"""The statements that lead from version n to n + 1; PRAGMA user_version counts those that were done."""


class ArchiveError(Exception):
    """The archive cannot be read or written; the message says why and what to do."""


class DamagedError(ArchiveError):
    """The file is no sound SQLite database."""


@contextmanager
def spoken(path: Path | None) -> Iterator[None]:
    """Turn what SQLite and the system say about the file at `path` into an ArchiveError that one can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_words(path, error) from error
    except OSError as error:
        folder = path.parent if path else Path()
        raise ArchiveError(
            f"The archive {path} cannot be opened: {error.strerror or error}. "
            f"Check who may write there with `ls -ld {folder}`."
        ) from error


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the file, or with None a database in memory, at the newest version. Raises ArchiveError."""
    with spoken(path):
        if path is not None:
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
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(path, connection)
        except BaseException:
            connection.close()
            raise
        return connection


def open_or_set_aside(path: Path, now: Callable[[], datetime]) -> tuple[sqlite3.Connection, str | None]:
    """Open the file; a damaged one is kept under another name and a new one begun, which the notice tells."""
    suspect = _suspicion(path)
    try:
        connection = connect(path)
        if suspect.exists():
            with closing(connection.execute("PRAGMA quick_check(1)")) as rows, spoken(path):
                sound = rows.fetchone() == ("ok",)
            if not sound:
                connection.close()
                raise DamagedError(str(path))
            suspect.unlink()
    except DamagedError:
        kept = _set_aside(path, now())
        suspect.unlink(missing_ok=True)
        notice = f"The archive was damaged. It is kept as {kept}, and a new one was begun at {path}."
        return connect(path), notice
    return connection, None


def suspect(path: Path | None) -> None:
    """Note that the file looked damaged in use, so that the next start checks all of it."""
    if path is not None:
        with suppress(OSError):
            _suspicion(path).touch(mode=0o600)


def _suspicion(path: Path) -> Path:
    return path.with_name(path.name + ".suspect")


def _lenient(text: bytes) -> str:
    """Text as far as it is text: a flipped bit in one answer must not hide the rest."""
    return text.decode("utf-8", "replace")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Choose the write-ahead log. SQLite's own waiting for others does not cover this change: two first starts met."""
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
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another process may have been quicker
        if version > len(MIGRATIONS):
            raise ArchiveError(
                f"The archive {path} was written by a newer travel-tui (version {version}, this one knows "
                f"{len(MIGRATIONS)}). Upgrade with `pip install --upgrade travel-tui`; nothing was changed."
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _set_aside(path: Path, now: datetime) -> Path:
    stem = f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}"
    kept = path.with_name(stem)
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}-{number}")
    with spoken(path):
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
                f"shell. See which with `fuser -v {path}` (or `lsof {path}`), close it and try again."
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return DamagedError(
                f"The archive {path} is damaged ({error}). Start travel-tui again: it sets the file aside and begins "
                "a new one."
            )
        case sqlite3.SQLITE_FULL:
            return ArchiveError(f"The disk of the archive {path} is full. Make room; `df {folder}` shows what is left.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return ArchiveError(
                f"The archive {path} cannot be written ({error}). "
                f"Check who may write there with `ls -l {path}` and `ls -ld {folder}`."
            )
        case _:
            return ArchiveError(f"The archive {path} cannot be used: {error}. Move the file away to begin a new one.")
