"""Session ids by their first characters, as the client shows them, in every command that takes one."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.headless import lines, remembered, run
from tests.cli.terminal import installed
from tests.endpoint import RunningEndpoint
from travel_tui.cli.session_ids import similar_id

ANNA = ("--memory", "anna")


def begun(endpoint: RunningEndpoint, *more: str) -> str:
    """A session with one turn; its id."""
    session: str = lines(run(endpoint, "ask", "My name is Anna.", "--json", *ANNA, *more))[0]["session_id"]
    return session


def listed(endpoint: RunningEndpoint) -> list[tuple[str, int]]:
    """Ids and turns of all sessions, newest first."""
    return [(each["session_id"], each["turns"]) for each in lines(run(endpoint, "sessions", "--json"))]


@pytest.mark.parametrize("length", [8, 13, 36])
def test_ask_goes_on_with_the_session_that_begins_so_and_says_which(endpoint: RunningEndpoint, length: int) -> None:
    session = begun(endpoint)
    done = run(endpoint, "ask", "What is my name?", "--session", session[:length])
    assert (done.exit_code, "Anna" in done.stdout) == (0, True)
    assert done.stderr == ("" if length == 36 else f"session {session}\n")
    assert listed(endpoint) == [(session, 2)]
    assert lines(run(endpoint, "ask", "And?", "--json", "--session", session[:8]))[0]["session_id"] == session
    run(endpoint, "ask", "--session", session[:8], "--end")
    ended = run(endpoint, "ask", "More?", "--session", session[:8])
    assert (ended.exit_code, f"Session {session} has ended" in ended.stderr) == (1, True)
    assert listed(endpoint) == [(session, 3)]


def test_a_name_of_ones_own_is_one_whole_and_what_is_like_another_is_told(endpoint: RunningEndpoint) -> None:
    long, whole, near = begun(endpoint, "--session", "trip-2027-07"), "trip-2027", "trip-2027-06"
    for name in (whole, near):
        done = run(endpoint, "ask", "Hello", "--session", name)
        assert done.exit_code == 0
        assert f"No session {name} on this machine, so a new session with this id starts." in done.stderr
        assert f"Did you mean {long}?" in done.stderr
    assert run(endpoint, "ask", "Hello", "--session", whole).stderr == "", "a whole id wins"
    assert listed(endpoint) == [(whole, 2), (near, 1), (long, 1)]
    session = begun(endpoint)
    typo = run(endpoint, "ask", "Hello", "--session", session[:7])
    assert f"so a new session with this id starts. Did you mean {session}?" in typo.stderr
    done = run(endpoint, "ask", "--session", "trip-2027-0", "--end")
    assert (done.exit_code, "Did you mean" in done.stderr) == (2, True)


def test_where_several_begin_so_they_are_named_and_nothing_is_sent(endpoint: RunningEndpoint) -> None:
    ids = [f"0f3c1e2d-0000-4000-8000-00000000000{number}" for number in range(7)]
    for each in ids:
        begun(endpoint, "--session", each)
    calls = endpoint.do(lambda each: len(list(each.calls)))
    for command in (("ask", "Hello"), ("ask", "--end"), ("sessions", "delete", "--yes")):
        named = () if command[0] == "sessions" else ("--session",)
        done = run(endpoint, *command, *named, ids[0][:8])
        assert done.exit_code == 2
        assert "7 session ids begin with 0f3c1e2d. Did you mean" in done.stderr
        assert "or one of 2 more?" in done.stderr
    assert endpoint.do(lambda each: len(list(each.calls))) == calls
    assert len(listed(endpoint)) == 7


def test_memories_are_waited_for_and_deleted_by_it_also_those_of_sessions_held_elsewhere(
    endpoint: RunningEndpoint,
) -> None:
    here = remembered(endpoint, "My name is Anna.")
    user, elsewhere = endpoint.user(), "7e57ab1e-0000-4000-8000-000000000001"
    user.say("I like trains.", elsewhere, "anna")
    user.end(elsewhere, "anna")
    user.await_summary(elsewhere, "anna")
    for session in (here, elsewhere):
        (waited,) = lines(run(endpoint, "memory", "wait", "--session", session[:8], "--json", *ANNA))
        assert waited["session_id"] == session
    ended = run(endpoint, "ask", "Hello", "--session", elsewhere[:8], *ANNA)
    assert (ended.exit_code, f"Session {elsewhere} has ended" in ended.stderr) == (1, True)
    for session in (here, elsewhere):
        gone = lines(run(endpoint, "memory", "delete", "--session", session[:8], "--yes", "--json", *ANNA))
        assert gone == [{"memory_id": "anna", "session_id": session, "deleted": [session]}]


def test_a_session_leaves_the_archive_by_it(endpoint: RunningEndpoint) -> None:
    first, second = begun(endpoint), begun(endpoint)
    done = run(endpoint, "sessions", "delete", first[:8], "--yes")
    assert (done.exit_code, first in done.stderr) == (0, True)
    assert listed(endpoint) == [(second, 1)]
    short = run(endpoint, "sessions", "delete", second[:7], "--yes")
    assert (short.exit_code, f"Did you mean {second}?" in short.stderr) == (1, True)


@pytest.mark.parametrize("wrong", ["last", "", " "])
def test_what_names_no_session_deletes_none(endpoint: RunningEndpoint, wrong: str) -> None:
    session = begun(endpoint)
    done = run(endpoint, "sessions", "delete", wrong, "--yes")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "nothing was deleted" in done.stderr
    assert listed(endpoint) == [(session, 1)]


def test_waiting_for_a_session_that_is_not_known_says_so(endpoint: RunningEndpoint) -> None:
    session = begun(endpoint)
    done = run(endpoint, "memory", "wait", "--session", session[:7], "--timeout", "0.1", *ANNA)
    assert done.exit_code == 3
    assert f"No session {session[:7]} on this machine; waiting for its memory anyway." in done.stderr
    assert f"Did you mean {session}?" in done.stderr


def test_the_end_of_a_session_that_is_not_known_leaves_no_row(endpoint: RunningEndpoint) -> None:
    done = run(endpoint, "ask", "--session", "nobodys", "--end", *ANNA)
    assert "No session nobodys on this machine, so only its end is requested." in done.stderr
    assert listed(endpoint) == []


def test_commands_that_begin_the_same_session_at_once_are_not_told_of_it_as_of_another(
    endpoint: RunningEndpoint,
) -> None:
    command = [installed(), "ask", "Hello", "--session", "many", "--endpoint-url", endpoint.url]
    at_once = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for each in at_once:
        told = each.communicate(timeout=60)[1]
        assert "Did you mean" not in told
    assert similar_id("many", ["many", "many more"]) == "many more"
    assert similar_id("many", ["many"]) is None
