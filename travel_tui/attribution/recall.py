"""Diagnosis of a recall: at which stage some words were lost on their way into an answer, with the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from travel_tui.attribution.matching import same_value
from travel_tui.attribution.reading import read
from travel_tui.attribution.types import Diagnosis, Found, RecallStage, Removal, SaidText, StoredText
from travel_tui.attribution.units import Unit

_MOST_EVIDENCE = 20
_MOST_WANTED = 50
"""Most words that are looked for."""
_GONE = {
    Removal.EXPIRED: RecallStage.EXPIRED,
    Removal.HERE: RecallStage.DELETED,
    Removal.ELSEWHERE: RecallStage.DELETED,
}


def diagnose_recall(
    words: str,
    said: Sequence[SaidText],
    history: Sequence[StoredText] | None,
    synopsis: str | None,
    answer: str,
    today: date,
    *,
    complete: bool = True,
) -> Diagnosis:
    """Return why an answer has or lacks `words`, in any wording, with the sentences that show it, oldest first.

    `said` are the user's messages of this and earlier sessions, `history` all summaries that the memory has or had,
    None if it has not been read yet; `synopsis` is the memory in the answer's prompt, None if the trace does not report
    it. `complete` is False where only the past of the memory is known, and what it has now has not been read yet.
    """
    found = [Found(sentence, said=each) for each in said if (sentence := holding(each.text, words, today))]
    kept = [Found(sentence, stored=each) for each in history or () if (sentence := holding(each.text, words, today))]
    used = holding(answer, words, today)
    injected = None if synopsis is None else bool(holding(synopsis, words, today))
    now = [each for each in kept if each.stored is not None and each.stored.removal is None]
    gone = [each for each in kept if each.stored is not None and each.stored.removal is not None]
    evidence = [*found[-_MOST_EVIDENCE:], *kept[-_MOST_EVIDENCE:]]
    if used:
        return Diagnosis(RecallStage.USED, (*evidence, Found(used)))
    if injected:
        outcome = RecallStage.NOT_USED
    elif now:
        outcome = RecallStage.UNTRACED if injected is None else RecallStage.NOT_INJECTED
    elif gone:
        last = gone[-1].stored
        outcome = _GONE[last.removal] if last is not None and last.removal is not None else RecallStage.DELETED
    elif history is None or not complete:
        outcome = RecallStage.UNREAD
    else:
        outcome = RecallStage.NOT_STORED if found else RecallStage.NEVER_SAID
    return Diagnosis(outcome, tuple(evidence))


def holding(text: str, words: str, today: date) -> str:
    """Return the sentence of a text that says `words` in any wording; empty if there is none.

    If no single sentence says all of them, but the text does, the sentence with the first of them is returned.
    """
    wanted = [unit for unit in read(words, today).units if unit.weight]
    reading = read(text, today)
    if not wanted:
        place = " ".join(text.casefold().split()).find(" ".join(words.casefold().split()))
        return text.strip()[:300] if words.strip() and place >= 0 else ""
    by_key: dict[str, list[Unit]] = {}
    for unit in reading.units:
        for key in unit.keys:
            by_key.setdefault(key, []).append(unit)
    by_unit = [_places(unit, by_key) for unit in wanted[:_MOST_WANTED]]
    if not all(by_unit):
        return ""
    common = set.intersection(*({unit.sentence for unit in places} for places in by_unit))
    sentence = min(common) if common else by_unit[0][0].sentence
    start, end = reading.sentences[sentence]
    return reading.text[start:end].strip()[:300]


def _places(wanted: Unit, by_key: Mapping[str, Sequence[Unit]]) -> list[Unit]:
    if wanted.kind == "phrase":
        return _phrase_places(wanted, by_key)
    return [
        unit
        for key in sorted(wanted.keys)
        for unit in by_key.get(key, ())
        if (unit.value is None) == (wanted.value is None)
        and (wanted.value is None or same_value(wanted, unit, supported=True))
    ]


def _phrase_places(wanted: Unit, by_key: Mapping[str, Sequence[Unit]]) -> list[Unit]:
    """Return the units of the same concept, and those of a sentence that has all words of the phrase."""
    found = [unit for key in sorted(wanted.keys) if key[0] == "=" for unit in by_key.get(key, ())]
    parts = sorted(key for key in wanted.keys if key[:2] == "s:")
    if len(parts) > 1:
        common = set.intersection(*({unit.sentence for unit in by_key.get(key, ())} for key in parts))
        found += [unit for unit in by_key.get(parts[0], ()) if unit.sentence in common]
    return found
