"""Conversation history that a caller passes to a session's first turn (`sessionState.conversationHistory`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from travel_tui.local.scripted_agent.messages import Turn


def turns_of(messages: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """Group messages into turns: user messages, and the answers up to the next user message."""
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
    return [Turn("\n".join(said), "\n".join(answered)) for said, answered in turns]
