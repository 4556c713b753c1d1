"""Find modes of travel in a text: TRAIN, AIR, or others, which cannot be booked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Mode = Literal["TRAIN", "AIR", "OTHER"]

_WORDS: dict[Mode, str] = {
    "TRAIN": r"trains?|rail|railways?|railroad|by\s+rail|tgv|ice\b(?!\s+cream)|eurostar|amtrak|thalys|intercity|"
    r"shinkansen|sleeper|night\s?jet|bahn|on\s+rails",
    "AIR": r"air|air\s?planes?|aeroplanes?|planes?|fly|flies|flying|flights?|flown|jet|airlines?|by\s+air|airways",
    "OTHER": r"bus|buses|coach|car|cars|driv(?:e|ing)|ferry|ferries|boat|ship|cruise|bike|bicycle|taxi|uber|helicopter|"
    r"hitchhik\w+|rocket|spaceship",
}
_SIGNS: dict[Mode, str] = {"TRAIN": "[🚂🚃🚄🚅🚆🚉🚊🚝🚞]", "AIR": "[✈🛫🛬🛩]", "OTHER": "[🚌🚗🚕🚢⛴🚲]"}
_FIND = re.compile("|".join(f"(?P<{mode}>\\b(?:{words})\\b|{_SIGNS[mode]})" for mode, words in _WORDS.items()), re.I)
_DENIED = re.compile(
    r"(?:\bthan\s+(?:[a-z]+\s+){1,4}|\b(?:not|no|never|don'?t|doesn'?t|won'?t|rather\s+than|instead\s+of|"
    r"without|hates?|dislikes?|can't\s+stand|avoids?|afraid\s+of|"
    r"scared\s+of|fear\s+of|neither|nor|but\s+not|"
    r"can'?t|cannot|prefer\s+not\s+to)(?:\s+(?:want|like|to|by|a|an|the|any|take|travel|go|using|use|via|on))*)\s*$",
    re.I,
)
_NAMES = re.compile(
    r"\b(?:air|train|flight)\s+(?:bnb|conditioning|france|canada|india|line|station|driver|number)\b", re.I
)


@dataclass(frozen=True, slots=True)
class ModeMention:
    """A mention of a mode of travel; `denied` where the user ruled it out."""

    start: int
    end: int
    text: str
    mode: Mode
    denied: bool


def find_modes(text: str) -> list[ModeMention]:
    """Return every mention of a mode of travel, in order."""
    names = [m.span() for m in _NAMES.finditer(text)]
    found = []
    for match in _FIND.finditer(text):
        if any(a <= match.start() < b for a, b in names):
            continue
        denied = _DENIED.search(text[max(0, match.start() - 40) : match.start()]) is not None
        mode = match.lastgroup
        if mode in ("TRAIN", "AIR", "OTHER"):
            found.append(ModeMention(match.start(), match.end(), match.group(), mode, denied))  # type: ignore[arg-type]
    return found


def chosen(text: str) -> Mode | None:
    """Return the mode that the text asks for.

    TRAIN or AIR where exactly one of them is named and not denied, OTHER where only others are named, else None.
    """
    said = [m for m in find_modes(text) if not m.denied]
    known = {m.mode for m in said if m.mode != "OTHER"}
    if len(known) == 1:
        return known.pop()
    if known:
        return None
    return "OTHER" if said else None


def spoken(mode: str) -> str:
    """Return the mode as answers name it: by train, by air."""
    return {"TRAIN": "by train", "AIR": "by air"}.get(mode.upper(), mode.lower())
