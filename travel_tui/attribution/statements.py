"""Statements of a user that hold at the end: without questions, hypotheses and what was taken back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from travel_tui.attribution.reading import Reading, Unit, read
from travel_tui.attribution.types import Turn

_CORRECTS = re.compile(
    r"^\W*(?:nope|sorry|wait|oops|actually|hm|correction|update|ah|oh|hmm|haha no|ah pardon|pardon|"
    r"(?:no|nein|non|nee|nej|nie)(?=[,.!:;–—-]| (?:sorry|wait|make|not|it|i|we|that|the)\b))\b[,.!:]?|"
    r"\b(?:no,? sorry|no,? wait|sorry(?=,|\s+(?:the|on|it|not|\d))|i mean|i meant|make (?:it|that)|"
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
_REPLACED = re.compile(
    r"\b(?:we said|i said|was supposed|were supposed|originally|at first|first (?:thought|planned)|used to be|"
    r"it was|had planned|was going to|were going to)\b",
    re.I,
)
_MEANT = re.compile(r"\b(?:was|were) going to\b", re.I)
_QUOTED_LINE = re.compile(r"[ \t]*>|\[?\d{1,2}[:.]\d\d[^\n\w]{1,4}\w[\w ]{0,20}:")
"""Starts of a quoted line, and of one of a chat log."""
_MOVES = re.compile(
    r"\b(?:move|moved|reschedul\w+|shift|change|push|switch|déplac\w+|report\w+|décal\w+|verschieb\w*|verleg\w+|"
    r"cambi\w+|mover|aplaz\w+|spost\w+|remarc\w+|mud\w+|verzet\w*)\b[^.!?]{0,60}?\b(?:from|du|vom|von|del|dal|do|de|van)\s+"
    r"(?=[^.!?]{1,40}?\b(?:to|au|auf|al|para|a|naar)\b)",
    re.I,
)
"""What is moved from one day to another."""
_HEADING = re.compile(r"^\W*(?:[\w'’&-]+\s+){0,3}[\w'’&-]+:(?=\s)")
"""A heading of a message, as in Farm stuff: and New rule:."""
_DECIDES = re.compile(
    r"\b(?:settled (?:on|for)|decided (?:on|for)|agreed on|went (?:with|for)|ended up|haben uns für|on a choisi|"
    r"hemos elegido|abbiamo scelto)\b",
    re.I,
)
_WISHES = re.compile(
    r"\b(?:wants? to|wanted|would like|prefers?|preferred|suggests?|suggested|votes? for|either|or)\b", re.I
)
_MOST_PASTED, _MOST_NAMES, _MOST_DISMISSED = 20, 20, 100
"""Most pasted blocks, most names of a correction, and most statements before a dismissal that are looked at."""
_NEXT = 8
"""Characters within which a name belongs to the word before it."""
_ADDS = re.compile(r"\b(?:too|also|as well|and|auch|aussi|también|anche)\b", re.I)
_REPORTS = re.compile(
    r"^\W*(?:my|our|the|his|her)\s+(?:[\w'-]+\s+){1,3}?(?:always\s+|often\s+)?(?:says|thinks|claims|believes|"
    r"said|told me|reckons|insists)\b(?!\s*['\"])",
    re.I,
)
"""What somebody else thinks."""
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»\n]{3,400})[\"”“»]|(?<!\w)['‘]([^'’\n]{8,400})['’](?!\w)")
_QUOTING = re.compile(
    r"\b(?:say|says|said|saying|wrote|writes|told|tells?|telling|asked|asks|asking|used to say|goes|shouted|called out|sagt|sagte|"
    r"dit|disait|dice|dijo)\b[^.!?]{0,25}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause of a message with the units it states; `ended` is set where it says that something no longer holds."""

    turn: int
    reading: Reading
    units: tuple[Unit, ...]
    ended: bool = False


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
    if (dropped := _DROPS.search(text)) is not None:
        clause = next((unit.clause for unit in units if unit.start >= sentence[0] + dropped.end() - 1), None)
        _dismiss(found, [unit for unit in units if unit.clause == clause])
        units = [unit for unit in units if unit.clause != clause]
        if not units:
            return
    dismissal = None if dropped else _DISMISSES.search(text)
    if dismissal is not None and any(unit.value and unit.start > sentence[0] + dismissal.end() for unit in units):
        dismissal = None  # scratch that, 8:15: a correction
    if dismissal is not None:
        if dismissal.group().lower().endswith("forget"):
            clause = next((unit.clause for unit in units if unit.start >= sentence[0] + dismissal.start()), None)
            _dismiss(found, [unit for unit in units if unit.clause == clause])
            units = [unit for unit in units if unit.clause != clause]
            if units:
                found.append(Statement(number, reading, tuple(units)))
            return
        pronoun = dismissal.group().lower().split()[-1] in (
            "it",
            "that",
            "mind",
            "kidding",
            "joking",
            "das",
            "joke",
            "ça",
        )
        own = _STATES.search(text, 0, dismissal.start()) is not None
        _dismiss(found, [] if pronoun and not own else units)
        return
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
        _drop_wishes(found, number)
    corrects = _CORRECTS.search(text)
    least = 2 if corrects else 3
    excluded = [unit for unit in units if unit.weight >= least and _by_not(reading.text, unit)]
    excluded += [
        after for unit in excluded for after in units if after.kind == "name" and 0 < after.start - unit.end < 2
    ]
    without = {id(unit) for unit in excluded}
    kept = [unit for unit in units if id(unit) not in without]
    if _REPLACED.search(text):
        kept = _last_of_each(kept, reading.text, sentence)
    if corrects or excluded:
        corrected = [unit for unit in kept if unit.start >= sentence[0] + corrects.start()] if corrects else kept
        _take_back(found, text, corrected, excluded)
        kept = _last_of_each(kept, reading.text, sentence)
    for clause, its in groupby(kept, key=lambda unit: unit.clause):
        start, end = reading.clauses[clause]
        found.append(Statement(number, reading, tuple(its), ENDED.search(reading.text, start, end) is not None))


def _before_question(reading: Reading, units: Sequence[Unit], sentence: tuple[int, int]) -> list[Unit]:
    """Return the units that a sentence states before it asks: she's in week 30, does she need a letter?"""
    text = reading.text[sentence[0] : sentence[1]]
    asks = _ASKS.search(text)
    if asks is None or not _STATES.search(text, 0, asks.start()):
        return []
    return [unit for unit in units if unit.end <= sentence[0] + asks.start()]


def _drop_wishes(found: list[Statement], turn: int) -> None:
    """Drop what was proposed before a decision: he wants Turbo, she prefers Figaro. We settled on Figaro."""
    for at in range(max(0, len(found) - 6), len(found)):
        statement = found[at]
        if statement.turn != turn or not statement.units:
            continue
        start, end = statement.reading.clauses[statement.units[0].clause]
        if _WISHES.search(statement.reading.text, start, end) is not None:
            found[at] = Statement(turn, statement.reading, (), statement.ended)


def _by_not(text: str, unit: Unit) -> bool:
    """Whether a name or value is denied by the word right before it: not Martina."""
    return (
        re.search(
            r"\b(?:not|didn['’]?t(?= mean)|nicht|pas|non|no(?=\s+(?:el|la|los|las)\b)|instead of|rather than|statt|au lieu de|en vez de)\s+"
            r"(?:the|in|on|at|from|to|a|le|la|el|der|die|das|mean the|dr\.?|mrs?\.?|ms\.?|prof\.?)?\s*$",
            text[max(0, unit.start - 24) : unit.start],
            re.I,
        )
        is not None
    )


def _quoted(text: str, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    """Return what a sentence quotes of somebody else's words."""
    found = []
    for match in _QUOTE.finditer(text, max(0, sentence[0] - 400), min(len(text), sentence[1] + 400)):
        words = match.group(1) or match.group(2) or ""
        if len(words.split()) >= 3 and _QUOTING.search(text[max(0, match.start() - 60) : match.start()].rstrip(" :,")):
            found.append((match.start(), match.end()))
    return found


def _dismiss(found: list[Statement], units: Sequence[Unit]) -> None:
    """Drop what a sentence takes back: what it names, or else the statement before it."""
    named = {key for unit in units if unit.weight for key in unit.keys}
    for at in range(max(0, len(found) - _MOST_DISMISSED), len(found)):
        statement = found[at]
        left = tuple(_without_named(statement.units, named))
        if len(left) != len(statement.units) and not any(unit.weight >= 2 for unit in left):
            left = ()
        found[at] = Statement(statement.turn, statement.reading, left, statement.ended)
    if not named and found:
        sentence = found[-1].units[-1].sentence if found[-1].units else -1
        last = found[-1].turn
        while found and found[-1].turn == last and (not found[-1].units or found[-1].units[-1].sentence == sentence):
            found.pop()


def _without_named(units: Sequence[Unit], named: Collection[str]) -> Iterator[Unit]:
    """Yield the units that are not named, nor a name right behind one that is: my neighbour Mrs. Quist."""
    end = -_NEXT
    for unit in units:
        if not unit.keys.isdisjoint(named) or (unit.kind == "name" and unit.start - end < _NEXT):
            end = unit.end
        else:
            yield unit


def _take_back(found: list[Statement], text: str, new: Sequence[Unit], excluded: Sequence[Unit]) -> None:
    """Drop the latest value of each kind that a correction states again, and those that it excludes."""
    gone = {key for unit in excluded for key in unit.keys}
    replaced: dict[str, int] = {}
    for unit in new:
        if unit.value is not None:
            replaced[_kind(unit)] = replaced.get(_kind(unit), 0) + 1
    names = [unit for unit in new if unit.kind == "name"][:_MOST_NAMES]
    fresh = {key for unit in new for key in unit.keys}
    others = len(names) if not replaced and not _ADDS.search(text) else 0
    for at in range(len(found) - 1, max(-1, len(found) - 13), -1):
        left: list[Unit] = []
        dropped: Unit | None = None
        for unit in found[at].units:
            kind = _kind(unit) if unit.value is not None else ""
            again = not fresh.isdisjoint(unit.keys)
            follows = dropped is not None and unit.kind == "name" and unit.start - dropped.end <= 12
            if unit.keys & gone or (again and unit.weight >= 2) or follows:
                continue
            if kind and replaced.get(kind, 0) > 0:
                replaced[kind] -= 1
                dropped = unit
                continue
            if unit.kind == "name" and (others > 0 or any(_alike(unit, other) for other in names)):
                others -= 1
                continue
            left.append(unit)
        if len(left) != len(found[at].units):
            found[at] = Statement(found[at].turn, found[at].reading, tuple(left), found[at].ended)


def _alike(unit: Unit, other: Unit) -> bool:
    """Whether two names are spellings of one another."""
    a, b = (next((key[2:] for key in sorted(each.keys) if key.startswith("f:")), "") for each in (unit, other))
    return a != b and len(a) > 3 and a[:3] == b[:3] and abs(len(a) - len(b)) <= 2


def _kind(unit: Unit) -> str:
    """Return what a correction of a value has in common with it."""
    value = unit.value
    if value is None:
        return ""
    return f"number {value.unit}" if value.kind == "number" and value.unit else value.kind


def _last_of_each(units: Sequence[Unit], text: str, sentence: tuple[int, int]) -> list[Unit]:
    """Drop a value that is corrected within its own sentence: 12 June, no, sorry, 19 June."""
    cut = re.search(
        r"(?:\bno,? (?:sorry|wait)|\bno,|\bsorry,|\bi mean\b|\bnot\b|\.\.\. ?no\b)",
        text[sentence[0] : sentence[1]],
        re.I,
    )
    if cut is None and _REPLACED.search(text, *sentence):
        turns = list(re.finditer(r"\b(?:but|now|so)\b", text[sentence[0] : sentence[1]], re.I))
        cut = next((each for each in turns if each.group().lower() == "but"), turns[-1] if turns else None)
    if cut is None:
        return list(units)
    place = sentence[0] + cut.start()
    if _MEANT.search(text, sentence[0], place):
        return [unit for unit in units if unit.start >= place]
    after = {_kind(unit) for unit in units if unit.value is not None and unit.start >= place}
    return [unit for unit in units if unit.value is None or unit.start >= place or _kind(unit) not in after]
