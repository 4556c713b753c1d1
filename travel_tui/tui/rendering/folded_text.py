"""Folding of long texts in a text area, which would lay out all of its lines on every change."""

from __future__ import annotations

import re

from travel_tui.text import beginning

MOST, MAX_LINES = 10_000, 400
"""Most characters and lines that a text area holds unfolded: some 10 ms of work per key."""
END, END_LINES = 300, 3
"""Characters and lines shown at the beginning and at the end of a folded text."""
_SEAL = "\u2060"
"""Invisible character in a label, so that typed or pasted text that looks like a label is not one."""
_LABEL = re.compile(rf"\[…{_SEAL} [\d,]+ more (?:lines|characters) #\d+ …\]")
_BREAK = re.compile(r"\r\n?")


class Folds:
    """The folded parts of the texts in one text area, by the label shown in their place."""

    def __init__(self) -> None:
        self._middles: dict[str, str] = {}

    def fold(self, text: str, present: str = "") -> str:
        """Replace the middle of `text` with a label if it is too long, alone or together with `present` text."""
        if len(text) + len(present) <= MOST and text.count("\n") + present.count("\n") <= MAX_LINES:
            return text
        text = _BREAK.sub("\n", text)
        start = len(beginning(text, END, END_LINES))
        end = len(text) - len(beginning(text[: start - 1 : -1] if start else text[::-1], END, END_LINES))
        start, end = start + text.startswith("\n", start), end - (end > start and text[end - 1] == "\n")
        middle = text[start:end]
        if len(middle) < END:
            return text
        lines = middle.count("\n") + 1
        amount = f"{lines:,} more lines" if lines > 1 else f"{len(middle):,} more characters"
        label = f"[…{_SEAL} {amount} #{len(self._middles) + 1} …]"
        self._middles[label] = self.unfold(middle)
        return text[:start] + label + text[end:]

    def unfold(self, text: str) -> str:
        """Replace the labels in `text` with the text they stand for; a modified label is left as is."""
        return (
            _LABEL.sub(lambda found: self._middles.get(found.group(), found.group()), text) if self._middles else text
        )

    def label_at(self, line: str, column: int) -> tuple[int, int] | None:
        """Return the start and end of the label around a column of a line, or None if it is not within one."""
        spans = (each.span() for each in _LABEL.finditer(line) if each.group() in self._middles)
        return next(((start, end) for start, end in spans if start < column < end), None)

    def label_before(self, line: str, column: int) -> str:
        """Return the label that ends at a column of a line; empty if there is none."""
        found = (each.group() for each in _LABEL.finditer(line) if each.end() == column)
        return next((each for each in found if each in self._middles), "")
