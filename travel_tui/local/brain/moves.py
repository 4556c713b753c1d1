"""What the embedded agent hears and does, as plain types: the seam between the runtime and the brain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class FunctionParameter:
    """A parameter as the action group's function schema declares it."""

    name: str
    type: str = "string"
    required: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the agent's action groups offer. The agent can do nothing else."""

    name: str
    parameters: tuple[FunctionParameter, ...] = ()
    description: str = ""
    action_group: str = ""
    require_confirmation: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """All that the brain may know beside the conversation."""

    today: date
    functions: tuple[Function, ...] = ()
    memories: tuple[str, ...] = ()
    """Summary texts that were injected into this session's prompt, newest first."""
    instruction: str = ""
    prompt_attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """The user said something."""

    text: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The call of the last Move answered. `state` is None on success, else FAILURE or REPROMPT."""

    function: str
    text: str
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Answer the user; Markdown. Ends the turn."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function, then hear a Returned. Values are strings."""

    function: Function
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """What the brain does next, why (a sentence for the trace), and its state after it: JSON, kept per session."""

    act: Say | Call
    rationale: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call that was made in a session, and its result."""

    function: str
    parameters: Mapping[str, str]
    result: str
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a session as it happened."""

    user: str
    agent: str
    calls: tuple[MadeCall, ...] = ()
