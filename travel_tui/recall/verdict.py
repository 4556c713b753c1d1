"""Stage at which recall failed: for each expectation, whether it was in the summary, the prompt and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from travel_tui.recall.patterns import LIMIT_S


class RecallVerdict(StrEnum):
    """Verdict on an expectation."""

    HELD = "held"
    NEVER_STORED = "never stored"
    NOT_INJECTED = "stored but not put in the prompt"
    NOT_USED = "in the prompt but not used"
    NOT_RECALLED = "stored but would not be recalled"
    RECALLED_NOT_USED = "would be recalled but not used"
    NOT_FOUND = "stored but not among the first that its query finds"
    UNTRACED = "stored but not in the answer; the trace does not tell whether it was in the prompt"
    NOT_SAID = "not in the answer"
    """Memory is not involved: nothing was remembered that the answer could have used."""
    UNWANTED = "in the answer though it must not be"
    UNWANTED_STORED = "in the memory though it must not be"
    NOT_CALLED = "not called as expected"
    NOT_CHECKED = f"not checked: its regular expression took longer than {LIMIT_S:g} s"


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings about one expectation; None where it could not be determined."""

    in_summary: bool | None
    in_prompt: bool | None
    in_answer: bool
    derived: bool = False
    """Whether `in_prompt` tells what would be recalled, instead of what a trace told."""


def of_answer(evidence: Findings, *, negative: bool, remembered: bool) -> RecallVerdict:
    """Return the verdict on an answer. `remembered` tells whether there were earlier sessions with this memory."""
    if evidence.in_answer != negative:
        return RecallVerdict.HELD
    if negative:
        return RecallVerdict.UNWANTED
    if not remembered:
        return RecallVerdict.NOT_SAID
    if evidence.in_prompt:  # regardless of the summaries read a moment before
        return RecallVerdict.RECALLED_NOT_USED if evidence.derived else RecallVerdict.NOT_USED
    if evidence.in_summary is False:
        return RecallVerdict.NEVER_STORED
    if evidence.in_summary is None:
        return RecallVerdict.NOT_SAID
    if evidence.in_prompt is None:
        return RecallVerdict.UNTRACED
    return RecallVerdict.NOT_RECALLED if evidence.derived else RecallVerdict.NOT_INJECTED


def of_memory(found: bool, *, negative: bool, stored: bool = False) -> RecallVerdict:
    """Return the verdict on an expectation about a memory's content.

    `stored` tells that the memory has it, though not among the records that the expectation is about.
    """
    if found != negative:
        return RecallVerdict.HELD
    if negative:
        return RecallVerdict.UNWANTED_STORED
    return RecallVerdict.NOT_FOUND if stored else RecallVerdict.NEVER_STORED
