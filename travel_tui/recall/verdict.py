"""Where recall broke: for each expectation, whether it was in the summary, in the prompt and in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of something that was expected."""

    HELD = "held"
    NEVER_STORED = "never stored"
    NOT_INJECTED = "stored but not put in the prompt"
    NOT_USED = "in the prompt but not used"
    UNTRACED = "stored but not in the answer; the trace does not tell whether it was in the prompt"
    NOT_SAID = "not in the answer"
    """Memory has no part in it: nothing was remembered that the answer could have come from."""
    UNWANTED = "in the answer though it must not be"
    UNWANTED_STORED = "in the memory though it must not be"
    NOT_CALLED = "not called as expected"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of one thing that was expected, None where it could not be seen."""

    in_summary: bool | None
    in_prompt: bool | None
    in_answer: bool


def of_answer(evidence: Evidence, *, negative: bool, remembered: bool) -> Verdict:
    """The verdict on an answer. `remembered` tells whether there were earlier sessions with this memory."""
    if evidence.in_answer != negative:
        return Verdict.HELD
    if negative:
        return Verdict.UNWANTED
    if not remembered:
        return Verdict.NOT_SAID
    if evidence.in_prompt:  # whatever the summaries looked like a moment before
        return Verdict.NOT_USED
    if evidence.in_summary is False:
        return Verdict.NEVER_STORED
    if evidence.in_summary is None:
        return Verdict.NOT_SAID
    return Verdict.UNTRACED if evidence.in_prompt is None else Verdict.NOT_INJECTED


def of_memory(found: bool, *, negative: bool) -> Verdict:
    """The verdict on what the memory should hold, or should not."""
    if found != negative:
        return Verdict.HELD
    return Verdict.UNWANTED_STORED if negative else Verdict.NEVER_STORED
