"""Convert between first, third and second person."""

from __future__ import annotations

import re

_MODAL_WORDS = """
can could will would shall should may might must can't cannot couldn't won't wouldn't shouldn't mustn't ought
needn't cant
"""
_PAST_WORDS = """
was were had did went took got came said told saw made flew left met lost found bought brought paid spent grew kept
knew thought felt broke chose drove ate drank fell forgot gave heard held let put rode ran sat sold sent slept spoke
stood swam taught won wore wrote hurt cut hit cost quit became began wasn't hadn't didn't gotten been built caught
meant dealt shook
fought led understood woke
"""

_MODAL = frozenset(_MODAL_WORDS.split())
_PAST = frozenset(_PAST_WORDS.split())
_ADVERBS = (
    r"(?:also|always|never|usually|often|really|still|just|only|already|currently|normally|generally|absolutely|"
    r"strongly|sometimes|mostly|especially|now|definitely|actually|recently|"
    r"both|truly|much|rarely|seldom|once|typically|kind\s+of|sort\s+of|do|honestly|particularly|simply|"
    r"no\s+longer|hardly|even|ever|probably|personally|long|quite|very\s+much|deeply|secretly|certainly|finally|"
    r"tend\s+to)"
)
_FIRST = re.compile(
    rf"\b(?:(?P<i>I)(?![\w.])(?P<tail>'m|'ve|'d|"
    rf"'ll)?(?:(?P<adverbs>(?:\s+{_ADVERBS})*)\s+(?P<verb>[A-Za-z]+(?:'t)?)\b)?|(?P<im>i'm|im|ive)\b)",
    re.I,
)
_OTHERS = {
    "my": "their",
    "mine": "theirs",
    "me": "them",
    "myself": "themselves",
    "our": "their",
    "ours": "theirs",
    "us": "them",
    "ourselves": "themselves",
    "we": "they",
    "we're": "they're",
    "we've": "they've",
    "we'll": "they'll",
    "we'd": "they'd",
}
_OTHER = re.compile(r"(?<![\w'])(?:myself|mine|my|me|ourselves|ours|our|us|we're|we've|we'll|we'd|we)(?![\w'])", re.I)
_THEY = re.compile(
    r"\b(?:they|them|their|theirs|themselves|they're|they've|he|she|him|his|her|hers|the\s+user)\b|[\"“”]", re.I
)
_SELF = re.compile(r"(?<![\w'])(?:i|i'm|im|ive|i've|i'd|i'll|my|me|mine|myself|we|our|us|we're|we've)(?![\w'])", re.I)

_WE_ARE = re.compile(r"^(we) (are|have)\b", re.I)
_WE = re.compile(r"^we'(re|ve|ll|d)\b", re.I)

QUOTED = 'The user said: "'


def is_personal(text: str) -> bool:
    """Return whether the text has a pronoun of the first person."""
    return _SELF.search(text) is not None


def third(text: str) -> str:
    """Convert a first-person clause to a sentence about “The user”, or quote it where that would be ambiguous."""
    text = " ".join(text.split()).strip(" .,;:!-–—")
    text = _WE.sub(lambda m: "We " + {"re": "are", "ve": "have", "ll": "will", "d": "would"}[m[1].lower()], text)
    if not text:
        return ""
    if _THEY.search(text) or not is_personal(text):
        return f'{QUOTED}{_plain_quotes(text)}"'
    seen = False

    def subject(match: re.Match[str]) -> str:
        nonlocal seen
        verb = match["verb"] or ""
        adverbs = match["adverbs"] or ""
        tail = (match["tail"] or "").lower()
        if match["im"]:
            tail, verb = ("'ve" if match["im"].lower() == "ive" else "'m"), ""
        start = "they" if seen else "The user"
        plural, seen = seen, True
        if tail:
            word = {"'m": "are" if plural else "is", "'ve": "have" if plural else "has", "'d": "would", "'ll": "will"}[
                tail
            ]
            return f"{start} {word}{adverbs}{' ' + verb if verb else ''}"
        if not verb:
            return start
        return f"{start}{adverbs} {_plural(verb) if plural else inflect(verb)}"

    opening = re.match(r"(?:my|our|mine|we|us)(?=['\s])", text, re.I)
    if opening:
        seen = True
        head = {
            "my": "The user's",
            "our": "The user's",
            "we": "The user's party",
            "mine": "The user's",
            "us": "The user's party",
        }[opening.group().lower()]
        if opening.group().lower() == "we":
            text = _WE_ARE.sub(lambda m: f"{m[1]} " + {"are": "is", "have": "has"}[m[2].lower()], text)
        text = head + _FIRST.sub(subject, text[opening.end() :])
    else:
        text = _FIRST.sub(subject, text)
    text = _OTHER.sub(lambda m: _OTHERS[m.group().lower()], text)
    return text[:1].upper() + text[1:]


def _plain_quotes(text: str) -> str:
    return text.replace('"', "'").replace("“", "'").replace("”", "'")


def inflect(verb: str) -> str:
    """Inflect a verb for the third person; past and modal verbs stay."""
    word = verb.lower()
    fixed = {
        "am": "is",
        "have": "has",
        "do": "does",
        "don't": "doesn't",
        "haven't": "hasn't",
        "dont": "doesn't",
        "are": "is",
        "go": "goes",
    }
    if word in fixed:
        return fixed[word]
    if (
        word in _MODAL
        or word in _PAST
        or (word.endswith("ed") and word not in ("need", "feed", "speed"))
        or (word.endswith("ly") and word not in ("fly", "apply", "rely", "reply", "supply"))
    ):
        return word
    if word in (
        "and",
        "or",
        "with",
        "who",
        "in",
        "on",
        "at",
        "to",
        "from",
        "for",
        "as",
        "too",
        "the",
        "a",
        "is",
        "has",
    ):
        return word
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def _plural(verb: str) -> str:
    return {"am": "are", "was": "were"}.get(verb.lower(), verb)


def deflect(verb: str) -> str:
    """Inflect a third-person verb for “you”: has becomes have, prefers prefer."""
    word = verb.lower()
    fixed = {
        "is": "are",
        "has": "have",
        "does": "do",
        "doesn't": "don't",
        "hasn't": "haven't",
        "isn't": "aren't",
        "was": "were",
        "wasn't": "weren't",
        "goes": "go",
        "is'nt": "aren't",
    }
    if word in fixed:
        return fixed[word]
    if (
        word in _MODAL
        or word in _PAST
        or word.endswith("ss")
        or not word.endswith("s")
        or word in ("always", "his", "this", "sometimes", "plus", "as", "us")
    ):
        return verb
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:sh|ch|ss|x|zz|o)es$", word):
        return word[:-2]
    return word[:-1]


_USER_VERB = re.compile(rf"\b[Tt]he\s+user(?P<adverbs>(?:\s+{_ADVERBS})*)\s+(?P<verb>[A-Za-z]+(?:'t)?)\b")
_YOURS = {
    "their": "your",
    "theirs": "yours",
    "them": "you",
    "themselves": "yourself",
    "they": "you",
    "they're": "you're",
    "they've": "you've",
    "they'll": "you'll",
    "they'd": "you'd",
}


def second(text: str) -> str:
    """Convert a sentence about “The user” to the second person, beginning in lower case."""
    text = text.strip().rstrip(".")
    if text.startswith(QUOTED):
        return f"“{text[len(QUOTED) :].rstrip(chr(34))}”"
    text = re.sub(
        r"\b[Tt]he user's party( is| has)?\b", lambda m: "you" + {" is": " are", " has": " have"}.get(m[1], ""), text
    )
    text = _USER_VERB.sub(lambda m: f"you{m['adverbs']} {deflect(m['verb'])}", text)
    text = re.sub(r"\b[Tt]he user's\b", "your", text)
    text = re.sub(r"\b[Tt]he user\b", "you", text)
    return re.sub(
        r"(?<![\w'])(?:theirs|their|themselves|them|they're|they've|they'll|they'd|they)(?![\w'])",
        lambda m: _YOURS[m.group().lower()],
        text,
        flags=re.I,
    )
