"""The archive's tables and their migrations, version by version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from travel_tui.archive.endpoint_keys import remove_userinfo
from travel_tui.archive.summary_ids import copy_memories

Step = str | Callable[[sqlite3.Connection], bool]
"""A statement, or a function that returns whether it removed data that must not be left in the file."""

OWN_TABLES = ("sessions", "turns", "events", "memories")
"""Tables of every archive since the first version."""

MIGRATIONS: tuple[tuple[Step, ...], ...] = (
    (
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
        )
        """,
        "CREATE INDEX sessions_by_agent ON sessions (agent, memory_id, opened_at)",
        """
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
        )
        """,
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
            event TEXT NOT NULL
        )
        """,
        "CREATE INDEX events_by_turn ON events (turn, id)",
        """
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
        )
        """,
        "CREATE INDEX memories_by_id ON memories (agent, memory_id, session_id, id)",
    ),
    (
        """
        CREATE TABLE users (
            agent TEXT NOT NULL,
            memory_id TEXT NOT NULL,
            name TEXT NOT NULL DEFAULT '',
            draft TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (agent, memory_id)
        )
        """,
    ),
    (
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            at TEXT NOT NULL
        )
        """,
        "CREATE INDEX notes_by_turn ON notes (turn, id)",
    ),
    (
        """
        CREATE TABLE sessions_by_memory (
            id INTEGER PRIMARY KEY,
            session_id TEXT NOT NULL,
            agent TEXT NOT NULL,
            memory_id TEXT,
            opened_at TEXT NOT NULL,
            ended_at TEXT,
            stored_at TEXT,
            summary_latency_s REAL
        )
        """,
        """
        INSERT INTO sessions_by_memory
            SELECT id, session_id, agent, memory_id, opened_at, ended_at, stored_at, summary_latency_s FROM sessions
        """,
        "DROP TABLE sessions",
        "ALTER TABLE sessions_by_memory RENAME TO sessions",
        "CREATE UNIQUE INDEX sessions_once ON sessions (session_id, agent, ifnull(memory_id, ''))",
        "CREATE INDEX sessions_by_agent ON sessions (agent, memory_id, opened_at)",
    ),
    # Deletions made with this client. Who deleted a summary before this table existed is unknown.
    (
        """
        CREATE TABLE deletions (
            id INTEGER PRIMARY KEY,
            agent TEXT NOT NULL,
            memory_id TEXT NOT NULL,
            session_id TEXT,
            after INTEGER NOT NULL,
            deleted_by TEXT NOT NULL
        )
        """,
        "CREATE INDEX deletions_by_memory ON deletions (agent, memory_id, session_id)",
        """
        INSERT INTO deletions (agent, memory_id, session_id, after, deleted_by)
            SELECT agent, memory_id, session_id, id - 1, 'unknown' FROM memories WHERE change = 'gone'
        """,
    ),
    # Why a session that nobody ended cannot be resumed; and removal of user names and passwords from URLs in keys.
    (
        "ALTER TABLE sessions ADD COLUMN removed_by TEXT",
        remove_userinfo,
    ),
    # Memory as records with ids: several of one session are kept, and one need not have a session.
    (
        """
        CREATE TABLE records (
            id INTEGER PRIMARY KEY,
            agent TEXT NOT NULL,
            memory_id TEXT NOT NULL,
            record_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            namespace TEXT NOT NULL,
            session_id TEXT,
            at TEXT NOT NULL,
            change TEXT NOT NULL,
            text TEXT NOT NULL,
            started_at TEXT,
            ended_at TEXT
        )
        """,
        copy_memories,
        "DROP TABLE memories",
        "ALTER TABLE records RENAME TO memories",
        "CREATE INDEX memories_by_record ON memories (agent, memory_id, record_id, id)",
        "CREATE INDEX memories_by_session ON memories (agent, memory_id, session_id)",
    ),
    # Deletion of a single record, where the service has that.
    ("ALTER TABLE deletions ADD COLUMN record_id TEXT",),
)
"""The statements that migrate version n to n + 1; PRAGMA user_version counts those applied."""
