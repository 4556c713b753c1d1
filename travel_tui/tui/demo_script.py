"""The demo script: the next line to suggest or button to press."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from travel_tui.tui.context import END, NEW, AppContext

IDLE_LIMIT_S = 1800.0
"""TRAVELDEMO's idleSessionTTLInSeconds, as in the reference notebook."""
SUMMARY_DELAY_S, EXTRACTION_DELAY_S = 3.0, 2.0
"""The local endpoint's defaults of --summary-delay and --extraction-delay, in seconds."""

DEMO_LINES = (
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


class DemoScript:
    """Steps suggested one after the other. Other input leaves the position in the script unchanged.

    Steps after a new session depend on the memory of the previous one: if that memory is missing, the script restarts.
    """

    def __init__(self, steps: Sequence[str]) -> None:
        self._steps = tuple(steps)
        self._next = 0
        self._current_session = self._previous_session = self._ended = ""
        """Session ids: of lines sent since the last NEW, of lines sent before it, and of the session ended last."""

    @property
    def step(self) -> str | None:
        """The next step; None at the end of the script, or without a script."""
        return self._steps[self._next] if self._next < len(self._steps) else None

    @property
    def line(self) -> str:
        """The line for the prompt to suggest; empty if the next step is a button."""
        return "" if self.step in (None, END, NEW) else str(self.step)

    def record_message(self, text: str, session_id: str) -> None:
        """Record a message; advance if it is the suggested line."""
        if self.step == text.strip():
            self._next += 1
            self._current_session = session_id

    def record_end(self, session_id: str) -> None:
        """Record that the session was ended; skip the remaining lines for it."""
        self._ended = session_id
        self._skip_to(END)

    def record_start(self) -> None:
        """Record that a new session was started."""
        self._previous_session, self._current_session = self._current_session, ""
        self._skip_to(NEW)

    def resumed(self, last: str, session_id: str) -> None:
        """Continue a resumed session after its `last` message; if that is not in the script, at the last END."""
        if not self._steps:
            return
        lines = [each if each not in (END, NEW) else None for each in self._steps]
        if last.strip() in lines:
            self._next = lines.index(last.strip()) + 1
        else:
            self._next = max((at for at, each in enumerate(self._steps) if each == END), default=len(self._steps))
        self._current_session, self._previous_session = session_id, ""

    def check(self, remembered: Collection[str]) -> None:
        """Restart if the next step needs the memory of a session not in `remembered`; pending ones count."""
        if self.step == NEW:
            needed = self._ended
        elif self._next > 0 and self._steps[self._next - 1] == NEW:
            needed = self._previous_session
        else:
            return
        if needed not in remembered:
            self._next = 0

    def _skip_to(self, button: str) -> None:
        ahead = self._steps[self._next :]
        if button in ahead:
            self._next += ahead.index(button) + 1


DEMO_KEY = "TRAVELDEMO/TSTALIASID@demo"
"""Agent key of the demo's sessions in the archive."""


def with_demo_script(common: AppContext, memory_id: str, agent_key: str = DEMO_KEY) -> AppContext:
    """Return the context of the local endpoint's built-in agent, with the demo script."""
    ends = common.capabilities.ends_sessions
    return replace(
        common,
        title="travel-assistant-with-memory",
        place_label="LOCAL",
        agent_key=agent_key,
        memory_id=memory_id,
        demo_script=DEMO_LINES,
        usual_summary_s=SUMMARY_DELAY_S if ends else EXTRACTION_DELAY_S,
        idle_limit_s=IDLE_LIMIT_S if ends else None,
    )
