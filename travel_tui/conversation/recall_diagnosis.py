"""Diagnosis of a recall in words: the outcome, and its evidence with times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from travel_tui.attribution.types import Diagnosis, Found, RecallStage
from travel_tui.text import moment, one_line, short_id, without_marks

if TYPE_CHECKING:
    from travel_tui.clock import Clock

_DERIVED = {
    RecallStage.NOT_INJECTED: "stored, would not be recalled",
    RecallStage.NOT_USED: "would be recalled, not used",
}
"""Outcomes where the memories of a turn are those that would be recalled."""
_NEVER = datetime.max.replace(tzinfo=UTC)


class DiagnosisText:
    """Words of a diagnosis for the screen, or with `full` for files: full ids, and times with their dates."""

    def __init__(self, clock: Clock, *, full: bool = False, derived: bool = False) -> None:
        """With `derived` the memories of the turn are those that would be recalled."""
        self._clock, self._full, self._derived = clock, full, derived

    def head(self, words: str, diagnosis: Diagnosis) -> str:
        """Return the words, the outcome, and for a deletion who made it."""
        outcome = str(diagnosis.outcome)
        removed = [each.stored for each in diagnosis.evidence if each.stored and each.stored.removal]
        if diagnosis.outcome in (RecallStage.DELETED, RecallStage.EXPIRED) and removed:
            outcome = f"stored, then {removed[-1].removed_by or removed[-1].removal}"
        if self._derived:
            outcome = _DERIVED.get(diagnosis.outcome, outcome)
        return f"{one_line(words, 60)}: {outcome}."

    def evidence(self, diagnosis: Diagnosis) -> str:
        """Return a line for each sentence found and each deletion, oldest first, those without a time last."""
        lines: list[tuple[datetime | None, str]] = []
        for found in diagnosis.evidence:
            lines.append(self._line(found))
            if found.stored is not None and found.stored.removal is not None:
                name = self._id(found.stored.session_id or found.stored.record_id)
                how = found.stored.removed_by or found.stored.removal
                lines.append((found.stored.removed_at, f"memory {name} {how}"))
        lines.sort(key=lambda line: line[0] or _NEVER)
        return "\n".join(f"{self._time(at)}{words}" for at, words in lines)

    def _line(self, found: Found) -> tuple[datetime | None, str]:
        in_answer = found.stored is None and found.said is None
        sentence = f"“{one_line(without_marks(found.sentence) if in_answer else found.sentence, 300)}”"
        if found.stored is not None:
            name = self._id(found.stored.session_id or found.stored.record_id)
            return found.stored.stored_at, f"in memory {name}: {sentence}" if name else f"in the prompt: {sentence}"
        if found.said is not None:
            place = f"said in session {self._id(found.said.session_id)}, turn {found.said.turn:,}"
            return found.said.at, f"{place}: {sentence}"
        return None, f"in the answer: {sentence}"

    def _id(self, value: str) -> str:
        return value if self._full else one_line(short_id(value))

    def _time(self, at: datetime | None) -> str:
        if at is None:
            return ""
        shown = self._clock.shown(at)
        if self._full:
            return f"{shown:%Y-%m-%d %H:%M}  "
        return f"{moment(shown, self._clock.shown(self._clock.now()))}  "
