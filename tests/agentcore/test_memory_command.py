"""travel-tui memory with a memory of AgentCore: records, events and retrieval without a screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import Result

from tests.cli.headless import lines
from tests.cli.headless import run as run_command
from tests.endpoint import RunningEndpoint, running_endpoint, until

ANNA = ("--memory", "anna")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    with running_endpoint(extraction_delay=0.02) as found:
        yield found


def run(endpoint: RunningEndpoint, *arguments: str) -> Result:
    return run_command(endpoint, *arguments, "--backend", "agentcore")


def test_what_was_said_is_listed_found_and_deleted(endpoint: RunningEndpoint) -> None:
    book = "Please book a trip from Boston to NYC from 2031-07-11 to 2031-07-22, by air."
    asked = lines(run(endpoint, "ask", book, "--json", *ANNA))
    assert [each["function"] for each in asked if each["event"] == "tool_call"] == ["book_trip"]
    assert asked[-1]["event"] == "answer"
    session = asked[0]["session_id"]
    run(endpoint, "ask", "I am allergic to nuts.", "--session", session, *ANNA)
    assert lines(run(endpoint, "sessions", "--json", *ANNA))[0]["turns"] == 2, "a function's result is no turn"
    until(lambda: "nut" in run(endpoint, "memory", "list", "--kind", "fact", *ANNA).stdout)

    facts = lines(run(endpoint, "memory", "list", "--namespace", "/facts/anna/", "--json", *ANNA))
    assert {each["kind"] for each in facts} == {"fact"}
    assert "Is allergic to nuts." in run(endpoint, "memory", "list", "--kind", "preference", *ANNA).stdout
    assert run(endpoint, "memory", "list", "--namespace", "/nothing/", *ANNA).stdout == ""

    found = lines(run(endpoint, "memory", "retrieve", "Which food is unsafe?", "--kind", "fact", "--json", *ANNA))
    assert found[0]["score"] >= found[-1]["score"]
    assert "nut" in run(endpoint, "memory", "retrieve", "allergic to what?", "--most", "1", *ANNA).stdout

    events = lines(run(endpoint, "memory", "events", "--session", session, "--json", *ANNA))
    assert events[0]["at"] >= events[-1]["at"]
    assert {"user", "agent"} <= {part["role"] for event in events for part in event["parts"]}
    listed = run(endpoint, "memory", "events", *ANNA).stdout
    assert listed.startswith(session)
    assert "I am allergic to nuts." in listed

    waited = lines(run(endpoint, "memory", "wait", "--session", session, "--json", *ANNA))
    assert waited[0]["session_id"] == session
    nothing = run(endpoint, "memory", "wait", "--session", f"none-{session}", *ANNA)
    assert (nothing.exit_code, "has no events of session" in nothing.stderr) == (1, True)
    assert run(endpoint, "memory", "delete", "--yes", *ANNA).exit_code == 0
    until(lambda: run(endpoint, "memory", "list", *ANNA).stdout == "")
    assert lines(run(endpoint, "memory", "events", "--json", *ANNA)) == []


def test_a_service_without_events_says_so(endpoint: RunningEndpoint) -> None:
    for arguments in (("events",), ("retrieve", "trains")):
        refused = run_command(endpoint, "memory", *arguments, *ANNA)
        assert refused.exit_code == 1
        assert "no events and no search" in refused.stderr
    assert "no namespaces" in run_command(endpoint, "memory", "list", "--namespace", "/a/", *ANNA).stderr


def test_an_empty_query_and_an_unusable_session_id_are_refused(endpoint: RunningEndpoint) -> None:
    assert "empty" in run(endpoint, "memory", "retrieve", " ", *ANNA).stderr
    assert "33 to 100" in run(endpoint, "ask", "Hello", "--session", "short-name", *ANNA).stderr
