"""The demo's story: which line or button comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from travel_tui.tui.setting import END, NEW, Setting

IDLE_LIMIT_S = 1800.0
"""TRAVELDEMO's idleSessionTTLInSeconds, as in the reference notebook."""
SUMMARY_DELAY_S = 3.0
"""The local endpoint's own default, --summary-delay."""

STORY = (
    "Hi, my name is Anna. I would like to book a trip from Boston to NYC departing on July 11th 2027 and "
    "returning on July 22nd 2027. Via AIR.",
    "thank you!",
    END,
    NEW,
    "I need to stay an extra day. Can I return on the 23rd instead?",
    "that is correct, thanks!",
    END,
    NEW,
    "Which trips do I have?",
)


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


def with_story(common: Setting, memory_id: str) -> Setting:
    """A setting of the agent that the local endpoint has from the start, with the story to tell."""
    return replace(
        common,
        title="travel-assistant-with-memory",
        place="LOCAL",
        agent_key="TRAVELDEMO/TSTALIASID@demo",
        memory_id=memory_id,
        story=STORY,
        usual_summary_s=SUMMARY_DELAY_S,
        idle_limit_s=IDLE_LIMIT_S,
    )
