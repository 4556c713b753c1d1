"""A language model as an AgentModel: the prompt as a conversation, functions as tools, memories by prompts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from typing import Any

from travel_tui.local.agent_model import (
    Decision,
    ModelCall,
    ModelError,
    ModelInput,
    ModelOutput,
    ModelPrompt,
    Step,
    SummaryStyle,
)
from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import Message
from travel_tui.local.models import memory_prompts
from travel_tui.local.models.chat import ChatAnswer, ChatMessage, ChatModel, ChatRequest
from travel_tui.local.models.tools import InvalidCallError, arguments_of, call_again, named_tools, read_call, tools_of
from travel_tui.local.scripted_agent.messages import (
    CompletedCall,
    Function,
    Reply,
    ToolCall,
    ToolResult,
    Turn,
    TurnContext,
)
from travel_tui.local.unicode import well_formed

_ATTEMPTS = 2
"""Invocations for a call with arguments as declared: the first, and one repair."""
_QUEUE = "queue"
"""Key in the state of further calls of the last answer."""


class LanguageModel:
    """Decides and remembers with a language model. What the model writes is data: only declared functions run."""

    is_language_model = True

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self.name = chat.name

    async def decide(self, given: ModelInput) -> AsyncGenerator[Step, None]:
        """Yield the steps to the next decision. Several calls of one answer are decided one after the other."""
        functions = named_tools(given.context.functions)
        if isinstance(given.message, ToolResult) and (queue := given.state.get(_QUEUE)):
            yield Decision(_queued(queue[0], given.context.functions), "", {_QUEUE: queue[1:]})
            return
        prompt = given.prompt()
        for _ in range(_ATTEMPTS):
            tried = prompt
            yield ModelCall(lambda tried=tried: tried)  # type: ignore[misc]
            answer: ChatAnswer | None = None
            async with aclosing(self._chat.stream(request_of(prompt, functions, given.max_tokens))) as events:
                async for event in events:
                    if isinstance(event, ChatAnswer):
                        answer = event
                    else:
                        yield event
            if answer is None:
                raise ModelError(f"{self.name} ended without an answer.")
            output = ModelOutput(_written(answer), answer.usage, answer.reasoning, answer.cut)
            if not answer.calls:
                if not answer.text.strip():
                    raise ModelError(f"{self.name} answered nothing{' within its limit of tokens' * answer.cut}.")
                yield Decision(Reply(well_formed(answer.text)), answer.reasoning, {}, output)
                return
            calls, failures = _calls_of(answer, functions)
            if not failures:
                rest = [_kept(call) for call in calls[1:]]
                yield Decision(
                    calls[0], answer.reasoning or answer.text.strip(), {_QUEUE: rest} if rest else {}, output
                )
                return
            yield output
            prompt = replace(prompt, calls=(*prompt.calls, *failures))
        raise ModelError(f"{self.name} called a function wrongly, also when told so. {failures[0].result}")

    async def resume(self, context: TurnContext, turns: Sequence[Turn]) -> Mapping[str, Any]:  # noqa: ARG002 protocol
        """Return an empty state: the turns are part of the prompt."""
        return {}

    async def summarise(
        self,
        turns: Sequence[Turn],
        state: Mapping[str, Any],  # noqa: ARG002 protocol
        style: SummaryStyle,
    ) -> str:
        """Return a session's summary."""
        if not turns:
            return memory_prompts.EMPTY_SUMMARY
        written = await self._write(memory_prompts.SUMMARY, memory_prompts.transcript(turns))
        return memory_prompts.read_summary(written, style)

    async def extract(self, kind: str, messages: Sequence[Message], earlier: Sequence[Message]) -> list[Draft]:
        """Return the records that a strategy makes."""
        asked = memory_prompts.conversation(messages, earlier)
        if not asked:
            return []
        written = await self._write(memory_prompts.OF_STRATEGIES[kind], asked)
        return memory_prompts.read_records(kind, written)

    def warm(self, today: date) -> None:  # noqa: ARG002 protocol
        """Import the model's API."""
        self._chat.warm()

    async def close(self) -> None:
        """Close the model's API."""
        await self._chat.close()

    async def _write(self, system: str, asked: str) -> str:
        request = ChatRequest(system, (ChatMessage("user", asked),))
        async with aclosing(self._chat.stream(request)) as events:
            async for event in events:
                if isinstance(event, ChatAnswer):
                    return event.text
                await asyncio.sleep(0)  # requests run in between
        raise ModelError(f"{self.name} ended without an answer.")


def request_of(prompt: ModelPrompt, functions: Mapping[str, Function], max_tokens: int | None = None) -> ChatRequest:
    """Return a prompt as a conversation. Calls are numbered, so that the same prompt is the same request."""
    said: list[ChatMessage] = []
    if prompt.hidden:
        said.append(ChatMessage("user", f"({prompt.hidden} earlier turns)"))
    number = 0
    for turn in (*prompt.turns, Turn(prompt.question, "", tuple(prompt.calls))):
        if turn.user.strip():
            said.append(ChatMessage("user", turn.user))
        for made in turn.calls:
            number += 1
            call = call_again(f"call_{number:05d}", made, functions)
            said += [
                ChatMessage("assistant", call=call),
                ChatMessage("user", made.result, result_of=call.call_id, failed=made.state is not None),
            ]
        if turn.agent.strip():
            said.append(ChatMessage("assistant", turn.agent))
    return ChatRequest(prompt.system, tuple(said), tools_of(functions), prompt.today, max_tokens)


def _calls_of(answer: ChatAnswer, functions: Mapping[str, Function]) -> tuple[list[ToolCall], list[CompletedCall]]:
    """Return an answer's calls, and those that must not be made as failed ones."""
    calls, failures = [], []
    for call in answer.calls:
        try:
            calls.append(read_call(call, functions))
        except InvalidCallError as error:
            parameters = {str(key): str(value) for key, value in (arguments_of(call) or {}).items()}
            failures.append(CompletedCall(call.name, parameters, f"{error} Nothing was called.", "FAILURE"))
    return calls, failures


def _written(answer: ChatAnswer) -> str:
    """Return what the model wrote, for the trace."""
    calls = [f'{{"function": "{call.name}", "parameters": {call.arguments or "{}"}}}' for call in answer.calls]
    return "\n".join(part for part in (answer.text, *calls) if part)


def _kept(call: ToolCall) -> dict[str, Any]:
    return {
        "group": call.function.action_group,
        "function": call.function.name,
        "parameters": dict(call.parameters),
    }


def _queued(kept: Mapping[str, Any], functions: Sequence[Function]) -> ToolCall:
    """Return a kept call. Raises ModelError if the agent lost its function meanwhile."""
    for function in functions:
        if (function.action_group, function.name) == (kept["group"], kept["function"]):
            return ToolCall(function, kept["parameters"])
    raise ModelError(f"The model called {kept['function']}, which the agent does not have any more.")
