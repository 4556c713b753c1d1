"""Recall check file as plain data: tests, their sessions and turns, and the expectations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from travel_tui.agent import MemoryKind

CATEGORIES: Mapping[str, str] = {
    "single-session-user": "facts the user stated in one session",
    "single-session-assistant": "facts the agent stated or acts it did in one session",
    "single-session-preference": "a preference that a later answer must respect",
    "multi-session": "a question that needs several sessions to answer",
    "temporal-reasoning": "when something happened or will happen",
    "knowledge-update": "a fact that changed later",
    "abstention": "a fact never told, which must not be made up",
    "isolation": "one user's memory must not appear in another's answers",
    "expiry": "facts older than the memory's retention",
    "deletion": "facts deleted from the memory",
    "injection": "instructions hidden in the memory",
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
    "not-is-json",
)
"""Types of assertions, named as in promptfoo."""

LOCAL = "local"
TARGETS: Mapping[str, str | None] = {"bedrock-agent": "bedrock-agents", "agentcore": "agentcore", LOCAL: None}
"""Types of targets, each with the service that it names."""

DEFAULT_WAIT_S = 300.0
"""Seconds to wait for a summary; AWS says that it takes several minutes at most."""
DEFAULT_TOP, MAX_TOP = 10, 100
"""Records that a query finds: as many as a harness retrieves, and as a call of AgentCore can return."""
MAX_REPEATS = 1000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""Name of a test, session or variable: used in ids and reports."""
USER = re.compile(r"[0-9a-zA-Z._:-]{1,40}")
"""Memory id in a file; a run adds a suffix, and the service allows 100 characters."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion on a text. For is-json `value` is a JSON Schema as JSON, or empty."""

    type: str
    value: str = ""
    stored_as: str = ""
    """The value's wording in the memory, if it differs there; only the verdict uses it."""

    @property
    def negative(self) -> bool:
        """Whether it asserts the absence of the value."""
        return self.type.startswith("not-")

    def __str__(self) -> str:
        return f"{self.type} '{self.value}'" if self.value else self.type


@dataclass(frozen=True, slots=True)
class MemoryAssertion:
    """An assertion on the records of a memory, all together: of all, or of those of a kind and under a namespace.

    With `query`, it is on the first `top` of those that a retrieval finds for it, by their rank and never by a score.
    """

    assertion: Assertion
    kind: MemoryKind | None = None
    namespace: str = ""
    """Path with the records; {name} stands for any one folder, such as that of the actor."""
    query: str = ""
    top: int = DEFAULT_TOP

    @property
    def needs_records(self) -> bool:
        """Whether only a memory with namespaces, and records of several kinds, can have what it asks for."""
        return bool(self.query or self.namespace or self.kind not in {None, MemoryKind.SESSION_SUMMARY})

    def __str__(self) -> str:
        found = f" in the first {self.top} for '{self.query}'" if self.query else ""
        kind = f", kind {self.kind}" if self.kind else ""
        return f"{self.assertion}{found}{kind}{f', under {self.namespace}' if self.namespace else ''}"


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """An expected call of an action group's function; parameters that are not listed may have any value."""

    function: str
    action_group: str | None = None
    parameters: Mapping[str, Assertion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A user message, and the expectations on the answer."""

    user: str
    asserts: tuple[Assertion, ...] = ()
    calls: tuple[ExpectedCall, ...] | None = None
    """Expected calls, in order, possibly with others in between; () requires no call, None checks nothing."""
    save: Mapping[str, str] = field(default_factory=dict)
    """Variables, each with the pattern that extracts its value from the answer: the first group, or the whole match."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session. Its parts are executed in the order of these fields."""

    name: str
    memory_id: str | None = None
    """Name of the memory within this test, made unique for each run. Without one nothing is remembered."""
    existing: bool = False
    """Whether `memory_id` is that of a memory that exists, which is only read."""
    wait_memory: float | None = None
    """Maximum seconds to wait until the memory of every ended session with this memory id is there."""
    wait_kinds: tuple[MemoryKind, ...] = ()
    """Kinds of which each of those sessions must have a record."""
    delete_memory: str | None = None
    """"all", or the name of the session whose summary is deleted."""
    advance_days: float | None = None
    memory_assert: tuple[MemoryAssertion, ...] = ()
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
        """Whether it advances the endpoint's clock, which affects every other test."""
        return any(session.advance_days is not None for session in self.sessions)

    @property
    def needs_records(self) -> bool:
        """Whether it needs a memory with namespaces and records of several kinds."""
        kinds = {kind for session in self.sessions for kind in session.wait_kinds}
        asserted = (each for session in self.sessions for each in session.memory_assert)
        return bool(kinds - {MemoryKind.SESSION_SUMMARY}) or any(each.needs_records for each in asserted)

    @property
    def needs_attributes(self) -> bool:
        """Whether it sends session or prompt attributes."""
        return any(session.session_attributes or session.prompt_attributes for session in self.sessions)

    @property
    def has_turns(self) -> bool:
        """Whether anything is said in it."""
        return any(session.turns for session in self.sessions)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A recall check file."""

    source: str
    """Name of the file in messages."""
    text: str
    """Complete text of the file: a run stores it, and is resumed with it."""
    tests: tuple[Test, ...]
    description: str = ""
    local: bool = False
    """Whether its target is the local endpoint."""
    backend: str | None = None
    """Service that its target names; None if it names none."""
    agent: str | None = None
    """Name of the agent in the config; None for the default agent."""
