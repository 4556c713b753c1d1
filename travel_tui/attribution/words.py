"""Words in comparable forms: language of a text, stems, and the concepts that words and phrases stand for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

import Stemmer

ENGLISH = "en"
Phrases = dict[str, tuple[tuple[tuple[str, ...], str], ...]]
_STEMMERS = MappingProxyType({
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "tr": "turkish",
    "hu": "hungarian", "ro": "romanian", "pl": "polish", "cs": "czech",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\s\w]|\d+")
_ENOUGH = 4000
"""Characters of a text that suffice to tell its language."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists; words are folded, phrases are sequences of stems."""

    function: dict[str, frozenset[str]]
    """Languages of each function word."""
    generic: dict[str, frozenset[str]]
    """Stems of each language that carry no fact by themselves."""
    ambiguous: frozenset[str]
    concepts: dict[str, Phrases]
    """By language and first stem: phrases (sequences of stems) with their concept, longest first."""
    numbers: dict[str, dict[str, int]]
    """By language, the value of each number word."""
    calendar: dict[str, str]
    """m1 to m12, w0 to w6 or r with a number of days, of each word."""
    units: dict[str, str]
    """Unit of measure of each word or sign."""


def fold(word: str) -> str:
    """Return a word in lower case without accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).replace("ı", "i").replace("ł", "l")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_STEMMERS.get(language, "english"), 0)


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word of one language, folded."""
    if len(word) > 40:
        return fold(word)
    return fold(_stemmer(language).stemWord(word.casefold().replace("’", "'")))


@cache
def lexicon() -> Lexicon:
    """Return the word lists, read once."""
    function: dict[str, set[str]] = {}
    for language, words in _lines("function_words.txt"):
        for word in words.split():
            function.setdefault(fold(word), set()).add(language)
    generic: dict[str, frozenset[str]] = {}
    for language, words in _lines("generic_words.txt"):
        generic[language] = frozenset(each for word in words.split() for each in (stem(word, language), fold(word)))
    numbers: dict[str, dict[str, int]] = {}
    for head, words in _lines("numbers.txt"):
        language, first = head.split()
        for value, word in enumerate(words.split(), int(first)):
            numbers.setdefault(language, {})[fold(word)] = value
    return Lexicon(
        {word: frozenset(languages) for word, languages in function.items()},
        generic,
        frozenset(
            stem(word, ENGLISH) for _, words in _lines("ambiguous_words.txt", keyed=False) for word in words.split()
        ),
        _concepts(),
        numbers,
        {fold(word): key for key, words in _lines("calendar.txt") for word in words.split()},
        {fold(word): unit for unit, words in _lines("units.txt") for word in words.split()},
    )


def _lines(name: str, *, keyed: bool = True) -> Iterator[tuple[str, str]]:
    """Yield each line of a word list as its key and the rest."""
    for line in (files("travel_tui.attribution") / "lexicon" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, rest = line.partition(":") if keyed else ("", "", line)
            yield key, rest


def _concepts() -> dict[str, Phrases]:
    found: dict[str, dict[str, dict[tuple[tuple[str, ...], str], None]]] = {}
    for _, marked in _lines("concepts.txt", keyed=False):
        line = marked.lstrip("!")
        name = _concept_name(marked)
        for part in line.split(";"):
            head, colon, rest = part.strip().partition(":")
            language, entries = (head, rest) if colon and len(head) == 2 else (ENGLISH, part)
            for entry in entries.split(","):
                if stems := tuple(stem(word, language) for word in phrase_words(entry)):
                    found.setdefault(language, {}).setdefault(stems[0], {})[stems, name] = None
    return {
        language: {first: tuple(sorted(each, key=lambda phrase: -len(phrase[0]))) for first, each in by_first.items()}
        for language, by_first in found.items()
    }


@cache
def word_set(name: str) -> frozenset[str]:
    """Return a set of folded words by its name."""
    return next(frozenset(map(fold, words.split())) for key, words in _lines("word_sets.txt") if key == name)


def _concept_name(line: str) -> str:
    return "=" + line.lstrip("!").partition(",")[0].partition(";")[0].strip()


@cache
def fact_concepts() -> frozenset[str]:
    """Return the concepts that are facts about a person by themselves."""
    return frozenset(_concept_name(line) for _, line in _lines("concepts.txt", keyed=False) if line.startswith("!"))


@cache
def hard_concepts() -> frozenset[str]:
    """Return those of them that count whatever is said around them: allergies, diets, illnesses."""
    return frozenset(_concept_name(line) for _, line in _lines("concepts.txt", keyed=False) if line.startswith("!!"))


@cache
def concept_set(name: str) -> frozenset[str]:
    """Return a set of concepts by its name: persons, jobs, refused (what people refuse), colours, diets."""
    return frozenset("=" + each.replace("_", " ") for each in word_set(name))


@cache
def concepts_in(language: str) -> frozenset[str]:
    """Return the concepts that have words in a language."""
    return frozenset(name for some in lexicon().concepts.get(language, {}).values() for _, name in some)


@cache
def phrases(language: str) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return the phrases of several words of a language with their concepts, by their first stem, longest first."""
    every = lexicon().concepts.get(language, {})
    several = {first: tuple(each for each in found if len(each[0]) > 1) for first, found in every.items()}
    return {first: found for first, found in several.items() if found}


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the function words of a language."""
    return frozenset(word for word, languages in lexicon().function.items() if language in languages)


@cache
def generic_stems(language: str) -> frozenset[str]:
    """Return the stems of a language, and those of English, that carry no fact by themselves."""
    known = lexicon().generic
    return known.get(language, frozenset()) | known["en"]


def concepts_from(word: str, language: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the phrases that start with a stem of one language, with their concepts, longest first."""
    return lexicon().concepts.get(language, {}).get(word, ())


@lru_cache(maxsize=10_000)
def compound_concepts(word: str, language: str) -> frozenset[str]:
    """Return the concepts of the parts of a long compound: Kattenallergie has those of Katten and Allergie."""
    found = set()
    if 9 <= len(word) <= 30:
        for cut in range(3, len(word) - 3):
            for part in (word[:cut], word[cut:]):
                found |= {name for stems, name in concepts_from(stem(part, language), language) if len(stems) == 1}
    return frozenset(found)


def phrase_words(text: str) -> list[str]:
    """Return the words of a phrase; hyphens separate words."""
    return re.findall(r"[^\W_]+(?:['’][^\W\d_]+)?", text)


def language_of(text: str, fallback: str = "") -> str:
    """Return the language that most function words of a text belong to; `fallback` or English if there are none."""
    count: Counter[str] = Counter()
    known = lexicon().function
    for word in re.findall(r"[^\W\d_]+", text[:_ENOUGH]):
        for language in known.get(fold(word), ()):
            count[language] += 1
    if not count:
        return fallback or ENGLISH
    best = max(count.values())
    if fallback and (count[fallback] >= best - 1 or best < 2):
        return fallback
    return ENGLISH if count[ENGLISH] == best else next(each for each, number in count.items() if number == best)
