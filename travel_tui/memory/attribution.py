"""What in an answer came from where: from the prompt's memory, from this session, or from neither.

A heuristic: it compares names, days, ids, places and amounts, and knows nothing of why the agent said them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import unescape

from travel_tui.agent import SessionSummary
from travel_tui.facts import Fact
from travel_tui.memory.claims import Claim, bare_days, claim, claims, day_of, lengths, named

NOT_WORDS = re.compile(r"<[^>]*>|[^\w]+")


class Origin(StrEnum):
    """Where a fact of an answer stood before."""

    SAID = "said in this session"
    MEMORY = "from memory"
    NEITHER = "from neither"


@dataclass(frozen=True, slots=True)
class Attributed:
    """A fact of an answer. `session_id` is whose summary has it; empty where it is not from memory."""

    fact: Fact
    origin: Origin
    session_id: str = ""


def attribute(answer: str, said: Sequence[str], memory: Mapping[str, str], today: date) -> list[Attributed]:
    """The facts of `answer`, each once, in order. `said` is all that stood in this session before, `memory` the
    summaries that stood in the prompt by their session, newest first."""
    names = named([*said, *memory.values()], today)

    def known(text: str) -> set[Claim]:
        facts = claims(text, today, names)
        return {claim(fact) for fact in facts} | lengths(facts)

    here = {each for text in said for each in known(text)}
    here |= {day for text in said for day in bare_days(text, today).values()}
    there = {session: known(text) for session, text in memory.items()}
    found: dict[object, Attributed] = {}
    for fact in claims(answer, today, names):
        mine = claim(fact)
        if mine in found:
            continue
        session_id = next((session for session, its in there.items() if mine in its), "")
        if mine in here:
            found[mine] = Attributed(fact, Origin.SAID)
        elif session_id:
            found[mine] = Attributed(fact, Origin.MEMORY, session_id)
        elif day_of(mine) in here:
            found[mine] = Attributed(fact, Origin.SAID)
        else:
            found[mine] = Attributed(fact, Origin.NEITHER)
    return list(found.values())


def injected(synopsis: str, summaries: Iterable[SessionSummary]) -> list[str]:
    """The session ids of those summaries whose words stand in a prompt's synopsis.

    Compared by words alone, since a prompt may wrap, escape or tag a summary differently than the API returns it.
    """
    words = _words(synopsis)
    return [s.session_id for s in summaries if (mine := _words(s.text).strip()) and f" {mine} " in words]


def _words(text: str) -> str:
    return f" {NOT_WORDS.sub(' ', unescape(text)).strip().lower()} "
