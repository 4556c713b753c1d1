"""How fast answers are written: like a hosted model's, or at once."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Iterator

CHARACTERS_PER_TOKEN = 4
"""The usual rule of thumb for English text; the endpoint has no tokenizer."""
_THINKING_TOKENS = 40
"""The pause before a model's first token, in tokens of its pace: half a second at 80 tokens a second."""
_PIECE = re.compile(r"\s*\S.{0,11}?(?=\s|$)|\s*\S.{11}|\s+", re.DOTALL)
"""A piece of a streamed answer: about three tokens, cut before a space where one is near."""


def tokens(text: str) -> int:
    """About how many tokens a text has: its characters by four, rounded up. An estimate, the same every time."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def pieces(text: str) -> Iterator[str]:
    """The text in the pieces that a model would stream it in; together they are the text."""
    return (match.group() for match in _PIECE.finditer(text))


class Pacer:
    """Waits as long as a model would, for one turn."""

    def __init__(self, tokens_per_second: float) -> None:
        """0 never waits."""
        self._speed = tokens_per_second
        self._hurried = asyncio.Event()

    def hurry(self) -> None:
        """Wait no longer: nobody listens, or the endpoint ends."""
        self._hurried.set()

    async def think(self) -> None:
        """The pause before the first token."""
        await self._wait(_THINKING_TOKENS)

    async def write(self, text: str) -> None:
        """As long as writing the text takes."""
        await self._wait(len(text) / CHARACTERS_PER_TOKEN)

    async def _wait(self, amount: float) -> None:
        if self._speed <= 0 or self._hurried.is_set():
            return
        try:
            async with asyncio.timeout(amount / self._speed):
                await self._hurried.wait()
        except TimeoutError:
            pass
