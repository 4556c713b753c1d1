"""Chat with an OpenAI-compatible API: Ollama, llama.cpp, vLLM, LM Studio and others.

Their streams differ: tool calls come whole or in fragments, with or without index and id; usage comes last, with every
chunk or never; reasoning has its own field (`reasoning_content` or `reasoning`) or stands in the text.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from travel_tui.listener import is_loopback
from travel_tui.local.agent_model import ModelError, ReasoningDelta, TextDelta, Usage
from travel_tui.local.models.chat import AnswerParts, ChatCall, ChatEvent, ChatRequest, ChatTool
from travel_tui.local.models.choice import ChoiceError, ModelAddress
from travel_tui.local.models.thinking import ThinkingFilter

if TYPE_CHECKING:
    from openai import AsyncOpenAI

KEY_VARIABLE = "OPENAI_API_KEY"
_NO_KEY = "none"
"""What is sent as a key where there is none: servers on this machine take anything."""
_CONNECT_S = 10.0
_RETRIES = 2
"""How often a request is sent again that was refused for its rate, met an error of the server, or did not get there."""


class OpenAIChat:
    """A model behind an OpenAI-compatible API. It is called at its own URL alone; redirects are not followed."""

    def __init__(self, address: ModelAddress, timeout_s: float) -> None:
        """Read the key from the environment. Raises ChoiceError if it cannot be sent."""
        self.name = address.model
        self._url = address.url
        self._timeout_s = timeout_s
        parts = urlsplit(address.url)
        self._here = is_loopback(parts.hostname or "")
        # In plain HTTP everybody on the way to another machine could read the key.
        self._key = os.environ.get(KEY_VARIABLE, "").strip() if self._here or parts.scheme == "https" else ""
        if not (self._key.isascii() and self._key.isprintable()):  # the error of sending it would repeat it
            raise ChoiceError(f"{KEY_VARIABLE} has a line break or another character that no key has. Set it again.")

    @cached_property
    def _client(self) -> AsyncOpenAI:
        import httpx2
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        return AsyncOpenAI(
            api_key=self._key or _NO_KEY,
            base_url=self._url,
            timeout=httpx2.Timeout(self._timeout_s, connect=min(_CONNECT_S, self._timeout_s)),
            max_retries=_RETRIES,
            # A proxy of the environment is not asked for what is on this machine.
            http_client=DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not self._here),
        )

    def warm(self) -> None:
        """Import the API's package, which takes about a second."""
        _ = self._client

    async def close(self) -> None:
        """Close the connections."""
        if "_client" in self.__dict__:
            await self._client.close()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """Yield the pieces of an answer as they come, and last the whole answer."""
        import httpx2
        from openai import OpenAIError

        try:
            async with aclosing(self._events(request)) as events:
                async for event in events:
                    yield event
        except (OpenAIError, httpx2.HTTPError, ValueError) as error:
            raise ModelError(self._explain(error)) from None  # its request has the key

    async def _events(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        # As `extra_body`, since the package else compares every value with its types, which takes a millisecond.
        body: dict[str, Any] = {"messages": _messages(request), "temperature": 0}
        if request.tools:
            body["tools"] = [_tool(tool) for tool in request.tools]
        if request.max_tokens:
            body["max_tokens"] = request.max_tokens
        stream = await self._client.chat.completions.create(
            model=self.name, messages=[], stream=True, stream_options={"include_usage": True}, extra_body=body
        )
        parts, calls, thinking, ended = AnswerParts(), _Calls(), ThinkingFilter(), False
        async with stream:
            async for chunk in stream:
                if usage := getattr(chunk, "usage", None):
                    parts.usage = Usage(usage.prompt_tokens or 0, usage.completion_tokens or 0)
                for choice in chunk.choices or ():
                    delta = choice.delta
                    for event in _pieces(delta, thinking):
                        parts.add(event)
                        yield event
                    calls.take(getattr(delta, "tool_calls", None) or ())
                    if choice.finish_reason:
                        ended = True
                        parts.cut = choice.finish_reason == "length"
        for event in thinking.end():
            parts.add(event)
            yield event
        if not ended:
            raise ValueError("its answer ended in the middle")
        yield parts.answer(calls.whole())

    def _explain(self, error: Exception) -> str:
        """Return what went wrong in the words of the API, without the key."""
        import httpx2
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        named = f"The model {self.name} at {self._url}"
        if isinstance(error, APITimeoutError | httpx2.TimeoutException):
            text = f"{named} said nothing for {self._timeout_s:g} s. --model-timeout gives it more time."
        elif isinstance(error, APIConnectionError | httpx2.HTTPError):
            cause = error.__cause__ or error
            text = f"{named} cannot be reached, or broke off: {cause or type(cause).__name__}. Is its server running?"
        elif isinstance(error, APIStatusError):
            text = f"{named} refused with status {error.status_code}: {_words(error)}"
        else:
            text = f"{named} gave an answer that cannot be read: {error}."
        return text.replace(self._key, "[key]") if self._key else text


@dataclass(slots=True)
class _Call:
    """A call that is being collected."""

    index: int | None
    call_id: str
    name: str = ""
    arguments: str = ""


class _Calls:
    """Calls that come in fragments. A fragment belongs to the call with its index, unless its id begins another."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []

    def take(self, fragments: Sequence[Any]) -> None:
        """Add the fragments of a chunk."""
        for fragment in fragments:
            function = fragment.function
            call = self._call(getattr(fragment, "index", None), fragment.id or "", bool(function and function.name))
            if function and function.name:
                call.name = call.name or function.name
            if function and function.arguments:
                given = function.arguments
                call.arguments += given if isinstance(given, str) else json.dumps(given)

    def whole(self) -> tuple[ChatCall, ...]:
        """Return the calls, with ids of their own where the server gave none."""
        return tuple(
            ChatCall(call.call_id or f"call_{number}", call.name, call.arguments)
            for number, call in enumerate(self._calls, 1)
        )

    def _call(self, index: int | None, call_id: str, named: bool) -> _Call:
        for call in reversed(self._calls):
            if index is not None and call.index != index:
                continue
            if call_id and call.call_id and call.call_id != call_id:
                break
            if index is None and named:  # without an index, every call comes whole
                break
            return call
        begun = _Call(index, call_id)
        self._calls.append(begun)
        return begun


def _pieces(delta: Any, thinking: ThinkingFilter) -> Iterator[TextDelta | ReasoningDelta]:
    reasoning = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
    if isinstance(reasoning, str):
        yield ReasoningDelta(reasoning)
    if isinstance(delta.content, str) and delta.content:
        yield from thinking.take(delta.content)
    if refusal := getattr(delta, "refusal", None):
        yield TextDelta(refusal)


def _messages(request: ChatRequest) -> list[Any]:
    """Return the messages; texts of the same side in a row are joined, since many templates want turns to alternate."""
    said: list[dict[str, Any]] = [{"role": "system", "content": request.whole_system}] if request.whole_system else []
    for message in request.messages:
        last = said[-1] if said else {}
        if message.call:
            function = {"name": message.call.name, "arguments": message.call.arguments}
            call = {"id": message.call.call_id, "type": "function", "function": function}
            said.append({"role": "assistant", "content": "", "tool_calls": [call]})
        elif message.result_of:
            said.append({"role": "tool", "tool_call_id": message.result_of, "content": message.text})
        elif last.get("role") == message.role and "tool_calls" not in last:
            last["content"] += f"\n\n{message.text}"
        else:
            said.append({"role": message.role, "content": message.text})
    return said


def _tool(tool: ChatTool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)}
    return {"type": "function", "function": function}


def _words(error: Any) -> str:
    body = error.body
    found = body.get("message") if isinstance(body, dict) else body
    if isinstance(found, dict):
        found = found.get("message")
    return str(found or error.message)[:1_000]
