"""One InvokeAgent call: the agent hears, calls functions, and answers, as the events of a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from travel_tui.local.brain import decide
from travel_tui.local.brain.moves import Call, Exchange, Function, MadeCall, Move, Returned, Said, Say, World
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.runtime import control
from travel_tui.local.runtime.actions import ActionResult, TurnContext, perform
from travel_tui.local.runtime.history import exchanges_of, replay
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
    session_attributes: dict[str, str] = field(default_factory=dict)
    prompt_attributes: dict[str, str] = field(default_factory=dict)
    history: Sequence[Mapping[str, Any]] = ()
    """Messages of an earlier conversation, for a session that begins."""
    returned: control.Returned | None = None
    """What the caller answers to control that it got; `text` counts for nothing then."""


class Turn:
    """A turn of a session. Its events are made as they are asked for; asked to the end, the turn is kept."""

    def __init__(self, endpoint: Endpoint, agent: AgentVersion, asked: TurnInput) -> None:
        self._endpoint = endpoint
        self._agent = agent
        self._asked = asked
        self._pacer = Pacer(endpoint.settings.pace)
        endpoint.pacers.add(self._pacer)
        self._tracer = Tracer(agent, asked.session_id, endpoint.ids.hex(12), endpoint.clock)
        self._user = asked.text
        self._prompt_attributes = asked.prompt_attributes
        self._calls: list[MadeCall] = []
        self._history: list[Exchange] = []
        self._handed_over = False
        self._world = World(endpoint.clock.now().date())

    def hurry(self) -> None:
        """Pause no longer for the pace: nobody listens any more."""
        self._pacer.hurry()

    async def events(self) -> AsyncGenerator[Event, None]:
        """The turn's events in the order in which they happen."""
        keeper = self._endpoint.keeper
        async with keeper.hold(self._agent, self._asked.session_id):
            try:
                session = keeper.current(self._agent, self._asked.session_id)
                session.attributes |= self._asked.session_attributes
                memories = keeper.recall(self._agent, session, self._asked.memory_id)
                async for event in self._steps(session, memories):
                    if event.kind != "trace" or self._asked.trace:
                        yield event
            except ServiceError as error:
                if self._asked.trace:
                    yield self._tracer.failure(error.message)
                raise

    async def _steps(self, session: Session, memories: list[str] | None) -> AsyncGenerator[Event, None]:
        ignored = memories and self._endpoint.faults.happens("InvokeAgent", "memory-ignored")
        self._world = World(
            today=self._endpoint.clock.now().date(),
            # Confirmations are the caller's to ask for, not the model's.
            functions=tuple(replace(function, require_confirmation=False) for function in self._agent.functions),
            memories=() if ignored else tuple(memories or ()),
            instruction=self._agent.instruction,
            prompt_attributes=self._prompt_attributes,
        )
        earlier = self._endpoint.sessions.exchanges(session.row) if self._asked.trace else []
        heard: Said | Returned = Said(self._user)
        if self._asked.returned:
            earlier = earlier[:-1]
            async for event in self._resume(session, self._asked.returned):
                yield event
            heard = self._heard()
        elif self._asked.history and not self._endpoint.sessions.size(session.row)[0]:
            earlier = self._history = exchanges_of(self._asked.history)
            session.brain = replay(self._world, self._history)
        session.waiting = None
        for _ in range(_MOST_CALLS + 1):
            if self._asked.trace:
                system = system_prompt(self._agent, memories, self._prompt_attributes)
                yield self._tracer.model_input(prompt_text(system, messages(earlier, self._user, self._calls)))
            await self._pacer.think()
            move = await self._decide(session, heard)
            session.brain = move.state
            if isinstance(move.act, Say):
                async for event in self._answer(session, move, move.act.text):
                    yield event
                return
            async for event in self._call(session, move, move.act):
                yield event
            if self._handed_over:
                return
            heard = self._heard()
        raise ServiceError(
            "InternalServerException", f"The agent made {_MOST_CALLS} calls without coming to an answer."
        )

    async def _decide(self, session: Session, heard: Said | Returned) -> Move:
        if isinstance(heard, Said) and len(heard.text) > _LONG:
            return await asyncio.to_thread(decide, self._world, session.brain, heard)
        return decide(self._world, session.brain, heard)

    def _heard(self) -> Returned:
        made = self._calls[-1]
        return Returned(made.function, made.result, made.state)

    async def _resume(self, session: Session, returned: control.Returned) -> AsyncGenerator[Event, None]:
        """Take up the turn that returned control, with what the caller answers."""
        answered = control.check(session.waiting, returned)
        waiting = session.waiting or {}
        open_turn = self._endpoint.sessions.exchanges(session.row)[-1]
        self._user, self._calls = open_turn.user, list(open_turn.calls)
        call = control.call_of(waiting, self._agent)
        result = control.read(waiting, answered)
        if result is None:
            async for event in self._perform(session, call):
                yield event
        else:
            yield self._made(call, result)

    async def _call(self, session: Session, move: Move, call: Call) -> AsyncGenerator[Event, None]:
        written = call_text(call.function.name, dict(call.parameters))
        await self._pacer.write(written)
        yield self._tracer.model_output(written)
        yield self._tracer.rationale(move.rationale)
        declared = next((f for f in self._agent.functions if _same(f, call.function)), call.function)
        kind = control.kind_of(self._agent, declared)
        if kind is None:
            async for event in self._perform(session, call):
                yield event
            return
        invocation_id = self._endpoint.ids.uuid()
        if kind != control.CONFIRMATION:
            yield self._tracer.action_input(call, returned_as=invocation_id)
        session.waiting = control.waiting_for(kind, call, invocation_id)
        self._handed_over = True
        self._keep(session, "")
        yield control.event(self._agent, kind, call, invocation_id)

    async def _perform(self, session: Session, call: Call) -> AsyncGenerator[Event, None]:
        yield self._tracer.action_input(call)
        context = TurnContext(
            agent=self._agent,
            session_id=self._asked.session_id,
            input_text=self._user,
            session_attributes=session.attributes,
            prompt_attributes=self._prompt_attributes,
        )
        result = await perform(self._endpoint.functions, context, call, self._endpoint.ids.uuid())
        if result.session_attributes is not None:
            session.attributes = dict(result.session_attributes)
        if result.prompt_attributes is not None:
            self._prompt_attributes = dict(result.prompt_attributes)
            self._world = replace(self._world, prompt_attributes=self._prompt_attributes)
        yield self._made(call, result)

    def _made(self, call: Call, result: ActionResult) -> Event:
        self._calls.append(MadeCall(call.function.name, dict(call.parameters), result.text, result.state))
        return self._tracer.action_output(result.text)

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
        exchange = Exchange(self._user, answer, tuple(self._calls))
        if self._asked.returned:
            self._endpoint.sessions.go_on(session, exchange)
        else:
            self._endpoint.sessions.record(session, exchange, self._asked.memory_id, self._history)


def _same(one: Function, other: Function) -> bool:
    return (one.name, one.action_group) == (other.name, other.action_group)


def _chunk(text: str) -> Event:
    return Event("chunk", {"bytes": text.encode()})
