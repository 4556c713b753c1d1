"""travel-tui explain: where the facts of an answer come from, and what a summary lacks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.headless import lines, run
from travel_tui.agent import MemoryInjected, TextDelta, session_summary
from travel_tui.archive import Change, MemoryHistoryEntry, SessionRecord, TurnRecord, TurnStatus
from travel_tui.clock import Clock
from travel_tui.evidence.export import EvidenceBundle, write
from travel_tui.evidence.transcript import SessionTranscript

NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

TALK: dict[str, Any] = {
    "today": "2027-06-30",
    "turns": [
        {
            "user": "I'll bring a stroller. My son is Levin.",
            "tools": ["ref UL-20931"],
            "agent": "So a 23 kg suitcase and a stroller.",
        }
    ],
    "memory": [{"session_id": "s1", "text": "Has a suitcase of 23 kilograms."}],
    "injected": [],
    "summary": "Travels with a stroller, booking UL-20931.",
}


def test_each_claim_has_its_place_its_source_and_its_evidence(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    file.write_text(json.dumps(TALK))
    (found,) = lines(run(None, "explain", str(file), "--json"))
    answer = TALK["turns"][0]["agent"]
    assert [(each["text"], each["source"], each["session_id"]) for each in found["claims"]] == [
        ("23 kg suitcase", "not-injected", "s1"),
        ("stroller", "said", None),
    ]
    assert all(answer[each["start"] : each["end"]] == each["text"] for each in found["claims"])
    assert found["claims"][0]["evidence"]["text"] == "Has a suitcase of 23 kilograms."
    assert [(each["turn"], "Levin" in each["text"]) for each in found["lost"]] == [(1, True)]


def test_people_read_it_a_line_for_each_fact() -> None:
    told = run(None, "explain", "-", given=json.dumps(TALK))
    assert told.exit_code == 0
    assert "◇ not in prompt  23 kg suitcase" in told.stdout
    assert "○ said           stroller" in told.stdout
    assert "summary s1: “Has a suitcase of 23 kilograms.”" in told.stdout
    assert "Missing from the summary:" in told.stdout


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "This is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "must be an object, not a list"),
        ("{}", '"turns" is missing'),
        ('{"turns": []}', '"turns" is empty'),
        ('{"turns": [{"agent": "x"}]}', 'turns[0] has no "user"'),
        ('{"turns": [{"user": 3}]}', 'turns[0] "user" must be a text, not a number'),
        ('{"turns": [{"user": "a", "tools": "x"}]}', 'turns[0] "tools" must be a list, not a text'),
        ('{"turns": [{"usr": "a"}]}', 'unknown key "usr"; known are user, tools, agent'),
        ('{"turns": [{"user": "a"}], "today": "soon"}', '"today" must be a day such as 2027-06-30'),
        ('{"turns": [{"user": "a"}], "memory": [{"text": "x"}]}', 'memory[0] has no "session_id"'),
        ('{"turns": [{"user": "a"}], "injected": [1]}', '"injected"[0] must be a text'),
        ('{"turns": [{"user": "a"}], "summary": {}}', '"summary" must be a text, not an object'),
    ],
)
def test_bad_input_is_named_in_one_sentence(given: str, says: str) -> None:
    told = run(None, "explain", "-", given=given)
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: standard input: ")
    assert says in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_folder_that_is_no_evidence_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    assert run(None, "explain", str(tmp_path)).exit_code == 1
    assert run(None, "explain", str(tmp_path / "none.json")).exit_code == 1
    assert run(None, "explain").exit_code == 2


def test_evidence_is_explained_with_what_its_trace_says_of_the_prompt(tmp_path: Path) -> None:
    earlier = session_summary("anna", "session-one", "Anna lives in Oslo.", NOON - DAY, NOON - DAY)
    told = TurnRecord(
        1, "session-two", 1, NOON, "Where do I live? My dog is Rex.", "In Oslo.", TurnStatus.ANSWERED,
        (MemoryInjected(earlier.text), TextDelta("In Oslo.")), 0.1, 0.2, None,
    )  # fmt: skip
    session = SessionRecord("session-two", "agent", "anna", NOON, NOON, NOON, 1.0, 1)
    after = session_summary("anna", "session-two", "Asked where she lives.", NOON, NOON)
    history = [MemoryHistoryEntry(NOON - DAY, Change.SEEN, earlier)]
    bundle = EvidenceBundle(
        "anna", "agent", "a / b", [SessionTranscript(session, [told])], history, [earlier, after], ""
    )
    write(tmp_path / "taken", bundle, Clock(NOON))
    (found,) = lines(run(None, "explain", str(tmp_path / "taken"), "--json"))
    assert found["session_id"] == "session-two"
    assert [(each["text"], each["source"], each["session_id"]) for each in found["claims"]] == [
        ("Oslo", "memory", "session-one")
    ]
    assert ["Rex" in each["text"] for each in found["lost"]] == [True]
