"""travel-tui memory and travel-tui sessions: what is remembered, waited for, deleted, exported, listed."""

from __future__ import annotations

import json
import os
import re
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.headless import BOOKING, lines, remembered, run
from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.fakes import NOON
from travel_tui.archive import Archive, Change, SessionRecord
from travel_tui.cli.sessions_output import state
from travel_tui.clock import Clock
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.local.faults import read_fault
from travel_tui.paths import archive_file

ANNA = ("--memory", "anna")


def test_summaries_are_listed_for_people_and_as_data(endpoint: RunningEndpoint) -> None:
    session = remembered(endpoint, BOOKING)
    listed = run(endpoint, "memory", "list", *ANNA).stdout
    for part in (session, "\n  user goals\n", "Boston to NYC"):
        assert part in listed
    assert "<topic" not in listed
    (summary,) = lines(run(endpoint, "memory", "list", "--json", *ANNA))
    assert (summary["session_id"], summary["memory_id"]) == (session, "anna")
    assert summary["text"].startswith("<summary>")
    assert "Boston to NYC" in {topic["name"]: topic["text"] for topic in summary["topics"]}["assistant actions"]
    nothing = run(endpoint, "memory", "list", "--memory", "nobody")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "")


def test_waiting_is_for_that_session_and_keeps_how_long_it_took() -> None:
    with running_endpoint(summary_delay=0.6) as slow:
        remembered(slow, "My name is Anna.")
        session = lines(run(slow, "ask", "I like trains.", "--end", "--json", *ANNA))[0]["session_id"]
        waited = lines(run(slow, "memory", "wait", "--session", session, "--json", *ANNA))
        assert [each["session_id"] for each in waited] == [session]
        assert waited[0]["latency_s"] > 0.3
        with closing(Archive(archive_file(), Clock())) as archive:
            record = next(each for each in archive.sessions() if each.session_id == session)
        assert record.summary_latency_s == waited[0]["latency_s"]
        assert record.stored_at is not None


def test_a_summary_that_is_there_at_the_first_look_says_nothing_of_its_latency(endpoint: RunningEndpoint) -> None:
    session = remembered(endpoint, "My name is Anna.")
    (again,) = lines(run(endpoint, "memory", "wait", "--session", "last", "--json"))
    assert (again["session_id"], again["latency_s"]) == (session, None)


def test_waiting_longer_than_allowed_is_undecided(endpoint: RunningEndpoint) -> None:
    endpoint.do(lambda each: each.faults.add([read_fault("InvokeAgent=summary-never")]))
    run(endpoint, "ask", "My name is Anna.", "--end", *ANNA)
    done = run(endpoint, "memory", "wait", "--session", "last", "--timeout", "0.2")
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "Undecided" in done.stderr
    assert "--timeout" in done.stderr


def test_a_session_that_is_open_is_waited_for_with_a_word(endpoint: RunningEndpoint) -> None:
    run(endpoint, "ask", "My name is Anna.", *ANNA)
    done = run(endpoint, "memory", "wait", "--session", "last", "--timeout", "0.2")
    assert done.exit_code == 3
    assert "--end" in done.stderr


@pytest.mark.parametrize(
    ("error", "said"), [("AccessDeniedException", "bedrock:GetAgentMemory"), ("", "travel-tui local")]
)
def test_waiting_in_vain_is_not_waited_for(endpoint: RunningEndpoint, error: str, said: str) -> None:
    if error:
        endpoint.do(lambda each: each.faults.add([read_fault(f"GetAgentMemory={error}")]))
        done = run(endpoint, "memory", "wait", "--session", "s-1")
    else:
        done = run(None, "memory", "wait", "--session", "s-1", "--endpoint-url", "http://127.0.0.1:9")
    assert done.exit_code == 1
    assert said in done.stderr


@pytest.mark.slow
def test_deleting_asks_and_without_a_terminal_needs_yes(endpoint: RunningEndpoint) -> None:
    first = remembered(endpoint, "My name is Anna.")
    second = remembered(endpoint, "I like trains.")
    refused = run(endpoint, "memory", "delete", *ANNA)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    one = lines(run(endpoint, "memory", "delete", "--session", first, "--yes", "--json", *ANNA))
    assert one == [{"memory_id": "anna", "session_id": first, "deleted": [first]}]
    gone = run(endpoint, "memory", "delete", "--session", first, "--yes", *ANNA)
    assert gone.exit_code == 1
    assert "memory list" in gone.stderr
    with running("memory", "delete", *ANNA, "--endpoint-url", endpoint.url, columns=80) as terminal:
        terminal.sees("delete all of it (1 summary)", "[y/N]")
        terminal.send("n\r")
        assert terminal.ended() == 1
    assert [each["sessionId"] for each in endpoint.user().memories("anna")] == [second]
    with running("memory", "delete", *ANNA, "--endpoint-url", endpoint.url, columns=80) as terminal:
        terminal.sees("[y/N]")
        terminal.send("y\r")
        assert terminal.ended() == 0
    assert endpoint.user().memories("anna") == []
    assert lines(run(endpoint, "memory", "delete", "--json", *ANNA)) == [
        {"memory_id": "anna", "session_id": None, "deleted": []}
    ]


def test_an_export_has_what_the_service_has_forgotten_too(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    first = remembered(endpoint, BOOKING)
    run(endpoint, "memory", "delete", "--yes", *ANNA)
    second = remembered(endpoint, "My name is Anna.")
    data = lines(run(endpoint, "memory", "export", "--json", *ANNA))
    assert [(each["session_id"], each["gone_at"] is None) for each in data] == [(second, True), (first, False)]
    file = tmp_path / "anna.md"
    assert run(endpoint, "memory", "export", "-o", str(file), *ANNA).stdout == ""
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text(encoding="utf-8")
    assert text == run(endpoint, "memory", "export", *ANNA).stdout
    for part in (
        "# Memory anna",
        f"## Session {first}",
        "deleted by you,",
        "### user goals",
        "> Trip from Boston to NYC",
    ):
        assert part in text
    read_end, write_end = os.pipe()
    assert run(endpoint, "memory", "export", "-o", f"/dev/fd/{write_end}", *ANNA).exit_code == 0
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as pipe:
        assert pipe.read() == text
    nowhere = run(endpoint, "memory", "export", "-o", "/proc/anna.md", *ANNA)
    assert nowhere.exit_code == 1
    assert "/proc/anna.md could not be written" in nowhere.stderr


def test_a_summary_that_is_still_to_come_is_told_where_a_memory_is_deleted() -> None:
    with running_endpoint(summary_delay=600) as slow:
        session = lines(run(slow, "ask", "My name is Anna.", "--end", "--json", *ANNA))[0]["session_id"]
        for form in ((), ("--json",), ("--local-copy",)):
            done = run(slow, "memory", "delete", "--yes", *ANNA, *form)
            assert done.exit_code == 0, done.output
            assert f"The summary of session {session} is still to come" in done.stderr
            assert f"travel-tui memory wait --session {session} --endpoint-url {slow.url}" in done.stderr
        assert "still to come" not in run(slow, "memory", "delete", "--yes", "--memory", "bo").stderr


def test_an_export_without_the_service_has_what_the_archive_has_and_says_so(tmp_path: Path) -> None:
    with running_endpoint() as endpoint:
        session = remembered(endpoint, BOOKING)
        before = run(endpoint, "memory", "export", *ANNA).stdout
        nobody = run(endpoint, "memory", "export", "--memory", "nobody")
        assert (nobody.exit_code, nobody.stdout) == (0, "# Memory nobody\n")
    for arguments in ((), ("-o", str(tmp_path / "anna.md"))):
        done = run(endpoint, "memory", "export", *ANNA, *arguments)
        assert done.exit_code == 1, "a script must not take it for the service's word"
        exported = (tmp_path / "anna.md").read_text() if arguments else done.stdout
        assert exported == before
        assert endpoint.url in done.stderr
        assert "The export has what the archive last saw of this memory" in done.stderr
        assert done.stderr.count("Error: ") == 1
    (data,) = [json.loads(line) for line in run(endpoint, "memory", "export", "--json", *ANNA).stdout.splitlines()]
    assert (data["session_id"], data["gone_at"]) == (session, None)
    nothing = run(endpoint, "memory", "export", "--memory", "nobody", "-o", str(tmp_path / "nobody.md"))
    assert (nothing.exit_code, nothing.stdout, (tmp_path / "nobody.md").exists()) == (1, "", False)


def test_sessions_are_listed_with_their_state_and_nothing_is_asked_of_aws(endpoint: RunningEndpoint) -> None:
    assert run(None, "sessions").stdout == ""
    stored = remembered(endpoint, "My name is Anna.")
    open_one = lines(run(endpoint, "ask", "Hello", "--json", "--memory", "bo"))[0]["session_id"]
    calls = endpoint.do(lambda each: len(list(each.calls)))
    data = lines(run(endpoint, "sessions", "--json"))
    assert [(each["session_id"], each["memory_id"], each["turns"], each["state"]) for each in data] == [
        (open_one, "bo", 1, "open"),
        (stored, "anna", 1, "stored"),
    ]
    table = run(None, "sessions").stdout.splitlines()
    assert [" ".join(row.split()[:4]) for row in table] == [f"{open_one} open 1 turn", f"{stored} stored 1 turn"]
    assert re.search(r"\d\d:\d\d to \d\d:\d\d", table[1])
    assert all("TRAVELDEMO/TSTALIASID@" in row for row in table), "without a config those with every agent"
    assert [each["session_id"] for each in lines(run(endpoint, "sessions", "--json", *ANNA))] == [stored]
    assert [each["session_id"] for each in lines(run(endpoint, "sessions", "--json", "-n", "1"))] == [open_one]
    assert endpoint.do(lambda each: len(list(each.calls))) == calls


ENDED = NOON - timedelta(seconds=301)


@pytest.mark.parametrize(
    ("ended", "stored", "memory_id", "last", "expected"),
    [
        (None, None, "anna", None, SessionState.OPEN),
        (ENDED, None, None, None, SessionState.ENDED),
        (NOON, None, "anna", None, SessionState.SUMMARISING),
        (ENDED, None, "anna", None, SessionState.OVERDUE),
        (ENDED, NOON, "anna", None, SessionState.STORED),
        (ENDED, None, "anna", Change.SEEN, SessionState.STORED),
        (ENDED, NOON, "anna", Change.GONE, SessionState.FORGOTTEN),
    ],
)
def test_the_state_of_a_session_is_what_was_seen_of_it(
    ended: object, stored: object, memory_id: str | None, last: Change | None, expected: SessionState
) -> None:
    record = SessionRecord("s-1", "agent", memory_id, ENDED, ended, stored, None, 1)  # type: ignore[arg-type]
    assert state(record, last, 300.0, NOON) is expected


def test_what_a_summary_says_cannot_reach_into_the_terminal(endpoint: RunningEndpoint) -> None:
    remembered(endpoint, "My name is An\x1b[31mna\u202e and I like trains.")
    for arguments in (("list",), ("export",), ("wait", "--session", "last")):
        done = run(endpoint, "memory", *arguments, *ANNA)
        assert done.exit_code == 0
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
    assert json.loads(run(endpoint, "memory", "list", "--json", *ANNA).stdout)
