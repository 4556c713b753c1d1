"""The seam between the endpoint and what answers in it: a scripted agent or a language model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from travel_tui.local.memory_extraction.drafts import Draft
from travel_tui.local.memory_extraction.messages import Message
from travel_tui.local.scripted_agent.messages import (
    CompletedCall,
    Reply,
    ToolCall,
    ToolResult,
    Turn,
    TurnContext,
    UserMessage,
)

SummaryStyle = Literal["topics", "prose"]


class ModelError(Exception):
    """The model cannot be used: it is away, slow, over its context, or its answer cannot be used."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model invocation, as the model counts them."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class ModelPrompt:
    """What a model is given for its next step: the agent's template, and what fills it."""

    template: str
    variables: Mapping[str, str]
    """Texts of the placeholder variables that do not depend on the conversation."""
    system: str
    """The filled system prompt."""
    question: str
    """The user's message, in the words that the template puts around it."""
    turns: Sequence[Turn] = ()
    """The session's earlier turns, oldest first."""
    hidden: int = 0
    """Turns before those, which are only counted."""
    calls: Sequence[CompletedCall] = ()
    """Completed calls of the current turn."""
    today: date | None = None
    """The date to tell, None for a model that reads none from its prompt."""


def with_date(system: str, today: date | None) -> str:
    """Return the system prompt with the date, if one is to be told."""
    return system if today is None else f"{system}\n\nToday is {today:%A}, {today.isoformat()}.".strip()


@dataclass(frozen=True, slots=True)
class ModelInput:
    """Input of one decision."""

    context: TurnContext
    state: Mapping[str, Any]
    """{} at a session's start, afterwards that of the last Decision."""
    message: UserMessage | ToolResult
    prompt: Callable[[], ModelPrompt]
    """Builds the prompt, with the session's transcript; only called where it is needed."""
    max_tokens: int | None = None
    """The most that the model may write; None leaves it to the model."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """The model is invoked."""

    prompt: Callable[[], ModelPrompt]
    """Builds the prompt, for the trace."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer, as it comes."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the model's reasoning, which is no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """What an invoked model wrote. As a step of its own it led to no decision: it had to be repaired."""

    text: str
    usage: Usage | None = None
    """None where the model does not count."""
    reasoning: str = ""
    cut: bool = False
    """Whether it ended at a limit of tokens."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step of a turn, which ends a `decide`."""

    action: Reply | ToolCall
    rationale: str
    """The reason, for the trace; "" where the model gave none."""
    state: Mapping[str, Any] = field(default_factory=dict)
    """The new state as JSON, kept per session."""
    output: ModelOutput | None = None
    """What the model wrote; None if that is the action itself, and its usage is to be estimated."""


Step = ModelCall | TextDelta | ReasoningDelta | ModelOutput | Decision


class AgentModel(Protocol):
    """What decides the steps of a turn, and makes memories of conversations.

    Every method raises ModelError where the model cannot be used, and may be cancelled.
    """

    name: str
    """Name in traces; "" leaves the agent's own foundation model."""
    is_language_model: bool
    """Whether it is given its prompt as text, with today's date, and its text comes at its own pace."""

    def decide(self, given: ModelInput) -> AsyncGenerator[Step, None]:
        """Yield the steps to the next decision, which comes last.

        A decision without a ModelCall before it needed no model: a further call of an earlier answer.
        """
        ...

    async def resume(self, context: TurnContext, turns: Sequence[Turn]) -> Mapping[str, Any]:
        """Return the state after turns that happened elsewhere; no function is called."""
        ...

    async def summarise(self, turns: Sequence[Turn], state: Mapping[str, Any], style: SummaryStyle) -> str:
        """Return a session's summary, in AWS's topics or as prose."""
        ...

    async def extract(self, kind: str, messages: Sequence[Message], earlier: Sequence[Message]) -> list[Draft]:
        """Return the records that a memory strategy of a kind makes of messages; `earlier` ones give context."""
        ...

    def warm(self, today: date) -> None:
        """Import and load what the first turn needs; called in a thread."""
        ...

    async def close(self) -> None:
        """Close connections and files."""
        ...
