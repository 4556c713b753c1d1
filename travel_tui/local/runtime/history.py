"""The conversation that a caller brings along to a session's first turn (`sessionState.conversationHistory`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from travel_tui.local.brain import decide
from travel_tui.local.brain.moves import Exchange, Move, Returned, Said, Say, World

_MOST_CALLS = 10
"""Calls that one turn of the past may have made."""


def exchanges_of(messages: Iterable[Mapping[str, Any]]) -> list[Exchange]:
    """The messages as turns: what the user said, and what was answered until the user spoke again."""
    turns: list[tuple[list[str], list[str]]] = []
    for message in messages:
        text = "\n".join(block["text"] for block in message["content"] if "text" in block)
        if message["role"] == "user":
            if not turns or turns[-1][1]:
                turns.append(([], []))
            turns[-1][0].append(text)
        else:
            if not turns:
                turns.append(([], []))
            turns[-1][1].append(text)
    return [Exchange("\n".join(said), "\n".join(answered)) for said, answered in turns]


def replay(world: World, exchanges: Sequence[Exchange]) -> Mapping[str, Any]:
    """The brain's state after these turns. Nothing is called: what was answered then stands for a call's result."""
    state: Mapping[str, Any] = {}
    for exchange in exchanges:
        if exchange.user.strip():
            state = _after(world, state, exchange).state
    return state


def _after(world: World, state: Mapping[str, Any], exchange: Exchange) -> Move:
    move = decide(world, state, Said(exchange.user))
    for _ in range(_MOST_CALLS):
        if isinstance(move.act, Say):
            break
        move = decide(world, move.state, Returned(move.act.function.name, exchange.agent))
    return move
