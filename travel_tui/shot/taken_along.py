"""States of what is looked up and taken along: words found in the conversation, evidence opened again."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from travel_tui.shot.scene import Scene, State
from travel_tui.shot.story import known
from travel_tui.tui.evidence import read
from travel_tui.tui.screens.evidence import EvidenceScreen


async def finding(scene: Scene) -> None:
    await known(scene)
    await scene.anna.say("/find 23 July")
    await scene.anna.until(
        lambda: any(
            segment.style and segment.style.reverse and "July" in segment.text
            for strip in scene.anna.strips()
            for segment in strip
        ),
        "the words marked",
    )


async def evidence(scene: Scene) -> None:
    await known(scene)
    with tempfile.TemporaryDirectory() as folder:
        await scene.anna.say(f"/export {folder}/evidence")
        await scene.anna.sees("Written to")
        opened = read(Path(folder, "evidence"))
    # The versions of today would make another picture of it tomorrow.
    shown = EvidenceScreen(Path("evidence"), replace(opened, versions={}), scene.clock)
    await scene.anna.app.push_screen(shown)
    await scene.anna.sees("All hashes hold.", "Memory before")


STATES = {
    "finding": State("Words found in the conversation", finding),
    "evidence": State("Evidence, opened again", evidence),
}
