"""Turns of a conversation: a message of the user, the calls of tools, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from travel_tui.local.memory_extraction.messages import ASSISTANT, USER, Message
from travel_tui.local.scripted_agent.messages import CompletedCall, Turn


def turns_of(messages: Iterable[Message]) -> list[Turn]:
    """Group messages into turns. A tool's result belongs to the call with its id, else to the call before it."""
    turns: list[_Turn] = []
    for message in messages:
        if not turns or (message.role == USER and message.text):
            turns.append(_Turn())
        turns[-1].add(message)
    return [turn.done() for turn in turns]


def settle_calls(messages: Sequence[Message], earlier: Sequence[Message]) -> list[Message]:
    """Return messages in which every call has its result.

    A call that is still without one is left out; a result whose call was in an `earlier` message gets it back.
    """
    answered = {result.tool_use_id for message in messages for result in message.results}
    here = {use.tool_use_id for message in messages for use in message.uses}
    known = {use.tool_use_id: use for message in earlier for use in message.uses}
    settled: list[Message] = []
    for message in messages:
        open_calls = [known[r.tool_use_id] for r in message.results if r.tool_use_id in known.keys() - here]
        if open_calls:
            settled.append(Message(ASSISTANT, uses=tuple(open_calls)))
        done = tuple(use for use in message.uses if use.tool_use_id in answered or not use.tool_use_id)
        settled.append(replace(message, uses=done))
    return settled


class _Turn:
    """A turn that is being collected."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._answered: list[str] = []
        self._calls: list[tuple[str, str, Mapping[str, str]]] = []
        self._results: dict[str, tuple[str, bool]] = {}

    def add(self, message: Message) -> None:
        if message.text:
            (self._said if message.role == USER else self._answered).append(message.text)
        for use in message.uses if message.role == ASSISTANT else ():
            self._calls.append((use.tool_use_id, use.name, {key: str(value) for key, value in use.input.items()}))
        for result in message.results:
            known = [call[0] for call in self._calls]
            number = known[-1] if known and result.tool_use_id not in known else result.tool_use_id
            self._results[number] = (result.text, result.failed)

    def done(self) -> Turn:
        calls = []
        for number, name, given in self._calls:
            text, failed = self._results.pop(number, ("", False))
            calls.append(CompletedCall(name, given, text, "FAILURE" if failed else None))
        loose = [text for text, _ in self._results.values()]
        return Turn("\n".join(self._said), "\n".join([*loose, *self._answered]), tuple(calls))
