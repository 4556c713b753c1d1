"""Where recall ended: /why with its evidence, kept in the chat and in exports; deletions that were one's own."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import PilotUser, client, sitting_at
from travel_tui.agent import MemoryInjected
from travel_tui.archive import Change, DeletedBy, MemoryHistoryEntry
from travel_tui.attribution.types import Removal
from travel_tui.conversation.stored_texts import stored_texts
from travel_tui.screenshots.scene import NOW
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt

OSLO, ROME = summary("session-oslo", "Anna lives in Oslo."), summary("session-rome", "Anna booked a hotel in Rome.")


async def asked(anna: PilotUser, said: str = "What do you know?", seen: str = "enter send") -> None:
    await anna.say(said)
    await anna.sees(seen, "enter send")


async def delete(anna: PilotUser, session_id: str) -> None:
    next(card for card in anna.main.query(SummaryCard) if card.view.session_id == session_id).focus()
    await anna.press("delete")
    await anna.sees("Delete the memory of session")
    await anna.press("right", "enter")
    await anna.until(lambda: session_id not in [card.view.session_id for card in anna.main.query(SummaryCard)], "gone")
    anna.main.query_one(Prompt).focus()


async def test_every_stage_is_told_with_its_evidence(tmp_path: Path) -> None:
    knows = (MemoryInjected(OSLO.text), *answer("I cannot tell."))
    uses = (MemoryInjected(OSLO.text), *answer("You live in **Oslo**."))
    agent = FakeAgent([knows, uses], stored=[OSLO, ROME])
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3")) as anna:
        await anna.sees(OSLO.text, ROME.text)
        await asked(anna, "I like Bergen. What do you know?", "I cannot tell.")
        await anna.say("/why Bergen")
        await anna.sees("Bergen: said, not stored.", "said in session 6513270e, turn 1: “I like Bergen.”")
        await anna.sees("The session is still open; its memory is created when it ends.")
        await anna.say("/why Rome")
        await anna.sees("Rome: stored, not injected.", "in memory session-: “Anna booked a hotel in Rome.”")
        await anna.say("/why Oslo")
        await anna.sees("Oslo: injected, not used.")
        await anna.say("/why Madrid")
        await anna.sees("Madrid: never said.")
        await asked(anna, "Where do I live?", "You live in Oslo.")
        await anna.say("/why Oslo")
        await anna.sees("Oslo: used.", "in the answer: “You live in Oslo.”")


async def test_a_deletion_made_here_is_ones_own_and_another_is_not(tmp_path: Path) -> None:
    agent = FakeAgent(stored=[OSLO, ROME])
    async with sitting_at(client(agent, archive=tmp_path / "archive.sqlite3")) as anna:
        await anna.sees(OSLO.text, ROME.text)
        await asked(anna)
        await delete(anna, "session-oslo")
        await anna.say("/history")
        await anna.sees("− session-", "deleted by you; copy kept")
        await anna.press("escape")
        agent.stored.clear()
        await anna.press("f5")
        await anna.sees("No memories")
        await anna.say("/why Oslo")
        await anna.sees("Oslo: stored, then deleted by you.", "memory session- deleted by you")
        await anna.say("/why Rome")
        await anna.sees("Rome: stored, then deleted elsewhere or expired.")


async def test_a_diagnosis_stays_with_its_turn_in_the_archive_and_in_exports(tmp_path: Path) -> None:
    archive, agent = tmp_path / "archive.sqlite3", FakeAgent(stored=[OSLO])
    async with sitting_at(client(agent, archive=archive)) as anna:
        await anna.sees(OSLO.text)
        await asked(anna)
        await anna.say("/why Oslo")
        await anna.sees("Oslo: stored; the trace does not say")
        await anna.say(f"/export {tmp_path / 'taken'}")
        await anna.sees("Written to")
        await anna.say(f"/export {tmp_path / 'redacted'} --redact")
        await anna.sees("hashes, redacted")
        await anna.put_notices_away()
        await anna.say(f"/open {tmp_path / 'taken'}")
        await anna.sees(
            "read-only",
            "✎ why Oslo: stored; the trace does not say",
            "in memory session-oslo: “Anna lives",
        )
    (session,) = json.loads((tmp_path / "taken" / "conversation.json").read_text())
    (note,) = session["turns"][0]["notes"]
    assert note["kind"] == "why"
    assert "2026-11-23 12:00  in memory session-oslo: “Anna lives in Oslo.”" in note["text"]
    assert "  - 2026-11-23 12:00 in memory session-oslo" in (tmp_path / "taken" / "conversation.md").read_text()
    for file in (tmp_path / "redacted").iterdir():
        assert "session-oslo" not in file.read_text()
    async with sitting_at(client(FakeAgent(), archive=archive, seed=8)) as anna:
        await anna.say("/resume")
        await anna.sees("Resume which session?")
        await anna.press("enter")
        await anna.sees("✎ why Oslo: stored; the trace does not say")


def test_what_is_gone_after_its_retention_has_expired_and_what_was_edited_is_gone_too() -> None:
    edited = summary("session-oslo", "Anna lives in Bergen.")
    late = OSLO.ended_at + timedelta(days=31) if OSLO.ended_at else NOW
    history = [
        MemoryHistoryEntry(NOW, Change.SEEN, OSLO),
        MemoryHistoryEntry(NOW + timedelta(hours=1), Change.CHANGED, edited),
        MemoryHistoryEntry(late, Change.GONE, edited, DeletedBy.ELSEWHERE),
        MemoryHistoryEntry(late, Change.SEEN, ROME),
    ]
    assert [(each.text, each.removal) for each in stored_texts(history, 30)] == [
        (OSLO.text, Removal.ELSEWHERE),
        (edited.text, Removal.EXPIRED),
        (ROME.text, None),
    ]
    assert [each.removal for each in stored_texts(history)][1] is Removal.ELSEWHERE
    own = [history[0], MemoryHistoryEntry(late, Change.GONE, OSLO, DeletedBy.YOU)]
    assert [each.removal for each in stored_texts(own, 30)] == [Removal.HERE]
