"""Statements of a user that hold at the end: without questions, hypotheses and what was taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from travel_tui.attribution.reading import read
from travel_tui.attribution.retractions import REPLACED, dismiss, drop_wishes, is_denied, last_of_each, take_back
from travel_tui.attribution.statement import Statement
from travel_tui.attribution.types import Turn
from travel_tui.attribution.units import Reading, Unit

_CORRECTS = re.compile(
    r"^\W*(?:nope|sorry|wait|oops|actually|hm|correction|update|ah|oh|hmm|haha no|ah pardon|pardon|"
    r"(?:no|nein|non|nee|nej|nie)(?=[,.!:;–—-]| (?:sorry|wait|make|not|it|i|we|that|the)\b))\b[,.!:]?|"
    r",\s*no,\s|\b(?:no,? sorry|no,? wait|sorry(?=,|\s+(?:the|on|it|not|\d))|i mean|i meant|make (?:it|that)|"
    r"instead|correction|typo|scratch that|"
    r"scrap that|better to|"
    r"change(?:d)? (?:it|that|my mind)|no longer|not any ?more|moved to|now\b.*\binstead|inverti|inversé|"
    r"perdón|mejor|"
    r"entschuldigung|korrektur|doch lieber|plutôt|en fait|anzi|scusa)\b",
    re.I,
)
_DISMISSES = re.compile(
    r"\b(?:forget(?: (?:it|that|about it|about that|what i))?(?! to\b| about)|never ?mind|(?:scratch|scrap) that|"
    r"ignore (?:it|that)|drop that|"
    r"(?:that|it) was (?:a joke|wrong|my)|just kidding|only joking|strike that|cancel that|vergiss das|"
    r"oublie(?:z)? (?:ça|cela)|olvida(?:lo)?|lascia stare)\b",
    re.I,
)
_DROPS = re.compile(
    r"(?:^|[,;:–—-]|\b(?:so|and|but|please|then|ok|actually|let['’]?s))\s*\b(?:scrap|forget|drop|skip|ditch)\s+"
    r"(?:about\s+)?(?:the|my|our|his|her|their)\s+\w",
    re.I,
)
"""What is dropped by its name: scrap the salmon."""
_PRONOUNS = frozenset({"it", "that", "mind", "kidding", "joking", "das", "joke", "ça"})
"""Last words of a dismissal of what was said before."""
_IMAGINES = re.compile(
    r"\b(?:what if|if i (?:were|was|had|took|moved|went|got|could|won|ever)|suppose|imagine|just wondering|"
    r"hypothetically|if (?:i|we|he|she|they)\b.{1,60}\b(?:i'd|we'd|would|might)|"
    r"would i|could i|should i|might i|i (?:might|could) (?:maybe )?|thought about|thinking (?:of|about)|"
    r"considered|dreams? of|"
    r"angenommen|und wenn ich|et si je|y si yo|se io)\b",
    re.I,
)
_ASKS_FOR = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:can|could|would|will) (?:you|u)\b(?! (?:say|tell me (?:what|when|where|who|how|"
    r"if)|explain))",
    re.I,
)
_ASKS_PLAINLY = re.compile(
    r"\W*(?:what(?:['’]?s| is| are| do| does)|who(?:['’]?s| is)|which (?:is|one|of)|how (?:much|many|long|far|old)|"
    r"(?:is|are) there|(?:do|does|did) (?:you|they|it)|was kostet|wie viel|gibt es|combien|cuánto|quanto)\b",
    re.I,
)
"""Starts of a question that may lack its mark."""
_ASKS = re.compile(
    r"[,;:–—-]\s*(?:(?:so|and|but|also|und|et|y|e|en)\s+)?(?:do|does|did|is|are|was|can|could|should|will|would|what|"
    r"which|who|when|where|how|why|any|is there|kann|können|soll|gibt|was|welche\w*|wann|wo|wie|est-ce|quel\w*|"
    r"qu'est|peux|pouvez|puedes|puedo|qué|cuál|cuándo|dónde|hay|puoi|posso|quale|dove|quando|pode|posso|qual|onde|"
    r"kan|kun|moet|welke|waar|wanneer|hoe)\b(?!\s+also)",
    re.I,
)
"""Where a sentence starts to ask after it stated something."""
_STATES = re.compile(
    r"(?:\b(?:i|we|she|he|they|it|my|our|his|her|ich|wir|mein\w*|je|nous|mon|ma|mes|mi|mis|mio|mia|minha|meu|ik|mijn)\b|"
    r"['’](?:s|m|re|ve)\b)",
    re.I,
)
ENDED = re.compile(
    r"\b(?:no longer|not any ?more|(?:don't|doesn't|can't|not) .{0,40}any ?more|"
    r"nicht mehr|n[e'’] ?.{1,20} plus|ya no|não .{0,20}mais|niet meer|non .{0,20}più|inte längre|już nie)\b",
    re.I,
)
"""Words that say that something no longer holds."""
_THANKS = re.compile(r"\b(?:thx|thanks|thank you|cheers|cool|awesome|that worked|danke|merci|gracias|grazie)\b", re.I)
_HEADING = re.compile(r"^\W*(?:[\w'’&-]+\s+){0,3}[\w'’&-]+:(?=\s)")
"""A heading of a message, as in Farm stuff: and New rule:."""
_DECIDES = re.compile(
    r"\b(?:settled (?:on|for)|decided (?:on|for)|agreed on|went (?:with|for)|ended up|haben uns für|on a choisi|"
    r"hemos elegido|abbiamo scelto)\b",
    re.I,
)
_MOST_PASTED = 20
"""Most pasted blocks that are looked at."""
_QUOTED_LINE = re.compile(r"[ \t]*>|\[?\d{1,2}[:.]\d\d[^\n\w]{1,4}\w[\w ]{0,20}:")
"""Starts of a quoted line, and of one of a chat log."""
_MOVES = re.compile(
    r"\b(?:move|moved|reschedul\w+|shift|change|push|switch|déplac\w+|report\w+|décal\w+|verschieb\w*|verleg\w+|"
    r"cambi\w+|mover|aplaz\w+|spost\w+|remarc\w+|mud\w+|verzet\w*)\b[^.!?]{0,60}?\b(?:from|du|vom|von|del|dal|do|de|van)\s+"
    r"(?=[^.!?]{1,40}?\b(?:to|au|auf|al|para|a|naar)\b)",
    re.I,
)
"""What is moved from one day to another."""
_REPORTS = re.compile(
    r"^\W*(?:my|our|the|his|her)\s+(?:[\w'-]+\s+){1,3}?(?:always\s+|often\s+)?(?:says|thinks|claims|believes|"
    r"said|told me|reckons|insists)\b(?!\s*['\"])",
    re.I,
)
"""What somebody else thinks."""
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»\n]{3,400})[\"”“»]|(?<!\w)['‘]([^'’\n]{8,400})['’](?!\w)")
_QUOTING = re.compile(
    r"\b(?:say|says|said|saying|wrote|writes|told|tells?|telling|asked|asks|asking|used to say|goes|shouted|"
    r"called out|sagt|sagte|dit|disait|dice|dijo)\b[^.!?]{0,25}$",
    re.I,
)


def statements(turns: Sequence[Turn], today: date, language: str) -> list[Statement]:
    """Return the statements of a session's user that hold at its end, in order."""
    found: list[Statement] = []
    for number, turn in enumerate(turns, 1):
        reading = read(turn.user, turn.day or today, language)
        pasted = _pasted(reading.text)
        by_sentence = {place: list(units) for place, units in groupby(reading.units, key=lambda unit: unit.sentence)}
        for place, units in by_sentence.items():
            sentence = reading.sentences[place]
            if not any(start <= sentence[0] < end for start, end in pasted[:_MOST_PASTED]):
                _read_sentence(found, number, reading, units, sentence)
    return found


def _pasted(text: str) -> list[tuple[int, int]]:
    """Return what a message has of others: code, quoted lines and chat logs."""
    found = [match.span() for match in re.finditer(r"```.*?(?:```|\Z)", text, re.S)]
    start = 0
    for line in text.splitlines(keepends=True):
        if _QUOTED_LINE.match(line):
            found.append((start, start + len(line)))
        start += len(line)
    return found


def _read_sentence(
    found: list[Statement], number: int, reading: Reading, units: list[Unit], sentence: tuple[int, int]
) -> None:
    text = reading.text[sentence[0] : sentence[1]]
    if (
        text.lstrip(" >")
        .lower()
        .startswith(("dear ", "kind regards", "best regards", "regards", "liebe ", "sehr geehrte"))
        and len(text) < 60
    ):
        return
    if _THANKS.search(text) and len(text.split()) <= 7 and not any(unit.weight == 3 for unit in units):
        return
    left = _without_dismissed(found, text, units, sentence)
    if left is None:
        return
    units = left
    if (text.rstrip().endswith("?") or _ASKS_PLAINLY.match(text)) and not _ASKS_FOR.search(text):
        units = _before_question(reading, units, sentence)
        if not units:
            return
    if _IMAGINES.search(text):
        return
    if _REPORTS.match(text):
        return
    if (moves := _MOVES.search(text)) is not None:
        gone = next(
            (unit for unit in units if unit.value is not None and unit.start >= sentence[0] + moves.end()), None
        )
        units = [unit for unit in units if unit is not gone]
    if (heading := _HEADING.match(text)) is not None:
        head = [unit for unit in units if unit.start < sentence[0] + heading.end()]
        if not any(unit.weight == 3 for unit in head):
            units = units[len(head) :]
    spoken = _quoted(reading.text, sentence)
    units = [unit for unit in units if not any(start - 60 <= unit.start < end for start, end in spoken)]
    if _DECIDES.search(text):
        drop_wishes(found, number)
    corrects = _CORRECTS.search(text)
    least = 2 if corrects else 3
    excluded = [unit for unit in units if unit.weight >= least and is_denied(reading.text, unit)]
    excluded += [
        after for unit in excluded for after in units if after.kind == "name" and 0 < after.start - unit.end < 2
    ]
    without = {id(unit) for unit in excluded}
    kept = [unit for unit in units if id(unit) not in without]
    if REPLACED.search(text):
        kept = last_of_each(kept, reading.text, sentence)
    if corrects or excluded:
        corrected = [unit for unit in kept if unit.start >= sentence[0] + corrects.start()] if corrects else kept
        take_back(found, text, corrected, excluded)
        kept = last_of_each(kept, reading.text, sentence)
    for clause, its in groupby(kept, key=lambda unit: unit.clause):
        start, end = reading.clauses[clause]
        found.append(Statement(number, reading, tuple(its), ENDED.search(reading.text, start, end) is not None))


def _without_dismissed(
    found: list[Statement], text: str, units: list[Unit], sentence: tuple[int, int]
) -> list[Unit] | None:
    """Drop what a sentence takes back; return the units that it states besides, or None if it states nothing."""
    named = _DROPS.search(text)
    dismissal = named or _DISMISSES.search(text)
    if dismissal is None:
        return units
    if named or dismissal.group().lower().endswith("forget"):
        at = sentence[0] + (named.end() - 1 if named else dismissal.start())
        clause = next((unit.clause for unit in units if unit.start >= at), None)
        dismiss(found, [unit for unit in units if unit.clause == clause])
        return [unit for unit in units if unit.clause != clause] or None
    if any(unit.value and unit.start > sentence[0] + dismissal.end() for unit in units):
        return units  # scratch that, 8:15: a correction
    pronoun = dismissal.group().lower().split()[-1] in _PRONOUNS
    own = _STATES.search(text, 0, dismissal.start()) is not None
    dismiss(found, [] if pronoun and not own else units)
    return None


def _before_question(reading: Reading, units: Sequence[Unit], sentence: tuple[int, int]) -> list[Unit]:
    """Return the units that a sentence states before it asks: she's in week 30, does she need a letter?"""
    text = reading.text[sentence[0] : sentence[1]]
    asks = _ASKS.search(text)
    if asks is None or not _STATES.search(text, 0, asks.start()):
        return []
    return [unit for unit in units if unit.end <= sentence[0] + asks.start()]


def _quoted(text: str, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    """Return what a sentence quotes of somebody else's words."""
    found = []
    for match in _QUOTE.finditer(text, max(0, sentence[0] - 400), min(len(text), sentence[1] + 400)):
        words = match.group(1) or match.group(2) or ""
        if len(words.split()) >= 3 and _QUOTING.search(text[max(0, match.start() - 60) : match.start()].rstrip(" :,")):
            found.append((match.start(), match.end()))
    return found
