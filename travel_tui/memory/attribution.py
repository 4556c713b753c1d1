"""What of a memory went where: for now, which summaries stood in a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from travel_tui.agent import SessionSummary

NOT_WORDS = re.compile(r"<[^>]*>|[^\w]+")


def injected(synopsis: str, summaries: Iterable[SessionSummary]) -> list[str]:
    """The session ids of those summaries whose words stand in a prompt's synopsis.

    Compared by words alone, since a prompt may wrap, escape or tag a summary differently than the API returns it.
    """
    words = _words(synopsis)
    return [s.session_id for s in summaries if (mine := _words(s.text).strip()) and f" {mine} " in words]


def _words(text: str) -> str:
    return f" {NOT_WORDS.sub(' ', unescape(text)).strip().lower()} "
