"""Tokens of a session: read and written by its model invocations, as far as the service reported them."""

from __future__ import annotations

from collections.abc import Iterable

from travel_tui.agent import ModelUsage


class TokenTotals:
    """Totals over the turns of a session."""

    def __init__(self, usage: Iterable[tuple[int, ModelUsage]] = ()) -> None:
        """Start with `usage`: known invocations, each with the number of its turn."""
        self._read, self._written = 0, 0
        self._read_in: set[int] = set()
        self._written_in: set[int] = set()
        for number, each in usage:
            self.add(number, each)

    def add(self, number: int, usage: ModelUsage) -> None:
        """Add a model invocation of turn `number`."""
        if usage.input_tokens is not None:
            self._read += usage.input_tokens
            self._read_in.add(number)
        if usage.output_tokens is not None:
            self._written += usage.output_tokens
            self._written_in.add(number)

    def words(self, turns: int) -> str:
        """Format the totals of `turns` turns; a plus means some turns did not report usage, empty means none did."""
        sides = (("in", self._read, self._read_in), ("out", self._written, self._written_in))
        return " · ".join(f"{total:,}{'+' if len(told) < turns else ''} {name}" for name, total, told in sides if told)
