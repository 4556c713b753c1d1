"""A session with several records, and records without a session: each is shown, marked, kept and exported by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, answer, record
from tests.tui.client import client, running_client
from travel_tui.agent import MemoryInjected
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.screens.evidence import ReadOnlyCard
from travel_tui.tui.widgets.memory.summary_card import SummaryCard

OSLO = record("r-1", "session-one", "Anna lives in Oslo.")
TRAINS = record("r-2", "session-one", "Anna likes trains.")
FISH = record("r-3", None, "Anna eats fish on 2027-07-11.")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the client was started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_the_status_of_the_panel_has_no_part_that_is_cut(size: tuple[int, int]) -> None:
    time = ManualClock()
    async with running_client(client(FakeAgent(stored=[TRAINS]), clock=time), size) as user:
        await user.sees(TRAINS.text)
        for _ in range(12):
            await user.press("f5")
        time.move(25)
        await user.say("/memory zzz")
        await user.sees("“zzz” in 0 of 1 · updated 25 s ago")
        line = next(row for row in user.text().splitlines() if "“zzz” in" in row)
        assert "…" not in line.rpartition("▏")[2]


async def test_each_has_a_card_and_those_in_the_prompt_are_marked() -> None:
    said = answer("You live in Oslo and eat fish on 11 July 2027.")
    agent = FakeAgent([(MemoryInjected(f"{OSLO.text} {FISH.text}"), *said)], stored=[FISH, TRAINS, OSLO])
    async with running_client(client(agent)) as user:
        await user.sees(OSLO.text, TRAINS.text, FISH.text)
        await user.say("What do you know?")
        await user.sees("2 memories in prompt", "◆ 3 from memory")
        marked = {card.view.record_id: card.view.used for card in user.main.query(SummaryCard)}
        assert marked == {"r-1": True, "r-2": False, "r-3": True}
        await user.say("/why trains")
        await user.sees("trains: stored, not injected.", "in memory session-: “Anna likes trains.”")


async def test_one_that_changes_and_one_that_goes_leave_the_others_of_the_session(folder: Path) -> None:
    agent = FakeAgent(stored=[FISH, TRAINS, OSLO])
    async with running_client(client(agent, archive=folder / "archive.sqlite3")) as user:
        await user.sees(OSLO.text, TRAINS.text, FISH.text)
        agent.stored[:] = [record("r-3", None, "Anna eats meat."), OSLO]
        await user.press("f5")
        await user.until(lambda: len(user.main.query(SummaryCard)) == 2, "the cards of what is left")
        await user.sees(OSLO.text, "Anna eats meat.", "edited since first seen")
        await user.say("/history")
        await user.sees(
            "~ fact", "+ Anna eats meat.", "− session-", "deleted elsewhere or expired", "− Anna likes trains."
        )


async def test_each_is_exported_and_opens_again(folder: Path) -> None:
    agent = FakeAgent(stored=[FISH, TRAINS, OSLO])
    async with running_client(client(agent, archive=folder / "archive.sqlite3")) as user:
        await user.sees(OSLO.text)
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        await user.say("/export evidence")
        await user.sees("Written to evidence")
        await user.say("/open evidence")
        await user.sees("All hashes verified.", OSLO.text, TRAINS.text, FISH.text)
        assert {card.view.record_id for card in user.app.screen.query(ReadOnlyCard)} == {"r-1", "r-2", "r-3"}
    written = json.loads((folder / "evidence/memory-after.json").read_text())
    assert [(each["record_id"], each["session_id"], each["kind"]) for each in written] == [
        ("r-3", None, "fact"),
        ("r-2", "session-one", "fact"),
        ("r-1", "session-one", "fact"),
    ]
