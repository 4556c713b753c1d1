"""What is the same of a word wherever it stands: its keys, and whether it carries a fact by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from travel_tui.attribution.words import compound_concepts, concepts_from, fold, generic_stems, lexicon, stem

COMPOUNDING = frozenset({"de", "nl", "sv", "da", "no", "fi", "hu"})
"""Languages that write compounds as one word."""


STANCE = frozenset(
    {
        "=like",
        "=dislike",
        "=job",
        "=reservation",
        "=quit",
        "=people",
        "=before",
        "=after",
        "=family",
        "=aged",
        "=early",
        "=late",
        "=reference",
        "=live",
        "=budget",
        "=price",
        "=morning",
        "=afternoon",
        "=evening",
        "=fast",
        "=small",
        "=big",
        "=start",
        "=end",
        "=last",
        "=phone",
        "=email",
        "=ask",
        "=buy",
        "=arrive",
        "=leave",
        "=return",
        "=move",
        "=maker",
        "=glad",
        "=address",
        "=meal",
        "=room",
        "=birthday",
        "=seat",
        "=look after",
        "=size",
    }
)
"""Concepts that say how someone stands to a thing: they support a match and are no fact alone."""


class About(NamedTuple):
    """What is the same of a word wherever it stands."""

    keys: frozenset[str]
    generic: bool
    stance: bool
    ambiguous: bool


@lru_cache(maxsize=20_000)
def about(text: str, language: str) -> About:
    """Return keys and class of a word of a language."""
    word, plain = stem(text, language), fold(text)
    names = {name for stems, name in concepts_from(word, language) if len(stems) == 1}
    if language in COMPOUNDING and not names:
        names |= compound_concepts(plain, language)
    known = generic_stems(language)
    return About(
        frozenset({f"s:{word}", f"f:{plain}", *names}),
        word in known or plain in known,
        bool(names) and names <= STANCE,
        language == "en" and word in lexicon().ambiguous,
    )
