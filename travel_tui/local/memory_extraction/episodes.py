"""Episodes: what a session was about and how it went, as JSON, and a reflection on it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from travel_tui.local.memory_extraction.drafts import REFLECTION, Draft
from travel_tui.local.memory_extraction.messages import Message
from travel_tui.local.memory_extraction.summaries import quote, topic_name
from travel_tui.local.memory_extraction.turns import turns_of
from travel_tui.local.scripted_agent.messages import Turn

_MAX_TURNS = 20
_UNSUCCESSFUL = re.compile(
    r"\b(?:sorry|unfortunately|unable|can't|cannot|couldn't|failed|failure|error|not (?:possible|found|available)|"
    r"don't know|try again)\b",
    re.I,
)


def episodes(messages: Sequence[Message]) -> list[Draft]:
    """Return a session's episode and the reflection on it; nothing for a session without a message of the user."""
    turns = [turn for turn in turns_of(messages) if turn.user or turn.agent or turn.calls]
    if not any(turn.user for turn in turns):
        return []
    tools = list(dict.fromkeys(call.function for turn in turns for call in turn.calls))
    failed = [turn for turn in turns if _went_wrong(turn)]
    return [Draft(_episode(turns, tools, failed)), Draft(_reflection(turns, tools, failed), record_type=REFLECTION)]


def _episode(turns: Sequence[Turn], tools: Sequence[str], failed: Sequence[Turn]) -> str:
    first = next(turn for turn in turns if turn.user)
    document = {
        "situation": f"A conversation of {len(turns)} turn{'s' if len(turns) > 1 else ''} about {topic_name(first)}.",
        "intent": quote(first.user),
        "assessment": "Yes" if not failed else "No" if len(failed) == len(turns) else "Partially",
        "justification": (
            f"Turn {turns.index(failed[-1]) + 1} did not succeed: {quote(failed[-1].agent) or 'a tool failed'}"
            if failed
            else "Every turn was answered without an error."
        ),
        "reflection": f"The assistant used {', '.join(tools)}." if tools else "The assistant answered without tools.",
        "turns": [
            {
                "situation": quote(turn.user),
                "action": ", ".join(call.function for call in turn.calls) or "answer",
                "outcome": quote(turn.agent) or "; ".join(quote(call.result) for call in turn.calls),
            }
            for turn in turns[:_MAX_TURNS]
        ],
    }
    return json.dumps(document, ensure_ascii=False)


def _reflection(turns: Sequence[Turn], tools: Sequence[str], failed: Sequence[Turn]) -> str:
    first = next(turn for turn in turns if turn.user)
    hints = f"Use {', '.join(tools)}." if tools else "Answer directly; no tool was needed."
    if failed:
        hints += f" Avoid what failed: {quote(failed[-1].agent) or 'the last call'}"
    return json.dumps(
        {
            "title": topic_name(first),
            "use_cases": f"Requests like: {quote(first.user)}",
            "hints": hints,
            "confidence": "0.5" if failed else "0.9",
        },
        ensure_ascii=False,
    )


def _went_wrong(turn: Turn) -> bool:
    return any(call.state is not None for call in turn.calls) or bool(_UNSUCCESSFUL.search(turn.agent[:2_000]))
