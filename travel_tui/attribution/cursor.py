"""Access to a token sequence: what a token means in the calendar, as a number, or as a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from travel_tui.attribution.tokens import Token
from travel_tui.attribution.value import Value
from travel_tui.attribution.words import lexicon, word_set

ORDINALS = {
    word: number
    for number, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
         "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
         "twentieth"], 1,
    )
}  # fmt: skip
_EVENING = word_set("evening")
_MORNING = word_set("morning")


class TokenCursor:
    """Reads single tokens of a text; the readers of days, times and numbers build on it."""

    def __init__(self, tokens: Sequence[Token], text: str, language: str, today: date) -> None:
        self._tokens, self._text, self._today = tokens, text, today
        known = lexicon()
        self._numbers = known.numbers["en"] | known.numbers.get(language, {})
        self._calendar, self._units, self._language = known.calendar, known.units, language
        self._function = known.function
        self._before: Value | None = None
        """The value before the place that is read."""
        self._anchor: date | None = None
        """The last day that the text named."""

    def _low(self, at: int) -> str:
        return self._tokens[at].low if 0 <= at < len(self._tokens) else ""

    def _calendar_of(self, at: int, kind: str) -> int | None:
        """Return the month, weekday or relative day that a word names, or None."""
        if not 0 <= at < len(self._tokens) or self._tokens[at].kind != "word":
            return None
        token = self._tokens[at]
        if self._language in self._function.get(token.low, ()) and token.low != "may":
            return None
        key = self._calendar.get(token.low, "")
        if not key.startswith(kind) and kind == "w" and token.low.endswith(("s", "'s")):
            key = self._calendar.get(token.low.rstrip("s").rstrip("'"), "")
        if not key.startswith(kind):
            return None
        if (
            token.text.islower()
            and token.low in ("mar", "may", "mon", "sun", "sat", "wed", "mars", "march", "fri", "ocak", "mart", "gun")
            and (kind == "m" and self._whole(at - 1, 31) is None and self._whole(at + 1, 31) is None)
            and self._low(at - 1) not in ("in", "since", "until", "till", "by", "early", "late", "mid", "next", "last")
        ):
            return None
        if kind != "m" and token.low in ("sun", "sat", "hier", "mon"):
            lowered = token.low in ("sun", "sat", "mon") and token.text.islower()
            if lowered and self._low(at - 1) not in ("on", "next", "this", "last", "every", "by", "until", "till"):
                return None
            if token.low == "hier" and self._language != "fr":
                return None
        return int(key[1:])

    def _whole(self, at: int, most: int) -> int | None:
        """Return a small whole number, as a figure, an ordinal or a word; None for other tokens."""
        if not 0 <= at < len(self._tokens):
            return None
        token = self._tokens[at]
        if token.kind in ("number", "ordinal") and not token.unit:
            figures = re.match(r"\d{1,9}(?!\d)", token.text)
            value = int(figures[0]) if figures and (token.kind == "ordinal" or figures[0] == token.text) else None
        elif token.kind == "word":
            value = self._numbers.get(token.low) or (self._language == "en" and ORDINALS.get(token.low)) or None
        else:
            value = None
        return value if value is not None and 0 < value <= most else None

    def _between(self, first: int, second: int) -> str:
        """Return the text between two neighbouring tokens."""
        if first < 0 or second >= len(self._tokens):
            return " "
        return self._text[self._tokens[first].end : self._tokens[second].start].strip()

    def _ends_phrase(self, at: int) -> bool:
        """Whether no noun follows that the number before could count."""
        if at >= len(self._tokens):
            return True
        token = self._tokens[at]
        if token.low in self._units or self._calendar_of(at, "m") is not None or token.kind in ("number", "digits"):
            return False
        known = lexicon().function
        return (
            (token.kind == "mark" and token.low not in ("%", "€", "°", "$", "£"))
            or token.low in known
            or self._calendar_of(at, "w") is not None
            or self._calendar_of(at, "r") is not None
        )

    def _half_day(self, at: int) -> tuple[int, str | None]:
        """Return am or pm where the following words say so, and the place after them."""
        for place in range(at, min(at + 4, len(self._tokens))):
            low = self._low(place)
            if low in _EVENING:
                return place + 1, "pm"
            if low in _MORNING:
                return place + 1, "am"
            if low not in ("in", "the", "at", "du", "de", "la", "am", "di", "del", "da", "della", "i", "o'clock", "on"):
                break
        return at, None

    def _unit(self, at: int) -> tuple[int, str]:
        """Return the unit of measure after a number, and the place after it."""
        place = at + (self._low(at) == "-")
        low = self._low(place)
        if low == "square" and self._units.get(self._low(place + 1)) == "m":
            return place + 2, "sqm"
        if low == "m" and self._low(place + 1) in ("2", "²"):
            return place + 2, "sqm"
        unit = self._units.get(low)
        if unit is None and place > at:
            return at, ""
        if unit == "degree" and self._low(place + 1) in ("c", "f", "celsius"):
            return place + 2, unit
        if low in ("an", "try", "ora"):
            return at, ""
        return (place + 1, unit) if unit else (at, "")
