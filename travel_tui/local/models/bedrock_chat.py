"""Chat with a model of Amazon Bedrock by ConverseStream, with the user's own credentials.

botocore is synchronous: its stream is read in a thread. Credentials come from its own chain and stay there.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import cached_property
from typing import Any

from travel_tui.local.agent_model import ModelError, ReasoningDelta, TextDelta, Usage
from travel_tui.local.models.chat import AnswerParts, ChatCall, ChatEvent, ChatRequest, ChatTool
from travel_tui.local.models.choice import ModelAddress

_URL_VARIABLE = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"
"""The one setting of another URL that is used: AWS_ENDPOINT_URL may lead to this very endpoint."""
_CONNECT_S = 10.0


class BedrockChat:
    """A model of Amazon Bedrock, in the Region of the user's AWS settings."""

    def __init__(self, address: ModelAddress, timeout_s: float) -> None:
        self.name = address.model
        self._timeout_s = timeout_s

    @cached_property
    def _client(self) -> Any:
        import botocore.session
        from botocore.config import Config

        config = Config(
            read_timeout=self._timeout_s,
            connect_timeout=min(_CONNECT_S, self._timeout_s),
            retries={"mode": "standard", "total_max_attempts": 3},
            ignore_configured_endpoint_urls=True,  # type: ignore[call-arg]  # which the types lack
        )
        session = botocore.session.get_session()
        return session.create_client("bedrock-runtime", endpoint_url=os.environ.get(_URL_VARIABLE), config=config)

    def warm(self) -> None:
        """Load the service model. What is wrong with the settings is told by the first turn."""
        import botocore.exceptions

        try:
            _ = self._client
        except botocore.exceptions.BotoCoreError:
            return

    async def close(self) -> None:
        """Close the connections."""
        if "_client" in self.__dict__:
            self._client.close()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """Yield the pieces of an answer as they come, and last the whole answer."""
        parts, calls, open_call, ended = AnswerParts(), list[ChatCall](), list[str](), False
        async for kind, content in _in_thread(lambda: self._events(request), self._explain):
            match kind:
                case "contentBlockStart" if "toolUse" in content["start"]:
                    use = content["start"]["toolUse"]
                    open_call = [use["toolUseId"], use["name"]]
                case "contentBlockDelta":
                    delta = content["delta"]
                    if "toolUse" in delta:
                        open_call.append(delta["toolUse"]["input"])
                    elif piece := _piece(delta):
                        parts.add(piece)
                        yield piece
                case "contentBlockStop" if open_call:
                    calls.append(ChatCall(open_call[0], open_call[1], "".join(open_call[2:])))
                    open_call = []
                case "messageStop":
                    ended, parts.cut = True, content["stopReason"] == "max_tokens"
                case "metadata":
                    usage = content["usage"]
                    parts.usage = Usage(usage["inputTokens"], usage["outputTokens"])
                case _:
                    pass
        if not ended:
            raise ModelError(f"The answer of {self.name} ended in the middle.")
        yield parts.answer(tuple(calls))

    def _events(self, request: ChatRequest) -> Any:
        asked: dict[str, Any] = {"modelId": self.name, "messages": _messages(request)}
        if request.whole_system:
            asked["system"] = [{"text": request.whole_system}]
        if request.tools:
            asked["toolConfig"] = {"tools": [_tool(tool) for tool in request.tools]}
        if request.max_tokens:
            asked["inferenceConfig"] = {"maxTokens": request.max_tokens}
        return self._client.converse_stream(**asked)["stream"]

    def _explain(self, error: Exception) -> ModelError:
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, ClientError):
            found = error.response.get("Error", {})
            return ModelError(f"{self.name} on Amazon Bedrock: {found.get('Code')}: {found.get('Message')}")
        if isinstance(error, BotoCoreError):
            return ModelError(
                f"{self.name} on Amazon Bedrock cannot be used: {error}. Check the Region and credentials with "
                "`aws sts get-caller-identity`."
            )
        return ModelError(f"{self.name} on Amazon Bedrock broke off: {type(error).__name__}: {error}")


async def _in_thread(
    open_stream: Callable[[], Any], explain: Callable[[Exception], ModelError]
) -> AsyncGenerator[tuple[str, Mapping[str, Any]], None]:
    """Yield the events of a stream that is read in a thread; closing the generator closes the stream."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[str, Any] | Exception | None] = asyncio.Queue()
    left = threading.Event()
    opened: list[Any] = []

    def put(item: tuple[str, Any] | Exception | None) -> None:
        if not left.is_set():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def read() -> None:
        try:
            stream = open_stream()
            opened.append(stream)
            for event in stream:
                if left.is_set():
                    return
                for kind, content in event.items():
                    put((kind, content))
            put(None)
        except Exception as error:  # noqa: BLE001 every error is told where the events are read
            put(error)
        finally:
            for stream in opened:
                stream.close()

    thread = threading.Thread(target=read, name="converse", daemon=True)
    thread.start()
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, Exception):
                raise explain(item) from None
            yield item
    finally:
        left.set()


def _piece(delta: Mapping[str, Any]) -> TextDelta | ReasoningDelta | None:
    if "text" in delta:
        return TextDelta(delta["text"])
    text = delta.get("reasoningContent", {}).get("text")
    return ReasoningDelta(text) if text else None


def _messages(request: ChatRequest) -> list[dict[str, Any]]:
    """Return the messages; Converse wants the sides to alternate, so those of one in a row are one message."""
    said: list[dict[str, Any]] = []
    for message in request.messages:
        block: dict[str, Any] = {"text": message.text}
        if message.call:
            given = json.loads(message.call.arguments or "{}")
            block = {"toolUse": {"toolUseId": message.call.call_id, "name": message.call.name, "input": given}}
        elif message.result_of:
            block = {
                "toolResult": {
                    "toolUseId": message.result_of,
                    "content": [{"text": message.text or "(empty)"}],
                    "status": "error" if message.failed else "success",
                }
            }
        if said and said[-1]["role"] == message.role:
            said[-1]["content"].append(block)
        else:
            said.append({"role": message.role, "content": [block]})
    return said


def _tool(tool: ChatTool) -> dict[str, Any]:
    schema = {"json": dict(tool.schema)}
    return {"toolSpec": {"name": tool.name, "description": tool.description, "inputSchema": schema}}
