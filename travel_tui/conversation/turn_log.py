"""Log records of a session's turns: sizes, times and kinds; their words go to a logger of their own."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

from travel_tui.agent import ReturnControl, TextDelta, ToolCall, ToolResult, TurnCompleted, TurnFailed

if TYPE_CHECKING:
    from travel_tui.agent import TurnEvent, TurnRequest

SAID = "travel_tui.said"
"""Logger of what was said; its records are kept only where the user asked for them."""
_LOG, _SAID = logging.getLogger(__name__), logging.getLogger(SAID)


class TurnLog:
    """Logs one turn: its request when it is made, and its end."""

    def __init__(self, request: TurnRequest) -> None:
        self._began = time.monotonic()
        self._characters = self._calls = 0
        self._answer: list[str] | None = [] if _SAID.isEnabledFor(logging.INFO) else None
        self._session = request.session_id
        _LOG.info("turn sent: session %s, %d characters", request.session_id, len(request.text))
        if self._answer is not None:
            _SAID.info("session %s, user: %s", request.session_id, json.dumps(request.text, ensure_ascii=False))

    def add(self, event: TurnEvent) -> None:
        """Take an event of the turn."""
        if isinstance(event, TextDelta):
            self._characters += len(event.text)
            if self._answer is not None:
                self._answer.append(event.text)
        elif isinstance(event, ToolCall):
            self._calls += 1
        elif isinstance(event, TurnFailed):
            self._end(f"failed, {event.problem.cause}")
            if self._answer is not None:
                _SAID.info("session %s, failure: %s", self._session, event.problem)
        elif isinstance(event, TurnCompleted | ReturnControl):
            self._end("completed" if isinstance(event, TurnCompleted) else "returned control")
        if self._answer is not None and isinstance(event, ToolCall | ToolResult):
            _SAID.info("session %s, %s", self._session, event)

    def _end(self, how: str) -> None:
        took_s = time.monotonic() - self._began
        _LOG.info(
            "turn %s: session %s, %.2f s, %d characters, %d calls",
            how, self._session, took_s, self._characters, self._calls,
        )  # fmt: skip
        if self._answer:
            answer = json.dumps("".join(self._answer), ensure_ascii=False)
            _SAID.info("session %s, agent: %s", self._session, answer)
