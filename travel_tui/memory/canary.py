"""Looks into a summary for what should not be there: instructions to a model, and forged marks of a prompt.

What a person tells an agent comes back in later prompts as memory. What reads like an instruction there may be one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NO_TAGS = (
    "system|instructions?|prompt|memory_synopsis|memory_guideline|assistant|human|user|tool|function_calls?|invoke"
)
_MODEL = r"(?:you|the (?:assistant|agent|model|ai))"
_OBEYS = "always|never|from now on|only|not|reveal|obey|pretend|act|respond|reply|answer|output|print|send|transfer"
_RULES = "instructions?|rules?|prompts?|guidelines?|directions?|constraints?"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "an instruction",
        r"\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}\b(?:previous|prior|above|earlier|all|your|the|any)\b"
        rf"[^.!?\n]{{0,30}}\b(?:{_RULES})\b",
    ),
    ("an instruction", r"\b(?:new|updated|system|hidden|secret)\s+(?:instructions?|rules?|prompt)\s*:"),
    ("an instruction", rf"\b{_MODEL}\s+(?:must|shall|should|will|have to|need to)\s+(?:now\s+)?(?:{_OBEYS})\b"),
    ("an instruction", rf"\bfrom now on,?\s+(?:always|never|respond|reply|answer|{_MODEL})\b"),
    ("a role for the model", r"\b(?:you are now|act as|pretend to be|roleplay as|switch to)\s+(?:an?|the|in)?\s*\w+"),
    ("a speaker's mark", r"(?:^|\n)\s*(?:system|assistant|human|user|developer)\s*:"),
    ("a forged tag", rf"</?\s*(?:{_NO_TAGS})\b[^>]*>"),
    ("a forged tag", r"<\|[a-z_]+\|>|\[/?INST\]|<<\/?SYS>>"),
    ("a placeholder", r"\$[a-z_]+\$"),
    ("a link that carries data", r"https?://\S+[?&]\S*=(?:\S*(?:secret|token|password|memory)\S*|\{)"),
)
_COMPILED = tuple((what, re.compile(pattern, re.I)) for what, pattern in _PATTERNS)
_WRAPPER = re.compile(r"</?summary\s*>", re.I)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in a summary that looks like no memory: what it resembles, its words, and where they stand."""

    what: str
    text: str
    start: int
    end: int


def flags(summary: str) -> list[Flag]:
    """What stands out in a summary's text, in order, without overlaps."""
    found = [
        Flag(what, match.group().strip(), match.start(), match.end())
        for what, pattern in _COMPILED
        for match in pattern.finditer(summary)
    ]
    tags = list(_WRAPPER.finditer(summary))
    inner = tags[1:-1] if len(tags) > 2 else []  # one pair is the service's own
    found += [Flag("a forged tag", tag.group(), tag.start(), tag.end()) for tag in inner]
    kept: list[Flag] = []
    for flag in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or flag.start >= kept[-1].end:
            kept.append(flag)
    return kept
