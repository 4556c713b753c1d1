"""Identity of one run of one test: its ids at the agent, unique for each run."""

from __future__ import annotations

from dataclasses import dataclass

from travel_tui.capabilities import Capabilities
from travel_tui.recall.scenario import Test


@dataclass(frozen=True, slots=True)
class Identity:
    """One run of one test, and its ids in that run, as the agent's service takes them."""

    key: str
    source: str
    test: Test
    attempt: int
    suffix: str
    """Makes its memory and session ids unique; its parts are separated by full stops."""
    capabilities: Capabilities

    def memory_id(self, name: str) -> str:
        """Return the id of the memory that the file calls `name`."""
        return self._allowed("memory", f"{name}.{self.suffix}")

    def session_id(self, number: int) -> str:
        """Return the id of session `number`, counted from 1; zeros before the number make it long enough."""
        head = f"recall.{self.suffix}."
        digits = max(1, self.capabilities.session_id_least - len(head))
        return self._allowed("session", f"{head}{number:0{digits}}")

    def _allowed(self, name: str, value: str) -> str:
        return value if self.capabilities.check_id(name, value) is None else value.replace(".", "-")
