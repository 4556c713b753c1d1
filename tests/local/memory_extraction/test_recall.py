"""Records of a session serve the scripted agent in the next one, as its own summaries do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.local.scripted_agent.dialogues import AgentSession, load_dialogues, run_dialogue
from travel_tui.local.memory_extraction.facts import facts
from travel_tui.local.memory_extraction.messages import Message, ToolResult, ToolUse
from travel_tui.local.memory_extraction.preferences import preferences
from travel_tui.local.memory_extraction.summaries import summaries
from travel_tui.local.services.agentcore.invoke.recall import readable_record

FOLDER = Path(__file__).resolve().parents[2] / "dialogues"
FORGETS = {"a phone number forgotten on request", "forget everything"}
"""Dialogues in which the user asks to forget: AgentCore's records stay until they are deleted."""
PLANS = [
    pytest.param(sessions, id=f"{path.stem}: {name}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, sessions in load_dialogues(path)
    if len(sessions) > 1 and name not in FORGETS
]


def messages_of(session: AgentSession) -> list[Message]:
    """The messages of a session, as a harness stores them."""
    messages = []
    for number, turn in enumerate(session.exchanges):
        messages.append(Message("user", turn.user))
        for index, call in enumerate(turn.calls):
            use = ToolUse(f"{number}-{index}", call.function, call.parameters)
            messages.append(Message("assistant", uses=(use,)))
            messages.append(
                Message("user", results=(ToolResult(use.tool_use_id, call.result, call.state is not None),))
            )
        messages.append(Message("assistant", turn.agent))
    return messages


def records(session: AgentSession, _style: str) -> str:
    """What a harness puts into the prompt of a session."""
    said = messages_of(session)
    return "\n".join(readable_record(draft.text) for draft in [*summaries(said), *facts(said), *preferences(said)])


@pytest.mark.parametrize("sessions", PLANS)
def test_it_holds(sessions: list[list[dict[str, Any]]]) -> None:
    wrong = run_dialogue(sessions, end=records)
    assert not wrong, "\n".join(wrong)
