"""States of search and export: words found in the conversation, exported evidence opened again."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from travel_tui.evidence.load import load_evidence
from travel_tui.screenshots.scene import Scene, State
from travel_tui.screenshots.story_states import known
from travel_tui.tui.screens.evidence import EvidenceScreen
from travel_tui.tui.widgets.chat.memory_line import PENDING


async def finding(scene: Scene) -> None:
    await known(scene)
    await scene.user.say("/find 23 July")
    await scene.user.until(
        lambda: any(
            segment.style and segment.style.reverse and "July" in segment.text
            for strip in scene.user.strips()
            for segment in strip
        ),
        "the words marked",
    )
    await scene.user.sees(" of 3 · /find")


async def evidence(scene: Scene) -> None:
    await known(scene)
    with tempfile.TemporaryDirectory() as folder:
        await scene.user.say(f"/export {folder}/evidence")
        await scene.user.sees("Written to")
        opened = load_evidence(Path(folder, "evidence"))
    # The installed versions would make the screenshot differ later.
    shown = EvidenceScreen(Path("evidence"), replace(opened, versions={}), scene.clock)
    await scene.user.app.push_screen(shown)
    await scene.user.sees("All hashes verified.", "Memory before")
    await scene.user.sees_no(PENDING)


STATES = {
    "finding": State("Words found in the conversation", finding),
    "evidence": State("Evidence, opened again", evidence),
}
