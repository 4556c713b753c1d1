"""Agent interface: the operations of an agent with memory and the events of a turn, as plain types.

Nothing here depends on a particular service. A backend implements `Agent`; higher layers handle the events and never
ask which backend sent them.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol


class ErrorKind(StrEnum):
    """Cause of a failure, as far as it affects the user's next step."""

    UNREACHABLE = "unreachable"
    """The endpoint does not answer, or its name does not resolve."""
    DROPPED = "dropped"
    """The connection broke during the answer."""
    CUT_OFF = "cut off"
    """The stream ended without its final chunk, or with bytes left over."""
    CORRUPT = "corrupt"
    """A frame of the stream failed its checksum or could not be parsed."""
    STALLED = "stalled"
    """Nothing arrived within the client's timeout."""
    CREDENTIALS = "credentials"
    """Missing, expired or wrong credentials, or a profile that does not exist."""
    DENIED = "denied"
    """The caller lacks permission."""
    NOT_FOUND = "not found"
    """The agent, alias or session does not exist."""
    INVALID = "invalid"
    """The service, or the check before the call, rejected the input."""
    THROTTLED = "throttled"
    """Too many requests; a later retry can succeed."""
    CONFLICT = "conflict"
    """The agent is busy or not prepared."""
    DEPENDENCY = "dependency"
    """A dependency of the agent (its Lambda function or model) failed."""
    SERVICE = "service"
    """The service failed; the caller is not at fault."""
    ARCHIVE = "archive"
    """The archive cannot be written: nothing was sent, or what is shown is not on disk."""
    CANCELLED = "cancelled"
    """Cancelled by the user."""
    UNKNOWN = "unknown"
    """Any other cause; `Problem.why` has the original message."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Description of a failure for the user: what happened, why, and what to do next."""

    cause: ErrorKind
    what: str
    why: str = ""
    advice: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.advice) if part)


MAX_TEXT = 25_000_000
"""Maximum characters in a turn (InvokeAgent's inputText in botocore's service model)."""

ID_PATTERN = re.compile(r"[0-9a-zA-Z._:-]{2,100}")
"""Matches a session or memory id (botocore's service model)."""
ID_RULE = "An id has 2 to 100 characters: letters A to Z, digits, full stop, underscore, colon, hyphen."


def check_id(name: str, value: str, pattern: re.Pattern[str] = ID_PATTERN, rule: str = ID_RULE) -> Problem | None:
    """Return the problem with a session or memory id, or None; `rule` says in a sentence what the pattern takes.

    Checked before the call because boto3 checks neither patterns nor maxima.
    """
    if pattern.fullmatch(value):
        return None
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    return Problem(
        ErrorKind.INVALID,
        f"The {name} id {shown!r} cannot be used.",
        rule,
        f"Choose another {name} id; nothing was sent.",
    )


class AgentError(Exception):
    """Failure of an `Agent` operation; details in `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action-group call. Values are strings, whatever the type."""

    name: str
    value: str
    type: str = "string"


class ReturnControlKind(StrEnum):
    """Response that an agent expects when it returns control."""

    RESULT = "result"
    CONFIRMATION = "confirmation"
    """Whether the agent may call the function itself."""
    BOTH = "confirmation and result"


@dataclass(frozen=True, slots=True)
class ReturnedResult:
    """The caller's result for one call of a ReturnControl."""

    action_group: str
    function: str
    text: str
    state: str | None = None
    """None on success, else FAILURE or REPROMPT."""
    confirmed: bool | None = None
    """Whether the user approved; None where no confirmation was requested. A confirmation without a result has no text.
    """


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One turn to send. Without a memory_id the service stores no memory of it."""

    text: str
    session_id: str
    memory_id: str | None = None
    session_attributes: Mapping[str, str] = field(default_factory=dict)
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)
    invocation_id: str | None = None
    """Set, with `returned`, when this turn answers a ReturnControl."""
    returned: tuple[ReturnedResult, ...] = ()
    trace: bool = True


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer, in order."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of an action-group function by the agent."""

    action_group: str
    function: str
    parameters: tuple[Parameter, ...] = ()
    trace_id: str = ""
    wanted: ReturnControlKind = ReturnControlKind.RESULT
    """Response expected from the caller, where control was returned."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """Result of the last ToolCall with the same trace_id."""

    text: str
    trace_id: str = ""
    failure: str = ""
    """DENIED or FAILED, where the call did not succeed."""


DENIED, FAILED = "denied", "failed"
"""How a call did not succeed: the user did not approve it, or its function failed."""


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """Tokens of one model invocation; None where the service did not report them."""

    input_tokens: int | None
    output_tokens: int | None


@dataclass(frozen=True, slots=True)
class MemoryInjected:
    """Memory included in the prompt; an empty synopsis means none was included.

    The event is absent where the trace does not report it.
    """

    synopsis: str
    derived: bool = False
    """Whether the service did not tell it, and it was retrieved after the turn: it is what would be recalled."""


@dataclass(frozen=True, slots=True)
class ReturnControl:
    """The agent returned control: the caller must run the calls and send their results."""

    invocation_id: str
    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One trace step: `payload` is the unmodified JSON (datetimes as ISO text, bytes as base64).

    The other fields are what the backend could parse from it. `span` identifies an operation that begins with one step
    and
    ends with another; `phase` tells which of the two this step is.
    """

    kind: str
    payload: Mapping[str, Any]
    title: str = ""
    """Name of the operation; empty for a kind unknown to the backend."""
    note: str = ""
    """Short excerpt of the input or the result."""
    span: str = ""
    phase: Literal["", "begins", "ends"] = ""
    body: str = ""
    """Path to the relevant part of `payload`, as keys joined by slashes; empty for all of it."""
    at_s: float | None = None
    """Time of the step, in seconds since 1970."""
    took_s: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class TurnCompleted:
    """The answer is complete."""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The answer is incomplete; the part that arrived is kept, and nothing was resent."""

    problem: Problem


TurnEvent = (
    TextDelta
    | ToolCall
    | ToolResult
    | ModelUsage
    | MemoryInjected
    | ReturnControl
    | TraceStep
    | TurnCompleted
    | TurnFailed
)


class MemoryKind(StrEnum):
    """Kind of a memory record."""

    SESSION_SUMMARY = "summary"
    FACT = "fact"
    PREFERENCE = "preference"
    EPISODE = "episode"
    REFLECTION = "reflection"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MemoryRecord:
    """One record of a memory as the service stores it. A session can have several, and a record can have no session."""

    memory_id: str
    session_id: str | None
    text: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """Called sessionExpiryTime by AWS; it is when the session ended, not when the memory expires."""
    _: KW_ONLY
    record_id: str
    """Unique in its memory; stays the same while the text changes."""
    kind: MemoryKind = MemoryKind.OTHER
    namespace: str = ""
    """Path that the service files the record under; empty for a service without namespaces."""
    stored_at: datetime | None = field(default=None, compare=False)
    """When the service made the record, for one that tells it apart from the time of its source."""
    score: float | None = None
    """Relevance from 0 to 1, for a record found by a query."""


def session_summary(
    memory_id: str,
    session_id: str,
    text: str,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> MemoryRecord:
    """Return the summary of a session as a record, for a service whose summaries have no ids of their own."""
    return MemoryRecord(
        memory_id,
        session_id,
        text,
        started_at,
        ended_at,
        record_id=summary_record_id(session_id, started_at),
        kind=MemoryKind.SESSION_SUMMARY,
    )


def summary_record_id(session_id: str, started_at: datetime | None) -> str:
    """Return an id for a session's summary.

    It contains the start, since a session that goes on after its end gets a second summary: an id made of the session
    alone would change, or belong to both, once the second arrives.
    """
    return f"{session_id}@{started_at.astimezone(UTC).isoformat()}" if started_at else session_id


class Agent(Protocol):
    """An agent with long-term memory. All but `invoke` raise AgentError."""

    def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Send a turn and yield its events; the last is TurnCompleted, TurnFailed or ReturnControl.

        Closing the generator cancels the turn. Never raises AgentError: failures are events.
        """
        ...

    async def end_session(self, session_id: str, memory_id: str | None) -> None:
        """End a session, which starts its summary."""
        ...

    async def list_memories(self, memory_id: str) -> list[MemoryRecord]:
        """Return all records of a memory, newest first, each with an id of its own; empty if there are none."""
        ...

    async def delete_memory(self, memory_id: str, session_id: str | None = None) -> None:
        """Delete the records of one session, or the whole memory if session_id is None."""
        ...
