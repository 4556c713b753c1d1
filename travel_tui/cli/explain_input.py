"""Input of `travel-tui explain`: a conversation as JSON, or an exported evidence folder (docs/explain.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from travel_tui.agent import MemoryRecord
from travel_tui.attribution.types import Turn
from travel_tui.memory.record_text import readable

_KEYS = ("today", "turns", "memory", "injected", "summary")
_TURN_KEYS = ("user", "tools", "agent")
_MEMORY_KEYS = ("session_id", "text")


@dataclass(frozen=True, slots=True)
class RecordedConversation:
    """A conversation to explain.

    `memory` are the stored summaries as session id and text; `injected` the session ids of those in the prompt, None if
    unknown; `summary` is the one made of this conversation, None if there is none.
    """

    turns: Sequence[Turn]
    today: date
    memory: Sequence[tuple[str, str]] = ()
    injected: frozenset[str] | None = None
    summary: str | None = None
    session_id: str = ""
    derived: bool = False
    """Whether `injected` are those that would be recalled, since the service does not tell what was in the prompt."""


def parse_conversation(text: str, today: date) -> RecordedConversation:
    """Parse a conversation from JSON; `today` counts if it names no day. Raises ValueError with one sentence."""
    try:
        plain = json.loads(text)
    except RecursionError as error:
        raise ValueError("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise ValueError(f"This is not JSON: {error}.") from error
    data = _object(plain, "The input", _KEYS)
    if "turns" not in data:
        raise ValueError('"turns" is missing: a list of {"user": "…", "tools": ["…"], "agent": "…"}.')
    turns = [_turn(each, f"turns[{number}]") for number, each in enumerate(_list(data["turns"], '"turns"'))]
    if not turns:
        raise ValueError('"turns" is empty: at least one turn is needed.')
    memory = [
        _summary(each, f"memory[{number}]") for number, each in enumerate(_list(data.get("memory", []), '"memory"'))
    ]
    injected = data.get("injected")
    return RecordedConversation(
        turns,
        _day(data["today"]) if "today" in data else today,
        memory,
        None if injected is None else frozenset(_texts(injected, '"injected"')),
        None if data.get("summary") is None else _text(data["summary"], '"summary"'),
    )


def read_evidence(folder: Path) -> list[RecordedConversation]:
    """Read the sessions of an exported evidence folder. Raises OSError, and ValueError if it is not evidence."""
    from travel_tui.clock import Clock
    from travel_tui.conversation.memory_insights import is_derived, prompted, said_turn, synopsis_of
    from travel_tui.evidence.load import load_evidence

    evidence, clock = load_evidence(folder), Clock()
    known = [*evidence.after, *evidence.before]
    found = []
    for session in evidence.sessions:
        if not session.turns:
            continue
        last = session.turns[-1]
        quotes = prompted(synopsis_of(last), known)
        stored = [each for each in evidence.before if each.session_id != session.session_id]
        texts = {each.record_id: (_id(each), each.text) for each in stored}
        namespaced = {each.record_id for each in known if each.namespace}
        for quote in quotes or ():
            named = quote.record_id if quote.record_id in namespaced else quote.session_id or quote.record_id
            texts[quote.record_id] = (named, quote.text)
        in_prompt = None if quotes is None else frozenset(texts[each.record_id][0] for each in quotes)
        found.append(
            RecordedConversation(
                [said_turn(turn, clock) for turn in session.turns],
                clock.day(last.sent_at),
                list(texts.values()),
                in_prompt,
                _made_of(session.session_id, evidence.after),
                session.session_id,
                is_derived(last),
            )
        )
    if not found:
        raise ValueError("this evidence has no conversation.")
    return found


def _id(record: MemoryRecord) -> str:
    """Return what a record is called: its session, or its own id where a session can have several."""
    return record.record_id if record.namespace else record.session_id or record.record_id


def _made_of(session_id: str, records: Iterable[MemoryRecord]) -> str | None:
    """Return what a memory has of a session as one text; None if it has nothing of it.

    Records with a namespace that name no session may be of any.
    """
    mine = [each for each in records if each.session_id == session_id]
    unnamed = [each for each in records if each.session_id is None and each.namespace]
    return "\n".join(readable(each.text) for each in (*mine, *unnamed)) if mine or unnamed else None


def _turn(plain: object, place: str) -> Turn:
    data = _object(plain, place, _TURN_KEYS)
    if "user" not in data:
        raise ValueError(f'{place} has no "user".')
    tools = tuple(_texts(data.get("tools", []), f'{place} "tools"'))
    return Turn(_text(data["user"], f'{place} "user"'), _text(data.get("agent", ""), f'{place} "agent"'), tools)


def _summary(plain: object, place: str) -> tuple[str, str]:
    data = _object(plain, place, _MEMORY_KEYS)
    for key in _MEMORY_KEYS:
        if key not in data:
            raise ValueError(f'{place} has no "{key}".')
    return _text(data["session_id"], f'{place} "session_id"'), _text(data["text"], f'{place} "text"')


def _object(plain: object, place: str, keys: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(plain, dict):
        raise ValueError(f"{place} must be an object, not {_kind(plain)}.")
    if unknown := next((key for key in plain if key not in keys), None):
        raise ValueError(f"{place} has an unknown key {json.dumps(unknown)}; known are {', '.join(keys)}.")
    return plain


def _list(plain: object, place: str) -> list[Any]:
    if not isinstance(plain, list):
        raise ValueError(f"{place} must be a list, not {_kind(plain)}.")
    return plain


def _texts(plain: object, place: str) -> Iterator[str]:
    for number, each in enumerate(_list(plain, place)):
        yield _text(each, f"{place}[{number}]")


def _text(plain: object, place: str) -> str:
    if not isinstance(plain, str):
        raise ValueError(f"{place} must be a text, not {_kind(plain)}.")
    return plain


def _day(plain: object) -> date:
    text = _text(plain, '"today"')
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'"today" must be a day such as 2027-06-30, not {json.dumps(text[:40])}.') from error


def _kind(plain: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(plain), "a number")
