"""The scripted agent as an AgentModel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date
from typing import Any

from travel_tui.local.agent_model import Decision, ModelCall, ModelInput, Step, SummaryStyle
from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import Message
from travel_tui.local.scripted_agent import decide, summarise
from travel_tui.local.scripted_agent import messages as scripted
from travel_tui.local.scripted_agent.messages import Reply, ToolResult, Turn, TurnContext, UserMessage

_SHORT = 400
"""Characters of a message, and a tenth of a memory's, up to which a decision takes a few milliseconds at most."""
_FEW = 30
"""Notes of a session, and functions of an agent, up to which a decision takes a few milliseconds at most."""
_SHORT_MESSAGES = 1_000
"""Characters of messages that are read within a few milliseconds."""
_MAX_TURNS = 50
"""Maximum past turns that are resumed from; the oldest are dropped."""
_MAX_CALLS = 10
"""Maximum function calls of one past turn."""


class ScriptedModel:
    """Answers by rules, the same every time."""

    name = ""
    is_language_model = False

    async def decide(self, given: ModelInput) -> AsyncGenerator[Step, None]:
        """Yield the decision; in a thread if there is much text to process."""
        yield ModelCall(given.prompt)
        context, state, message = given.context, given.state, given.message
        much = len(message.text) > _SHORT or sum(map(len, context.memories)) > 10 * _SHORT
        if much or len(state.get("notes", ())) > _FEW or len(context.functions) > _FEW:
            decision = await asyncio.to_thread(decide, context, state, message)
        else:
            decision = decide(context, state, message)
        yield Decision(decision.action, decision.rationale, decision.state)

    async def resume(self, context: TurnContext, turns: Sequence[Turn]) -> Mapping[str, Any]:
        """Return the state after these turns; a turn's recorded answer serves as the result of its calls."""
        return await asyncio.to_thread(_replay, context, turns)

    async def summarise(self, turns: Sequence[Turn], state: Mapping[str, Any], style: SummaryStyle) -> str:
        """Return a session's summary."""
        return await asyncio.to_thread(summarise, turns, state, style=style)

    async def extract(self, kind: str, messages: Sequence[Message], earlier: Sequence[Message]) -> list[Draft]:
        """Return the records that a strategy makes."""
        from travel_tui.local.memory_extraction.strategies import draft_records

        if sum(len(message.text) for message in messages) > _SHORT_MESSAGES:
            return await asyncio.to_thread(draft_records, kind, messages, earlier)
        return draft_records(kind, messages, earlier)  # a thread would take longer to get its turn than this does

    def warm(self, today: date) -> None:
        """Load the rules."""
        decide(TurnContext(today), {}, UserMessage("hello"))

    async def close(self) -> None:
        """Nothing is open."""


def _replay(context: TurnContext, turns: Sequence[Turn]) -> Mapping[str, Any]:
    state: Mapping[str, Any] = {}
    for turn in turns[-_MAX_TURNS:]:
        if turn.user.strip():
            state = _after(context, state, turn).state
    return state


def _after(context: TurnContext, state: Mapping[str, Any], turn: Turn) -> scripted.Decision:
    decision = decide(context, state, UserMessage(turn.user))
    for _ in range(_MAX_CALLS):
        if isinstance(decision.action, Reply):
            break
        decision = decide(context, decision.state, ToolResult(decision.action.function.name, turn.agent))
    return decision
