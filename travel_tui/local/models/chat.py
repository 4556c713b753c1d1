"""A conversation with a language model, in terms that all of its APIs share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from travel_tui.local.agent_model import ReasoningDelta, TextDelta, Usage, with_date


@dataclass(frozen=True, slots=True)
class ChatCall:
    """A call of a tool, with its arguments as the model wrote them: JSON, if it wrote well."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message: a text, a call by the assistant, or the user's result of a call."""

    role: Literal["user", "assistant"]
    text: str = ""
    call: ChatCall | None = None
    result_of: str = ""
    """The id of the call that `text` is the result of; "" for other messages."""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class ChatTool:
    """A function that the model may call; `schema` is the JSON Schema of its arguments."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked."""

    system: str
    messages: tuple[ChatMessage, ...]
    tools: tuple[ChatTool, ...] = ()
    today: date | None = None
    """Told at the end of the system prompt. Apart from it, because a recording is to answer on other days as well."""
    max_tokens: int | None = None

    @property
    def whole_system(self) -> str:
        """Return the system prompt with the date."""
        return with_date(self.system, self.today)


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """A whole answer. `usage` is None where the model does not count."""

    text: str = ""
    calls: tuple[ChatCall, ...] = ()
    reasoning: str = ""
    usage: Usage | None = None
    cut: bool = False
    """Whether it ended at a limit of tokens."""


ChatEvent = TextDelta | ReasoningDelta | ChatAnswer


class ChatModel(Protocol):
    """A language model. Its methods raise ModelError."""

    name: str

    def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """Yield the pieces of an answer as they come, and last the whole answer."""
        ...

    def warm(self) -> None:
        """Import what the first request needs; called in a thread."""
        ...

    async def close(self) -> None:
        """Close connections and files."""
        ...


@dataclass(slots=True)
class AnswerParts:
    """An answer that is being collected."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    cut: bool = False

    def add(self, piece: TextDelta | ReasoningDelta) -> None:
        """Add a piece."""
        (self.text if isinstance(piece, TextDelta) else self.reasoning).append(piece.text)

    def answer(self, calls: tuple[ChatCall, ...]) -> ChatAnswer:
        """Return the whole answer."""
        return ChatAnswer("".join(self.text), calls, "".join(self.reasoning).strip(), self.usage, self.cut)
