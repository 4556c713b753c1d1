"""Evidence of a conversation as a folder: conversation, notes, memory, trace, screenshot and hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from travel_tui.agent import MemoryRecord
from travel_tui.archive import MemoryHistoryEntry
from travel_tui.clock import Clock
from travel_tui.evidence.transcript import SessionTranscript, as_data, markdown
from travel_tui.paths import private_folder, write_whole

PACKAGES = ("travel-tui", "textual", "boto3", "botocore")
_ATTRIBUTES = frozenset({"sessionAttributes", "promptSessionAttributes"})


@dataclass(frozen=True, slots=True)
class EvidenceBundle:
    """Data to export. `history` has every observed change of the memory, `now` its current content."""

    memory_id: str
    agent_key: str
    address: str
    """Agent and alias, as AGENT / ALIAS."""
    held: Sequence[SessionTranscript]
    history: Sequence[MemoryHistoryEntry]
    now: Sequence[MemoryRecord]
    picture: str
    session_ids: Sequence[str] = ()
    """The ids of all sessions of the memory: notes may name one that is not exported."""


def written_path(written: str) -> Path:
    """Expand a path typed by the user, perhaps quoted as for a shell; `~` is the home folder."""
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        written = written[1:-1]
    return Path(os.path.expanduser(written))  # noqa: PTH111 -- Path's own raises where there is no such user


def folder_for(name: str, clock: Clock) -> Path:
    """Return the folder with that name, or one named after the current time."""
    return written_path(name or f"travel-tui-{clock.shown(clock.now()):%Y%m%d-%H%M%S}")


def write(folder: Path, bundle: EvidenceBundle, clock: Clock, *, redacted: bool = False) -> None:
    """Write the bundle as a new folder; `manifest.json` has the SHA-256 of each file. Raises OSError, and leaves none.

    With `redacted`, ids become id-1, id-2 and so on, consistently in all files; attributes are left out, and so is the
    screenshot, which contains shortened ids.
    """
    began = min((each.session.opened_at for each in bundle.held), default=None)
    before = _before(bundle.history, began)
    conversation = as_data(bundle.held)
    files = {
        "conversation.md": markdown(bundle.held, bundle.memory_id, clock),
        "conversation.json": _json(_without_attributes(conversation) if redacted else conversation),
        "memory-before.json": _json([asdict(each) for each in before]),
        "memory-after.json": _json([asdict(each) for each in bundle.now]),
        "memory-history.json": _json(
            [
                {"at": each.at, "change": each.change, "deleted_by": each.deleted_by, **asdict(each.record)}
                for each in bundle.history
            ]
        ),
    }
    if redacted:
        ids = [each for each in _ids(bundle) if any(each in text for text in files.values())]
        files = {name: _redacted(text, ids) for name, text in files.items()}
    else:
        files["screen.svg"] = bundle.picture
    manifest = {
        "written_at": clock.now(),
        "redacted": redacted,
        "agent": None if redacted else bundle.address,
        "versions": {package: version(package) for package in PACKAGES},
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
    }
    _write_folder(folder, {**files, "manifest.json": _json(manifest)})


def _write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files into a new folder, whole or not at all."""
    private_folder(folder.parent)
    folder.mkdir(mode=0o700)
    try:
        for name, text in files.items():
            write_whole(folder / name, text)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _before(history: Iterable[MemoryHistoryEntry], began: datetime | None) -> list[MemoryRecord]:
    """Return the memory's content when the first session was opened."""
    found: dict[str, MemoryRecord] = {}
    for entry in history:
        if began is not None and entry.at < began:
            if entry.change == "gone":
                found.pop(entry.record.record_id, None)
            else:
                found[entry.record.record_id] = entry.record
    return list(found.values())


def _ids(bundle: EvidenceBundle) -> list[str]:
    """Return every id that identifies the user, agent or session."""
    agent_ids = re.split(r"\s*/\s*", bundle.address)
    sessions = [each.session.session_id for each in bundle.held]
    records = [*(each.record for each in bundle.history), *bundle.now]
    remembered = [*(each.session_id for each in records), *(each.record_id for each in records)]
    known = [bundle.agent_key, bundle.memory_id, *agent_ids, *sessions, *remembered, *bundle.session_ids]
    found = dict.fromkeys(known)
    return [each for each in found if each]


def _redacted(text: str, ids: Sequence[str]) -> str:
    """Replace the ids with id-1, id-2 and so on, longest first, and remove account numbers."""
    names = {each: f"id-{number}" for number, each in enumerate(ids, 1)}
    for each in sorted(ids, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(each)}(?![\w-])", names[each], text)
    return re.sub(r"(?<=:)\d{12}(?=:)", "account", text)


def _without_attributes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_attributes(each) for key, each in value.items() if key not in _ATTRIBUTES}
    return [_without_attributes(each) for each in value] if isinstance(value, list | tuple) else value


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
