"""Normalise and limit the text that the rules read."""

from __future__ import annotations

import re

from travel_tui.facts.text import even

MAX_HEARD = 4_000
"""Characters read of one message: its beginning and, where it is longer, its last 1,000."""
_LAST = 1_000
_HESITATION = re.compile(r"(?<![\w'-])(?:u+h*m+|u+h+|e+rm*|e+h+|h+m+|u+gh+)(?![\w'-])[,.]*[ \t]*", re.I)


def readable(text: str) -> str:
    """Return the text with plain quotes and dashes, single blanks and line feeds, and without hesitation (um, er).

    Of a text longer than `MAX_HEARD` the middle is left out: the rules take time.
    """
    if len(text) > MAX_HEARD:
        text = text[: MAX_HEARD - _LAST - 1] + "\n" + text[-_LAST:]
    plain = _HESITATION.sub("", even(text.encode("utf-8", "replace").decode("utf-8")))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)
