"""Limits of one call of a harness: model calls, tokens, seconds, and the messages that the model is given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from travel_tui.local.scripted_agent.messages import Turn
from travel_tui.local.state.resources import Document

_SLIDING = "sliding_window"


class TurnLimits:
    """The limits that a harness's settings give a call."""

    def __init__(self, harness: Document) -> None:
        ((_, model),) = harness["model"].items()
        self.iterations: int = harness["maxIterations"]
        self.seconds: int = harness["timeoutSeconds"]
        self._in_all: int | None = harness.get("maxTokens")
        self._of_model: int | None = model.get("maxTokens")
        truncation = harness.get("truncation", {})
        window = truncation.get("config", {}).get("slidingWindow", {}) if truncation["strategy"] == _SLIDING else {}
        own = harness["memory"].get("agentCoreMemoryConfiguration", {})
        counts = [part["messagesCount"] for part in (window, own) if part.get("messagesCount") is not None]
        self._messages: int | None = min(counts, default=None)

    def tokens(self, written: int) -> tuple[int | None, str]:
        """Return how much the model may write after `written` tokens, None for any amount, and the reason to stop."""
        left = None if self._in_all is None else max(0, self._in_all - written)
        if self._of_model is not None and (left is None or self._of_model <= left):
            return self._of_model, "max_tokens"
        return left, "max_output_tokens_exceeded"

    def recent(self, turns: Sequence[Turn]) -> list[Turn]:
        """Return the last turns that the model is given; a call and its result are messages too."""
        if self._messages is None:
            return list(turns)
        sizes = accumulate(2 + 2 * len(turn.calls) for turn in reversed(turns))
        kept = sum(size <= self._messages for size in sizes)
        return list(turns[len(turns) - kept :])
