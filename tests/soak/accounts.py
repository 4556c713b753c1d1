"""What became of each message: in the archive, at the endpoint, and by the user's own list."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.soak.endpoint_api import EndpointApi


class Accounts:
    """Reads the archive beside the client that writes it, and the endpoint's calls."""

    def __init__(self, archive: Path, api: EndpointApi) -> None:
        self._archive = archive
        self._api = api
        self._sent: list[str] = []
        self._heard: Counter[tuple[str, str]] = Counter()
        """Messages that the endpoint received, by session and text."""

    def send(self, text: str) -> None:
        """Take note of a message that is about to be sent."""
        self._sent.append(text)

    def state(self, text: str) -> str | None:
        """Return the state of the turn with this text; None if there is none."""
        found = self._rows("SELECT state FROM turns WHERE text = ?", text)
        return str(found[0][0]) if found else None

    def hear(self) -> None:
        """Take over the calls that the endpoint has received; it keeps only the last thousand."""
        for call in self._api.take_calls():
            given = call["input"]
            if call["operation"] == "InvokeAgent" and given.get("inputText") and not given.get("endSession"):
                self._heard[given["sessionId"], given["inputText"]] += 1

    def told(self) -> str:
        """Describe what was counted."""
        states = self._rows("SELECT state, count(*) FROM turns GROUP BY state ORDER BY state")
        in_states = ", ".join(f"{number} {state}" for state, number in states)
        return f"{len(self._sent)} messages sent, {sum(self._heard.values())} heard; turns: {in_states}"

    def check(self) -> list[str]:
        """Return what does not add up, once the client has ended."""
        found = [f"integrity_check: {row[0]}" for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"foreign_key_check: {row}" for row in self._rows("PRAGMA foreign_key_check")]
        rows = self._rows("SELECT session_id, text, state FROM turns JOIN sessions ON sessions.id = turns.session")
        kept = Counter(text for _, text, _ in rows)
        found += [f"sent, but {kept[text]} times in the archive: {text!r}" for text in self._sent if kept[text] != 1]
        found += [f"in the archive, but never sent: {text!r}" for text in kept.keys() - set(self._sent)]
        found += [f"still {state!r} at the end: {text!r}" for _, text, state in rows if state == "sent"]
        sessions, turns = {session for session, *_ in rows}, Counter((session, text) for session, text, _ in rows)
        for (session, text), number in self._heard.items():
            # Other sessions are those of comparisons, whose question is a message that was sent.
            if session in sessions and turns[session, text] < number:
                found.append(f"heard {number} times, but {turns[session, text]} times in the archive: {text!r}")
            elif session not in sessions and text not in kept:
                found.append(f"heard in an unknown session, but never sent: {text!r}")
        return found

    def _rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        if not self._archive.exists():
            return []
        with closing(sqlite3.connect(f"{self._archive.as_uri()}?mode=ro", uri=True, timeout=30)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'turns'").fetchall():
                return []  # it is just being created
            return database.execute(query, values).fetchall()
