"""A session's life where messages become records: what failed is told beside what was stored."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.fakes import NOON, FakeAgent
from travel_tui.archive import Archive
from travel_tui.clock import Clock
from travel_tui.conversation.session import Conversation
from travel_tui.ids import Ids
from travel_tui.memory.watcher import MemorySnapshot
from travel_tui.memory_store import FailedExtraction
from travel_tui.screenshots.scripted_agent import CAPABILITIES
from travel_tui.tui.extraction_view import extraction_view
from travel_tui.tui.view_models import SessionLifeView


def test_what_failed_is_still_told_once_other_records_are_stored(tmp_path: Path) -> None:
    async def ready() -> FakeAgent:
        return FakeAgent()

    clock = Clock(NOON)
    with closing(Archive(tmp_path / "archive.sqlite3", clock)) as archive:
        session = Conversation(
            ready,
            archive,
            capabilities=CAPABILITIES,
            agent_key="key",
            memory_id="anna",
            clock=clock,
            ids=Ids(1),
            turns=2,
        )
        session.ended_at = NOON
        watch = MemorySnapshot(latency={session.session_id: 2.0})
        failed = [FailedExtraction("job", "The records cannot be read", session_id=session.session_id)]
        view = extraction_view(SessionLifeView(), session, watch, None, (), failed)
    assert view.line.splitlines() == [
        "2 turns · stored after 2.0 s",
        "extraction failed: The records cannot be read · /records starts it again",
    ]
