"""Limits of an agent's service, and what it can do: a backend states them, and what stands above asks for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from travel_tui.agent import Problem, check_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What holds for every agent of one backend, known before an agent is opened."""

    max_text: int
    """Characters that a turn may have."""
    id_pattern: re.Pattern[str]
    """Matches the whole of a memory id, and of a session id unless that has a pattern of its own."""
    id_rule: str
    """The pattern as a sentence."""
    session_id_pattern: re.Pattern[str] | None = None
    session_id_rule: str = ""
    session_id_least: int = 0
    """Characters that a session id has to have."""
    ends_sessions: bool
    """Whether a session can be ended before its idle limit."""
    tells_injected: bool
    """Whether a turn's trace tells which memory was in its prompt."""
    session_attributes: bool
    """Whether session and prompt attributes can be sent with a turn."""
    edits_records: bool
    """Whether the text of a memory can be changed."""
    lists_users: bool
    """Whether the service lists the memory ids that there are."""
    has_namespaces: bool
    """Whether a memory has namespaces with records of several kinds, and can be searched."""
    deletions_lag: bool = False
    """Whether the service still lists a deleted record for a while."""

    def check_id(self, name: str, value: str) -> Problem | None:
        """Return the problem with a session or memory id, or None."""
        if name == "session" and self.session_id_pattern is not None:
            return check_id(name, value, self.session_id_pattern, self.session_id_rule)
        return check_id(name, value, self.id_pattern, self.id_rule)
