"""A conversation that was held, as a recall check that runs as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

_ID = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b")
"""An id that an action group gives, as the travel agent's bookings have it: another one in every run."""
_ID_PATTERN = r"\b[0-9a-f]{8}\b"
_OPEN = "open_braces"
"""The variable for {{ itself, where somebody has written that."""


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """A turn: what was said and answered, words that the memory has to keep, and words that the answer has to have."""

    user: str
    answer: str = ""
    facts: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session, and whether it was ended."""

    turns: Sequence[HeldTurn]
    ended: bool


def recorded(name: str, sessions: Sequence[HeldSession]) -> str:
    """The YAML of one test. What was marked as a fact is asserted of the memory once its session has ended.

    An id that an answer gave and that was said again later becomes a variable, since the next run gets another one.
    """
    ids = _ids(sessions)
    braces = any("{{" in text for held in sessions for turn in held.turns for text in (turn.user, *turn.expected))
    lines = [
        "# yaml-language-server: $schema=recall.schema.json",
        "target: {type: bedrock-agent, agent: default}",
        *([f'vars: {{{_OPEN}: "{{{{"}}'] if braces else []),
        "tests:",
        f"  {name}:",
        "    sessions:",
    ]
    due: list[str] = []
    waits = False
    for held in sessions:
        lines += _session_head(due if waits else [], waits=waits)
        due = [] if waits else due
        lines.append("        turns:")
        for turn in held.turns:
            lines.append(f"          - user: {_quoted(turn.user, ids)}")
            if turn.expected:
                lines.append("            assert:")
                lines += [f"              - {{type: icontains, value: {_quoted(each, ids)}}}" for each in turn.expected]
            if given := {found: ids[found] for found in _ID.findall(turn.answer) if found in ids}:
                saved = ", ".join(f"{variable}: {json.dumps(_ID_PATTERN)}" for variable in given.values())
                lines.append(f"            save: {{{saved}}}")
            due += [_quoted(fact, ids) for fact in turn.facts]
        if held.ended:
            lines.append("        end_session: true")
        waits = waits or held.ended
    if due and waits:
        lines += _session_head(due, waits=True)
    return "\n".join(lines) + "\n"


def _session_head(asserted: Sequence[str], *, waits: bool) -> list[str]:
    lines = ["      - memory_id: user"]
    if waits:
        lines.append("        wait_memory: {timeout_s: 300}")
    if asserted:
        lines.append("        memory_assert:")
        lines += [f"          - {{type: icontains, value: {each}}}" for each in dict.fromkeys(asserted)]
    return lines


def _ids(sessions: Sequence[HeldSession]) -> dict[str, str]:
    """A variable for each id that an answer gave and that somebody said or asked for afterwards."""
    given: dict[str, str] = {}
    again: list[str] = []
    for turn in (turn for held in sessions for turn in held.turns):
        again += [each for text in (turn.user, *turn.expected, *turn.facts) for each in _ID.findall(text)]
        for found in _ID.findall(turn.answer):
            given.setdefault(found, f"id_{len(given) + 1}")
    return {found: variable for found, variable in given.items() if found in again}


def _quoted(text: str, ids: dict[str, str]) -> str:
    """A text in double quotes, which YAML reads as JSON does."""
    text = text.replace("{{", f"{{{{{_OPEN}}}}}")
    for found, variable in ids.items():
        text = text.replace(found, f"{{{{{variable}}}}}")
    return json.dumps(text, ensure_ascii=True)
