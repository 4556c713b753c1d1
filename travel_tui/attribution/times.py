"""Times of day in a token sequence. Words of any language."""

from __future__ import annotations

import re

from travel_tui.attribution.cursor import TokenCursor
from travel_tui.attribution.value import Value
from travel_tui.attribution.words import word_set

_AT = word_set("at")
_RANGE = word_set("range")
_OPEN = word_set("opening")
_CLOCK_WORDS = {"de": ("um",), "nl": ("om",), "es": ("las",), "pt": ("as",), "it": ("alle",)}
"""By language, words that a time follows."""
_FRACTION = {
    "half": 30,
    "quarter": 15,
    "viertel": 15,
    "halb": -30,
    "halv": -30,
    "ten": 10,
    "twenty": 20,
    "five": 5,
    "10": 10,
    "20": 20,
    "5": 5,
    "25": 25,
}

_PAST_HOUR = {
    **dict.fromkeys(("media", "mezza", "mezzo", "meia", "demie", "demi"), 30),
    **dict.fromkeys(("cuarto", "quarto", "quart"), 15),
}
_NOON = frozenset({"noon", "midday", "mittag", "midi", "mediodia", "mezzogiorno", "meio-dia", "poludnie"})
_MIDNIGHT = frozenset(
    {"midnight", "mitternacht", "minuit", "medianoche", "mezzanotte", "middernacht", "midnatt", "polnoc"}
)
_HOURS = frozenset({"heures", "heure", "horas", "ore", "uur"})
"""Words that make an hour of a number after "at", and a duration elsewhere: à neuf heures."""
TIME_STARTS = frozenset({*_NOON, *_MIDNIGHT, *_FRACTION})
"""Words that a time may start with, besides the numbers."""


class TimeReader(TokenCursor):
    """Reads times of day."""

    def _time(self, at: int) -> Value | None:
        token = self._tokens[at]
        if token.kind in ("clock", "hour"):
            figures = [int(each) for each in re.findall(r"\d+", token.text)]
            hour, minute = figures[0], figures[1] if len(figures) > 1 else 0
            half = re.search(r"([ap])\.?m", token.low)
            if half:
                hour = hour % 12 + 12 * (half[1] == "p")
                return self._at_minutes(at, at + 1, {hour * 60 + minute})
            last, half_day = self._half_day(at + 1)
            options = {hour * 60 + minute}
            if half_day == "pm" and hour < 12:
                options = {(hour + 12) * 60 + minute}
            elif hour < 12 and half_day is None and not token.text.startswith("0"):
                options.add((hour + 12) * 60 + minute)
            return self._at_minutes(at, last, options)
        if token.kind == "dm":
            hour, minute = (int(each) for each in token.text.split(".")[:2])
            both = {hour * 60 + minute, (hour + 12) % 24 * 60 + minute} if hour < 13 else {hour * 60 + minute}
            return self._at_minutes(at, at + 1, both) if hour < 24 else None
        if token.low in _NOON:
            return self._at_minutes(at, at + 1, {720})
        if token.low in _MIDNIGHT:
            return self._at_minutes(at, at + 1, {0})
        return self._spoken(at) or self._hour(at)

    def _spoken(self, at: int) -> Value | None:
        """Read half past two, quarter to six, half nine, halb zehn, viertel nach drei."""
        fraction = _FRACTION.get(self._tokens[at].low)
        if fraction is None:
            return None
        link = self._low(at + 1)
        if link == "to" and self._low(at).isdigit():
            return None
        if link in ("past", "to", "nach", "vor"):
            hour = self._whole(at + 2, 24)
            if hour is None or fraction == -30:
                return None
            minutes = hour * 60 + (abs(fraction) if link in ("past", "nach") else -abs(fraction))
            return self._open(at, at + 3, minutes)
        hour = self._whole(at + 1, 12)
        if self._tokens[at].low == "half" and hour is not None and self._language == "nl":
            return self._open(at, at + 2, hour * 60 - 30)
        if self._tokens[at].low == "half" and hour is not None and self._low(at - 1) not in ("a", "and"):
            return self._open(at, at + 2, hour * 60 + 30)
        if fraction == -30 and hour is not None:
            return self._open(at, at + 2, hour * 60 - 30)
        return None

    def _hour(self, at: int) -> Value | None:
        """Read an hour by itself, where the words around it say that it is one: at 7, um 8 Uhr, 7 in the evening."""
        token = self._tokens[at]
        hour = self._whole(at, 24)
        if hour is None and token.kind == "number" and token.unit == "h":
            hour = int(token.low) if token.low.isdigit() and int(token.low) <= 24 else None
            told = self._language != "en" or (hour is not None and hour >= 10 and self._low(at - 1) in _AT)
            return self._at_minutes(at, at + 1, {hour % 24 * 60}) if hour is not None and told else None
        if hour is None or token.kind == "ordinal":
            return None
        after, before = self._low(at + 1), self._low(at - 1)
        if before in _RANGE and after == "." and self._low(at + 2) == ",":  # the day of a range: vom 13. bis 15.,
            return None
        if after in ("p", "a") and self._low(at + 2) == "." and self._low(at + 3) == "m":  # ten p.m.
            last = at + 4 + (self._low(at + 4) == ".")
            return self._at_minutes(at, last, {hour % 12 * 60 + 720 * (after == "p")})
        if (minutes := self._past_hour(at + 1)) is not None and before in _AT:
            return self._open(at, at + 3, hour * 60 + minutes)
        last, half = self._half_day(at + 1)
        if self._opening_hour(at, hour):
            return self._at_minutes(at, at + 1, {hour % 24 * 60})
        if (
            after in ("o'clock", "uhr", "oclock")
            or (after == "h" and self._language in ("fr", "es", "pt"))
            or (after in _HOURS and before in _AT)
            or (after == "o" and self._low(at + 3) == "clock")
        ):
            last, half = self._half_day(at + (4 if after == "o" else 2))
            spoken = after in ("o'clock", "oclock", "o") and not half
            options = {hour % 24 * 60, (hour + 12) % 24 * 60} if spoken else {hour % 24 * 60}
            if half == "pm" and hour < 12:
                options = {(hour + 12) * 60}
            return self._at_minutes(at, last, options)
        place = at + 1 + (after in ("-", "–", "to"))
        if (
            place < len(self._tokens)
            and (self._tokens[place].kind == "hour" or (self._low(place) == "half" and self._spoken(place) is not None))
            and (place > at + 1 or self._between(at, place) in ("-", "–"))
        ):
            return self._at_minutes(at, at + 1, {hour % 12 * 60, hour % 12 * 60 + 720})
        if half is not None and not before.endswith(("'re", "are", "be")):  # we're three tonight
            return self._open(at, at + 1, hour * 60)
        continued = (
            self._before is not None
            and self._before.kind == "time"
            and self._before.last == at - 1
            and before in _RANGE
        )
        if continued and self._ends_phrase(at + 1):
            return self._open(at, at + 1, hour * 60)
        if (
            before in _AT
            and (self._ends_phrase(at + 1) or self._tells_time(at))
            and (before != "and" or self._low(at - 3) == "between")
            and (before != "o")
            and (before != "a" or self._language != "en")
        ):
            return self._open(at, at + 1, hour * 60)
        return None

    def _past_hour(self, at: int) -> int | None:
        """Read the minutes after an hour: dos y media, le due e mezza, dez e meia."""
        return _PAST_HOUR.get(self._low(at + 1)) if self._low(at) in ("y", "e", "et") else None

    def _tells_time(self, at: int) -> bool:
        """Whether the word before a number is one for times only: um elf, a las once; a noun would be counted."""
        after = self._tokens[at + 1]
        return self._low(at - 1) in _CLOCK_WORDS.get(self._language, ()) and (
            after.text.islower() and self._unit(at + 1)[1] == ""
        )

    def _opening_hour(self, at: int, hour: int) -> bool:
        """Whether an hour is one of two that a dash joins, in a line about weekdays or opening: Tue-Sun 10-18."""
        dashes = ("-", "–")
        for other, gap in ((at + 1, self._between(at, at + 1)), (at - 1, self._between(at - 1, at))):
            place = other
            if gap == "" and self._low(other) in dashes:
                place = other + (1 if other > at else -1)
            elif gap not in dashes:
                continue
            second = self._whole(place, 24)
            if second is None or (second <= hour) == (place > at):
                continue
            before = range(max(0, min(at, place) - 4), min(at, place))
            return any(self._calendar_of(each, "w") is not None or self._low(each) in _OPEN for each in before)
        return False

    def _open(self, first: int, last: int, minutes: int) -> Value:
        after, half = self._half_day(last)
        hour = minutes // 60
        if hour >= 13 or half == "am":
            options = {minutes}
        elif half == "pm":
            options = {minutes + 720 if minutes < 720 else minutes}
        else:
            options = {minutes % 720, minutes % 720 + 720}
        return self._at_minutes(first, after, options)

    @staticmethod
    def _at_minutes(first: int, last: int, minutes: set[int]) -> Value:
        return Value("time", first, last, minutes=frozenset(each % 1440 for each in minutes))
