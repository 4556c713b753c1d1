"""The trace events of a turn, packed while the turn is not on the screen."""

from __future__ import annotations

import json
import zlib

from travel_tui.agent import TurnEvent

_FASTEST = 1
"""Compression level: packing happens between two frames."""


class TurnTrace:
    """Events with the times at which they came, in seconds.

    A trace has the prompts of a turn, tens of kilobytes each time; packed it takes a twentieth of the memory. A client
    that is used for days would otherwise keep those of every turn since its start.
    """

    def __init__(self) -> None:
        self._events: list[tuple[TurnEvent, float]] = []
        self._packed: list[bytes] = []

    def add(self, event: TurnEvent, came: float) -> None:
        """Add an event."""
        self._events.append((event, came))

    def pack(self) -> None:
        """Pack the events so far; they can still be read, which takes longer."""
        from travel_tui.archive.records import event_to_plain

        if self._events:
            plain = [(event_to_plain(event), came) for event, came in self._events]
            self._packed.append(zlib.compress(json.dumps(plain).encode(), _FASTEST))
            self._events = []

    def events(self) -> list[tuple[TurnEvent, float]]:
        """Return all events in order."""
        from travel_tui.archive.records import event_from_plain

        unpacked = [
            (event, came)
            for part in self._packed
            for plain, came in json.loads(zlib.decompress(part))
            if (event := event_from_plain(plain)) is not None
        ]
        return unpacked + self._events
