"""What pictures are played from is what the local endpoint answers today."""

from __future__ import annotations

from tests.record import recorded, written
from travel_tui.screenshots.recording import FILE


async def test_the_recording_is_what_the_endpoint_answers() -> None:
    assert FILE.read_text(encoding="utf-8") == written(await recorded()), "`make docs-images` records it anew"
