"""Replacement for Textual's timers (8.2.8), whose one-shot timers with a short delay may never fire.

A timer counts the intervals that passed before it first read the clock, and skips them. A one-shot timer has only one
interval: if the process was blocked for that delay, its only call was skipped.
"""

from __future__ import annotations

from typing import Any

from textual import message_pump
from textual.timer import Timer


class ReliableTimer(Timer):
    """A timer that fires at least once, however late."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self._repeat == 0:
            self._skip = False


def install_reliable_timers() -> None:
    """Make every `set_timer` and `set_interval`, including Textual's own, create reliable timers."""
    setattr(message_pump, "Timer", ReliableTimer)  # noqa: B010 - mypy knows no such assignment
