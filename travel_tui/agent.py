"""The port: what an agent with memory can do, and the events of a turn, as plain types.

Nothing here knows which service answers. A backend implements `Agent`; what stands above it
handles the events below and never asks which backend it has.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol


class Cause(StrEnum):
    """Why something failed, as far as a person's next step depends on it."""

    UNREACHABLE = "unreachable"
    """Nothing answers at the endpoint, or the name does not resolve."""
    DROPPED = "dropped"
    """The connection broke while the answer was coming."""
    CUT_OFF = "cut off"
    """The stream ended without its final chunk, or with bytes left over."""
    CORRUPT = "corrupt"
    """A frame of the stream failed its checksum or could not be read."""
    STALLED = "stalled"
    """Nothing came for as long as the client waits."""
    CREDENTIALS = "credentials"
    """Missing, expired or wrong credentials, or a profile that does not exist."""
    DENIED = "denied"
    """The caller may not do this."""
    NOT_FOUND = "not found"
    """No such agent, alias or session."""
    INVALID = "invalid"
    """The service, or the check before the call, refuses the input."""
    THROTTLED = "throttled"
    """Too many requests; later it will do."""
    CONFLICT = "conflict"
    """The agent is busy or not prepared."""
    DEPENDENCY = "dependency"
    """What the agent itself calls (its Lambda, its model) failed."""
    SERVICE = "service"
    """The service failed without the caller's doing."""
    ARCHIVE = "archive"
    """What was said cannot be kept on this machine, so nothing was sent, or what is shown is not on disk."""
    CANCELLED = "cancelled"
    """The person stopped it."""
    UNKNOWN = "unknown"
    """Anything else; `Trouble.why` has the words that came with it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a person needs to know of a failure: what happened, why, and what to do next."""

    cause: Cause
    what: str
    why: str = ""
    advice: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.advice) if part)


MAX_TEXT = 25_000_000
"""Characters that a turn may have (InvokeAgent's inputText in botocore's service model)."""

_ID = re.compile(r"[0-9a-zA-Z._:-]{2,100}")


def refused_id(name: str, value: str) -> Trouble | None:
    """What is wrong with a session or memory id, or None; the pattern is that of botocore's service model.

    It is checked before the call because boto3 checks neither patterns nor maxima.
    """
    if _ID.fullmatch(value):
        return None
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    return Trouble(
        Cause.INVALID,
        f"The {name} id {shown!r} cannot be used.",
        "An id has 2 to 100 characters: letters A to Z, digits, full stop, underscore, colon, hyphen.",
        f"Choose another {name} id; nothing was sent.",
    )


class AgentError(Exception):
    """An operation of the port failed; `trouble` says how."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action-group call. Values travel as strings, whatever the type."""

    name: str
    value: str
    type: str = "string"


class Wanted(StrEnum):
    """What an agent that hands a call back wants of its caller."""

    RESULT = "result"
    CONFIRMATION = "confirmation"
    """Whether it may call the function itself."""
    BOTH = "confirmation and result"


@dataclass(frozen=True, slots=True)
class ReturnedResult:
    """What the caller answers to one call that an agent returned control for."""

    action_group: str
    function: str
    text: str
    state: str | None = None
    """None on success, else FAILURE or REPROMPT."""
    confirmed: bool | None = None
    """Whether the user agreed; None where that was not asked. One that only agreed has no text."""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One turn to send. Without a memory_id the service remembers nothing of it."""

    text: str
    session_id: str
    memory_id: str | None = None
    session_attributes: Mapping[str, str] = field(default_factory=dict)
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)
    invocation_id: str | None = None
    """Set, with `returned`, when this answers a ReturnControl."""
    returned: tuple[ReturnedResult, ...] = ()
    trace: bool = True


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer, in order."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The agent calls a function of an action group."""

    action_group: str
    function: str
    parameters: tuple[Parameter, ...] = ()
    trace_id: str = ""
    wanted: Wanted = Wanted.RESULT
    """What of the caller, where the call was handed back."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the last ToolCall of the same trace_id answered."""

    text: str
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """Tokens of one model invocation."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class MemoryInjected:
    """What of the memory stood in the prompt; an empty synopsis means that none did.

    The event is absent where the trace does not tell.
    """

    synopsis: str


@dataclass(frozen=True, slots=True)
class ReturnControl:
    """The agent hands its calls back to the caller and waits for their results."""

    invocation_id: str
    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the trace as it came: `payload` is JSON (datetimes as ISO text, bytes as base64).

    What the backend understands of it stands in the other fields. `span` names what begins with one step and ends
    with another; `phase` says which of the two this is.
    """

    kind: str
    payload: Mapping[str, Any]
    title: str = ""
    """What is done; empty for a kind that the backend does not know."""
    note: str = ""
    """With what, or what came of it, in its first words."""
    span: str = ""
    phase: Literal["", "begins", "ends"] = ""
    body: str = ""
    """The names in `payload` that lead to what counts in it, divided by slashes; empty where that is all of it."""
    at_s: float | None = None
    """When, in seconds since 1970."""
    took_s: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class TurnCompleted:
    """The answer is whole."""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The answer is not whole; what had arrived stands, and nothing was resent."""

    trouble: Trouble


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


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The memory of one session as the service stores it."""

    memory_id: str
    session_id: str
    text: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """AWS names it sessionExpiryTime; it is when the session ended, not when the memory expires."""


class Agent(Protocol):
    """An agent with long-term memory. All but `invoke` raise AgentError."""

    def invoke(self, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Send a turn and yield its events; the last is TurnCompleted, TurnFailed or ReturnControl.

        Closing the generator cancels the turn. Raises nothing of its own: failures are events.
        """
        ...

    async def end(self, session_id: str, memory_id: str | None) -> None:
        """End a session, which starts its summary."""
        ...

    async def memories(self, memory_id: str) -> list[SessionSummary]:
        """All summaries of a memory, newest first; empty where there are none."""
        ...

    async def forget(self, memory_id: str, session_id: str | None = None) -> None:
        """Delete one session's summary, or with no session_id all of that memory."""
        ...
