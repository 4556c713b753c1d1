"""One InvokeAgent call: the agent hears, calls functions, and answers, as the events of a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from travel_tui.local.brain import decide
from travel_tui.local.brain.moves import Call, Exchange, MadeCall, Move, Returned, Said, Say, World
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.runtime.actions import TurnContext, perform
from travel_tui.local.runtime.pace import Pacer, pieces
from travel_tui.local.runtime.prompt import call_text, messages, prompt_text, system_prompt
from travel_tui.local.runtime.trace import Tracer
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.state.sessions import Session
from travel_tui.local.wire.call import Event
from travel_tui.local.wire.errors import ServiceError

_MOST_CALLS = 10
"""Function calls that one turn may make."""
_LARGEST_CHUNK = 200_000
"""Characters; a chunk's bytes may be 1,000,000 by the model, and one character takes up to four."""
_LONG = 20_000
"""Characters from which on a text is read in a thread, so that other requests go on."""


@dataclass(frozen=True, slots=True)
class TurnInput:
    """What InvokeAgent was asked."""

    session_id: str
    memory_id: str | None
    text: str
    trace: bool
    stream: bool
    session_attributes: dict[str, str]
    prompt_attributes: dict[str, str]


class Turn:
    """A turn of a session. Its events are made as they are asked for; asked to the end, the turn is kept."""

    def __init__(self, endpoint: Endpoint, agent: AgentVersion, asked: TurnInput) -> None:
        self._endpoint = endpoint
        self._agent = agent
        self._asked = asked
        self._pacer = Pacer(endpoint.settings.pace)
        endpoint.pacers.add(self._pacer)
        self._tracer = Tracer(agent, asked.session_id, endpoint.ids.hex(12), endpoint.clock)
        self._calls: list[MadeCall] = []

    def hurry(self) -> None:
        """Pause no longer for the pace: nobody listens any more."""
        self._pacer.hurry()

    async def events(self) -> AsyncGenerator[Event, None]:
        """The turn's events in the order in which they happen."""
        keeper = self._endpoint.keeper
        async with keeper.hold(self._agent, self._asked.session_id):
            session = keeper.current(self._agent, self._asked.session_id)
            session.attributes |= self._asked.session_attributes
            memories = keeper.recall(self._agent, session, self._asked.memory_id)
            try:
                async for event in self._steps(session, memories):
                    if event.kind != "trace" or self._asked.trace:
                        yield event
            except ServiceError as error:
                if self._asked.trace:
                    yield self._tracer.failure(error.message)
                raise

    async def _steps(self, session: Session, memories: list[str] | None) -> AsyncGenerator[Event, None]:
        world = World(
            today=self._endpoint.clock.now().date(),
            functions=self._agent.functions,
            memories=tuple(memories or ()),
            instruction=self._agent.instruction,
            prompt_attributes=self._asked.prompt_attributes,
        )
        system = system_prompt(self._agent, memories)
        earlier = self._endpoint.sessions.exchanges(session.row) if self._asked.trace else []
        heard: Said | Returned = Said(self._asked.text)
        for _ in range(_MOST_CALLS + 1):
            if self._asked.trace:
                said = messages(earlier, self._asked.text, self._calls)
                yield self._tracer.model_input(prompt_text(system, said))
            await self._pacer.think()
            move = await self._decide(session, heard, world)
            session.brain = move.state
            if isinstance(move.act, Say):
                async for event in self._answer(session, move, move.act.text):
                    yield event
                return
            async for event in self._call(session, move, move.act):
                yield event
            made = self._calls[-1]
            heard = Returned(made.function, made.result, made.state)
        raise ServiceError(
            "InternalServerException", f"The agent made {_MOST_CALLS} calls without coming to an answer."
        )

    async def _decide(self, session: Session, heard: Said | Returned, world: World) -> Move:
        if isinstance(heard, Said) and len(heard.text) > _LONG:
            return await asyncio.to_thread(decide, world, session.brain, heard)
        return decide(world, session.brain, heard)

    async def _call(self, session: Session, move: Move, call: Call) -> AsyncGenerator[Event, None]:
        written = call_text(call.function.name, dict(call.parameters))
        await self._pacer.write(written)
        yield self._tracer.model_output(written)
        yield self._tracer.rationale(move.rationale)
        invocation_id = self._endpoint.ids.uuid()
        yield self._tracer.action_input(call, invocation_id)
        context = TurnContext(
            agent=self._agent,
            session_id=self._asked.session_id,
            input_text=self._asked.text,
            session_attributes=session.attributes,
            prompt_attributes=self._asked.prompt_attributes,
        )
        result = await perform(self._endpoint.functions, context, call, invocation_id)
        if result.session_attributes is not None:
            session.attributes = dict(result.session_attributes)
        self._calls.append(MadeCall(call.function.name, dict(call.parameters), result.text, result.state))
        yield self._tracer.action_output(result.text)

    async def _answer(self, session: Session, move: Move, text: str) -> AsyncGenerator[Event, None]:
        done = (self._tracer.model_output, text), (self._tracer.rationale, move.rationale), (self._tracer.final, text)
        self._keep(session, text)
        if self._asked.stream:
            for piece in pieces(text):
                await self._pacer.write(piece)
                yield _chunk(piece)
            for step, content in done:
                yield step(content)
            return
        await self._pacer.write(text)
        for step, content in done:
            yield step(content)
        for start in range(0, max(len(text), 1), _LARGEST_CHUNK):
            yield _chunk(text[start : start + _LARGEST_CHUNK])

    def _keep(self, session: Session, answer: str) -> None:
        """Keep the turn before its answer leaves: what the client has seen in full is never lost."""
        exchange = Exchange(self._asked.text, answer, tuple(self._calls))
        self._endpoint.sessions.record(session, exchange, self._asked.memory_id)


def _chunk(text: str) -> Event:
    return Event("chunk", {"bytes": text.encode()})
