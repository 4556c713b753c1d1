"""Evidence that was taken along, read again: the conversation, what was remembered before and after, and its hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from travel_tui.agent import SessionSummary, TextDelta
from travel_tui.archive import Kind, Note, TurnRecord, TurnState
from travel_tui.archive.records import event_from_plain, joined


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session with its turns and, by the turns' numbers, the notes on them."""

    session_id: str
    turns: Sequence[TurnRecord]
    notes: Mapping[int, Sequence[Note]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What /export wrote. `changed` are the files whose hash is off."""

    written_at: str
    agent: str
    versions: Mapping[str, str]
    sessions: Sequence[OpenedSession]
    before: Sequence[SessionSummary]
    after: Sequence[SessionSummary]
    changed: Sequence[str]
    conversation: str
    """As Markdown."""


def read(folder: Path) -> Evidence:
    """Read what was written to a folder. Raises OSError, and ValueError where it is no evidence."""
    manifest = _json(folder / "manifest.json", dict)
    digests, versions = manifest.get("sha256"), manifest.get("versions")
    if not isinstance(digests, dict):
        raise ValueError("manifest.json has no hashes.")
    try:
        return Evidence(
            written_at=str(manifest.get("written_at", "")),
            agent=str(manifest.get("agent") or "redacted"),
            versions=versions if isinstance(versions, dict) else {},
            sessions=[_session(each) for each in _json(folder / "conversation.json", list)],
            before=[_summary(each) for each in _json(folder / "memory-before.json", list)],
            after=[_summary(each) for each in _json(folder / "memory-after.json", list)],
            changed=[name for name, digest in digests.items() if _digest(folder / Path(name).name) != digest],
            conversation=(folder / "conversation.md").read_text(encoding="utf-8"),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it lacks what an export has ({error}).") from error


def _json(file: Path, kind: type) -> Any:
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, kind):
        raise ValueError(f"{file.name} has another shape than what /export writes.")
    return found


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def _session(plain: Mapping[str, Any]) -> OpenedSession:
    session_id = str(plain["session_id"])
    kinds = {str(kind): kind for kind in Kind}
    notes = {
        int(turn["number"]): [
            Note(session_id, int(turn["number"]), kinds.get(note["kind"], Kind.NOTE), str(note["text"]))
            for note in turn["notes"]
        ]
        for turn in plain["turns"]
    }
    return OpenedSession(session_id, [_turn(session_id, each) for each in plain["turns"]], notes)


def _turn(session_id: str, plain: Mapping[str, Any]) -> TurnRecord:
    events = [event for each in plain["events"] if (event := event_from_plain(each)) is not None]
    answer = str(plain["answer"])
    if answer and not any(isinstance(event, TextDelta) for event in events):
        events.insert(0, TextDelta(answer))
    states = {str(state): state for state in TurnState}
    return TurnRecord(
        turn_id=0,
        session_id=session_id,
        number=int(plain["number"]),
        sent_at=_moment(plain["sent_at"]) or datetime.fromtimestamp(0, UTC),
        text=str(plain["text"]),
        answer=answer,
        state=states.get(str(plain["state"]), TurnState.FAILED),
        events=tuple(joined(events)),
        first_text_s=plain["first_text_s"],
        total_s=plain["total_s"],
        trouble=None,
    )


def _summary(plain: Mapping[str, Any]) -> SessionSummary:
    return SessionSummary(
        str(plain["memory_id"]),
        str(plain["session_id"]),
        str(plain["text"]),
        _moment(plain.get("started_at")),
        _moment(plain.get("ended_at")),
    )


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
