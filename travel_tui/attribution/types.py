"""Types of the attribution engine: what it reads (turns and summaries) and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a session: the user's message, the texts that functions returned, and the agent's answer.

    `day` is the day it was sent, to resolve relative days; None means the day given with the call.
    """

    user: str
    agent: str = ""
    tools: tuple[str, ...] = ()
    day: date | None = None


class Source(StrEnum):
    """Source of a claim."""

    SAID = "said"
    """Said by the user in this session."""
    TOOL = "tool"
    """Returned by a function in this session."""
    MEMORY = "memory"
    """In a summary that was in the prompt, or may have been where the prompt is unknown."""
    NOT_INJECTED = "not-injected"
    """Only in a summary that was not in the prompt."""
    UNKNOWN = "unknown"
    """In none of these."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that supports a claim, and where it stands.

    `start` and `end` are offsets in the text it was taken from: the summary `record_id`, or else turn number `turn`
    (from 1): the user's message, or the function result at index `tool` of that turn.
    """

    text: str
    start: int
    end: int
    record_id: str | None = None
    turn: int | None = None
    tool: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact in an answer: the shortest phrase that carries it, its offsets in the answer, and its source.

    `evidence` is None only for an unknown source. `record_id` is the id of the summary, None for other sources.
    """

    text: str
    start: int
    end: int
    source: Source
    evidence: Evidence | None = None

    @property
    def record_id(self) -> str | None:
        """Return the id of the summary that has the fact, or None."""
        return self.evidence.record_id if self.evidence else None


@dataclass(frozen=True, slots=True)
class LostItem:
    """A fact of a session that its summary lacks: the shortest phrase that carries it, and where it stands.

    `turn` counts from 1; `start` and `end` are offsets in that turn's user message, in the function result at index
    `tool`, or if `agent` is set in the answer.
    """

    text: str
    turn: int
    start: int
    end: int
    tool: int | None = None
    agent: bool = False


class RecallStage(StrEnum):
    """Stage at which recall of some words ended."""

    NEVER_SAID = "never said"
    NOT_STORED = "said, not stored"
    DELETED = "stored, then deleted"
    EXPIRED = "stored, then expired"
    NOT_INJECTED = "stored, not injected"
    NOT_USED = "injected, not used"
    USED = "used"
    UNREAD = "unknown: the memory has not been read yet"
    UNTRACED = "stored; the trace does not say which memories were in the prompt"


class Removal(StrEnum):
    """How a summary disappeared from the memory."""

    HERE = "deleted here"
    ELSEWHERE = "deleted elsewhere"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class StoredText:
    """A summary in the history of a memory; `removal` is None while it is stored."""

    record_id: str
    text: str
    stored_at: datetime | None = None
    removal: Removal | None = None
    removed_at: datetime | None = None
    session_id: str = ""
    removed_by: str = ""
    """Who removed it, in words."""


@dataclass(frozen=True, slots=True)
class SaidText:
    """A message of the user, in this session or an earlier one."""

    session_id: str
    turn: int
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Evidence of a diagnosis: a sentence with the words, of a summary or of a message, or of the answer (neither)."""

    sentence: str
    stored: StoredText | None = None
    said: SaidText | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Outcome of a diagnosis with its evidence, oldest first."""

    outcome: RecallStage
    evidence: tuple[Found, ...] = ()
