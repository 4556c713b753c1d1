"""Halves of surrogate pairs: JSON can spell them, but no text that is sent or stored can have them."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    """Return the text with two halves of a pair as their character, and with U+FFFD for one that stands alone."""
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
