"""Sentences in languages other than English, which the rules keep as they are."""

from __future__ import annotations

import re

from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent.languages import is_foreign
from travel_tui.local.scripted_agent.words import FUNCTION_WORDS

_COMMON = """
aber auch auf bei dem der ein eine einen einer es habe haben ich ihr ist kein keine mein meine meinen mit nicht seit sie
sind uber und unser unsere uns vom von wir wohne wohnen zum zur
au aux avec ce cette chez dans des du elle et il j'ai je le les leur mais mes mon ne notre nous pour que qui sont
suis une vous
del esta estoy muy nuestra nuestro para pero por porque somos soy su tengo tiene una
che della gli ho lavoro nel nella sono siamo tra uno
ao da em eu foi meu minha moro nao nossa nosso os sou tenho um uma
aan een het heb heeft ik mijn niet onze voor wij woon zijn
att av du ett hos ikke inte jag jeg jobber med min mitt och som vi
jest jestem mam mieszkam moj moja moje nasz nie sie
asun minulla minun oli olen
"""
"""Frequent words of ten European languages, folded; those that are English words or names are left out."""
_OTHERS = frozenset(_COMMON.split())
_SHARED = frozenset(["a", "am", "an", "as", "at", "do", "i", "in", "no", "on", "so"])
"""English words that some of those languages have as well."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_other_language(sentence: str) -> bool:
    """Return whether a sentence has more frequent words of other languages than it has of English."""
    if is_foreign(sentence):
        return True
    found = [match.group() for match in _WORD.finditer(sentence)]
    # A capital inside a sentence begins a name.
    said = {fold(word) for number, word in enumerate(found) if number == 0 or word[:1].islower()}
    return len(said & _OTHERS) > len(said & (FUNCTION_WORDS - _SHARED - _OTHERS))
