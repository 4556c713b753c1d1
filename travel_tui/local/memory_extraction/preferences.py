"""Preferences: JSON with context, preference and categories, one a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from travel_tui.local.memory_extraction.categories import categories
from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import Message, said_by_user
from travel_tui.local.memory_extraction.statements import Statement, statements
from travel_tui.local.memory_extraction.subjects import subject_of

_MAX_TEXT = 1_000
_LIKING = (
    r"prefers?|likes?|loves?|enjoys?|adores?|hates?|dislikes?|avoids?|favou?rs?|can't stand|cannot stand|can't "
    r"live without|"
    r"is (?:really |very )?(?:interested in|into|fond of|keen on|tired of|afraid of|obsessed with|passionate "
    r"about|allergic to)|"
    r"is (?:not )?a (?:big |huge )?fan of|doesn't care for|(?:doesn't|does not) (?:like|eat|drink|want|enjoy)"
)
_WISHING = r"would rather|would prefer|would sooner|would like|would love|wants?|is looking for|takes their"
_HABIT = r"always|never|usually|normally|generally|typically|mostly|only"
_DIET = r"(?:can't|cannot) eat|is (?:not |no longer )?(?:a )?(?:vegetarian|vegan|pescatarian)"
_PREFERENCE = re.compile(
    rf"^(?:[\w ]{{2,25}} t|T)he user(?:'s group| and [\w ]{{2,20}})?(?!')\b.*?\b(?:{_LIKING}|{_WISHING}|{_HABIT}|"
    rf"{_DIET})\b|"
    rf"^The user's (?:[\w-]+ ){{1,2}}(?:(?:always|really|also|only) )?(?:{_LIKING}|{_DIET})\b|"
    r"^The user's (?:\w+ )?(?:favou?rite|preferred|ideal)\b|^The user asked the assistant to\b|"
    r"^.{2,80}?\b(?:(?:is|are) their (?:\w+ )?favou?rite|(?:works?|suits?) (?:best |better |well )?(?:for )?them)\b",
    re.I,
)
_LASTING = re.compile(r"\b(?:would like|would love|wants?|is looking for)\b(?!.*\b(?:always|never|prefer\w*)\b)", re.I)
_ERRAND = re.compile(
    r"\b(?:would like|would love|wants?) (?:them |you )?to (?:book|change|cancel|return|know|ask|stay|leave|"
    r"order|buy|see|check|"
    r"make|reserve|talk|speak|get|have|send|pay|report|file|open|close|update|move|extend)\b|\bwould like (?:an?|"
    r"the|some)\b",
    re.I,
)


def preferences(messages: Iterable[Message], earlier: Iterable[Message] = ()) -> list[Draft]:
    """Return the preferences that the user stated, in order; of several on one subject only the last."""
    found: dict[str, Draft] = {}
    for statement in statements(said_by_user(messages), said_by_user(earlier)):
        if not _is_preference(statement):
            continue
        subject = subject_of(statement.text)
        found.pop(subject, None)
        found[subject] = Draft(_document(statement), subject)
    return list(found.values())


def _is_preference(statement: Statement) -> bool:
    text = statement.text
    return bool(_PREFERENCE.match(text)) and not (_LASTING.search(text) and _ERRAND.search(text))


def _document(statement: Statement) -> str:
    preference = re.sub(r"^The user asked the assistant to ", "Wants the assistant to ", statement.text.rstrip("."))
    preference = re.sub(r"^The user's (?!group)", "Their ", preference)
    preference = re.sub(r"^The user(?:'s group)? (?!and )", "", preference)
    preference = preference[:1].upper() + preference[1:]
    return json.dumps(
        {
            "context": f"The user said: {statement.source[:_MAX_TEXT]}",
            "preference": preference[:_MAX_TEXT],
            "categories": categories(statement.text),
        },
        ensure_ascii=False,
    )
