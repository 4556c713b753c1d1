"""A file of recall checks as plain data: tests, their sessions and turns, and what is expected of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CATEGORIES: Mapping[str, str] = {
    "single-session-user": "what the user said in one session",
    "single-session-assistant": "what the agent said or did in one session",
    "single-session-preference": "a wish of the user's that a later answer has to respect",
    "multi-session": "what takes several sessions to answer",
    "temporal-reasoning": "when something was or will be",
    "knowledge-update": "what changed after it was told first",
    "abstention": "what was never told, and must not be made up",
    "isolation": "one user's memory stays out of another's answers",
    "expiry": "what is older than the memory is kept for",
    "deletion": "what was deleted from the memory",
    "injection": "text in the memory that reads like an order",
}
"""Names of categories. The first seven are LongMemEval's (arXiv 2410.10813); it marks abstention by _abs in the id."""

ASSERTIONS = (
    "contains",
    "icontains",
    "not-contains",
    "not-icontains",
    "regex",
    "not-regex",
    "equals",
    "not-equals",
    "is-json",
)
"""Types of assertions, by promptfoo's names."""

DEFAULT_WAIT_S = 300.0
"""Seconds that a summary is waited for; AWS says that it takes several minutes at most."""
MOST_REPEATS = 1000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""A test's, session's or variable's name: it stands in ids and reports."""
USER = re.compile(r"[0-9a-zA-Z._:-]{1,40}")
"""A memory id as a file has it; a run makes it longer, and the service takes 100 characters."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a text must be like. `value` is empty for is-json."""

    type: str
    value: str = ""
    stored_as: str = ""
    """How the value reads in the memory, where it reads otherwise there; only the verdict uses it."""

    @property
    def negative(self) -> bool:
        """Whether it asks for something not to be there."""
        return self.type.startswith("not-")

    def __str__(self) -> str:
        return f"{self.type} {self.value!r}" if self.value else self.type


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """A call of an action group's function; parameters that are not named may be anything."""

    function: str
    action_group: str | None = None
    parameters: Mapping[str, Assertion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the user says, and what is expected of the answer."""

    user: str
    asserts: tuple[Assertion, ...] = ()
    calls: tuple[ExpectedCall, ...] | None = None
    """Calls that must be made, in this order, others between them; () wants none at all, None does not ask."""
    save: Mapping[str, str] = field(default_factory=dict)
    """Variables, each with the pattern that finds its value in the answer: its first group, or all of it."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session. Its parts happen in the order of these fields."""

    name: str
    memory_id: str | None = None
    """Whose memory: a name in this test, made unique for each run. Without one nothing is remembered."""
    wait_memory: float | None = None
    """Seconds to wait at most until every session of this memory that has ended is summarised."""
    delete_memory: str | None = None
    """"all", or the name of the session whose summary is deleted."""
    advance_days: float | None = None
    memory_assert: tuple[Assertion, ...] = ()
    session_attributes: Mapping[str, str] = field(default_factory=dict)
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    end_session: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A recall check."""

    name: str
    sessions: tuple[Session, ...]
    category: str = ""
    description: str = ""
    repeat: int = 1
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def moves_time(self) -> bool:
        """Whether it moves the endpoint's clock on, which every other test would notice."""
        return any(session.advance_days is not None for session in self.sessions)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file."""

    source: str
    """Where it was read from."""
    text: str
    """All of it, as it was read: a run keeps it, and goes on with it."""
    tests: tuple[Test, ...]
    description: str = ""
    local: bool = False
    """Whether its target is the local endpoint."""
    agent: str | None = None
    """The agent's name in the config; None is the default one."""
