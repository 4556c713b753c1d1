"""Text normalization for the other modules; the length is kept where offsets matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ALIKE = {
    **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒﹣－", "-"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    ),
    "，": ",",
    "．": ".",
    "：": ":",
    "？": "?",
    "！": "!",
    "；": ";",
}
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160), 8203, 8204, 8205, 65279), " ")
_BIDI = dict.fromkeys([*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029], " ")
_TABLE = str.maketrans({**{ord(k): v for k, v in _ALIKE.items()}, **_CONTROL, **_BIDI})

_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:st|mt|ft|dr|mr|mrs|ms|prof|sr|jr|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|approx|no|vs|"
    r"e\.g|i\.e|"
    r"[a-z]|(?:[a-z]\.)+[a-z])$",
    re.I,
)
_END = re.compile(r"[!?;\n]+[\"')\]]*|(?<!\.)\.+[\"')\]]*(?=\s|$)")


def even(text: str) -> str:
    """Replace typographic quotes, hyphens, blanks and control characters with plain ones; the length is unchanged."""
    return text.translate(_TABLE)


def fold(text: str) -> str:
    """Lower-case the text and remove accents; its length may change."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of each sentence, including its closing mark; blank ones are left out."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and match.group()[:2] != "..":
            before = text[max(begin, match.start() - 12) : match.start()]
            if _ABBREVIATION.search(before) or (
                before[-1:].isdigit() and text[match.end() : match.end() + 2].strip().islower()
            ):
                continue
        _keep(text, begin, match.end(), spans)
        begin = match.end()
    _keep(text, begin, len(text), spans)
    return tuple(spans)


def _keep(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[begin:end]
    if piece.strip(" \t\r\n.!?;"):
        lead = len(piece) - len(piece.lstrip())
        spans.append((begin + lead, begin + len(piece.rstrip())))
