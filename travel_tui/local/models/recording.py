"""Recordings of a model's answers: a file of exchanges, written by a run and answered from in another.

A recording is a sequence of indented JSON objects, one after another (`jq` reads it). The first one is
{"format": "travel-tui model recording", "version": 1, "model": NAME}; every other is an exchange with its `request`
(system, messages, tools) and `answer` (text, calls, reasoning, usage). Texts are lists of their lines. The date that
the prompt tells and the API's key are no part of it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from travel_tui import UPGRADE
from travel_tui.local.agent_model import ModelError, ReasoningDelta, TextDelta, Usage
from travel_tui.local.models.chat import ChatAnswer, ChatCall, ChatEvent, ChatMessage, ChatModel, ChatRequest
from travel_tui.local.models.choice import ChoiceError

_FORMAT, _VERSION = "travel-tui model recording", 1
_WORDS = re.compile(r"\s*\S+|\s+")


class RecordedChat:
    """A model whose exchanges are added to a file (0600), each one once it is whole."""

    def __init__(self, chat: ChatModel, path: Path) -> None:
        """Open the file, or create it. Raises ChoiceError if it is no recording of this model, or cannot be written."""
        self._chat = chat
        self.name = chat.name
        try:
            if path.exists() and path.stat().st_size:
                recorded, _ = _read(path)
                if recorded != self.name:
                    raise ChoiceError(f"{path} is a recording of {recorded}. Choose another file for {self.name}.")
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            if not os.fstat(self._file).st_size:
                self._write({"format": _FORMAT, "version": _VERSION, "model": self.name})
        except OSError as error:
            raise ChoiceError(f"{path} cannot be written: {error.strerror}.") from error

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """Yield the model's answer, and keep it."""
        async with aclosing(self._chat.stream(request)) as events:
            async for event in events:
                if isinstance(event, ChatAnswer):
                    self._keep(request, event)
                yield event

    def _keep(self, request: ChatRequest, answer: ChatAnswer) -> None:
        try:
            self._write({"request": _request_json(request), "answer": _answer_json(answer)})
        except OSError as error:
            raise ModelError(f"The recording cannot be written: {error.strerror}.") from error

    def warm(self) -> None:
        """Make the model ready."""
        self._chat.warm()

    async def close(self) -> None:
        """Close the model and the file."""
        await self._chat.close()
        os.close(self._file)

    def _write(self, document: Mapping[str, Any]) -> None:
        data = (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        while data:
            data = data[os.write(self._file, data) :]


class ReplayedChat:
    """Answers from a recording, by the content of what is asked. Refuses what is not in it."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises ChoiceError."""
        self._path = path
        try:
            self.name, exchanges = _read(path)
            self._answers: dict[str, list[ChatAnswer]] = {}
            for exchange in exchanges:
                self._answers.setdefault(_key(exchange["request"]), []).append(_answer(exchange["answer"]))
        except OSError as error:
            raise ChoiceError(f"{path} cannot be read: {error.strerror}.") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise ChoiceError(f"{path} is damaged: an exchange cannot be read ({error}). Record it again.") from error

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """Yield the recorded answer; what was asked several times is answered in that order, the last one for ever."""
        found = self._answers.get(_key(_request_json(request)))
        if not found:
            last = next((message.text for message in reversed(request.messages) if message.text), "")
            raise ModelError(f"The recording {self._path.name} has no answer to this: {last[:200]!r}. Record it again.")
        answer = found.pop(0) if len(found) > 1 else found[0]
        if answer.reasoning:
            yield ReasoningDelta(answer.reasoning)
        for piece in _WORDS.findall(answer.text):
            yield TextDelta(piece)
        yield answer

    def warm(self) -> None:
        """The file has been read."""

    async def close(self) -> None:
        """The file is closed."""


def _read(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """Return the name of the recorded model and the exchanges. Raises ChoiceError and OSError."""
    decoder, at = json.JSONDecoder(), 0
    found: list[dict[str, Any]] = []
    try:
        text = path.read_text("utf-8").rstrip()
        while at < len(text):
            document, at = decoder.raw_decode(text, at)
            at = _next(text, at)
            found.append(document)
    except (ValueError, RecursionError) as error:
        raise ChoiceError(f"{path} is no recording, or ends in the middle of an exchange: {error}.") from error
    head = found[0] if found and isinstance(found[0], dict) else {}
    if head.get("format") != _FORMAT or not isinstance(head.get("model"), str):
        raise ChoiceError(f"{path} is no recording of a model's answers. --record writes one.")
    if head.get("version") != _VERSION:
        raise ChoiceError(f"{path} has version {head.get('version')}; this travel-tui reads {_VERSION}. {UPGRADE}.")
    return head["model"], found[1:]


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _key(request: Mapping[str, Any]) -> str:
    return json.dumps(request, sort_keys=True)


def _request_json(request: ChatRequest) -> dict[str, Any]:
    tools = [{"name": t.name, "description": t.description, "schema": dict(t.schema)} for t in request.tools]
    found: dict[str, Any] = {
        "system": request.system.split("\n"),
        "messages": [_message_json(message) for message in request.messages],
        "tools": tools,
    }
    return found | ({"max_tokens": request.max_tokens} if request.max_tokens else {})


def _message_json(message: ChatMessage) -> dict[str, Any]:
    if message.call:
        return {"role": "assistant", "call": _call_json(message.call)}
    found: dict[str, Any] = {"role": message.role, "text": message.text.split("\n")}
    if message.result_of:
        found |= {"result_of": message.result_of, "failed": message.failed}
    return found


def _call_json(call: ChatCall) -> dict[str, str]:
    return {"id": call.call_id, "name": call.name, "arguments": call.arguments}


def _answer_json(answer: ChatAnswer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "text": answer.text.split("\n"),
        "calls": [_call_json(call) for call in answer.calls],
        "reasoning": answer.reasoning.split("\n"),
        "usage": {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens} if usage else None,
        "cut": answer.cut,
    }


def _answer(document: Mapping[str, Any]) -> ChatAnswer:
    usage = document["usage"]
    return ChatAnswer(
        text="\n".join(document["text"]),
        calls=tuple(ChatCall(call["id"], call["name"], call["arguments"]) for call in document["calls"]),
        reasoning="\n".join(document["reasoning"]),
        usage=Usage(usage["input_tokens"], usage["output_tokens"]) if usage else None,
        cut=document["cut"],
    )
