"""The transcript of a harness's session, which a language model is given with its prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from travel_tui.local.scripted_agent.messages import CompletedCall, Turn

_KEY = "transcript"


def turns_in(state: Mapping[str, Any]) -> list[Turn]:
    """Return the turns that a session's state holds; the last one has no answer while a call waits for its result."""
    return [
        Turn(turn["user"], turn["agent"], tuple(CompletedCall(**call) for call in turn["calls"]))
        for turn in state.get(_KEY, ())
    ]


def with_turns(state: Mapping[str, Any], turns: Sequence[Turn]) -> dict[str, Any]:
    """Return a state that holds these turns."""
    return {**state, _KEY: [asdict(turn) for turn in turns]}
