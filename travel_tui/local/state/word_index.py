"""Words of records and queries as the search index has them: stems of content words.

Scripts that put no blanks between words are indexed by pairs of characters.
"""

from __future__ import annotations

import re
from functools import lru_cache

from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent.words import kin, stem

_STOPPED = """
a about after all also am an and any are as at be because been before being but by can could did do does doing done
for from had has have having he her here hers him his how i if in into is it its just let me might mine more most my
myself no not of on once only or our ours out over own shall she should so some such than that the their theirs them
then there these they this those through to too under until up us very was we were what when where which while who
whom whose why will with would yes you your yours t s m re ve ll d don doesn didn isn aren wasn weren won wouldn
couldn shouldn hasn haven hadn please said asked answered
"""
_STOP_WORDS = frozenset(_STOPPED.split())
"""English words without a meaning of their own, and those that begin quotations in records."""
_MAX_WORDS = 400
"""Different words that are indexed of one record."""
_MAX_LENGTH = 40
"""Characters of a word that count."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
"""Scripts that put no blanks between words."""
_MARKUP = re.compile(r"</?topic\b|\bname=|[\"{}\[\]]|\bcontext\b\"?:|\bpreference\b\"?:|\bcategories\b\"?:")


def index_words(text: str) -> set[str]:
    """Return a text's different index words, without stop words and markup of records."""
    found: set[str] = set()
    for match in _WORD.finditer(_MARKUP.sub(" ", fold(text))):
        word = match.group()
        if _DENSE.search(word):
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif word not in _STOP_WORDS and word.partition("'")[0] not in _STOP_WORDS:
            # A quotation mark would end the word in a query.
            found.add(_stem(word))
        if len(found) >= _MAX_WORDS:
            break
    return found - {""}


@lru_cache(maxsize=8_192)
def _stem(word: str) -> str:
    return stem(word).replace("'", "")[:_MAX_LENGTH]


def related_words(word: str) -> set[str]:
    """Return the index words that mean something near to an index word, without itself."""
    return {other for other in kin(word) if _WORD.fullmatch(other)} - {word}
