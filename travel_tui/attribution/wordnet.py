"""Open English WordNet in short: the category of an English word, and the senses it shares with others.

The data is made by `python -m tests.truth.wordnet` from github.com/globalwordnet/english-wordnet (CC BY 4.0, derived
from Princeton WordNet); see lexicon/README.md.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.resources import files

_CONCRETE = frozenset("cdfklmopqrsuxyz")
"""Animal, artifact, body, food, group, location, object, person, phenomenon, plant, possession, quantity, state,
substance, time."""

_OBJECTS = frozenset("cdfkloprsy")
"""Animal, artifact, body, food, group, object, person, plant, possession, substance."""

_NONE = ("-", "", "")


@cache
def _lines() -> bytes:
    """Return the lines of the word list, sorted by stem, read once.

    They stay one text: as objects, its 45,000 entries would take 17 MB instead of one.
    """
    packed = (files("travel_tui.attribution") / "lexicon" / "wordnet.tsv.gz").read_bytes()
    return gzip.decompress(packed)


@lru_cache(maxsize=4096)
def _entry(stem: str) -> tuple[str, str, str] | None:
    """Return the categories, senses and broader senses of a stem, or None if it is not listed."""
    lines, wanted = _lines(), stem.encode()

    def stem_at(offset: int) -> bytes:
        start = lines.rfind(b"\n", 0, offset) + 1
        return lines[start : lines.index(b"\t", start)]

    # The first offset in the line of the stem: that of its first character.
    start = bisect_left(range(len(lines)), wanted, key=stem_at)
    if start == len(lines) or stem_at(start) != wanted:
        return None
    end = lines.find(b"\n", start)
    _, kinds, mine, above = lines[start : end if end >= 0 else None].decode("ascii").split("\t")
    return kinds, mine, above


def is_word(stem: str) -> bool:
    """Whether a stem is one of an English noun, verb, adjective or adverb."""
    return _entry(stem) is not None


def is_concrete(stem: str) -> bool:
    """Whether a word names a thing first of all: an animal, an artifact, a food, a person, a place, an illness."""
    return (_entry(stem) or _NONE)[0][0] in _CONCRETE


def is_object(stem: str) -> bool:
    """Whether a word names first of all something that one may have, meet or eat."""
    return (_entry(stem) or _NONE)[0][0] in _OBJECTS


def is_noun(stem: str) -> bool:
    """Whether a word may be a noun."""
    return (_entry(stem) or _NONE)[0][0] != "-"


def is_verb(stem: str) -> bool:
    """Whether a word may be a verb."""
    return "v" in (_entry(stem) or _NONE)[0][1:]


def senses(stem: str) -> frozenset[str]:
    """Return the senses of a word that other words have or belong to."""
    return frozenset((_entry(stem) or _NONE)[1].split())


def broader(stem: str) -> frozenset[str]:
    """Return the senses directly above the usual one of a word."""
    return frozenset((_entry(stem) or _NONE)[2].split())
