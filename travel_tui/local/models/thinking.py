"""Reasoning that a model writes into its text, between <think> and </think> at its beginning."""

from __future__ import annotations

from collections.abc import Iterator

from travel_tui.local.agent_model import ReasoningDelta, TextDelta

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkingFilter:
    """Splits streamed text into reasoning and answer. Joined, the pieces are the text without its tags."""

    def __init__(self) -> None:
        self._held = ""
        """Text that may be part of a tag."""
        self._where = "start"

    def take(self, text: str) -> Iterator[TextDelta | ReasoningDelta]:
        """Yield what is certain after a further piece."""
        if self._where == "answer":
            yield TextDelta(text)
            return
        self._held += text
        if self._where == "start":
            begun = self._held.lstrip()
            if len(begun) < len(_OPEN) and _OPEN.startswith(begun):
                return
            self._where = "thinking" if begun.startswith(_OPEN) else "answer"
            self._held = begun.removeprefix(_OPEN) if self._where == "thinking" else self._held
        if self._where == "thinking":
            thought, closed, self._held = self._held.partition(_CLOSE)
            if not closed:
                kept = _overlap(thought, _CLOSE)
                thought, self._held = thought[: len(thought) - kept], thought[len(thought) - kept :]
            if thought:
                yield ReasoningDelta(thought)
            if not closed:
                return
            self._where = "gap"
        if self._where == "gap":
            self._held = self._held.lstrip()
            if not self._held:
                return
            self._where = "answer"
        yield from self._rest()

    def end(self) -> Iterator[TextDelta | ReasoningDelta]:
        """Yield what is left once the text has ended."""
        if self._held and self._where == "thinking":
            yield ReasoningDelta(self._held)
        else:
            yield from self._rest()

    def _rest(self) -> Iterator[TextDelta | ReasoningDelta]:
        held, self._held = self._held, ""
        if held:
            yield TextDelta(held)


def _overlap(text: str, tag: str) -> int:
    """Return how many characters at the text's end may begin the tag."""
    return next((size for size in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:size])), 0)
