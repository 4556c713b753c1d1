"""What a summary lost: facts that were stated in its session and that it does not have.

A heuristic: it compares names, days, ids, places and amounts. What was taken back or replaced later in the session is
not lost, nor what was only asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from travel_tui.facts import Fact
from travel_tui.memory.claims import Claim, bare_days, claim, claims, day_of, named
from travel_tui.memory.topics import topics

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_TAKES_BACK = re.compile(
    r"\b(?:instead|actually|rather|correction|sorry|i mean|i meant|make (?:it|that)|change|move|moved|changed|wrong|"
    r"mistake|scratch that|forget (?:that|it)|cancel|no longer|not anymore|on second thought)\b|^no[,.]",
    re.I,
)
_NOT_MEANT = re.compile(
    r"(?:\bnot|\binstead of|\brather than|\bno longer|\bwithout)\s+(?:the|in|on|at|from|to)?\s*$", re.I
)
"""What stands before a fact that the person does not mean."""
_DISMISSES = re.compile(r"\b(?:forget it|forget that|ignore it|ignore that|was wrong|were wrong)\b", re.I)
_ASKS = re.compile(
    r"^(?:and|but|so)?\s*(?:what|when|where|which|who|how|is|are|do|does|did|can you tell|could you tell|will|would it|"
    r"any)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn: what the person wrote and what the agent answered."""

    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A fact that the summary lacks, as it was written, and the turn that stated it, counted from 1."""

    fact: Fact
    turn: int


def lost(turns: Sequence[Exchange], summary: str, today: date) -> list[Lost]:
    """What of the session's facts the summary lacks, in order, each once. `today` is the session's day."""
    stated = _stated(turns, today)
    names = {fact.value for fact, _ in stated.values() if fact.kind == "name"}
    text = "\n".join(f"{topic.name}\n{topic.text}" for topic in topics(summary))
    kept = {claim(fact) for fact in claims(text, today, names)}
    kept |= {day for mine in kept if (day := day_of(mine))}
    return [Lost(fact, turn) for mine, (fact, turn) in stated.items() if mine not in kept]


def _stated(turns: Sequence[Exchange], today: date) -> dict[Claim, tuple[Fact, int]]:
    """What was stated and still held at the session's end."""
    names = named([turn.text for turn in turns], today)
    stated: dict[Claim, tuple[Fact, int]] = {}
    for number, turn in enumerate(turns, 1):
        for sentence in _SENTENCE.split(turn.text):
            if _is_question(sentence):
                continue
            found = [each for each in claims(sentence, today, names) if not _NOT_MEANT.search(sentence[: each.start])]
            if _DISMISSES.search(sentence):
                continue
            if _TAKES_BACK.search(sentence):
                _take_back(stated, found)
            bare = bare_days(sentence, today)
            for fact in found:
                stated.setdefault(bare.get((fact.start, fact.end)) or claim(fact), (fact, number))
        for fact in claims(turn.answer, today):
            if fact.kind == "id":
                stated.setdefault(claim(fact), (fact, number))
    return stated


def _is_question(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") and bool(_ASKS.match(sentence.strip()))


def _take_back(stated: dict[Claim, tuple[Fact, int]], new: Sequence[Fact]) -> None:
    """Drop the last facts of the kinds that a correction states anew; the person means the newest of each."""
    for kind in ("date", "place", "amount", "name"):
        fresh = [fact for fact in new if fact.kind == kind]
        old = [
            mine
            for mine, (fact, _) in stated.items()
            if fact.kind == kind and mine not in {claim(fact) for fact in fresh}
        ]
        for mine in old[len(old) - len(fresh) :] if fresh and old else []:
            del stated[mine]
