"""The parameters of a call: read from the event, checked, and asked for again where they will not do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from errors import AskUserError

LONGEST_CITY = 100
"""Characters; the longest name of a place that has an airport or a station is under 60."""
MAX_PROBLEMS = 8
"""So many are told at once, so that the answer stays short whatever was sent."""

_ASK = {
    "origin": "Ask the user which city the trip starts from.",
    "destination": "Ask the user which city the trip goes to.",
    "start_date": "Ask the user on which day the trip starts.",
    "end_date": "Ask the user on which day the trip ends.",
    "transportation_mode": "Ask the user whether to travel by TRAIN or by AIR.",
    "booking_id": "Ask the user for the booking id, 8 hexadecimal digits such as 9f0b135c.",
    "new_start_date": "Ask the user on which day the trip is to start.",
    "new_end_date": "Ask the user on which day the trip is to end.",
}
_BLANK = frozenset({"", "-", "?", "none", "null", "n/a", "tbd", "unknown", "<unknown>", "unspecified", "not specified"})
"""What models write where the user has not said it."""
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOKING_ID = re.compile(r"[0-9a-f]{8}")


class Parameters:
    """The named parameters of one call.

    Each reading method gives back the checked value, or "" after it noted a problem; `check` raises them all at once.
    """

    def __init__(self, function: str, given: object, names: Sequence[str]) -> None:
        self._problems: list[str] = []
        self._values: dict[str, object] = {}
        for item in given if isinstance(given, list) else []:
            name = item.get("name") if isinstance(item, dict) else None
            if not isinstance(name, str):
                continue
            value = item.get("value")
            if name not in names:
                self._problems.append(f"{function} has no parameter {shown(name)}: it takes {', '.join(names)}.")
            elif name in self._values and self._values[name] != value:
                self._problems.append(f"{name} came twice with different values. {_ASK[name]}")
            self._values[name] = value

    def city(self, name: str) -> str:
        """The name of a place, on one line."""
        value = " ".join(self._text(name).split())
        if not value:
            return ""
        if len(value) > LONGEST_CITY or not value.isprintable() or not any(c.isalpha() for c in value):
            return self._refuse(name, f"{name} is {shown(value)}, which is not the name of a city.")
        return value

    def day(self, name: str) -> str:
        """An ISO date, YYYY-MM-DD, that the calendar has."""
        value = self._text(name)
        if not value:
            return ""
        if not _ISO_DATE.fullmatch(value):
            return self._refuse(name, f"{name} is {shown(value)}; it must be written YYYY-MM-DD.")
        try:
            date.fromisoformat(value)
        except ValueError:
            return self._refuse(name, f"{name} is {value}, a day that the calendar does not have.")
        return value

    def mode(self, name: str) -> str:
        """TRAIN or AIR."""
        value = self._text(name)
        if value and value.upper() not in ("TRAIN", "AIR"):
            return self._refuse(name, f"{name} is {shown(value)}; only TRAIN and AIR can be booked.")
        return value.upper()

    def booking_id(self, name: str) -> str:
        """8 hexadecimal digits, in lower case."""
        value = self._text(name)
        if value and not _BOOKING_ID.fullmatch(value.lower()):
            return self._refuse(name, f"{name} is {shown(value)}, which is not a booking id.")
        return value.lower()

    def in_order(self, start: str, end: str) -> None:
        """Note a problem where the trip would end before it starts; both are ISO dates, or "" if not known."""
        if start and end and end < start:
            self._problems.append(
                f"The trip would end on {end}, before it starts on {start}. Ask the user which days are meant."
            )

    def apart(self, origin: str, destination: str) -> None:
        """Note a problem where both are the same city."""
        if origin and destination and _folded(origin) == _folded(destination):
            self._problems.append(f"Origin and destination are both {origin}. {_ASK['destination']}")

    def check(self) -> None:
        """Raise AskUserError with the problems that were noted, if there are any."""
        if self._problems:
            raise AskUserError(" ".join(list(dict.fromkeys(self._problems))[:MAX_PROBLEMS]))

    def _text(self, name: str) -> str:
        value = self._values.get(name)
        if value is None:
            return self._refuse(name, f"{name} is missing.")
        if not isinstance(value, str):
            return self._refuse(name, f"{name} must be text, not {type(value).__name__}.")
        if value.strip().lower() in _BLANK:
            return self._refuse(name, f"{name} is empty.")
        return value.strip()

    def _refuse(self, name: str, problem: str) -> str:
        self._problems.append(f"{problem} {_ASK[name]}")
        return ""


def shown(value: str) -> str:
    """A value to be quoted in a sentence: printable, and cut where it is long."""
    cut = value if len(value) <= 60 else f"{value[:60]}…"
    return '"' + "".join(c if c.isprintable() else " " for c in cut) + '"'


def _folded(city: str) -> str:
    spread = unicodedata.normalize("NFKD", city.casefold())
    return "".join(c for c in spread if c.isalnum())
