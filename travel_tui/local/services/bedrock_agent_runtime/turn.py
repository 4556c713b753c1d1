"""One InvokeAgent call: message, function calls and answer, as a stream of events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from travel_tui.local.agent_model import (
    Decision,
    ModelCall,
    ModelError,
    ModelInput,
    ModelOutput,
    ModelPrompt,
    TextDelta,
)
from travel_tui.local.prompts import MEMORY_SUMMARIZATION, ORCHESTRATION
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.model_steps import StoppedError, model_steps
from travel_tui.local.runtime.token_pacer import TokenPacer, pieces
from travel_tui.local.scripted_agent.messages import (
    CompletedCall,
    Function,
    Reply,
    ToolCall,
    ToolResult,
    Turn,
    TurnContext,
    UserMessage,
)
from travel_tui.local.services.bedrock_agent_runtime import return_control
from travel_tui.local.services.bedrock_agent_runtime.action_result import ActionResult, failed
from travel_tui.local.services.bedrock_agent_runtime.actions import ActionContext, perform
from travel_tui.local.services.bedrock_agent_runtime.history import turns_of
from travel_tui.local.services.bedrock_agent_runtime.processing import post_processing, pre_processing
from travel_tui.local.services.bedrock_agent_runtime.prompt import (
    SHOWN,
    call_text,
    calls,
    history,
    model_prompt,
    newest,
    prompt_text,
    shortened,
    variables,
)
from travel_tui.local.services.bedrock_agent_runtime.templates import Filling
from travel_tui.local.services.bedrock_agent_runtime.trace import Tracer
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.state.sessions import Session
from travel_tui.local.unicode import well_formed
from travel_tui.local.wire.call import Event
from travel_tui.local.wire.errors import ServiceError

_MAX_CALLS = 10
"""Maximum function calls of one turn."""
_LARGEST_CHUNK = 200_000
"""Maximum characters of a chunk: the model allows 1,000,000 bytes, and a character takes up to four."""


@dataclass(frozen=True, slots=True)
class TurnInput:
    """The input of InvokeAgent."""

    session_id: str
    memory_id: str | None
    text: str
    trace: bool
    stream: bool
    session_attributes: dict[str, str] = field(default_factory=dict)
    prompt_attributes: dict[str, str] = field(default_factory=dict)
    history: Sequence[Mapping[str, Any]] = ()
    """Messages of an earlier conversation, for a new session."""
    returned: return_control.ReturnControlResults | None = None
    """The caller's response to a return of control; `text` is ignored then."""
    earlier_turns: int | None = None
    """How many earlier turns the prompt has; None means all. The script knows the session's state without them."""


class TurnRunner:
    """A turn of a session. Its events are generated on demand; once all are consumed, the turn has been saved."""

    def __init__(self, endpoint: RegionalEndpoint, agent: AgentVersion, asked: TurnInput) -> None:
        self._endpoint = endpoint
        self._agent = agent
        self._asked = asked
        self._pacer = TokenPacer(endpoint.settings.pace)
        endpoint.pacers.add(self._pacer)
        self._tracer = Tracer(agent, asked.session_id, endpoint.ids.hex(12), endpoint.clock, endpoint.model.name)
        self._user = asked.text
        self._prompt_attributes = asked.prompt_attributes
        self._calls: list[CompletedCall] = []
        self._history: list[Turn] = []
        self._handed_over = False
        self._memories: list[str] | None = None
        self._earlier: tuple[Sequence[Turn], int] | None = None
        """The turns before this one in the prompt, and how many more there are; None until they are read."""
        self._said: list[str] = []
        """Pieces of the answer so far, from a model that streams it."""
        self._said_before = ""
        """What was answered before control was returned."""
        self._decision: Decision | None = None
        self._context = TurnContext(endpoint.clock.today())

    def stop_pacing(self) -> None:
        """Stop pacing: the client has disconnected."""
        self._pacer.hurry()

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the turn's events in order."""
        keeper = self._endpoint.session_manager
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
        orchestration = self._agent.prompts[ORCHESTRATION]
        ignored = memories and self._endpoint.faults.happens("InvokeAgent", "memory-ignored")
        seen = () if ignored or not orchestration.has("memory_content") else memories or ()
        self._context = TurnContext(
            today=self._endpoint.clock.today(),
            # Confirmations are requested through return of control, not by the model.
            functions=tuple(replace(function, require_confirmation=False) for function in self._agent.functions),
            memories=tuple(seen),
            instruction=self._agent.instruction if orchestration.has("instruction") else "",
            prompt_attributes=self._prompt_attributes,
            remembers=memories is not None and self._agent.prompts[MEMORY_SUMMARIZATION].enabled,
        )
        message: UserMessage | ToolResult = UserMessage(self._user)
        if self._asked.returned:
            async for event in self._resume(session, self._asked.returned):
                yield event
            message = self._tool_result()
        elif self._asked.history and not self._endpoint.sessions.size(session.row)[0]:
            self._history = turns_of(self._asked.history)
            session.agent_state = await self._endpoint.model.resume(self._context, self._history)
        session.waiting = None
        # A language model is given nothing that it should ignore.
        self._memories = [] if ignored and self._endpoint.model.is_language_model else memories
        if self._asked.trace and not self._asked.returned and not self._endpoint.model.is_language_model:
            for event in pre_processing(self._agent, self._tracer, self._filling(session)):
                yield event
        for _ in range(_MAX_CALLS + 1):
            try:
                async for event in self._decide(session, message):
                    yield event
            except ModelError as error:
                if isinstance(error, StoppedError):
                    self._save_turn(session, "".join(self._said))
                raise failed(str(error)) from error
            decision = self._decision
            if decision is None:
                raise failed("The model came to no decision.")
            session.agent_state = decision.state
            if isinstance(decision.action, Reply):
                async for event in self._answer(session, decision, decision.action.text):
                    yield event
                return
            async for event in self._call(session, decision, decision.action):
                yield event
            if self._handed_over:
                return
            message = self._tool_result()
        raise ServiceError("InternalServerException", f"The agent made {_MAX_CALLS} calls without coming to an answer.")

    def _turns_before(self, session: Session) -> tuple[Sequence[Turn], int]:
        """Return the turns before this one in the prompt, and how many more there are."""
        if self._earlier is None:
            if self._history:
                turns, hidden = newest(self._history, SHOWN)
            else:
                turns, hidden = self._endpoint.sessions.newest(session.row, SHOWN)
                turns = turns[:-1] if self._asked.returned else turns
            most = self._asked.earlier_turns
            self._earlier = (turns, hidden) if most is None else (turns[len(turns) - min(most, len(turns)) :], 0)
        return self._earlier

    def _known(self) -> dict[str, str]:
        agent = self._agent
        return variables(agent.name, agent.instruction, agent.functions, self._memories, self._prompt_attributes)

    def _filling(self, session: Session) -> Filling:
        """Return what fills the prompts' variables now."""
        shown = history(*self._turns_before(session))
        return Filling({**self._known(), "question": shortened(self._user)}, shown, calls(self._calls))

    def _prompt(self, session: Session) -> ModelPrompt:
        return model_prompt(
            self._agent.prompts[ORCHESTRATION].template,
            self._known(),
            self._user,
            self._turns_before(session),
            tuple(self._calls),
            self._context.today if self._endpoint.model.is_language_model else None,
        )

    async def _decide(self, session: Session, message: UserMessage | ToolResult) -> AsyncGenerator[Event, None]:
        """Yield the events up to the model's next decision."""
        model = self._endpoint.model
        given = ModelInput(self._context, session.agent_state, message, lambda: self._prompt(session))
        self._decision = None
        first = True
        async with aclosing(model_steps(model, given, self._pacer)) as steps:
            async for step in steps:
                match step:
                    case ModelCall(prompt):
                        if self._asked.trace:
                            text = prompt_text(prompt(), self._filling(session))
                            yield self._tracer.model_input(self._agent.prompts[ORCHESTRATION], text)
                        if not model.is_language_model:
                            await self._pacer.think()
                    case TextDelta(text):
                        piece = f"\n\n{text}" if first and self._said else text
                        first = False
                        self._said.append(piece)
                        if self._asked.stream:
                            yield _chunk(piece)
                    case ModelOutput():
                        yield self._tracer.model_wrote(step)
                    case Decision():
                        self._decision = step
                    case _:
                        pass

    def _tool_result(self) -> ToolResult:
        made = self._calls[-1]
        return ToolResult(made.function, made.result, made.state)

    async def _resume(
        self, session: Session, returned: return_control.ReturnControlResults
    ) -> AsyncGenerator[Event, None]:
        """Resume the turn that returned control, with the caller's response."""
        answered = return_control.match_result(session.waiting, returned)
        waiting = session.waiting or {}
        open_turn = self._endpoint.sessions.last(session.row)
        self._user, self._calls, self._said_before = open_turn.user, list(open_turn.calls), open_turn.agent
        call = return_control.call_of(waiting, self._agent)
        result = return_control.parse_result(waiting, answered)
        if result is None:
            async for event in self._perform(session, call):
                yield event
        else:
            yield self._made(call, result)

    async def _call(self, session: Session, decision: Decision, call: ToolCall) -> AsyncGenerator[Event, None]:
        written = call_text(call.function.name, dict(call.parameters))
        await self._pace(written)
        for event in self._wrote(decision, written):
            yield event
        declared = next((f for f in self._agent.functions if _same(f, call.function)), call.function)
        kind = return_control.kind_of(self._agent, declared)
        if kind is None:
            async for event in self._perform(session, call):
                yield event
            return
        invocation_id = self._endpoint.ids.uuid()
        if kind != return_control.CONFIRMATION:
            yield self._tracer.action_input(call, returned_as=invocation_id)
        session.waiting = return_control.pending_state(kind, call, invocation_id)
        self._handed_over = True
        self._save_turn(session, "".join(self._said))
        yield return_control.event(self._agent, kind, call, invocation_id)

    async def _perform(self, session: Session, call: ToolCall) -> AsyncGenerator[Event, None]:
        yield self._tracer.action_input(call)
        context = ActionContext(
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
            self._context = replace(self._context, prompt_attributes=self._prompt_attributes)
        yield self._made(call, result)

    def _made(self, call: ToolCall, result: ActionResult) -> Event:
        self._calls.append(CompletedCall(call.function.name, dict(call.parameters), result.text, result.state))
        return self._tracer.action_output(result.text)

    async def _answer(self, session: Session, decision: Decision, text: str) -> AsyncGenerator[Event, None]:
        streamed = self._asked.stream and bool(self._said)
        text = "".join(self._said) or text
        self._save_turn(session, text)
        if self._asked.stream and not streamed:
            for piece in pieces(text):
                await self._pace(piece)
                yield _chunk(piece)
        elif not streamed:
            await self._pace(text)
        for event in self._wrote(decision, text):
            yield event
        yield self._tracer.final(text)
        if self._asked.trace and not self._endpoint.model.is_language_model:
            for event in post_processing(self._agent, self._tracer, self._filling(session), text):
                yield event
        if not self._asked.stream:
            for start in range(0, max(len(text), 1), _LARGEST_CHUNK):
                yield _chunk(text[start : start + _LARGEST_CHUNK])

    def _wrote(self, decision: Decision, text: str) -> Iterator[Event]:
        """Yield the trace of what the model wrote, which a further call of an earlier answer has already."""
        if decision.output:
            yield self._tracer.model_wrote(decision.output)
        elif not self._endpoint.model.is_language_model:
            yield self._tracer.model_output(text)
        if decision.rationale:
            yield self._tracer.rationale(decision.rationale)

    async def _pace(self, text: str) -> None:
        """Wait for the time that writing takes; a language model has taken it already."""
        if not self._endpoint.model.is_language_model:
            await self._pacer.write(text)

    def _save_turn(self, session: Session, answer: str) -> None:
        """Save the turn before its answer is sent, so that an answer seen in full is never lost."""
        answers = [text for text in (self._said_before, answer) if text]
        turn = Turn(self._user, "\n\n".join(answers), tuple(self._calls))
        if self._asked.returned:
            self._endpoint.sessions.update_last(session, turn)
        else:
            self._endpoint.sessions.record(session, turn, self._asked.memory_id, self._history)


def _same(one: Function, other: Function) -> bool:
    return (one.name, one.action_group) == (other.name, other.action_group)


def _chunk(text: str) -> Event:
    return Event("chunk", {"bytes": well_formed(text).encode()})
