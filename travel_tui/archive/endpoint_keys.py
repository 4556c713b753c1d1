"""Migration that removes user names and passwords of endpoint URLs from agent keys and stored errors."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from travel_tui.endpoint_url import hide_userinfo, without_userinfo

_TABLES = ("sessions", "memories", "users", "deletions")


def remove_userinfo(connection: sqlite3.Connection) -> bool:
    """Remove them, and merge the records whose keys become equal; return whether there were any."""
    found = False
    every = " UNION ".join(f"SELECT agent FROM {table}" for table in _TABLES)
    for (agent,) in connection.execute(every).fetchall():
        if (clean := without_userinfo(agent)) != agent:
            _rename(connection, agent, clean)
            found = True
    errors = (("turns", "trouble", ""), ("events", "event", ' AND event LIKE \'{"event":"TurnFailed"%\''))
    for table, column, condition in errors:
        rows = connection.execute(f"SELECT id, {column} FROM {table} WHERE {column} LIKE '%://%@%'{condition}")
        for row, text in rows.fetchall():
            if (clean := hide_in_json(text)) != text:
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (clean, row))
                found = True
    return found


def hide_in_json(text: str) -> str:
    """Remove user names and passwords from URLs in JSON strings; text that is not JSON is returned unchanged."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    clean = _hidden(value)
    return text if clean == value else json.dumps(clean, separators=(",", ":"))


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return hide_userinfo(value)
    if isinstance(value, dict):
        return {name: _hidden(each) for name, each in value.items()}
    return [_hidden(each) for each in value] if isinstance(value, list) else value


def _rename(connection: sqlite3.Connection, agent: str, clean: str) -> None:
    for row, session_id, memory_id in connection.execute(
        "SELECT id, session_id, memory_id FROM sessions WHERE agent = ?", (agent,)
    ).fetchall():
        same = connection.execute(
            "SELECT id FROM sessions WHERE agent = ? AND session_id = ? AND memory_id IS ?",
            (clean, session_id, memory_id),
        ).fetchone()
        if same:
            _merge_sessions(connection, same[0], row)
        else:
            connection.execute("UPDATE sessions SET agent = ? WHERE id = ?", (clean, row))
    connection.execute(
        "INSERT INTO users (agent, memory_id, name, draft) "
        "SELECT ?, memory_id, name, draft FROM users WHERE agent = ? ON CONFLICT (agent, memory_id) DO UPDATE SET "
        "name = CASE WHEN users.name = '' THEN excluded.name ELSE users.name END, "
        "draft = CASE WHEN users.draft = '' THEN excluded.draft ELSE users.draft END",
        (clean, agent),
    )
    connection.execute("DELETE FROM users WHERE agent = ?", (agent,))
    for table in ("memories", "deletions"):
        connection.execute(f"UPDATE {table} SET agent = ? WHERE agent = ?", (clean, agent))


def _merge_sessions(connection: sqlite3.Connection, kept: int, other: int) -> None:
    """Merge the turns of both sessions in the order they were sent; the end state is that of the last one used."""
    turns = connection.execute(
        "SELECT id, session FROM turns WHERE session IN (?, ?) ORDER BY sent_at, id", (kept, other)
    ).fetchall()
    for sign in (-1, 1):  # a turn's number must be unique in its session at every moment
        for number, (turn, _) in enumerate(turns, 1):
            connection.execute("UPDATE turns SET session = ?, number = ? WHERE id = ?", (kept, sign * number, turn))
    if turns and turns[-1][1] == other:
        connection.execute(
            "UPDATE sessions SET (ended_at, stored_at, summary_latency_s) = "
            "(SELECT ended_at, stored_at, summary_latency_s FROM sessions WHERE id = ?) WHERE id = ?",
            (other, kept),
        )
    connection.execute(
        "UPDATE sessions SET opened_at = (SELECT min(opened_at) FROM sessions WHERE id IN (?1, ?2)) WHERE id = ?1",
        (kept, other),
    )
    connection.execute("DELETE FROM sessions WHERE id = ?", (other,))
