"""Loading of exported evidence: the conversation, the memory before and after, and verification of its hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from travel_tui.agent import MemoryRecord, TextDelta, session_summary
from travel_tui.archive import Change, MemoryHistoryEntry, Note, NoteKind, TurnRecord, TurnStatus
from travel_tui.archive.records import (
    event_from_plain,
    merge_text_deltas,
    problem_from_plain,
    to_deleted_by,
    to_memory_kind,
)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session with its turns and, by the turns' numbers, the notes on them."""

    session_id: str
    turns: Sequence[TurnRecord]
    notes: Mapping[int, Sequence[Note]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """An export written by /export.

    `changed` lists the files whose hash does not match, `missing` those that are not there; what they held is empty.
    """

    written_at: str
    agent: str
    versions: Mapping[str, str]
    sessions: Sequence[OpenedSession]
    before: Sequence[MemoryRecord]
    after: Sequence[MemoryRecord]
    changed: Sequence[str]
    conversation: str
    """As Markdown."""
    missing: Sequence[str] = ()
    history: Sequence[MemoryHistoryEntry] = ()
    """Observed changes of the memory, oldest first; empty if the export has none."""


def load_evidence(folder: Path) -> Evidence:
    """Load an exported folder. Raises OSError, also if it has no manifest, and ValueError if it is not evidence."""
    manifest = _json(folder / "manifest.json", dict)
    digests, versions = manifest.get("sha256"), manifest.get("versions")
    if not isinstance(digests, dict):
        raise ValueError("manifest.json has no hashes.")
    missing = [name for name in digests if not (folder / Path(name).name).exists()]
    try:
        return Evidence(
            written_at=str(manifest.get("written_at", "")),
            agent=str(manifest.get("agent") or "redacted"),
            versions=versions if isinstance(versions, dict) else {},
            sessions=[_session(each) for each in _list(folder / "conversation.json")],
            before=[_record(each) for each in _list(folder / "memory-before.json")],
            after=[_record(each) for each in _list(folder / "memory-after.json")],
            changed=[
                name
                for name, digest in digests.items()
                if name not in missing and _digest(folder / Path(name).name) != digest
            ],
            conversation=_text(folder / "conversation.md"),
            missing=missing,
            history=_history(folder / "memory-history.json"),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it lacks parts of an export ({error}).") from error


def _list(file: Path) -> list[Any]:
    found: list[Any] = _json(file, list) if file.exists() else []
    return found


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _json(file: Path, kind: type) -> Any:
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except RecursionError as error:
        raise ValueError(f"{file.name} is nested too deeply.") from error
    if not isinstance(found, kind):
        raise ValueError(f"{file.name} is not in the format that /export writes.")
    return found


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _session(plain: Mapping[str, Any]) -> OpenedSession:
    session_id = str(plain["session_id"])
    kinds = {str(kind): kind for kind in NoteKind}
    notes = {
        int(turn["number"]): [
            Note(session_id, int(turn["number"]), kinds.get(note["kind"], NoteKind.NOTE), str(note["text"]))
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
    states = {str(state): state for state in TurnStatus}
    return TurnRecord(
        turn_id=0,
        session_id=session_id,
        number=int(plain["number"]),
        sent_at=_moment(plain["sent_at"]) or datetime.fromtimestamp(0, UTC),
        text=str(plain["text"]),
        answer=answer,
        state=states.get(str(plain["state"]), TurnStatus.FAILED),
        events=tuple(merge_text_deltas(events)),
        first_text_s=plain["first_text_s"],
        total_s=plain["total_s"],
        problem=problem_from_plain(plain.get("trouble")),
    )


def _history(file: Path) -> list[MemoryHistoryEntry]:
    changes = {str(change): change for change in Change}
    return [
        MemoryHistoryEntry(at, changes[each["change"]], _record(each), to_deleted_by(each.get("deleted_by")))
        for each in (_json(file, list) if file.exists() else ())
        if (at := _moment(each["at"])) is not None and each["change"] in changes
    ]


def _record(plain: Mapping[str, Any]) -> MemoryRecord:
    """Return a record; one without an id was written when every record was the summary of a session."""
    memory_id, session_id, text = str(plain["memory_id"]), plain["session_id"], str(plain["text"])
    started_at, ended_at = _moment(plain.get("started_at")), _moment(plain.get("ended_at"))
    if "record_id" not in plain:
        return session_summary(memory_id, str(session_id), text, started_at, ended_at)
    return MemoryRecord(
        memory_id,
        None if session_id is None else str(session_id),
        text,
        started_at,
        ended_at,
        record_id=str(plain["record_id"]),
        kind=to_memory_kind(str(plain.get("kind"))),
        namespace=str(plain.get("namespace", "")),
    )


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
