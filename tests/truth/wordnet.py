"""Makes travel_tui/attribution/lexicon/wordnet.tsv.gz from a checkout of github.com/globalwordnet/english-wordnet.

A line for each stem: the category of its first noun sense as a letter ("-" if it is no noun), the other parts of speech
it has, the numbers of its noun and adjective senses that other stems have or belong to, and those of the senses that
are directly above its usual one (dog above dachshund).
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from travel_tui.attribution import words

TARGET = Path(words.__file__).parent / "lexicon" / "wordnet.tsv.gz"
MAX_RANK = 2
"""Senses of a word that count, the usual ones first."""


def main(checkout: Path) -> None:
    """Write the file."""
    source = checkout / "src" / "yaml"
    synsets = {
        name: (file.stem, synset.get("hypernym", []))
        for pattern in ("noun.*", "verb.*", "adj.*", "adv.*")
        for file in source.glob(f"{pattern}.yaml")
        for name, synset in _load(file).items()
    }
    entries = {lemma: entry for file in sorted(source.glob("entries-*.yaml")) for lemma, entry in _load(file).items()}
    TARGET.write_bytes(gzip.compress("\n".join(rows(synsets, entries)).encode("ascii"), 9, mtime=0))


def rows(synsets: Mapping[str, tuple[str, list[str]]], entries: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the lines; `synsets` have their category and the broader ones, `entries` the senses of each word."""
    by_stem: dict[str, dict[str, list[tuple[str, int, str]]]] = defaultdict(lambda: defaultdict(list))
    for lemma, entry in entries.items():
        if re.fullmatch(r"[a-z]{2,20}", lemma):
            by_stem[words.stem(lemma, "en")][lemma] += _senses(entry)
    own = {stem: _counted(lemmas) for stem, lemmas in by_stem.items()}
    broader = {
        stem: {above for synset in _counted(lemmas, 1) for above in synsets[synset][1]}
        for stem, lemmas in by_stem.items()
    }
    stems = Counter(synset for some in own.values() for synset in some)
    named = Counter(synset for some in broader.values() for synset in some)
    numbers = {each: at for at, each in enumerate(sorted(s for s, n in stems.items() if n > 1 or s in named))}
    nouns = sorted({category for category, _ in synsets.values() if category.startswith("noun")})
    letters = {name: chr(ord("a") + at) for at, name in enumerate(nouns)}
    for stem, lemmas in sorted(by_stem.items()):
        every = [each for some in lemmas.values() for each in some]
        first = "-"
        for some in (every, lemmas[min(lemmas, key=len)]):
            if found := [synset for part, rank, synset in some if part == "n" and rank == 0]:
                first = letters[synsets[found[0]][0]]
        others = "".join(sorted({part for part, *_ in every if part != "n"}))
        mine = " ".join(str(numbers[each]) for each in sorted(own[stem]) if each in numbers)
        above = " ".join(str(numbers[each]) for each in sorted(broader[stem]) if each in numbers)
        yield f"{stem}\t{first}{others}\t{mine}\t{above}"


def _counted(lemmas: Mapping[str, list[tuple[str, int, str]]], ranks: int = MAX_RANK) -> set[str]:
    """Return the usual noun and adjective senses."""
    return {synset for some in lemmas.values() for part, rank, synset in some if part in "na" and rank < ranks}


def _senses(entry: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    for part, its in entry.items():
        for rank, sense in enumerate(its.get("sense", ())[:3]):
            yield part[0].replace("s", "a"), rank, sense["synset"]


def _load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
