"""Recorded answers of the local endpoint's agent, event for event (`make docs-images` records them again)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from travel_tui.agent import TurnEvent
from travel_tui.archive.records import event_from_json

FILE = Path(__file__).with_name("recorded.json")


@dataclass(frozen=True, slots=True)
class Recording:
    """Turns by name, and the texts of summaries by the name of their session."""

    turns: Mapping[str, tuple[TurnEvent, ...]]
    summaries: Mapping[str, str]


@cache
def recording() -> Recording:
    """Return the recording in the package."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    turns = {}
    for name, events in read["turns"].items():
        found = [event_from_json(json.dumps(event)) for event in events]
        turns[name] = tuple(event for event in found if event is not None)
    return Recording(turns, read["summaries"])
