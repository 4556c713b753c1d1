"""Why something was not recalled, in one line: never stored, stored but not injected, or injected but not used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from travel_tui.memory.claims import claim, claims


class Verdict(StrEnum):
    """Where recall ended."""

    USED = "recalled"
    NOT_USED = "in the prompt, but not used in the answer"
    NOT_INJECTED = "stored, but not put in the prompt"
    NEVER_STORED = "never stored"
    UNKNOWN = "unknown: the trace does not tell what stood in the prompt"


@dataclass(frozen=True, slots=True)
class Reason:
    """The verdict, and the session whose summary has it; empty where none does."""

    verdict: Verdict
    session_id: str = ""


def verdict(*, stored: bool | None, injected: bool | None, used: bool) -> Verdict:
    """Where recall of one fact ended; None is what nobody knows."""
    if used:
        return Verdict.USED
    if injected:
        return Verdict.NOT_USED
    if stored is False:
        return Verdict.NEVER_STORED
    if injected is None or stored is None:
        return Verdict.UNKNOWN
    return Verdict.NOT_INJECTED


def why(wanted: str, summaries: Mapping[str, str], synopsis: str | None, answer: str, today: date) -> Reason:
    """Why an answer does not have what is wanted. `summaries` are the stored ones by session, newest first; `synopsis`
    is the memory in the answer's prompt, None where the trace does not tell."""
    holder = next((session for session, text in summaries.items() if has(text, wanted, today)), "")
    seen = None if synopsis is None else has(synopsis, wanted, today)
    stored = bool(holder) or bool(seen)
    return Reason(verdict(stored=stored, injected=seen, used=has(answer, wanted, today)), holder)


def has(text: str, wanted: str, today: date) -> bool:
    """Whether a text has what is wanted: every fact of it in any wording, else its words."""
    facts = {claim(fact) for fact in claims(wanted, today)}
    if facts:
        return facts <= {claim(fact) for fact in claims(text, today)}
    return _words(wanted) in _words(text)


def _words(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text.casefold())) + " "
