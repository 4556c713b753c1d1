"""Bookings in an SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bookings import BOOKED, CANCELLED, Booking, not_changeable
from errors import StorageError

WAIT_S = 1.0
"""How long to wait for another writer; less than the 3 s that AWS gives a function by default."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bookings (
    booking_id TEXT PRIMARY KEY, origin TEXT NOT NULL, destination TEXT NOT NULL, start_date TEXT NOT NULL,
    end_date TEXT NOT NULL, transportation_mode TEXT NOT NULL, status TEXT NOT NULL
) WITHOUT ROWID
"""
_COLUMNS = "booking_id, origin, destination, start_date, end_date, transportation_mode, status"


class SqliteStore:
    """Keeps bookings in one table. The file is opened for each call, so that it may be removed between calls."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def series(self) -> int:
        with self._open() as db:
            return int(db.execute("SELECT count(*) FROM bookings").fetchone()[0])

    def add(self, booking: Booking) -> bool:
        with self._open() as db:
            done = db.execute(
                f"INSERT OR IGNORE INTO bookings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    booking.booking_id,
                    booking.origin,
                    booking.destination,
                    booking.start_date,
                    booking.end_date,
                    booking.transportation_mode,
                    booking.status,
                ),
            )
            return done.rowcount == 1

    def change(self, booking_id: str, start_date: str, end_date: str) -> Booking:
        return self._update("start_date = ?, end_date = ?", (start_date, end_date), booking_id)

    def cancel(self, booking_id: str) -> Booking:
        return self._update("status = ?", (CANCELLED,), booking_id)

    def _update(self, what: str, values: tuple[str, ...], booking_id: str) -> Booking:
        with self._open() as db:
            done = db.execute(
                f"UPDATE bookings SET {what} WHERE booking_id = ? AND status = ?", (*values, booking_id, BOOKED)
            )
            row = db.execute(f"SELECT {_COLUMNS} FROM bookings WHERE booking_id = ?", (booking_id,)).fetchone()
        booking = Booking(*row) if row else None
        if booking is None or done.rowcount != 1:
            raise not_changeable(booking_id, booking)
        return booking

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.touch(mode=0o600)
            with closing(sqlite3.connect(self._path, timeout=WAIT_S)) as db, db:
                db.execute(_SCHEMA)
                yield db
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StorageError(f"the file of bookings cannot be used: {error}") from error
