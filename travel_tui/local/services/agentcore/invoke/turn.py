"""One call of InvokeHarness: the message or a function's result, and the answer or the next call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator

from travel_tui.local.agent_model import Decision, ModelError
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.model_steps import StoppedError
from travel_tui.local.scripted_agent.messages import Reply, ToolResult, TurnContext, UserMessage
from travel_tui.local.services.agentcore.invoke import hooks, payload, stream
from travel_tui.local.services.agentcore.invoke.context import prompt_tokens, turn_context
from travel_tui.local.services.agentcore.invoke.decision import answer, call, decide
from travel_tui.local.services.agentcore.invoke.progress import TurnProgress
from travel_tui.local.services.agentcore.invoke.request import HarnessInput, check_waiting
from travel_tui.local.services.agentcore.invoke.tools import TOOL_TYPE
from travel_tui.local.state.harness_sessions import HarnessSession
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Event
from travel_tui.local.wire.errors import ServiceError

_LOOKUP = "session_history"
"""The harness's own tool that the fault several-messages lets it run."""


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
        self._said = said
        self._turn = TurnProgress(endpoint, harness, memory, session, said)
        self._hooks = hooks.Hooks(endpoint, harness, session.session_id)

    def stop_pacing(self) -> None:
        """Stop pacing: the client has disconnected."""
        self._turn.pacer.hurry()

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the events in order."""
        turn, key = self._turn, self._turn.session.key
        async with self._endpoint.agentcore.turns.hold(key):
            turn.begin(self._endpoint.agentcore.harness_sessions.find(*key) or turn.session)
            timer = asyncio.get_running_loop().call_later(turn.limits.seconds, turn.time_out)
            try:
                message, query = self._message()
                before = await self._hooks.run(hooks.BEFORE_INVOCATION, self._said.as_context())
                for event in before.events:
                    yield event
                if before.denied:
                    for event in turn.finish("hook_stopped", in_message=False):
                        yield event
                else:
                    async for event in self._run(message, query):
                        yield event
                usage = {"inputTokens": turn.input_tokens, "outputTokens": turn.output_tokens}
                after = await self._hooks.run(hooks.AFTER_INVOCATION, {"stopReason": turn.stop, "usage": usage})
                for event in after.events:
                    yield event
            finally:
                timer.cancel()

    def _message(self) -> tuple[UserMessage | ToolResult, str]:
        """Return what the agent is told and what is recalled for it. Raises ValidationException for a stale result."""
        result = self._said.result
        if result is None:
            return UserMessage(self._said.text), self._said.text
        waiting = check_waiting(self._turn.session, result.tool_use_id)
        return ToolResult(waiting["name"], result.text, "FAILURE" if result.failed else None), waiting["query"]

    async def _run(self, message: UserMessage | ToolResult, query: str) -> AsyncGenerator[Event, None]:
        """Yield the events of the agent's loop: decisions until it answers, hands a call over, or is stopped."""
        turn = self._turn
        after = await self._after_tool(message)
        for event in after.events:
            yield event
        if after.denied:
            turn.save(None)
            for event in turn.finish("hook_stopped", in_message=False):
                yield event
            return
        context = turn_context(turn, query)
        if not self._endpoint.model.is_language_model:
            await turn.pacer.think()
        for event in self._own_tool():
            yield event
        if self._said.history and not turn.session.turns:
            turn.transcript.bring_along(self._said.history)
            turn.agent_state = await self._endpoint.model.resume(context, turn.transcript.earlier)
        for _ in range(turn.limits.iterations):
            async for event in self._iterate(context, message, query):
                yield event
            if turn.stop:
                return
            denied = turn.transcript.calls[-1]
            message = ToolResult(denied.function, denied.result, denied.state)
        turn.save(None)
        for event in turn.finish("max_iterations_exceeded", in_message=False):
            yield event

    async def _iterate(
        self, context: TurnContext, message: UserMessage | ToolResult, query: str
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of one decision of the model."""
        turn = self._turn
        yield stream.message_start()
        decision: Decision | None = None
        try:
            async for step in decide(turn, context, message):
                if isinstance(step, Decision):
                    decision = step
                else:
                    yield step
        except StoppedError as error:  # what had come is kept, and with it that the user said something
            said = turn.transcript.end_message()
            turn.save(None, payload.texts("ASSISTANT", said))
            if not turn.timed_out:
                raise _failed(str(error)) from error
            for event in turn.finish("timeout_exceeded", in_block=bool(said)):
                yield event
            return
        except ModelError as error:
            raise _failed(str(error)) from error
        if decision is None:
            raise _failed("The model came to no decision.")
        turn.agent_state = decision.state
        prompt = prompt_tokens(context, query)
        if isinstance(decision.action, Reply):
            events = answer(turn, decision, prompt, decision.action.text)
        else:
            events = call(turn, decision, prompt, decision.action, query, self._hooks)
        async for event in events:
            yield event

    async def _after_tool(self, message: UserMessage | ToolResult) -> hooks.HookOutcome:
        """Run the hooks for the result of a call, if this is one."""
        result = self._said.result
        if result is None or not isinstance(message, ToolResult):
            return hooks.HookOutcome()
        told = {"toolName": message.function, "toolType": TOOL_TYPE, "toolUseId": result.tool_use_id}
        return await self._hooks.run(hooks.AFTER_TOOL_CALL, {**told, "toolResult": result.block})

    def _own_tool(self) -> Iterator[Event]:
        """Yield the messages of a tool that the harness runs itself, where a fault asks for it."""
        if not self._endpoint.faults.happens("InvokeHarness", "several-messages"):
            return
        session, tool_use_id = self._turn.session, f"tooluse_{self._endpoint.ids.hex(22)}"
        yield stream.message_start()
        yield from stream.tool_use(0, tool_use_id, _LOOKUP, {"sessionId": session.session_id})
        yield stream.message_stop("tool_use")
        yield stream.message_start("user")
        yield from stream.tool_result(0, tool_use_id, f"{session.turns} earlier turns.")
        yield stream.message_stop("tool_result")


def _failed(message: str) -> ServiceError:
    return ServiceError("RuntimeClientError", message)
