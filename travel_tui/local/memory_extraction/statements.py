"""Statements of a user, turned into sentences in the third person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from travel_tui.facts.names import is_name
from travel_tui.facts.text import even, fold, sentences
from travel_tui.local.memory_extraction.languages import is_other_language
from travel_tui.local.scripted_agent import profile, speech_acts
from travel_tui.local.scripted_agent.incidental_notes import RELATION, in_passing, introduced
from travel_tui.local.scripted_agent.pronouns import QUOTED, inflect, third
from travel_tui.local.scripted_agent.reading import readable
from travel_tui.local.scripted_agent.topics import note_of
from travel_tui.local.scripted_agent.words import FUNCTION_WORDS, words

_MAX_SENTENCE = 600
"""Characters of a sentence that are rewritten; a longer one is quoted, cut."""
_MAX_SENTENCES = 200
"""Sentences read of one message."""
_FIRST_PERSON = re.compile(
    r"(?<![\w'])(?:i|i'm|im|i've|ive|i'd|i'll|my|mine|me|myself|we|we're|we've|we'll|our|us)(?![\w'])", re.I
)
_THIRD_PERSON = re.compile(r"(?<![\w'])(?:they|them|their|theirs|themselves|he|she|him|his|her|hers)(?![\w])", re.I)
_OPENING_PRONOUN = re.compile(r"^(?P<word>she|he|they|her|his|their)(?P<tail>'s|'re|'ve)?\b", re.I)
_TAILS = {"'s": " is", "'re": " is", "'ve": " has"}
_WITH_USER = re.compile(
    r"^(?:my|our)\s+(?P<who>(?:(?!\b(?:name's|is|are|was|were|has|had|lives|works|likes|loves)\b)[\w' -]){2,40}?)"
    r"\s+and\s+I\s+"
    r"(?P<rest>(?:are|have|both|were|will|live|work|\w+)\b.+)$",
    re.I,
)
"""One who does something with the user; a name and a second clause, as in “my name is Anna and I …”, are none."""
_SPOKEN_OF = re.compile(
    rf"(?<![\w'])(?:my|our)\s+(?:(?:older|younger|little|big|eldest|youngest|best|new|old|elder|twin)\s+)?"
    rf"(?:{RELATION}|tutor|trainer|landlord|landlady|supervisor|client|therapist|dentist|coach|lawyer|team)",
    re.I,
)
_SMALL_TALK = re.compile(
    r"^\W*(?:(?:that|this|it|which|these|those|what|there|here|sounds?|thanks?|thank|great|perfect|nice|cool|ok(?:ay)?|"
    r"yes|no|yep|nope|sure|fine|hello|hi|hey|good|bye|goodbye|see|agreed|exactly|right|correct|awesome|wonderful|"
    r"excellent|welcome|cheers|please|sorry|you|your|you're)\b)",
    re.I,
)
_REPORTS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|cannot|can't|must|should|does|doesn't|isn't|aren't|costs?|needs?|"
    r"starts?|ends?|begins?|opens?|closes?|runs?|uses?|lives?|works?|belongs?|means?|takes?|gets?|goes|comes|owns?|"
    r"prefers?|likes?|loves?|hates?|wants?|moved|could|would|did|may|might|came|went|got|took|made|saw|left|met|lost|"
    r"found|bought|paid|kept|knew|broke|chose|fell|gave|held|put|ran|sold|sent|told|won|wrote|became|began|built|"
    r"grew|expires?|contains?|weighs?|measures?|supports?|\w{3,}(?:ed|es))\b",
    re.I,
)
_STANDING = re.compile(
    r"\b(?:always|never|from\s+now\s+on|in\s+(?:the\s+)?future|every\s+time|each\s+time|any\s*more|by\s+default|"
    r"keep\b.{0,30}\b(?:short|brief|simple|formal|concise)|call\s+me|address\s+me|remind\s+me|"
    r"(?:don'?t|do\s+not)\s+(?:\w+\s+)?(?:me|my)\b|answer\s+(?:me\s+)?(?:in|with)|reply\s+in|respond\s+in|write\s+in|"
    r"speak\s+\w+\s+(?:with|to)\s+me|use\s+(?:metric|imperial|celsius|fahrenheit|bullet))\b",
    re.I,
)
_ORDER = re.compile(r"^\W*(?:please\s+|kindly\s+)?(?P<verb>don'?t|do\s+not|never|always|[a-z]+)\b", re.I)
_ORDERS = """
add address always answer arrange avoid book bring buy call cancel change check compare confirm contact delete
deliver do don't dont email explain find fly forget get give help keep leave let list make mention mind move
never note notify only order ping plan play postpone put read recommend remember remind remove repeat reply
reserve respond schedule search send set show skip speak start stop suggest take tell text translate treat
update use wake write
"""
_ORDER_VERBS = frozenset(_ORDERS.split())
_REQUEST = re.compile(
    r"^\W*(?:(?:can|could|would|will)\s+you|i(?:'d|\s+would)\s+like\s+you\s+to|i\s+(?:want|need)\s+you\s+to|"
    r"(?:please\s+)?(?:tell|show|give|find|book|cancel|look|search|explain|translate|recommend|suggest|summari[sz]e|"
    r"help|check|list|order|buy|make|create|draft|write)\b)",
    re.I,
)
_ABOUT_TALK = re.compile(
    r"^The user(?:'s group)? (?:means?|meant|asks?|asked|thinks? so|guess(?:es)?|hopes?|sees?|understands?|"
    r"agrees?|says?|said(?!:)|"
    r"will (?:come|be|get) back|will (?:let you know|think about|see|wait|try)|wonders?|is (?:wondering|asking|"
    r"sorry|sure|not sure|done|back|fine|ready|here|afraid (?:not|so))|"
    r"has (?:a|one|another) (?:quick |short )?question|appreciates?|thanks?|looks? forward|needs? (?:your )?help|"
    r"would like to (?:know|ask)|wants? to (?:know|ask))\b",
    re.I,
)
_VACUOUS = re.compile(
    r"^The user(?:'s group)? (?:\w+ ){0,2}(?:likes?|loves?|hates?|has|needs?|wants?|gets?|knows?|sees?|does|takes?|is) "
    r"(?:that|this|it|them|those|one|so|not|here|there)(?: one)?(?: too| now| please)?$|"
    r"^The user (?:will|would|can|can't|does|doesn't|did|has|is) ?(?:do (?:that|it|so))?$",
    re.I,
)
_OCCASION = re.compile(
    r"^(?:It's|It is|Today is|Tomorrow is) their (?P<what>[\w ]{3,30}?)(?P<when> (?:on|in|at) .+)?$", re.I
)
_BEGINS_WITH_I = re.compile(r"^(?:i|i'm|i've)\b", re.I)
_NEXT_VERB = re.compile(
    r",?\s+(?:and|but)\s+(?:also\s+)?(?=(?:love|like|hate|enjoy|prefer|dislike|don'?t|can'?t|cannot|am|have|work|"
    r"live|play|"
    r"speak|drink|eat|avoid|always|never|usually|need|study|teach|own|run|moved|started|stopped|collect)\b)",
    re.I,
)
_ENGLISH = FUNCTION_WORDS | frozenset({"i", "not", "over", "after", "every", "two", "new", "good", "very", "only"})
_GROUP = re.compile(r"^The user's party(?P<owned>'s)?(?: (?P<verb>[A-Za-z]+(?:'t)?))?")
_CONTRACTED = re.compile(r"(?<!\w)(?:i|it|that|he|she|we|they|you|there)'(?:m|s|re|ve|d|ll)(?!\w)", re.I)
_SUBORDINATE = re.compile(
    r"^(?!for (?:the record|your|next|now)|in (?:fact|case|the future|future)|at the moment|on "
    r"reflection)(?:since|because of|after|before|during|due to|thanks to|as an?|for|in|on|at)\s",
    re.I,
)
"""Openings that belong to the sentence, where those of `profile.clauses` could be left out."""
_HYPOTHETICAL = re.compile(
    r"^\W*(?:(?:and|but|so|well|ok(?:ay)?|now)\W+)*(?:imagine|suppose|supposing|assume|pretend|let'?s\s+(?:say|imagine|"
    r"assume|pretend|suppose)|what\s+if|hypothetically|say\s+(?:i|we|my|our))\b",
    re.I,
)
_COUNTERFACTUAL = re.compile(
    r"\b(?:if|had)\s+(?:i|we|my|our|he|she|they|it|there|the)\b.*(?:\b(?:would|could|might)\b|'d\b)|"
    r"(?:\b(?:would|could|might)\b|'d\b).*\bif\s+(?:i|we|my|our|he|she|they|it|there|the)\b[^,]*\b(?:had|were|was|\w+ed)\b",
    re.I,
)
_PREFERS = re.compile(r"\b(?:rather|prefer\w*|always|never|usually)\b", re.I)
_ENDS = re.compile(r"\b(?:no longer|any ?more|stopped|quit|gave up)\b", re.I)
_FORGOT = re.compile(r"^(?:i|we)\s+forgot\s+(?!(?:what|how|when|where|which|who|whose|whether|if|why)\b)\w", re.I)
"""What somebody left behind, which is no question for it."""
_QUESTION_MARKS = ("?", "？", "؟", "\u037e")
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that say more with a letter."""
_MASK = "ǁ"
"""A letter that hides a word from patterns of whole words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in the third person, and its source in the user's words."""

    text: str
    source: str


def statements(texts: Iterable[str], earlier: Iterable[str] = ()) -> Iterator[Statement]:
    """Yield the statements of a user's messages in order; questions, requests and small talk are left out.

    `earlier` messages of the session tell whom “she” and “he” mean, and what a bare value corrects.
    """
    said = list(earlier)
    who = next(filter(None, (_spoken_of(even(text)) for text in reversed(said))), "")
    last: Statement | None = None
    for text in texts:
        found = _of_message(text, who)
        if not found:
            last = last or next(reversed(_of_message(said[-1], who)), None) if said else last
            found = _correction(text, last)
        yield from found
        last = found[-1] if found else last
        who = _spoken_of(even(text)) or who


@lru_cache(maxsize=256)
def _of_message(text: str, who: str) -> tuple[Statement, ...]:
    """Return the statements of a message; cached, since every strategy reads it."""
    plain = even(text)
    found: list[Statement] = []
    for start, end in sentences(plain)[:_MAX_SENTENCES]:
        sentence = " ".join(plain[start:end].split())
        found += _of_sentence(readable(sentence), who)
        who = _spoken_of(sentence) or who
    return tuple(found)


def _correction(text: str, last: Statement | None) -> tuple[Statement, ...]:
    """Return the statement of a message that gives only a new value for the last one, such as “no, 1800 euros”."""
    told = note_of(last.text.rstrip(".")) if last and len(text) < _MAX_SENTENCE else None
    corrected = profile.follow_up(told, "", readable(text)) if told else None
    return (Statement(f"{corrected.text}.", text),) if corrected else ()


def _spoken_of(text: str) -> str:
    """Return the person that a text mentions last, such as “my sister”; "" where there is none."""
    found: list[str] = _SPOKEN_OF.findall(text)
    return found[-1] if found else ""


def _of_sentence(sentence: str, who: str) -> Iterator[Statement]:
    if len(sentence) > _MAX_SENTENCE:
        yield Statement(f'{QUOTED}{sentence[:_MAX_SENTENCE].replace(chr(34), chr(39))}…"', sentence[:_MAX_SENTENCE])
        return
    if _HYPOTHETICAL.match(sentence) or (_COUNTERFACTUAL.search(sentence) and not _PREFERS.search(sentence)):
        return
    name = introduced(sentence)
    if name and is_name(name) and re.search(rf"(?<!\w){re.escape(name)}", sentence):
        yield Statement(f"The user's name is {name}.", sentence)
    else:
        name = ""
    if not name and _is_foreign(sentence):
        if not sentence.endswith(_QUESTION_MARKS):
            yield Statement(_quoted(sentence), sentence)
        return
    for clause in (part for whole in _clauses(sentence) for part in _predicates(whole)):
        statement = _of_clause(clause, sentence, who)
        if statement and not (
            name and re.search(rf"\b(?:name|name's|is|call(?:ed)?|them) {re.escape(name)}\b", statement.text)
        ):
            yield statement
    for note in () if sentence.endswith("?") else in_passing(sentence):
        if not note.topic.startswith("occasion/") or " trip to " in note.text:
            yield Statement(f"{note.text}.", sentence)


def _is_foreign(sentence: str) -> bool:
    """Whether a sentence of some length has no word that English sentences have."""
    long_enough = sum(character.isalpha() for character in sentence) > (3 if _DENSE.search(sentence) else 6)
    if is_other_language(sentence):
        return long_enough
    if (
        _CONTRACTED.search(sentence)
        or any(word in _ENGLISH and word != "a" for word in words(sentence))
        or _REPORTS.search(sentence)
    ):
        return False
    spelled = [word for word in words(sentence) if word.isalpha()]
    return long_enough and (len(spelled) > 2 or not sentence.isascii())


def _clauses(sentence: str) -> list[str]:
    """Split a sentence into clauses; “my wife and I” stays together."""
    plain = re.sub(r"^\W*(?:(?:hi|hello|also|and|so|well|actually)\W+)+", "", sentence, flags=re.I)
    if _WITH_USER.match(plain) or _SUBORDINATE.match(plain):
        return [plain.rstrip(".!")]
    return profile.clauses(sentence)


def _predicates(clause: str) -> list[str]:
    """Split “I live in Oslo and work at a bank” into a clause for each verb."""
    parts = _NEXT_VERB.split(clause) if _BEGINS_WITH_I.match(clause) else [clause]
    return [parts[0], *(f"I {part}" for part in parts[1:])]


def _of_clause(clause: str, sentence: str, who: str) -> Statement | None:
    if (speech_acts.is_question(clause) and not _FORGOT.match(clause)) or (
        sentence.endswith("?") and not _FIRST_PERSON.search(clause)
    ):
        return None
    if _is_order(clause):
        if _STANDING.search(sentence):
            return Statement(f"The user asked the assistant to {_order(clause)}.", clause)
        return None
    if _REQUEST.match(clause):
        return None
    pronoun = _OPENING_PRONOUN.match(clause)
    if pronoun and not who:
        return None
    if pronoun:
        owned = pronoun["word"].lower() in {"her", "his", "their"}
        clause = f"{who}{chr(39) + 's' if owned else _TAILS.get(pronoun['tail'] or '', '')}{clause[pronoun.end() :]}"
    both = _WITH_USER.match(clause)
    if both:
        text = f"The user and their {both['who']} {both['rest']}"
        return Statement(f"{text.rstrip('.!,;: ')}.", clause)
    if _FIRST_PERSON.search(clause):
        text = _third(clause)
    elif not _ENDS.search(clause) and (
        _SMALL_TALK.match(clause) or len(clause.split()) < 4 or not _REPORTS.search(clause)
    ):
        return None
    else:
        text = clause[:1].upper() + clause[1:]
    text = _OCCASION.sub(lambda m: f"The user's {m['what']} is{m['when'] or ' ' + m.group().split()[0].lower()}", text)
    text = text.rstrip(".!,;: ")
    home = note_of(text)
    if home and home.topic == "home" and home.value:
        text = home.text
    if _ABOUT_TALK.match(text) or _VACUOUS.match(text) or len(text.split()) < 3:
        return None
    return Statement(f"{text}.", clause)


def _is_order(clause: str) -> bool:
    order = _ORDER.match(clause)
    return bool(order and fold(order["verb"]).replace("do not", "don't") in _ORDER_VERBS)


def _order(clause: str) -> str:
    """Return an instruction as an infinitive: don't call me becomes not call them."""
    text = re.sub(r"^\W*(?:please|kindly|let's)\s+", "", clause, flags=re.I)
    text = re.sub(r"\s+please\W*$", "", text, flags=re.I)
    text = re.sub(r"^(?:don'?t|do\s+not)\b", "not", text, flags=re.I)
    for first, other in (
        ("my", "their"),
        ("me", "them"),
        ("mine", "theirs"),
        ("i", "they"),
        ("us", "them"),
        ("our", "their"),
    ):
        text = re.sub(rf"(?<![\w']){first}(?![\w'])", other, text, flags=re.I)
    return (text[:1].lower() + text[1:]).rstrip(".!,;: ")


def _third(clause: str) -> str:
    """Return a first-person clause in the third person; pronouns for others stay as they are."""
    masked = _THIRD_PERSON.sub(lambda match: f"{_MASK}{match.group()}{_MASK}", clause)
    masked = masked.replace('"', _MASK * 3)
    text = third(masked).replace(_MASK * 3, '"').replace(_MASK, "")
    if text.startswith(QUOTED):
        return _quoted(clause)
    return re.sub(r"(?<!^)(?<![.:] )\bThe user\b", "the user", _GROUP.sub(_group, text))


def _group(match: re.Match[str]) -> str:
    verb = match["verb"]
    return f"The user's group{match['owned'] or ''}{' ' + inflect(verb) if verb else ''}"


def _quoted(text: str) -> str:
    return f'{QUOTED}{text.strip(chr(34)).replace(chr(34), chr(39))}"'
