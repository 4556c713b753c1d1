"""Bookings, and the places that can keep them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Protocol

from errors import AskUserError, StorageError

BOOKED, CANCELLED = "booked", "cancelled"


@dataclass(frozen=True)
class Booking:
    """A trip that was booked: ISO dates, mode TRAIN or AIR, status booked or cancelled."""

    booking_id: str
    origin: str
    destination: str
    start_date: str
    end_date: str
    transportation_mode: str
    status: str = BOOKED

    def __str__(self) -> str:
        if not self.origin:
            return f"{self.start_date} to {self.end_date}" if self.start_date else ""
        return (
            f"{self.origin} to {self.destination}, {self.start_date} to {self.end_date}, by {self.transportation_mode}"
        )


class Store(Protocol):
    """Keeps bookings. Every method raises StorageError where the store fails."""

    def series(self) -> int:
        """How many bookings were made so far, at least; where seeded ids go on."""
        ...

    def add(self, booking: Booking) -> bool:
        """Keep a new booking; False, and nothing done, where its id is taken."""
        ...

    def change(self, booking_id: str, start_date: str, end_date: str) -> Booking:
        """Set the dates of a booking and give it back; raises AskUserError where there is none."""
        ...

    def cancel(self, booking_id: str) -> Booking:
        """Mark a booking as cancelled and give it back; raises AskUserError where there is none."""
        ...


class NullStore:
    """Confirms everything and keeps nothing but the ids that this process gave."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def series(self) -> int:
        return len(self._given)

    def add(self, booking: Booking) -> bool:
        if booking.booking_id in self._given:
            return False
        self._given.add(booking.booking_id)
        return True

    def change(self, booking_id: str, start_date: str, end_date: str) -> Booking:
        return Booking(booking_id, "", "", start_date, end_date, "")

    def cancel(self, booking_id: str) -> Booking:
        return Booking(booking_id, "", "", "", "", "", CANCELLED)


def open_store() -> Store:
    """The store that the environment names: BOOKINGS_TABLE (DynamoDB), else BOOKINGS_DB (an SQLite file), else none."""
    return _opened(
        os.environ.get("BOOKINGS_TABLE", ""), os.environ.get("BOOKINGS_DB", ""), _number("BOOKINGS_TTL_DAYS")
    )


@lru_cache(maxsize=1)
def _opened(table: str, path: str, days: int | None) -> Store:
    if table:
        from dynamodb_store import DynamoDbStore

        return DynamoDbStore(table, days)
    if path:
        from sqlite_store import SqliteStore

        return SqliteStore(path)
    return NullStore()


def store_with_new_id(store: Store, trip: Booking) -> Booking:
    """Keep a trip under a new id, and give it back with that id.

    Ids are random, or with BOOKINGS_SEED the same series every time; none is given twice within a store.
    """
    ids = _ids(_number("BOOKINGS_SEED"), store)
    booking = replace(trip, booking_id=next(ids))
    while not store.add(booking):
        booking = replace(trip, booking_id=next(ids))
    return booking


def not_changeable(booking_id: str, found: Booking | None) -> AskUserError:
    """Why a booking cannot be changed, in words that the agent can pass on; `found` is what the store has of it."""
    if found is None:
        return AskUserError(f"There is no booking {booking_id}. Ask the user to check the booking id.")
    return AskUserError(f"Booking {booking_id} ({found}) was cancelled already; offer the user to book the trip again.")


def _ids(seed: int | None, store: Store) -> Iterator[str]:
    """8 hexadecimal digits each: one of digits alone could be read as a date, one of letters alone as a word."""
    for made in _random() if seed is None else _series(seed, store.series()):
        if not made.isdigit() and not made.isalpha():
            yield made


def _random() -> Iterator[str]:
    while True:
        yield os.urandom(4).hex()


def _series(seed: int, start: int) -> Iterator[str]:
    from hashlib import sha256  # not needed on AWS, where it would lengthen every cold start

    for number in count(start):
        yield sha256(f"{seed}:{number}".encode()).hexdigest()[:8]


def _number(variable: str) -> int | None:
    value = os.environ.get(variable, "").strip()
    if not value:
        return None
    try:
        return int(value)
    except ValueError:
        raise StorageError(f"{variable} is {value[:40]!r}, not a whole number") from None
