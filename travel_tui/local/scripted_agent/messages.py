"""Messages between the endpoint's runtime and its agent, as plain types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class FunctionParameter:
    """A parameter of a function, as its action group's schema declares it."""

    name: str
    type: str = "string"
    required: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """The HTTP operation behind a function of an action group with an OpenAPI schema."""

    path: str
    method: str
    """In upper case."""
    content_type: str | None = None
    """Content type of the request's body; None if it has none."""
    body: frozenset[str] = frozenset()
    """Names of the function's parameters that are properties of the body."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the agent's action groups."""

    name: str
    parameters: tuple[FunctionParameter, ...] = ()
    description: str = ""
    action_group: str = ""
    require_confirmation: bool = False
    api: ApiOperation | None = None
    """None for a function of a function schema."""


@dataclass(frozen=True, slots=True)
class TurnContext:
    """Input of a turn other than the conversation."""

    today: date
    functions: tuple[Function, ...] = ()
    memories: tuple[str, ...] = ()
    """Summaries injected into this session's prompt, newest first."""
    instruction: str = ""
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)
    remembers: bool = True
    """Whether other sessions will know what is said in this one."""


@dataclass(frozen=True, slots=True)
class UserMessage:
    """A message of the user."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of the last ToolCall; `state` is None on success, else FAILURE or REPROMPT."""

    function: str
    text: str
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the user in Markdown; ends the turn."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a function, to be answered with a ToolResult; values are strings."""

    function: Function
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """The agent's next step, its reason (a sentence for the trace), and its new state as JSON, kept per session."""

    action: Reply | ToolCall
    rationale: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompletedCall:
    """A completed call and its result."""

    function: str
    parameters: Mapping[str, str]
    result: str
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One completed turn of a session."""

    user: str
    agent: str
    calls: tuple[CompletedCall, ...] = ()

    @property
    def size(self) -> int:
        """Characters of the message, the answer and the results of calls."""
        return len(self.user) + len(self.agent) + sum(len(call.result) for call in self.calls)
