"""Numbers with their units, and codes, in a token sequence. Words of any language."""

from __future__ import annotations

import re

from travel_tui.attribution.cursor import ORDINALS, TokenCursor
from travel_tui.attribution.tokens import Token
from travel_tui.attribution.value import Value

_PARTS = {"tenth": 10, "fifth": 20}
_ORDINALS = {word: number for word, number in ORDINALS.items() if 3 <= number <= 12}

_HALF_YEARS = frozenset({("half", "a", "year"), ("ein", "halbes", "jahr")})
_MOST_FIGURES = 60
"""Figures of a number that are read: as many as a float holds, and more than any amount has."""
CURRENCY_SIGNS = frozenset("€$£¥")
FIGURE_STARTS = frozenset({
    "half", "quarter", "three", "a", "an", "one", "dozen", "fortnight", "minus", "first", "second", *_ORDINALS,
})  # fmt: skip
"""Words that a number may start with, besides those of the numbers."""


class FigureReader(TokenCursor):
    """Reads numbers and codes."""

    def _number(self, at: int) -> Value | None:
        token = self._tokens[at]
        if token.kind == "mark" and token.low in CURRENCY_SIGNS:
            if at + 1 < len(self._tokens) and self._tokens[at + 1].kind in ("number", "digits"):
                amount = _amount(self._tokens[at + 1])
                return Value("number", at, at + 2, amount=amount, unit=self._units[token.low])
            return None
        if token.kind == "code":
            return Value("code", at, at + 1, code=re.sub(r"[\W_]", "", token.text).upper())
        if token.kind in ("mail", "url"):
            return Value("code", at, at + 1, code=token.low)
        if token.kind == "digits":
            last, unit = self._unit(at + 1)
            digits = re.sub(r"\D", "", token.text)
            if unit and "-" not in token.text:
                return Value("number", at, last, amount=float(digits), unit=unit)
            return Value("code", at, at + 1, code=digits)
        if token.kind == "number":
            if self._marks_item(at) or self._means_word(at):
                return None
            amount = _amount(token)
            if token.unit and token.unit != "k":
                return Value("number", at, at + 1, amount=amount, unit=self._units.get(token.unit, token.unit))
            amount = amount * 1000 if token.unit == "k" else amount
            if self._low(at + 1) in ("k", "grand"):
                return Value("number", at, at + 2, amount=amount * 1000)
            if self._low(at - 1) in self._units and self._units[self._low(at - 1)] in (
                "euro",
                "dollar",
                "pound",
                "franc",
                "yen",
            ):
                return Value("number", at, at + 1, amount=amount, unit=self._units[self._low(at - 1)])
            last, unit = self._unit(at + 1)
            timetable = re.fullmatch(r"([01]\d|2[0-3])([0-5]\d)", token.text)
            if timetable and not unit and self._low(at - 1) in ("at", "by", "until", "till", "departs", "leaves", "um"):
                minutes = int(timetable[1]) * 60 + int(timetable[2])
                return Value("number", at, last, amount=amount, minutes=frozenset({minutes}))
            dotted = re.fullmatch(r"([01]?\d|2[0-3])\.([0-5]\d)|(24)\.(00)", token.low)
            if dotted and (
                not unit or self._low(at + 1) in ("uur", "uhr")
            ):  # a price, or a time as in "the 7.15 to York"
                minutes = int(dotted[1] or 0) * 60 + int(dotted[2] or 0)
                return Value("number", at, last, amount=amount, minutes=frozenset({minutes, (minutes + 720) % 1440}))
            return self._with_minutes(Value("number", at, last, amount=amount, unit=unit))
        return self._number_words(at)

    def _with_minutes(self, hours: Value) -> Value:
        """Return a duration with the minutes that follow its hours: 11 hours and 40 minutes."""
        at = hours.last + (self._low(hours.last) in ("and", "und", "et", "y", "e", "en"))
        if hours.unit != "hour" or self._between(hours.last - 1, hours.last) != "" or at >= len(self._tokens):
            return hours
        token = self._tokens[at]
        last, unit = self._unit(at + 1) if token.kind == "number" and not token.unit else (at + 1, token.unit)
        if token.kind != "number" or self._units.get(unit, unit) != "minute" or hours.amount is None:
            return hours
        minutes = hours.amount * 60 + _amount(token)
        return Value("number", hours.first, last, amount=minutes, unit="minute", minutes=frozenset({int(minutes)}))

    def _marks_item(self, at: int) -> bool:
        """Whether a number counts the items of a list: 1. at the start of a line."""
        token = self._tokens[at]
        if self._low(at + 1) not in (".", ")") or not token.text.isdigit() or len(token.text) > 2:
            return False
        if self._low(at + 1) == ")" and "(" not in self._text[max(0, token.start - 60) : token.start]:
            return True
        line = self._text.rfind("\n", 0, token.start) + 1
        return not self._text[line : token.start].strip() and self._text[token.end + 1 : token.end + 2] == " "

    def _means_word(self, at: int) -> bool:
        """Whether a figure stands for a word, as in quick messages: looking 4 a van, allergic 2 bees."""
        low, after, before = self._tokens[at].low, self._low(at + 1), self._low(at - 1)
        if low == "4":
            return after in ("a", "an", "the", "my", "me", "u", "us", "it")
        return low == "2" and before in (
            "allergic",
            "need",
            "want",
            "have",
            "going",
            "got",
            "try",
            "able",
            "used",
            "like",
            "love",
        )

    def _number_words(self, at: int) -> Value | None:
        token = self._tokens[at]
        if token.kind == "ordinal":
            figures = re.match(r"\d+", token.text)
            return Value("number", at, at + 1, amount=float(figures[0]), unit="") if figures else None
        if token.low == "half" and self._low(at + 1) == "a" and self._low(at + 2) == "dozen":
            return Value("number", at, at + 3, amount=6)
        if token.low in ("a", "an") and self._low(at + 1) == "hour":
            return Value("number", at, at + 2, amount=1, unit="hour")
        if token.low == "three" and [self._low(at + each) for each in range(5)] == [
            "three",
            "quarters",
            "of",
            "an",
            "hour",
        ]:
            return Value("number", at, at + 5, amount=45, unit="minute")
        if token.low in ("a", "one") and self._low(at + 1) in _PARTS:
            return Value("number", at, at + 2, amount=_PARTS[self._low(at + 1)], unit="percent")
        if token.low == "quarter" and [self._low(at + each) for each in (1, 2, 3)] == ["of", "an", "hour"]:
            return Value("number", at, at + 4, amount=15, unit="minute")
        if token.low == "half" and self._low(at + 1) == "an" and self._low(at + 2) == "hour":
            return Value("number", at, at + 3, amount=30, unit="minute")
        if (token.low, self._low(at + 1), self._low(at + 2)) in _HALF_YEARS:
            return Value("number", at, at + 3, amount=6, unit="month")
        if token.low == "dozen":
            return Value("number", at, at + 1, amount=12)
        if token.low == "fortnight":
            return Value("number", at, at + 1, amount=14, unit="day")
        if token.low == "minus" and at + 1 < len(self._tokens):
            inner = self._number(at + 1)
            return (
                None
                if inner is None or inner.kind != "number"
                else Value("number", at, inner.last, amount=inner.amount, unit=inner.unit)
            )
        if token.low in ("first", "second") and self._low(at + 1) in ("floor", "row", "class", "grade", "storey"):
            return Value("number", at, at + 1, amount=1 + (token.low == "second"))
        if token.low == "a" and self._low(at + 1) == "hundred":
            return Value("number", at, at + 2, amount=100)
        if token.low in _ORDINALS:
            return Value("number", at, at + 1, amount=_ORDINALS[token.low])
        if token.kind != "word" or token.low not in self._numbers:
            return None
        if token.low == "one" and self._units.get(self._low(at + 1)) is None and not self._half(at + 1)[0]:
            return None
        figures_spoken = self._digits_spoken(at)
        if figures_spoken is not None:
            return figures_spoken
        amount: float = self._numbers[token.low]
        last = at + 1
        if amount >= 20 and amount % 10 == 0:
            place = last + (self._low(last) == "-")
            ones = self._numbers.get(self._low(place), 0)
            if 1 <= ones <= 9:
                amount, last = amount + ones, place + 1
        if self._low(last) in ("hundred", "thousand", "hundert", "tausend", "cent", "mille", "cien", "mil"):
            amount *= 100 if self._low(last) in ("hundred", "hundert", "cent", "cien") else 1000
            last += 1
            more = self._numbers.get(self._low(last + 1), 0) if self._low(last) == "and" else 0
            if more:
                amount, last = amount + more, last + 2
        if self._low(last) == "dozen":
            amount, last = amount * 12, last + 1
        half, last = self._half(last)
        after, unit = self._unit(last)
        return Value("number", at, after if unit else last, amount=amount + half, unit=unit)

    def _half(self, at: int) -> tuple[float, int]:
        """Read the half of one and a half years; return it, and the place after it."""
        place = at
        words: list[str] = []
        while len(words) < 3 and place < at + 6:
            if self._low(place) != "-":
                words.append(self._low(place))
            place += 1
        return (0.5, place) if words == ["and", "a", "half"] else (0.0, at)

    def _digits_spoken(self, at: int) -> Value | None:
        """Read a number that is spelled digit by digit: four four seven one nine."""
        place, digits = at, ""
        while self._numbers.get(self._low(place), 10) < 10 and len(digits) < 20:
            digits += str(self._numbers[self._low(place)])
            place += 1
        return Value("code", at, place, code=digits) if len(digits) >= 4 else None


def _amount(token: Token) -> float:
    text = re.sub(r"[ '’]", "", token.low[:_MOST_FIGURES])
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    if re.search(r"[.,]\d{1,2}$", text):
        whole, cents = re.split(r"[.,](?=\d{1,2}$)", text)
        return float(re.sub(r"[.,]", "", whole or "0") + "." + cents)
    return float(re.sub(r"\D", "", text) or 0)
