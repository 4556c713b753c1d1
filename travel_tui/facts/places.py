"""Cities in text: by name, in English or their own language, by alias and by airport code.

The table is cities.tsv beside this file, written for this project. It is loaded on first use.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from travel_tui.facts.place_words import ACRONYMS, CODE_WORDS, FUNCTION_WORDS, LINKING_WORDS

_TABLE = Path(__file__).with_name("cities.tsv")
_TOKEN = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_GAP = re.compile(r"\s{1,2}|\s?\(|[-‐‑‒–/'’‘ʼ`´]|,\s?|\.\s?")
"""Allowed separators between two words of one name: St. Gallen, L'Aquila, Stratford-upon-Avon, Washington, D.C."""
_PERSON_NEXT = re.compile(
    r"(?:\b(?:name(?:'s|’s|\s+is|:)?|call(?:ed)?(?:\s+me)?|i(?:'|’|\s+a)m|this\s+is|it(?:'|’)s|mrs?|ms|miss|dr|"
    r"hi|hello|hey|dear|"
    r"thanks|regards|with|and\s+i,?|my\s+(?:wife|husband|partner|son|daughter|friend|boss|mother|father|sister|"
    r"brother))"
    r"[.,]?\s+)$",
    re.I,
)
_STATES_AND_WORDS = frozenset(["on", "in", "or", "me", "hi", "ok", "oh"])
_BESIDE = re.compile(r"\s?[(\[/,–-]?\s?")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_OTHERWISE = {
    "saint": "st",
    "sankt": "st",
    "sainte": "ste",
    "fort": "ft",
    "mount": "mt",
    "st": "saint",
    "ste": "sainte",
}


@dataclass(frozen=True, slots=True)
class City:
    """A city: its English name, ISO 3166 country code, IATA codes and other names.

    `person` means that the name is also a given name or surname (Florence), `word` that it is an ordinary English word
    (Nice, Reading) or more common as a personal name (Nancy).
    """

    name: str
    country: str
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    word: bool = False
    person: bool = False


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A city in a text; `certain` is False if the same letters may well be an ordinary word."""

    start: int
    end: int
    text: str
    city: City
    certain: bool


class _Index:
    """Index from names and codes to line numbers; City objects are created on demand, which keeps loading short."""

    def __init__(self, table: str) -> None:
        self.lines = table.splitlines()
        self.names: dict[str, int] = {}
        """Keyed by folded words joined with blanks."""
        self.codes: dict[str, int] = {}
        self.longest: dict[str, int] = {}
        """Number of words of the longest name that begins with this word, if more than one."""
        self._cities: dict[int, City] = {}
        for number, line in enumerate(self.lines):
            name, _, codes, aliases, _ = line.split("\t")
            for code in codes.split():
                self.codes[code] = number
            self._name(name, number)
            if aliases:
                for alias in aliases.split(";"):
                    if alias.isupper() and alias.isalpha():
                        # Initialisms (LA, NYC) are matched like codes: as a city only in capitals.
                        self.codes[alias] = number
                    else:
                        self._name(alias, number)

    def _name(self, name: str, number: int) -> None:
        if name.isascii() and name.isalpha():
            self.names[name.lower()] = number
            return
        for words in _forms(name):
            self.names[" ".join(words)] = number
            if len(words) > self.longest.get(words[0], 1):
                self.longest[words[0]] = len(words)

    def begins(self, word: str) -> bool:
        """Whether a name or code can begin with this folded word."""
        return word in self.names or word in self.longest or (len(word) <= 4 and word.upper() in self.codes)

    def city(self, number: int) -> City:
        """Return the city of a line; always the same object."""
        found = self._cities.get(number)
        if found is None:
            name, country, codes, aliases, flags = self.lines[number].split("\t")
            other = tuple(aliases.split(";")) if aliases else ()
            found = City(name, country, tuple(codes.split()), other, "w" in flags, "p" in flags)
            self._cities[number] = found
        return found

    def named(self, words: str) -> City | None:
        """Return the city with that name, given as folded words joined with blanks."""
        number = self.names.get(words)
        return None if number is None else self.city(number)

    def coded(self, code: str) -> City | None:
        """Return the city with that code or initialism, in capitals."""
        number = self.codes.get(code)
        return None if number is None else self.city(number)


class _Token(NamedTuple):
    start: int
    end: int
    folded: str


def cities() -> tuple[City, ...]:
    """Return every city of the table."""
    index = _index()
    return tuple(index.city(number) for number in range(len(index.lines)))


def find_places(text: str) -> list[PlaceMention]:
    """Return every city of the text, in order, without overlaps, longest names first; offsets are into `text` itself.

    A code directly after its own city, as in "Boston (BOS)", is not a separate mention.
    """
    index = _index()
    tokens = [_Token(m.start(), m.end(), _fold(m.group())) for m in _TOKEN.finditer(text)]
    shouted = text.isupper()
    found: list[PlaceMention] = []
    at = 0
    while at < len(tokens):
        if not index.begins(tokens[at].folded):
            at += 1
            continue
        count, mention = _named(index, text, tokens, at)
        if mention is None:
            mention = _coded(index, text, tokens, at, shouted)
            if mention and found and _explains(text, found[-1], mention):
                mention = None
        if mention:
            found.append(mention)
        at += count
    return found


def lookup(name: str) -> City | None:
    """Return the city that the whole text names, by any name or code, ignoring case and accents."""
    index = _index()
    words = _words(name)
    return index.named(" ".join(words)) or index.coded("".join(words).upper())


def same_city(a: str, b: str) -> bool:
    """Whether two texts name the same city; unknown cities are compared without case and accents."""
    one, other = lookup(a), lookup(b)
    if one or other:
        return one is other
    return _words(a) == _words(b) and bool(_words(a))


def _named(index: _Index, text: str, tokens: list[_Token], at: int) -> tuple[int, PlaceMention | None]:
    """Return the longest name that begins at this token, and its number of tokens; 1 if there is none."""
    first = tokens[at].folded
    longest = index.longest.get(first, 1)
    reach = 1
    while reach < longest and at + reach < len(tokens) and _joined(text, tokens[at + reach - 1], tokens[at + reach]):
        reach += 1
    for count in range(reach, 0, -1):
        city = index.named(" ".join(token.folded for token in tokens[at : at + count]) if count > 1 else first)
        if city and not (count > 1 and _is_preposition(text, tokens[at + count - 2], tokens[at + count - 1])):
            start, end = tokens[at].start, _with_closing(text, tokens[at + count - 1])
            certain = not (count == 1 and first == _fold(city.name) and (city.word or _introduces(text, start, city)))
            return count, PlaceMention(start, end, text[start:end], city, certain)
    return 1, None


def _is_preposition(text: str, before: _Token, last: _Token) -> bool:
    """Whether the last word merely resembles a state: "London on the 3rd" is not London, ON."""
    written = text[last.start : last.end]
    return written in _STATES_AND_WORDS and text[before.end : last.start].isspace()


def _introduces(text: str, start: int, city: City) -> bool:
    """Whether the preceding words introduce a person: "my name is Florence"."""
    return city.person and _PERSON_NEXT.search(text, max(0, start - 40), start) is not None


def _joined(text: str, left: _Token, right: _Token) -> bool:
    gap = _GAP.fullmatch(text, left.end, right.start)
    if gap is None:
        return False
    stopped = gap.group().startswith(".")
    # A full stop ends a sentence unless it follows an abbreviation: "St. Louis", but not "I like York. New …".
    # Between initials it is required: "L.A.", but not "l a".
    return len(left.folded) <= 3 if stopped else len(left.folded) > 1 or len(right.folded) > 1


def _with_closing(text: str, last: _Token) -> int:
    """Return the end of a name, including the full stop of its last initial (D.C.) or its closing bracket."""
    closing = text[last.end : last.end + 1]
    before = text[max(0, last.start - 3) : last.start]
    if (closing == "." and last.end - last.start == 1 and "." in before) or (closing == ")" and "(" in before):
        return last.end + 1
    return last.end


def _coded(index: _Index, text: str, tokens: list[_Token], at: int, shouted: bool) -> PlaceMention | None:
    token = tokens[at]
    written = text[token.start : token.end]
    city = index.coded(written.upper()) if len(written) <= 4 and written.isascii() else None
    if city is None:
        return None
    if written.isupper() and not shouted:
        return PlaceMention(token.start, token.end, written, city, written not in ACRONYMS)
    word = token.folded
    if word in CODE_WORDS or word in FUNCTION_WORDS or len(word) == 2:
        titled = not (written.isupper() or written.islower())
        if titled or word in FUNCTION_WORDS or not _stands_alone(index, text, tokens, at):
            return None
        return PlaceMention(token.start, token.end, written, city, certain=False)
    return PlaceMention(token.start, token.end, written, city, written.isupper() or written.islower())


def _explains(text: str, name: PlaceMention, code: PlaceMention) -> bool:
    return name.city is code.city and _BESIDE.fullmatch(text, name.end, code.start) is not None


def _stands_alone(index: _Index, text: str, tokens: list[_Token], at: int) -> bool:
    """Whether the following text allows this short word to be a place: "sea to den", not "sea view"."""
    if at + 1 == len(tokens):
        return True
    following = tokens[at + 1]
    between = text[tokens[at].end : following.start]
    word = following.folded
    if not between.isspace() or word in LINKING_WORDS or word[:1].isdigit():
        return True
    return word.upper() in index.codes and word not in FUNCTION_WORDS


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c)).translate(_UNDECOMPOSED)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(_fold(text))


def _forms(name: str) -> list[list[str]]:
    """Return the spellings of a name, as folded words: St for Saint, ue for ü, and without apostrophes."""
    plain = _words(name)
    forms = [plain]
    if not name.isascii():
        forms.append(_words(name.lower().translate(_SPELLED_OUT)))
    if "'" in name:
        forms.append(_words(name.replace("'", "")))
    if not _OTHERWISE.keys().isdisjoint(plain):
        forms.append([_OTHERWISE.get(word, word) for word in plain])
    return forms


@cache
def _index() -> _Index:
    return _Index(_TABLE.read_text("utf-8"))
