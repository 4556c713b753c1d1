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


def life_line(folder: Path, latency_s: float | None, failure: str = "") -> list[str]:
    """The life line of a closed session of two turns, whose first record came after `latency_s`, if any did."""

    async def ready() -> FakeAgent:
        return FakeAgent()

    clock = Clock(NOON)
    with closing(Archive(folder / "archive.sqlite3", clock)) as archive:
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
        watch = MemorySnapshot(latency={} if latency_s is None else {session.session_id: latency_s})
        failed = [FailedExtraction("job", failure, session_id=session.session_id)] if failure else []
        return extraction_view(SessionLifeView(), session, watch, None, (), failed).line.splitlines()


def test_what_failed_is_still_told_once_other_records_are_stored(tmp_path: Path) -> None:
    assert life_line(tmp_path, 2.0, "The records cannot be read") == [
        "2 turns · stored after 2.0 s",
        "extraction failed: The records cannot be read · /records starts it again",
    ]


def test_a_session_whose_events_could_not_be_asked_for_is_not_called_stored(tmp_path: Path) -> None:
    assert life_line(tmp_path, None) == ["2 turns · closed; what the memory has of it is not known"]
