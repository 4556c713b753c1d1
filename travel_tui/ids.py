"""Injectable id generator, so that a seed gives the same ids every time."""

from __future__ import annotations

import random
import uuid


class Ids:
    """Generates ids: unguessable ones, or the same series for each seed."""

    def __init__(self, seed: int | None = None) -> None:
        # Screenshots need a repeatable series; ids that must be unguessable are generated without a seed.
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311

    def uuid(self) -> str:
        """Return a version 4 UUID as text of 36 characters."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def hex(self, digits: int = 8) -> str:
        """Return `digits` hexadecimal digits."""
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"
