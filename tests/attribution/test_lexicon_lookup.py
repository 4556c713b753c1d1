"""The word list of WordNet is looked up in its text: every line is found, and nothing beside."""

from __future__ import annotations

import gzip
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from travel_tui.attribution import wordnet

LINES = gzip.decompress((files("travel_tui.attribution") / "lexicon" / "wordnet.tsv.gz").read_bytes()).decode("ascii")
ENTRIES = {line.split("\t")[0]: line.split("\t")[1:] for line in LINES.split("\n")}
STEMS = list(ENTRIES)


@given(st.sampled_from([STEMS[0], STEMS[-1]]) | st.sampled_from(STEMS))
def test_what_a_line_says_of_its_stem_is_found(stem: str) -> None:
    kinds, mine, above = ENTRIES[stem]
    assert wordnet.is_word(stem)
    assert wordnet.is_noun(stem) == (kinds[0] != "-")
    assert wordnet.is_verb(stem) == ("v" in kinds[1:])
    assert wordnet.senses(stem) == set(mine.split())
    assert wordnet.broader(stem) == set(above.split())


@given(st.text() | st.builds(str.__add__, st.sampled_from(STEMS), st.text("abz\t\n09 é", max_size=3)))
def test_a_word_that_no_line_has_is_not_found(word: str) -> None:
    assert wordnet.is_word(word) == (word in ENTRIES)
    if word not in ENTRIES:
        assert not wordnet.is_noun(word)
        assert not wordnet.is_concrete(word)
        assert not wordnet.senses(word) | wordnet.broader(word)


def test_some_words_are_what_they_are_in_english() -> None:
    assert wordnet.is_concrete("dog")
    assert wordnet.is_verb("abandon")
    assert wordnet.broader("poodl") & wordnet.senses("dog")
