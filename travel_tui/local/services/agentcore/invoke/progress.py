"""What a call of a harness has come to: what was said and counted, how it ends, and how it is saved."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from travel_tui.local.agent_model import Decision
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.token_pacer import TokenPacer, tokens
from travel_tui.local.services.agentcore.events import add_event
from travel_tui.local.services.agentcore.invoke import stream
from travel_tui.local.services.agentcore.invoke.limits import TurnLimits
from travel_tui.local.services.agentcore.invoke.request import HarnessInput
from travel_tui.local.services.agentcore.invoke.transcript import Transcript
from travel_tui.local.state.harness_sessions import HarnessSession
from travel_tui.local.state.memory_events import ActorSession
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Event


class TurnProgress:
    """The state of a call, from its message to its stop reason."""

    def __init__(
        self,
        endpoint: RegionalEndpoint,
        harness: Document,
        memory: Document | None,
        session: HarnessSession,
        said: HarnessInput,
    ) -> None:
        self.endpoint = endpoint
        self.harness = harness
        self.memory = memory
        self.session = session
        self.said = said
        self.limits = TurnLimits(harness)
        self.transcript = Transcript(session, said)
        self.pacer = TokenPacer(endpoint.settings.pace)
        endpoint.pacers.add(self.pacer)
        self.agent_state: Mapping[str, Any] = session.agent_state
        """The agent's state after its last decision."""
        self.index = 0
        """Index of the next block of the message."""
        self.stop = ""
        self.timed_out = False
        self.input_tokens = self.output_tokens = 0
        self._began = time.monotonic()

    def begin(self, session: HarnessSession) -> None:
        """Begin with the session as it is now that it is this call's turn."""
        self.session, self.agent_state = session, session.agent_state
        self.transcript = Transcript(session, self.said)

    def time_out(self) -> None:
        """Let the call end: its time is over."""
        self.timed_out = True
        self.pacer.hurry()

    async def pace(self, text: str) -> None:
        """Wait for the time that writing takes; a language model has taken it already."""
        if not self.endpoint.model.is_language_model:
            await self.pacer.write(text)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._began

    @property
    def shows_reasoning(self) -> bool:
        """Whether the model is configured to reason, as Claude's `thinking` and others' `reasoning…` do."""
        ((_, config),) = self.harness["model"].items()
        extra = config.get("additionalParams")
        return isinstance(extra, dict) and any(str(name).startswith(("thinking", "reasoning")) for name in extra)

    def count(self, decision: Decision, prompt: int, written: str) -> None:
        """Count the tokens of a model call: as the model counted them, or estimated."""
        usage = decision.output.usage if decision.output else None
        self.input_tokens += usage.input_tokens if usage else max(1, prompt)
        self.output_tokens += usage.output_tokens if usage else max(1, tokens(written))

    def save(self, waiting: dict[str, Any] | None, answer: list[dict[str, Any]] | None = None) -> None:
        """Save the turn; done before its answer is sent, so that an answer seen in full is never lost."""
        session, endpoint = self.session, self.endpoint
        is_model = endpoint.model.is_language_model
        session.agent_state = self.transcript.state(self.agent_state) if is_model else self.agent_state
        session.waiting = waiting
        session.turns += self.said.result is None
        with endpoint.control.database.transaction():
            endpoint.agentcore.harness_sessions.save(session)
            if self.memory:
                key = ActorSession(self.memory["arn"], session.actor_id, session.session_id)
                payload = [*self.transcript.payload, *(answer or ())]
                add_event(endpoint, self.memory, key, {"eventTimestamp": endpoint.clock.now(), "payload": payload})

    def end_block(self) -> Event:
        """End the block that is open, and return its event."""
        self.index += 1
        return stream.block_stop(self.index - 1)

    def finish(self, stop: str, *, in_block: bool = False, in_message: bool = True) -> Iterator[Event]:
        """Yield the end of the last message, which is empty where none is open."""
        self.stop = stop
        if not in_message:
            yield stream.message_start()
        if in_block:
            yield self.end_block()
        yield stream.message_stop(stop)
        yield stream.metadata(self.input_tokens, self.output_tokens, round(self.elapsed_s * 1000))
