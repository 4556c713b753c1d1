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
        return unique_memory_id(name, self.suffix, self.capabilities)

    def session_id(self, number: int) -> str:
        """Return the id of session `number`, counted from 1."""
        return unique_session_id("recall", self.suffix, number, self.capabilities)


def unique_memory_id(name: str, suffix: str, capabilities: Capabilities) -> str:
    """Return a memory id that no other test has."""
    return _allowed("memory", f"{name}.{suffix}", capabilities)


def unique_session_id(prefix: str, suffix: str, number: int, capabilities: Capabilities) -> str:
    """Return the id of session `number` of a test; zeros before the number make it as long as the service wants."""
    head = f"{prefix}.{suffix}."
    digits = max(1, capabilities.session_id_least - len(head))
    return _allowed("session", f"{head}{number:0{digits}}", capabilities)


def _allowed(name: str, value: str, capabilities: Capabilities) -> str:
    return value if capabilities.check_id(name, value) is None else value.replace(".", "-")
