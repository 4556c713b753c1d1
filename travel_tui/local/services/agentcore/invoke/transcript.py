"""What a harness's session has said: the earlier turns that a language model is given, and the one that goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from travel_tui.local.scripted_agent.messages import CompletedCall, Turn
from travel_tui.local.services.agentcore.invoke import payload
from travel_tui.local.services.agentcore.invoke.request import HarnessInput
from travel_tui.local.services.bedrock_agent_runtime.history import turns_of
from travel_tui.local.services.bedrock_agent_runtime.prompt import SHOWN, newest
from travel_tui.local.state.harness_sessions import HarnessSession

_KEY = "transcript"


class Transcript:
    """The turns of a session, and what this call adds to the last one."""

    def __init__(self, session: HarnessSession, said: HarnessInput) -> None:
        """A result takes up the turn whose call waits for it."""
        self.earlier = _turns_in(session.agent_state)
        self.user = said.text
        self.calls: list[CompletedCall] = []
        self.spoken: list[str] = []
        """Pieces of the message so far, from a model that streams it."""
        self._answers: list[str] = []
        self.payload: list[dict[str, Any]] = []
        """What the call adds to the harness's memory."""
        if said.result is None:
            self.payload += payload.texts("USER", said.text)
            return
        self.payload.append(payload.block("user", {"toolResult": dict(said.result.block)}))
        waiting = session.waiting
        if waiting and self.earlier:
            begun = self.earlier.pop()
            self.user, self._answers = begun.user, [begun.agent] if begun.agent else []
            self.calls = list(begun.calls)
            state = "FAILURE" if said.result.failed else None
            self.calls.append(CompletedCall(waiting["name"], waiting.get("parameters", {}), said.result.text, state))

    def bring_along(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Begin with a conversation that the caller had elsewhere."""
        self.earlier = turns_of(history)

    def end_message(self) -> str:
        """End a message, and return what the model streamed of it."""
        text = "".join(self.spoken)
        self.spoken = []
        if text:
            self._answers.append(text)
        return text

    def state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return an agent's state with the turns in it."""
        turn = Turn(self.user, "\n\n".join(self._answers), tuple(self.calls))
        turns, _ = newest([*self.earlier, turn], SHOWN)
        return {**state, _KEY: [asdict(turn) for turn in turns]}


def _turns_in(state: Mapping[str, Any]) -> list[Turn]:
    """Return the turns that a session's state holds; the last one has no answer while a call waits for its result."""
    return [
        Turn(turn["user"], turn["agent"], tuple(CompletedCall(**call) for call in turn["calls"]))
        for turn in state.get(_KEY, ())
    ]
