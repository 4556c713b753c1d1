"""Where recall ended: /why with its evidence, kept in the chat and in exports; deletions that were one's own."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import PilotUser, client, running_client
from travel_tui.agent import MemoryInjected
from travel_tui.archive import Change, DeletedBy, MemoryHistoryEntry
from travel_tui.attribution.types import Removal
from travel_tui.conversation.stored_texts import stored_texts
from travel_tui.screenshots.scene import NOW
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt

OSLO, ROME = summary("session-oslo", "Anna lives in Oslo."), summary("session-rome", "Anna booked a hotel in Rome.")


async def asked(user: PilotUser, said: str = "What do you know?", seen: str = "enter send") -> None:
    await user.say(said)
    await user.sees(seen, "enter send")


async def delete(user: PilotUser, session_id: str) -> None:
    next(card for card in user.main.query(SummaryCard) if card.view.session_id == session_id).focus()
    await user.press("delete")
    await user.sees("Delete the memory of session")
    await user.press("right", "enter")
    await user.until(lambda: session_id not in [card.view.session_id for card in user.main.query(SummaryCard)], "gone")
    user.main.query_one(Prompt).focus()


async def test_every_stage_is_told_with_its_evidence(tmp_path: Path) -> None:
    knows = (MemoryInjected(OSLO.text), *answer("I cannot tell."))
    uses = (MemoryInjected(OSLO.text), *answer("You live in **Oslo**."))
    agent = FakeAgent([knows, uses], stored=[OSLO, ROME])
    async with running_client(client(agent, archive=tmp_path / "archive.sqlite3")) as user:
        await user.sees(OSLO.text, ROME.text)
        await asked(user, "I like Bergen. What do you know?", "I cannot tell.")
        await user.say("/why Bergen")
        await user.sees("Bergen: said, not stored.", "said in session 6513270e, turn 1: “I like Bergen.”")
        await user.sees("The session is still open; its memory is created when it ends.")
        await user.say("/why Rome")
        await user.sees("Rome: stored, not injected.", "in memory session-: “Anna booked a hotel in Rome.”")
        await user.say("/why Oslo")
        await user.sees("Oslo: injected, not used.")
        await user.say("/why Madrid")
        await user.sees("Madrid: never said.")
        await asked(user, "Where do I live?", "You live in Oslo.")
        await user.say("/why Oslo")
        await user.sees("Oslo: used.", "in the answer: “You live in Oslo.”")


async def test_a_deletion_made_here_is_ones_own_and_another_is_not(tmp_path: Path) -> None:
    agent = FakeAgent(stored=[OSLO, ROME])
    async with running_client(client(agent, archive=tmp_path / "archive.sqlite3")) as user:
        await user.sees(OSLO.text, ROME.text)
        await asked(user)
        await delete(user, "session-oslo")
        await user.say("/history")
        await user.sees("− session-", "deleted by you; copy kept")
        await user.press("escape")
        agent.stored.clear()
        await user.press("f5")
        await user.sees("No memories")
        await user.say("/why Oslo")
        await user.sees("Oslo: stored, then deleted by you.", "memory session- deleted by you")
        await user.say("/why Rome")
        await user.sees("Rome: stored, then deleted elsewhere or expired.")


async def test_a_diagnosis_stays_with_its_turn_in_the_archive_and_in_exports(tmp_path: Path) -> None:
    archive, agent = tmp_path / "archive.sqlite3", FakeAgent(stored=[OSLO])
    async with running_client(client(agent, archive=archive)) as user:
        await user.sees(OSLO.text)
        await asked(user)
        await user.say("/why Oslo")
        await user.sees("Oslo: stored; the trace does not say")
        await user.say(f"/export {tmp_path / 'taken'}")
        await user.sees("Written to")
        await user.say(f"/export {tmp_path / 'redacted'} --redact")
        await user.sees("hashes, redacted")
        await user.put_notices_away()
        await user.say(f"/open {tmp_path / 'taken'}")
        await user.sees(
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
    async with running_client(client(FakeAgent(), archive=archive, seed=8)) as user:
        await user.say("/resume")
        await user.sees("Resume which session?")
        await user.press("enter")
        await user.sees("✎ why Oslo: stored; the trace does not say")


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
