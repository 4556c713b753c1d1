"""Agents for snapshots: they say what a test hands in, or what a conversation that was exported had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from travel_tui.agent import MemoryRecord
from travel_tui.evidence.load import load_evidence
from travel_tui.screenshots.scene import NOW
from travel_tui.screenshots.scripted_agent import ScriptedAgent, answer

_USER = "anna"
"""Memory id of the client in a snapshot."""


def agent_with(answers: Path | str | Sequence[str]) -> ScriptedAgent:
    """Return an agent that gives these answers in order: texts, or those of a folder that /export wrote.

    Of a folder it also has the memories: those from before the conversation from the start, those of its sessions once
    they end. Fails the test where the folder cannot be used.
    """
    if not isinstance(answers, str | Path):
        return ScriptedAgent([answer(text) for text in answers], at=NOW)
    try:
        found = load_evidence(Path(answers))
    except (OSError, ValueError) as error:
        pytest.fail(f"{answers} is no folder that /export wrote: {error}", pytrace=False)
    texts = {record.session_id: record.text for record in found.after}
    return ScriptedAgent(
        [turn.events for session in found.sessions for turn in session.turns],
        stored=[_of_user(record) for record in found.before],
        summaries=[texts[session.session_id] for session in found.sessions if session.session_id in texts],
        at=NOW,
    )


def _of_user(record: MemoryRecord) -> MemoryRecord:
    return replace(record, memory_id=_USER)
