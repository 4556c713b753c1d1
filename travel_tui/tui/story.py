"""The demo's story: which line or button comes next."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.tui.setting import END, NEW


class Story:
    """Steps that are offered one after the other. Whoever goes their own way finds the story where it was."""

    def __init__(self, steps: Sequence[str]) -> None:
        self._steps = tuple(steps)
        self._next = 0

    @property
    def step(self) -> str | None:
        """The next step; None where the story is told, or there is none."""
        return self._steps[self._next] if self._next < len(self._steps) else None

    @property
    def line(self) -> str:
        """The line that the prompt should offer; empty where the next step is a button's."""
        return "" if self.step in (None, END, NEW) else str(self.step)

    def said(self, text: str) -> None:
        """The person said something, maybe the offered line."""
        if self.step == text.strip():
            self._next += 1

    def ended(self) -> None:
        """The session was ended: lines that belonged to it are passed over."""
        self._pass(END)

    def began(self) -> None:
        """A new session was begun."""
        self._pass(NEW)

    def _pass(self, button: str) -> None:
        ahead = self._steps[self._next :]
        if button in ahead:
            self._next += ahead.index(button) + 1
