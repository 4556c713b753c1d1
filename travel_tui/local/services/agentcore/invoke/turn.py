"""One call of InvokeHarness: the message or a function's result, and the answer or the next call."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

from travel_tui.local.agent_model import (
    Decision,
    ModelError,
    ModelInput,
    ModelPrompt,
    ReasoningDelta,
    TextDelta,
)
from travel_tui.local.prompts import ORCHESTRATION, prompts_of
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.memory_strategies import active_strategies
from travel_tui.local.runtime.model_steps import model_steps
from travel_tui.local.runtime.token_pacer import CHARACTERS_PER_TOKEN, TokenPacer, pieces, tokens
from travel_tui.local.scripted_agent.messages import (
    CompletedCall,
    Reply,
    ToolCall,
    ToolResult,
    Turn,
    TurnContext,
    UserMessage,
)
from travel_tui.local.services.agentcore.events import add_event
from travel_tui.local.services.agentcore.invoke import payload, stream
from travel_tui.local.services.agentcore.invoke.recall import recall
from travel_tui.local.services.agentcore.invoke.request import HarnessInput
from travel_tui.local.services.agentcore.invoke.tools import call_input, functions_of
from travel_tui.local.services.agentcore.invoke.transcript import turns_in, with_turns
from travel_tui.local.services.agentcore.lookups import validation_error
from travel_tui.local.services.bedrock_agent_runtime.history import turns_of
from travel_tui.local.services.bedrock_agent_runtime.prompt import SHOWN, model_prompt, newest, variables
from travel_tui.local.state.harness_sessions import HarnessSession
from travel_tui.local.state.memory_events import ActorSession
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Event
from travel_tui.local.wire.errors import ServiceError

_PIECES_TOGETHER = 64
"""Pieces of an answer that are sent together where nothing is paced."""
_LOOKUP = "session_history"
"""The harness's own tool that the fault several-messages lets it run."""
_HOOKS = {
    "beforeInvocation": "before_invocation",
    "afterInvocation": "after_invocation",
    "beforeToolCall": "before_tool_call",
    "afterToolCall": "after_tool_call",
}


class HarnessTurn:
    """A call in a session of a harness. Its events are generated on demand; before the last one, it was saved."""

    def __init__(
        self,
        endpoint: RegionalEndpoint,
        harness: Document,
        memory: Document | None,
        session: HarnessSession,
        said: HarnessInput,
    ) -> None:
        """`harness` has the settings of the call; `session` names the session and is read anew when it is its turn."""
        self._endpoint = endpoint
        self._harness = harness
        self._memory = memory
        self._session = session
        self._said = said
        self._pacer = TokenPacer(endpoint.settings.pace)
        endpoint.pacers.add(self._pacer)
        self._began = time.monotonic()
        self._prompt_tokens = 0
        self._query = said.text
        self._user = said.text
        self._calls: tuple[CompletedCall, ...] = ()
        """Completed calls of the turn, from before its pending one."""
        self._turns: list[Turn] = []
        self._spoken: list[str] = []
        """Pieces of the answer so far, from a model that streams it."""
        self._index = 0
        """Index of the next block of the message."""
        self._decision: Decision | None = None

    def stop_pacing(self) -> None:
        """Stop pacing: the client has disconnected."""
        self._pacer.hurry()

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the events in order."""
        named = self._session
        async with self._endpoint.agentcore.turns.hold(named.key):
            self._session = self._endpoint.agentcore.harness_sessions.find(*named.key) or named
            message = self._message()
            for event in self._hooks("before_invocation"):
                yield event
            context = self._context()
            if not self._endpoint.model.is_language_model:
                await self._pacer.think()
            for event in self._own_tool():
                yield event
            yield stream.message_start()
            try:
                async for event in self._decide(context, message):
                    yield event
            except ModelError as error:
                raise _failed(str(error)) from error
            decision = self._decision
            if decision is None:
                raise _failed("The model came to no decision.")
            if isinstance(decision.action, Reply):
                async for event in self._answer(decision, decision.action.text):
                    yield event
            else:
                async for event in self._call(decision, decision.action):
                    yield event
            for event in self._hooks("after_invocation"):
                yield event

    def _message(self) -> UserMessage | ToolResult:
        """Return what the agent is told. Raises ValidationException for a result that nothing waits for."""
        result = self._said.result
        if result is None:
            return UserMessage(self._said.text)
        waiting = check_waiting(self._session, result.tool_use_id)
        self._query = waiting["query"]
        return ToolResult(waiting["name"], result.text, "FAILURE" if result.failed else None)

    def _context(self) -> TurnContext:
        memories: list[str] = []
        if self._memory:
            key = (self._session.actor_id, self._session.session_id, self._query)
            memories = recall(self._endpoint, self._harness, self._memory, *key)
        ignored = memories and self._endpoint.faults.happens("InvokeHarness", "memory-ignored")
        instruction = "\n".join(block["text"] for block in self._harness["systemPrompt"])
        self._prompt_tokens = tokens(instruction) + sum(map(tokens, memories)) + tokens(self._query)
        return TurnContext(
            today=self._endpoint.clock.today(),
            functions=functions_of(self._harness),
            memories=() if ignored else tuple(memories),
            instruction=instruction,
            remembers=bool(self._memory and active_strategies(self._memory)),
        )

    async def _decide(self, context: TurnContext, message: UserMessage | ToolResult) -> AsyncGenerator[Event, None]:
        """Yield the blocks of reasoning and text up to the model's next decision."""
        model, state = self._endpoint.model, self._session.agent_state
        self._turns = turns_in(state)
        if self._said.history and not self._session.turns:
            self._turns = turns_of(self._said.history)
            state = await model.resume(context, self._turns)
        self._resume_turn()
        given = ModelInput(context, state, message, lambda: self._prompt(context), self._harness.get("maxTokens"))
        reasons = False
        async with aclosing(model_steps(model, given, self._pacer)) as steps:
            async for step in steps:
                match step:
                    case ReasoningDelta(text) if self._shows_reasoning() and not self._spoken:
                        reasons = True
                        yield stream.reasoning_delta(self._index, text)
                    case TextDelta(text):
                        if reasons:
                            yield self._end_block()
                            reasons = False
                        self._spoken.append(text)
                        yield stream.text_delta(self._index, text)
                    case Decision():
                        self._decision = step
                    case _:
                        pass
        if reasons:
            yield self._end_block()
        elif self._decision and not model.is_language_model and self._shows_reasoning():
            yield stream.reasoning_delta(self._index, self._decision.rationale)
            yield self._end_block()

    def _resume_turn(self) -> None:
        """Take up the turn whose call now has its result."""
        waiting, result = self._session.waiting, self._said.result
        if waiting is None or result is None or not self._turns:
            return
        begun = self._turns.pop()
        made = CompletedCall(
            waiting["name"], waiting.get("parameters", {}), result.text, "FAILURE" if result.failed else None
        )
        self._user, self._calls = begun.user, (*begun.calls, made)

    def _prompt(self, context: TurnContext) -> ModelPrompt:
        memories = context.memories if self._memory else None
        known = variables(self._harness["harnessName"], context.instruction, context.functions, memories, {})
        template = prompts_of({})[ORCHESTRATION].template
        return model_prompt(template, known, self._user, newest(self._turns, SHOWN), self._calls, context.today)

    def _end_block(self) -> Event:
        self._index += 1
        return stream.block_stop(self._index - 1)

    async def _answer(self, decision: Decision, text: str) -> AsyncGenerator[Event, None]:
        text = "".join(self._spoken) or text
        stop, shown = "end_turn", text
        limit = self._harness.get("maxTokens")
        if decision.output:
            stop = "max_tokens" if decision.output.cut else stop
        elif limit and tokens(text) > limit:
            stop, shown = "max_tokens", text[: limit * CHARACTERS_PER_TOKEN]
        if self._endpoint.faults.happens("InvokeHarness", "partial-turn"):
            stop, shown = "partial_turn", text if self._spoken else text[: max(1, len(text) // 2)]
        self._save(decision, None, payload.texts("ASSISTANT", shown))
        paced = self._endpoint.settings.pace > 0
        for piece in stream.in_groups(pieces("" if self._spoken else shown), 1 if paced else _PIECES_TOGETHER):
            await self._pace(piece)
            yield stream.text_delta(self._index, piece)
        yield self._end_block()
        yield stream.message_stop(stop)
        yield self._usage(decision, shown)

    async def _call(self, decision: Decision, call: ToolCall) -> AsyncGenerator[Event, None]:
        if self._spoken:
            yield self._end_block()
        given = call_input(call, self._harness)
        tool_use_id = f"tooluse_{self._endpoint.ids.hex(22)}"
        for event in self._hooks("before_tool_call"):
            yield event
        waiting = {
            "toolUseId": tool_use_id,
            "name": call.function.name,
            "parameters": dict(call.parameters),
            "query": self._query,
        }
        use = {"toolUseId": tool_use_id, "name": call.function.name, "input": given}
        said = payload.texts("ASSISTANT", "".join(self._spoken)) if self._spoken else []
        self._save(decision, waiting, [*said, payload.block("assistant", {"toolUse": use})])
        for event in stream.tool_use(self._index, tool_use_id, call.function.name, given):
            if event.kind == "contentBlockDelta":
                await self._pace(event.content["delta"]["toolUse"]["input"])
            yield event
        yield stream.message_stop("tool_use")
        yield self._usage(decision, str(given))

    async def _pace(self, text: str) -> None:
        """Wait for the time that writing takes; a language model has taken it already."""
        if not self._endpoint.model.is_language_model:
            await self._pacer.write(text)

    def _save(self, decision: Decision, waiting: dict[str, Any] | None, answer: list[dict[str, Any]]) -> None:
        """Save the turn before its answer is sent, so that an answer seen in full is never lost."""
        session = self._session
        session.agent_state, session.waiting = decision.state, waiting
        if self._endpoint.model.is_language_model:
            turns, _ = newest([*self._turns, Turn(self._user, "".join(self._spoken), self._calls)], SHOWN)
            session.agent_state = with_turns(decision.state, turns)
        session.turns += self._said.result is None
        with self._endpoint.control.database.transaction():
            self._endpoint.agentcore.harness_sessions.save(session)
            if self._memory:
                key = ActorSession(self._memory["arn"], session.actor_id, session.session_id)
                event = {"eventTimestamp": self._endpoint.clock.now(), "payload": [*self._said_payload(), *answer]}
                add_event(self._endpoint, self._memory, key, event)

    def _said_payload(self) -> list[dict[str, Any]]:
        if self._said.result:
            return [payload.block("user", {"toolResult": dict(self._said.result.block)})]
        return payload.texts("USER", self._said.text)

    def _own_tool(self) -> Iterator[Event]:
        """Yield the messages of a tool that the harness runs itself, where a fault asks for it."""
        if not self._endpoint.faults.happens("InvokeHarness", "several-messages"):
            return
        tool_use_id = f"tooluse_{self._endpoint.ids.hex(22)}"
        yield stream.message_start()
        yield from stream.tool_use(0, tool_use_id, _LOOKUP, {"sessionId": self._session.session_id})
        yield stream.message_stop("tool_use")
        yield stream.message_start("user")
        yield from stream.tool_result(0, tool_use_id, f"{self._session.turns} earlier turns.")
        yield stream.message_stop("tool_result")

    def _hooks(self, kind: str) -> Iterator[Event]:
        """Yield the events of the hooks of a kind: the harness's own, or those that a fault asks for."""
        names = [
            content["name"]
            for hook in self._harness.get("hooks", [])
            for member, content in hook.items()
            if _HOOKS[member] == kind
        ]
        if not names and self._endpoint.faults.happens("InvokeHarness", "hook-events"):
            names = [f"{kind}-hook"]
        for name in names:
            yield stream.hook_event(self._endpoint.ids.uuid(), name, kind)

    def _shows_reasoning(self) -> bool:
        """Whether the model is configured to reason, as Claude's `thinking` and others' `reasoning…` do."""
        ((_, config),) = self._harness["model"].items()
        extra = config.get("additionalParams")
        return isinstance(extra, dict) and any(str(name).startswith(("thinking", "reasoning")) for name in extra)

    def _usage(self, decision: Decision, written: str) -> Event:
        elapsed_ms = round((time.monotonic() - self._began) * 1000)
        if decision.output and (usage := decision.output.usage):
            return stream.metadata(usage.input_tokens, usage.output_tokens, elapsed_ms)
        return stream.metadata(max(1, self._prompt_tokens), max(1, tokens(written)), elapsed_ms)


def _failed(message: str) -> ServiceError:
    return ServiceError("RuntimeClientError", message)


def check_waiting(session: HarnessSession | None, tool_use_id: str) -> dict[str, Any]:
    """Return the call that a session waits for. Raises ValidationException for the result of any other."""
    waiting = session.waiting if session else None
    if waiting is None or waiting["toolUseId"] != tool_use_id:
        wanted = f"It waits for {waiting['toolUseId']}." if waiting else "It waits for no result."
        raise validation_error(f"The toolResult {tool_use_id} answers no pending call of this session. {wanted}")
    return waiting
