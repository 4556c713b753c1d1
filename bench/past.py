"""A long history: an archive of 10,000 turns, with answers and traces of the demo's agent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.service import SUMMARIES
from travel_tui.archive import Archive
from travel_tui.archive.records import event_to_json, merge_text_deltas
from travel_tui.clock import Clock
from travel_tui.screenshots.recording import recording

TURNS = 10_000
LONG = 1_000
"""Turns of the session that is resumed; each other session has a summary, and EACH turns."""
EACH = (TURNS - LONG) // SUMMARIES
OPEN = 100
"""Number of other sessions that were ended only by their idle limit, which the archive does not know."""
SAID = (
    "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08, for Anna and me.",
    "We changed our minds: make it eight days more.",
    "Which trips do we have? I am vegetarian, and my sister Clara lives in Lyon.",
)


def fill(path: Path, agent_key: str, memory_id: str) -> None:
    """Write the archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    archive = Archive(path, Clock(None))
    recorded = recording().turns
    answers = [
        [event_to_json(event) for event in merge_text_deltas(recorded[name])]
        for name in ("book", "extend", "confirm", "trips")
    ]
    now = datetime.now(UTC)
    with archive.transaction() as database:
        turn = 0
        for session in range(SUMMARIES + 1):
            long = session == SUMMARIES
            opened = now - timedelta(minutes=5) if long else now - timedelta(hours=SUMMARIES - session)
            ended = None if long or session < OPEN else (opened + timedelta(minutes=9)).isoformat()
            database.execute(
                "INSERT INTO sessions (id, session_id, agent, memory_id, opened_at, ended_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (session, f"session-{session:08d}", agent_key, memory_id, opened.isoformat(), ended),
            )
            for number in range(1, (LONG if long else EACH) + 1):
                turn += 1
                database.execute(
                    "INSERT INTO turns (id, session, number, sent_at, text, state, first_text_s, total_s) "
                    "VALUES (?, ?, ?, ?, ?, 'answered', 1.1, 2.2)",
                    (turn, session, number, opened.isoformat(), f"{SAID[turn % len(SAID)]} ({turn})"),
                )
                database.executemany(
                    "INSERT INTO events (turn, event) VALUES (?, ?)",
                    [(turn, event) for event in answers[turn % len(answers)]],
                )
    archive.close()
