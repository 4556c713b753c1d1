"""Renders events of the short-term memory as text to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from travel_tui.memory_store import Role
from travel_tui.text import moment, safe

if TYPE_CHECKING:
    from travel_tui.clock import Clock
    from travel_tui.memory_store import StoredEvent

NAMES = {Role.USER: "User", Role.AGENT: "Agent", Role.TOOL: "Tool result", Role.OTHER: "Other", Role.BLOB: "Document"}


def event_paragraphs(events: Sequence[StoredEvent], clock: Clock) -> tuple[list[Content], str]:
    """Return the events, newest first, to show and to copy: what was said, tool results and documents as such."""
    now = clock.shown(clock.now())
    paragraphs: list[Content] = []
    plain: list[str] = []
    for event in events:
        when = moment(clock.shown(event.at), now)
        for part in event.parts:
            head, text = f"{NAMES[part.role]}  {when}", safe(part.text)
            style = "$foreground-muted" if part.role in {Role.BLOB, Role.OTHER} else ""
            paragraphs.append(Content.assemble((head, "bold"), "\n", (text, style)))
            plain.append(f"{head}\n{text}")
    return paragraphs, "\n\n".join(plain)
