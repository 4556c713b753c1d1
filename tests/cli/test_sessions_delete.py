"""travel-tui sessions delete, memory delete --local-copy, and sessions of one name with several agents and users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.headless import lines, remembered, run
from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint, running_endpoint
from travel_tui.archive import Archive, SessionKey
from travel_tui.clock import Clock
from travel_tui.paths import archive_file
from travel_tui.tui.demo_script import DEMO_KEY

ANNA = ("--memory", "anna")


@pytest.fixture
def other() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


def listed(endpoint: RunningEndpoint | None, *more: str) -> list[tuple[str, str, int, str]]:
    """Session, memory, turns and state of every session, newest first."""
    found = lines(run(endpoint, "sessions", "--json", *more))
    return [(each["session_id"], each["memory_id"], each["turns"], each["state"]) for each in found]


def anywhere(word: str) -> list[str]:
    """The files of the archive that have the word."""
    return [
        each.name
        for each in archive_file().parent.iterdir()
        if each.name.startswith("archive") and word.encode() in each.read_bytes()
    ]


def test_one_name_at_two_agents_is_two_sessions_and_each_keeps_its_turns_and_its_end(
    endpoint: RunningEndpoint, other: RunningEndpoint
) -> None:
    for text in ("I live in Oslo.", "I like trains."):
        for each in (endpoint, other):
            lines(run(each, "ask", text, "--session", "trip", "--json", *ANNA))
    lines(run(endpoint, "ask", "--session", "trip", "--end", "--json"))
    assert listed(other) == [("trip", "anna", 2, "open")]
    assert listed(endpoint)[0][2] == 2
    assert len(listed(None, "--all")) == 2
    assert lines(run(endpoint, "memory", "wait", "--session", "trip", "--json"))[0]["session_id"] == "trip"
    lines(run(other, "ask", "And plains?", "--session", "last", "--json"))
    assert listed(other) == [("trip", "anna", 3, "open")]
    assert listed(endpoint) == [("trip", "anna", 2, "stored")]
    ended = run(endpoint, "ask", "More?", "--session", "trip")
    assert (ended.exit_code, "has ended" in ended.stderr) == (1, True)
    with closing(Archive(archive_file(), Clock())) as archive:
        for record in archive.sessions():
            assert [turn.text for turn in archive.turns(record.key)][:2] == ["I live in Oslo.", "I like trains."]


def test_with_a_seed_two_agents_and_two_users_have_one_id_and_nobody_elses_turns(
    endpoint: RunningEndpoint, other: RunningEndpoint
) -> None:
    for each, who in ((endpoint, "anna"), (other, "anna"), (endpoint, "bert")):
        lines(run(each, "ask", f"My name is {who}.", "--seed", "7", "--json", "--memory", who))
    assert len({session for session, *_ in listed(None)}) == 1
    assert [row[1:] for row in listed(endpoint)] == [("bert", 1, "open"), ("anna", 1, "open")]
    assert [row[1:] for row in listed(other)] == [("anna", 1, "open")]
    lines(run(endpoint, "ask", "--session", "last", "--end", "--json", "--memory", "bert"))
    assert [row[3] == "open" for row in listed(endpoint)] == [False, False], "at the service it is one session"
    assert [row[3] for row in listed(other)] == ["open"]


def test_where_awss_variable_sends_the_calls_belongs_to_who_the_agent_is(
    endpoint: RunningEndpoint, other: RunningEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = ("--agent-id", "TRAVELDEMO", "--region", "us-east-1", *ANNA)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for each in (endpoint, other):
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", each.url)
        assert run(None, "ask", "Hello", "--session", "trip", *agent).exit_code == 0
    assert [row[2] for row in listed(None, "--all")] == [1, 1]


def test_deleting_shows_what_goes_asks_and_leaves_no_word_of_it(endpoint: RunningEndpoint) -> None:
    session = remembered(endpoint, "I am a Vegetarierin from Oslo.")
    lines(run(endpoint, "ask", "I am from Rome.", "--session", "kept", "--json", "--memory", "bert"))
    refused = run(endpoint, "sessions", "delete", session)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Not a TTY: pass --yes to confirm." in refused.stderr
    for answer, status in (("n", 1), ("y", 0)):
        assert anywhere("Vegetarierin")
        with running("sessions", "delete", session, columns=80) as terminal:
            terminal.sees(session, "Delete 1 session (1 turn, ", "[y/N]")
            terminal.send(f"{answer}\r")
            assert terminal.ended() == status
    assert anywhere("Vegetarierin") == []
    assert anywhere("Rome")
    assert [row[0] for row in listed(endpoint)] == ["kept"]
    assert "may quote" not in terminal.text()
    gone = run(endpoint, "sessions", "delete", session, "--yes")
    assert (gone.exit_code, "no session" in gone.stderr) == (1, True)
    deleted = lines(run(endpoint, "sessions", "delete", "kept", "--yes", "--json"))[0]
    assert deleted["bytes"] > 0
    assert [(each["session_id"], each["turns"]) for each in deleted["deleted"]] == [("kept", 1)]


def test_an_id_that_several_have_is_not_guessed(endpoint: RunningEndpoint, other: RunningEndpoint) -> None:
    for each, memory in ((endpoint, "anna"), (endpoint, "bert"), (other, "anna")):
        run(each, "ask", "Hello", "--seed", "7", "--memory", memory)
    ((session, *_), *_) = listed(other)
    for place in (None, endpoint):
        done = run(place, "sessions", "delete", session, "--yes")
        assert (done.exit_code, len(listed(None))) == (2, 3)
        assert endpoint.url in done.stderr
        assert "--memory" in done.stderr
    for place, more, left in ((endpoint, ("--memory", "bert"), 2), (other, (), 1), (None, (), 0)):
        assert run(place, "sessions", "delete", session, "--yes", *more).exit_code == 0
        assert len(listed(None)) == left
    run(other, "ask", "Hello", "--session", "elsewhere")
    done = run(endpoint, "sessions", "delete", "elsewhere", "--yes")
    assert (done.exit_code, other.url in done.stderr, len(listed(None))) == (1, True, 1)


def test_old_sessions_go_by_when_they_were_last_used() -> None:
    now = Clock().now()
    with closing(Archive(archive_file(), Clock())) as archive:
        for days in (0, 10, 40):
            key = SessionKey("A/T@us-east-1", f"days-{days}", "anna")
            archive.open_session(key, now - timedelta(days=days))
            archive.begin_turn(key, "Hello", now - timedelta(days=days))
        archive.open_session(SessionKey("A/T@us-east-1", "in use", "anna"), now - timedelta(days=90))
        archive.begin_turn(SessionKey("A/T@us-east-1", "in use", "anna"), "Hello again", now)
    nothing = run(None, "sessions", "delete", "--older-than", "60")
    assert (nothing.exit_code, "nothing was deleted" in nothing.stdout) == (0, True)
    run(None, "sessions", "delete", "--older-than", "30", "--yes")
    assert [row[0] for row in listed(None)] == ["in use", "days-0", "days-10"]
    run(None, "sessions", "delete", "--older-than", "0", "--yes")
    assert listed(None) == []


def test_with_demo_the_demos_sessions_are_meant_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    now = Clock().now()
    with closing(Archive(archive_file(), Clock())) as archive:
        for agent in (DEMO_KEY, "TRAVELDEMO/TSTALIASID@us-east-1", "TRAVELDEMO/TSTALIASID@http://127.0.0.1:9"):
            for name in ("trip", "flight"):
                archive.begin_turn(SessionKey(agent, name, "anna"), "Hello", now - timedelta(days=3))
    both = run(None, "sessions", "delete", "trip", "--demo", "--all", "--yes")
    assert (both.exit_code, len(listed(None, "--all"))) == (2, 6)
    (deleted,) = lines(run(None, "sessions", "delete", "trip", "--demo", "--yes", "--json"))
    assert [each["session_id"] for each in deleted["deleted"]] == ["trip"]
    assert [row[0] for row in listed(None, "--demo")] == ["flight"]
    lines(run(None, "sessions", "delete", "--older-than", "1", "--demo", "--yes", "--json"))
    assert (listed(None, "--demo"), len(listed(None, "--all"))) == ([], 4)


def test_sessions_in_whose_prompts_the_memory_of_a_deleted_one_stood_are_told(endpoint: RunningEndpoint) -> None:
    first = remembered(endpoint, "I am from Oslo.")
    run(endpoint, "ask", "Where am I from?", "--session", "later", *ANNA)
    done = run(endpoint, "sessions", "delete", first, "--yes")
    assert done.exit_code == 0
    assert "1 later session with the memory anna may quote it in its recorded prompts. Delete it too" in done.stderr
    assert anywhere("Oslo"), "what the later session quotes is its own"


@pytest.mark.parametrize(
    "arguments", [(), ("s-1", "--older-than", "3"), ("--older-than", "-1"), ("--older-than", "99999999999")]
)
def test_used_wrongly_deletes_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert run(None, "sessions", "delete", "--yes", *arguments).exit_code == 2
    before = run(None, "sessions", "--memory", "anna", "delete", "s-1")
    assert (before.exit_code, "after the command" in before.stderr) == (2, True)


def test_the_copy_here_of_a_memory_is_kept_unless_it_is_said_to_go(endpoint: RunningEndpoint) -> None:
    remembered(endpoint, "I am from Oslo.")
    lines(run(endpoint, "memory", "delete", "--yes", "--json", *ANNA))
    assert listed(endpoint)[0][3] == "forgotten"
    assert run(endpoint, "memory", "delete", "--local-copy", *ANNA).exit_code == 2
    gone = lines(run(endpoint, "memory", "delete", "--local-copy", "--yes", "--json", *ANNA))
    assert [(each["deleted"], each["local_sessions"]) for each in gone] == [([], 1)]
    assert listed(endpoint) == []
    assert anywhere("Oslo") == []
    remembered(endpoint, "I am from Bern.")
    second = remembered(endpoint, "I am from Rome.")
    run(endpoint, "memory", "delete", "--session", second, "--local-copy", "--yes", *ANNA)
    assert (anywhere("Rome"), bool(anywhere("Bern")), len(endpoint.user().memories("anna"))) == ([], True, 1)
    with running("memory", "delete", *ANNA, "--endpoint-url", endpoint.url, columns=90) as terminal:
        terminal.sees("[y/N]", "both", "the copy on this machine (1 session")
        terminal.send("both\r")
        assert terminal.ended() == 0
    assert (anywhere("Bern"), listed(endpoint), endpoint.user().memories("anna")) == ([], [], [])
