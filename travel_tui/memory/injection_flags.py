"""Detection of prompt injection in a summary: instructions to a model, and forged prompt markup.

User input returns in later prompts as memory. Text that reads like an instruction there may act as one.
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
    (
        "a role for the model",
        r"\b(?:you are now|act as|pretend to be|roleplay as|switch to)\s+(?:(?:an?|the|in)\b)?\s{0,9}\w+",
    ),
    ("a speaker's mark", r"(?:^|\n)\s{0,20}(?:system|assistant|human|user|developer)\s{0,9}:"),
    ("a forged tag", rf"</?\s{{0,9}}(?:{_NO_TAGS})\b[^<>]{{0,500}}>"),
    ("a forged tag", r"<\|[a-z_]+\|>|\[/?INST\]|<<\/?SYS>>"),
    ("a placeholder", r"\$[a-z_]+\$"),
    (
        "a link that carries data",
        r"https?://[^\s?&]{1,300}[?&](?:[^\s=]{0,60}=[^\s&]{0,200}&){0,5}[^\s=]{0,60}="
        r"(?:[^\s&]{0,200}(?:secret|token|password|memory)\S{0,300}|\{)",
    ),
)
_COMPILED = tuple((what, re.compile(pattern, re.I)) for what, pattern in _PATTERNS)
_WRAPPER = re.compile(r"</?summary\s{0,9}>", re.I)


@dataclass(frozen=True, slots=True)
class Flag:
    """Suspicious text in a summary: what it resembles, its words, and its offsets."""

    what: str
    text: str
    start: int
    end: int


def find_injections(summary: str) -> list[Flag]:
    """Return the suspicious parts of a summary's text, in order, without overlaps."""
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
