"""A scripted travel agent for demos and CI: rules instead of a language model, the same answers every time.

It is frozen. It handles the dialogues in tests/dialogues and wordings close to them, not free conversation, and adding
rules did not make it better at new dialogues. Mend a rule that is wrong for everybody; add none for a new wording.
All functions are pure: no I/O, no clock, no randomness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from travel_tui.local.scripted_agent.messages import Decision, ToolResult, Turn, TurnContext, UserMessage


def decide(turn: TurnContext, state: Mapping[str, Any], message: UserMessage | ToolResult) -> Decision:
    """Return the agent's next step in a turn; raises nothing, whatever the text.

    `state` is {} at a session's start and afterwards the state of the last Decision. A ToolCall is answered with a
    ToolResult, until a Reply ends the turn.
    """
    from travel_tui.local.scripted_agent import dialogue

    return dialogue.decide(turn, state, message)


def summarise(turns: Sequence[Turn], state: Mapping[str, Any], *, style: Literal["topics", "prose"] = "topics") -> str:
    """Summarise a session for the next one, as `<summary><topic name='…'>` or as prose."""
    from travel_tui.local.scripted_agent import summary

    return summary.summarise(turns, state, style=style)
