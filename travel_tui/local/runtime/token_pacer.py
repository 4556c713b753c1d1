"""Pacing of streamed answers: at a hosted model's speed, or without delay."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Awaitable, Iterator
from typing import TypeVar

T = TypeVar("T")

CHARACTERS_PER_TOKEN = 4
"""Usual rule of thumb for English text; the endpoint has no tokenizer."""
_THINKING_TOKENS = 40
"""Pause before a model's first token, in tokens at its pace: half a second at 80 tokens a second."""
_LONGEST_S = 30.0
"""The most that one pause takes, however long a text is: boto3 gives up after 60 s without a byte."""
_PIECE = re.compile(r"\s*\S.{0,11}?(?=\s|$)|\s*\S.{11}|\s+", re.DOTALL)
"""A piece of a streamed answer: about three tokens, cut before a space if one is near."""


def tokens(text: str) -> int:
    """Estimate the number of tokens of a text: a quarter of its characters, rounded up; deterministic."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def pieces(text: str) -> Iterator[str]:
    """Split the text into the pieces that a model would stream; joined, they are the text."""
    return (match.group() for match in _PIECE.finditer(text))


def pause_s(amount: float, tokens_per_second: float) -> float:
    """Return the seconds that writing some tokens takes, but never so many that clients give up."""
    return min(amount / tokens_per_second, _LONGEST_S)


class HurriedError(Exception):
    """What was waited for was cancelled: the client has disconnected, or the endpoint is shutting down."""


class TokenPacer:
    """Delays one turn as a model would."""

    def __init__(self, tokens_per_second: float) -> None:
        """With 0 tokens per second there is no delay."""
        self._speed = tokens_per_second
        self._hurried = asyncio.Event()
        self._limit: asyncio.Timeout | None = None

    def hurry(self) -> None:
        """Stop delaying, and waiting: the client has disconnected, or the endpoint is shutting down."""
        self._hurried.set()
        if self._limit:
            self._limit.reschedule(0)

    async def unless_hurried(self, work: Awaitable[T]) -> T:
        """Await `work`, which is cancelled as soon as there is no time left. Raises HurriedError then."""
        try:
            async with asyncio.timeout(0 if self._hurried.is_set() else None) as self._limit:
                return await work
        except TimeoutError as error:
            if self._limit and self._limit.expired():
                raise HurriedError from error
            raise
        finally:
            self._limit = None

    async def think(self) -> None:
        """Wait for the time before the first token."""
        await self._wait(_THINKING_TOKENS)

    async def write(self, text: str) -> None:
        """Wait for the time that writing the text takes."""
        await self._wait(len(text) / CHARACTERS_PER_TOKEN)

    async def _wait(self, amount: float) -> None:
        if self._speed <= 0 or self._hurried.is_set():
            return
        try:
            async with asyncio.timeout(pause_s(amount, self._speed)):
                await self._hurried.wait()
        except TimeoutError:
            pass
