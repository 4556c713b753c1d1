"""The evidence of a conversation as a folder: what was said, noted, remembered and traced, a picture, hashes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from travel_tui.agent import SessionSummary
from travel_tui.archive import MemoryRecord
from travel_tui.clock import Clock
from travel_tui.paths import private_folder, write_whole
from travel_tui.tui.transcript import Held, as_data, markdown

PACKAGES = ("travel-tui", "textual", "boto3", "botocore")
_ATTRIBUTES = frozenset({"sessionAttributes", "promptSessionAttributes"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is written. `history` has every change of the memory that was seen, `now` what it holds."""

    memory_id: str
    agent_key: str
    address: str
    """Agent and alias, as AGENT / ALIAS."""
    held: Sequence[Held]
    history: Sequence[MemoryRecord]
    now: Sequence[SessionSummary]
    picture: str


def folder_for(name: str, clock: Clock) -> Path:
    """The folder of that name, or one named for the time."""
    return Path(name or f"travel-tui-{clock.shown(clock.now()):%Y%m%d-%H%M%S}").expanduser()


def write(folder: Path, bundle: Bundle, clock: Clock, *, redacted: bool = False) -> None:
    """Write the bundle; `manifest.json` has the SHA-256 of each file. Raises OSError.

    With `redacted`, ids become id-1, id-2 and so on, the same one everywhere, attributes are left out, and so is the
    picture, in which ids stand cut.
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
            [{"at": each.at, "change": each.change, **asdict(each.summary)} for each in bundle.history]
        ),
    }
    if redacted:
        files = {name: _redacted(text, _ids(bundle)) for name, text in files.items()}
    else:
        files["screen.svg"] = bundle.picture
    private_folder(folder)
    for name, text in files.items():
        write_whole(folder / name, text)
    manifest = {
        "written_at": clock.now(),
        "redacted": redacted,
        "agent": None if redacted else bundle.address,
        "versions": {package: version(package) for package in PACKAGES},
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
    }
    write_whole(folder / "manifest.json", _json(manifest))


def _before(history: Iterable[MemoryRecord], began: datetime | None) -> list[SessionSummary]:
    """What the memory held when the first of the sessions was opened."""
    found: dict[str, SessionSummary] = {}
    for record in history:
        if began is not None and record.at < began:
            if record.change == "gone":
                found.pop(record.summary.session_id, None)
            else:
                found[record.summary.session_id] = record.summary
    return list(found.values())


def _ids(bundle: Bundle) -> list[str]:
    """Every id that says who, where or which session."""
    agent_ids = re.split(r"\s*/\s*", bundle.address)
    sessions = [each.session.session_id for each in bundle.held]
    remembered = [each.summary.session_id for each in bundle.history] + [each.session_id for each in bundle.now]
    found = dict.fromkeys([bundle.agent_key, bundle.memory_id, *agent_ids, *sessions, *remembered])
    return [each for each in found if each]


def _redacted(text: str, ids: Sequence[str]) -> str:
    """The text with id-1, id-2 and so on instead of the ids, and without account numbers; longer ids go first."""
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
