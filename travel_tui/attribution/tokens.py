"""Tokens of a text, with their offsets: words, numbers, codes, clock times, mails, punctuation. Linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from travel_tui.attribution.words import fold

Kind = Literal[
    "mail",
    "url",
    "iso",
    "dmy",
    "dm",
    "slash",
    "clock",
    "hour",
    "code",
    "digits",
    "number",
    "ordinal",
    "word",
    "cjk",
    "mark",
]


class Token(NamedTuple):
    """A token; `low` is its folded text, `unit` a unit of measure written directly after a number (95cm, 14k)."""

    kind: Kind
    start: int
    end: int
    text: str
    low: str
    unit: str = ""


_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af々ー]+"
_DAY_MONTH = r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\."
_SUFFIX = r"(?:kg|km|cm|mm|mg|ml|min|mins|hrs?|ppl|mb|gb|eur|g|h|k|m|l|t|x)"
_TOKEN = re.compile(
    rf"""
      (?P<plain>[a-z]{{2,40}}(?=[\s,;!?)]|\.(?:\s|\Z)))
    | (?P<mail>[\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,5}})
    | (?P<iban>\b[A-Z]{{2}}\d{{2}}(?:\ ?[A-Z0-9]{{4}}){{3,7}}(?:\ ?[A-Z0-9]{{1,3}})?\b)
    | (?P<url>https?://[^\s<>"']{{1,200}})
    | (?P<iso>(?<!\d)\d{{4}}-\d{{2}}-\d{{2}}(?!\d)(?:T(?=\d\d:))?)
    | (?P<dmy>(?<![\d.])\d{{1,2}}(?P<sep>[./])\d{{1,2}}(?P=sep)\d{{4}}(?!\d))
    | (?P<dm>(?<![\d.])(?:{_DAY_MONTH}(?=\s+[a-zà-ÿ0-9])|(?<=\bam\ ){_DAY_MONTH}))
    | (?P<slash>(?<![\d/.])\d{{1,2}}/\d{{1,2}}(?![\d/]))
    | (?P<clock>(?<![\d:.])(?:[01]?\d|2[0-3])\s?(?::|h)\s?[0-5]\d(?!\d|:\d|\s?min)(?:\s?[ap]\.?m\b\.?)?)
    | (?P<hour>(?<![\d:.])\d{{1,2}}(?:\.[0-5]\d)?\s?[ap]\.?m\b\.?)
    | (?P<version>(?<![\d.])\d+(?:\.\d+){{2,6}})
    | (?P<hours>(?<![\d:.-])(?:[01]?\d|2[0-3])\s?[-–]\s?(?:[01]?\d|2[0-4])\s?(?:h|Uhr|uur|hrs)\b)
    | (?P<prefixed>\b[A-Z]{{2,4}}\s\d{{2,12}}(?:\s\d{{2,12}}){{0,5}}(?:\s[A-Z]{{2,3}}\b(?!-))?(?![\w.,:]*\d))
    | (?P<digits>\+?(?<![\d.,:])\d{{2,12}}(?:[ ]\d{{2,12}}|-\d{{2,12}}){{1,6}}(?![\w:]|-\w|[.,]\d))
    | (?P<ordinal>\d{{1,3}}(?:st|nd|rd|th|er|ème|º|ª)\b)
    | (?P<height>(?<![\w.,-])[12]m\d\d\b)
    | (?P<measured>(?<![\w.,-])\d+(?:[.,]\d+)?{_SUFFIX}\b(?!-))
    | (?P<mixed>(?=[A-Za-z-]{{0,30}}\d)[A-Za-z0-9]{{1,40}}(?:[-/][A-Za-z0-9]{{1,40}}){{1,6}}
        |(?=[A-Za-z]{{0,20}}\d)(?=\d{{0,20}}[A-Za-z])[A-Za-z0-9]{{2,40}})
    | (?P<number>\d{{1,3}}(?:[ ,.'’]\d{{3}}){{1,5}}(?!\d)(?:[.,]\d{{1,2}}(?!\d))?|\d+(?:[.,]\d+)?)
    | (?P<cjk>{_CJK})
    | (?P<word>[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['’](?:t|s|re|ve|ll|m|d)\b)?)
    | (?P<mark>[^\w\s]|\n+)
    """,
    re.X,
)
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_CURRENCIES = frozenset(
    ["EUR", "USD", "GBP", "CHF", "JPY", "PLN", "SEK", "NOK", "DKK", "BRL", "TRY", "INR", "CAD", "AUD"]
)
_PREFIX_WORDS = _CURRENCIES | frozenset(
    [
        "MON",
        "TUE",
        "WED",
        "THU",
        "FRI",
        "SAT",
        "SUN",
        "JAN",
        "FEB",
        "MAR",
        "APR",
        "MAY",
        "JUN",
        "JUL",
        "AUG",
        "SEP",
        "OCT",
        "NOV",
        "DEC",
        "AT",
        "IN",
        "ON",
        "TO",
        "BY",
        "OF",
        "UM",
        "AM",
        "ROOM",
        "GATE",
        "SEAT",
        "MAX",
        "MIN",
        "FROM",
        "THE",
        "AND",
        "OR",
        "NO",
    ]
)
_CHAT_WORDS = frozenset(
    ["gr8", "l8r", "l8", "m8", "w8", "b4", "2nite", "2day", "2moro", "2morrow", "str8", "h8", "sk8"]
)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in order."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while (match := _TOKEN.search(text, place)) is not None:
        kind, start, end = match.lastgroup or "mark", match.start(), match.end()
        if kind == "plain":
            word = match.group()
            place = end
            yield Token("word", start, end, word, word)
            continue
        if kind == "sep":
            kind = "dmy"
        word = match.group()
        place = end
        if kind == "prefixed":
            if word.split()[0] in _PREFIX_WORDS:
                place = start + len(word.split()[0])
                yield _token("word", start, place, text)
            else:
                yield _token("code", start, end, text)
        elif kind in ("version", "iban"):
            yield _token("code", start, end, text)
        elif kind == "digits" and sum(map(str.isdigit, word)) < 5:
            place = start + len(re.match(r"\+?\d+", word)[0])  # type: ignore[index]
            yield _token("number", start, place, text)
        elif kind == "hours":
            for part in re.finditer(r"\d+", word):
                yield Token("clock", start + part.start(), start + part.end(), part.group(), f"{part.group()}:00")
        elif kind == "height":
            yield Token("number", start, end, word, word.replace("m", ""), "cm")
        elif kind == "measured":
            figure = re.match(r"\d+(?:[.,]\d+)?", word)[0]  # type: ignore[index]
            yield Token("number", start, end, word, figure, word[len(figure) :].lower())
        elif kind == "mixed":
            if word in _CHAT_WORDS:
                yield Token("word", start, end, word, word)
            elif _is_code(word):
                yield _token("code", start, end, text)
            else:
                for part in _PARTS.finditer(word):
                    which: Kind = "number" if part.group().isdigit() else "word"
                    yield _token(which, start + part.start(), start + part.end(), text)
        elif kind in (
            "mail",
            "url",
            "iso",
            "dmy",
            "dm",
            "slash",
            "clock",
            "hour",
            "digits",
            "ordinal",
            "number",
            "word",
            "cjk",
            "mark",
        ):
            yield _token(kind, start, end, text)  # type: ignore[arg-type]


def _token(kind: Kind, start: int, end: int, text: str) -> Token:
    word = text[start:end]
    return Token(kind, start, end, word, fold(word).replace("’", "'"))


def _is_code(word: str) -> bool:
    """Whether letters and digits form a code (B22, KR7-00915) instead of a number with words (4-year-old)."""
    if re.fullmatch(r"\d+x\d+(?:x\d+)?", word):  # a width and a height
        return False
    parts = re.split(r"[-/]", word)
    if not any(char.isalpha() for char in word):  # 77-310, 9-1, 1/2
        return sum(map(len, parts)) >= 5
    digits = [part for part in parts if any(map(str.isdigit, part))]
    plain = [part for part in parts if part.isalpha()]
    if any(not part.isdigit() for part in digits):  # letters and digits in one part
        return not any(len(part) > 3 and part.islower() for part in plain)
    return bool(digits) and all(part.isupper() or len(part) == 1 for part in plain)
