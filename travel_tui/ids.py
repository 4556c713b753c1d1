"""Ids, handed in wherever new ones are made, so that a seed gives the same ones every time."""

from __future__ import annotations

import random
import uuid


class Ids:
    """Makes ids: unguessable ones, or with a seed the same series every time."""

    def __init__(self, seed: int | None = None) -> None:
        # A series that a seed repeats is what pictures need; ids that must not be guessed are made without one.
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311

    def uuid(self) -> str:
        """A UUID, version 4, as text of 36 characters."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def hex(self, digits: int = 8) -> str:
        """That many hexadecimal digits."""
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"
