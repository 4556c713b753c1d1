"""travel-tui ask: a turn without a screen, and what of it stands in the archive."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from contextlib import closing

import pytest

from tests.cli.headless import BOOKING, lines, remembered, run
from tests.cli.terminal import installed, running
from tests.endpoint import RunningEndpoint, running_endpoint
from tests.local.services.clients import Aws
from tests.local.services.weather import group, prepare
from travel_tui.archive import Archive, TurnRecord, TurnStatus
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig, save_agent
from travel_tui.local.faults import read_fault
from travel_tui.paths import archive_file, config_file


def kept(session_id: str) -> list[TurnRecord]:
    with closing(Archive(archive_file(), Clock())) as archive:
        (session,) = (each for each in archive.sessions() if each.session_id == session_id)
        return archive.turns(session.key)


def test_the_answer_is_printed_and_the_new_session_named_beside_it(endpoint: RunningEndpoint) -> None:
    done = run(endpoint, "ask", BOOKING, "--memory", "anna")
    assert done.exit_code == 0
    assert "Your booking id is" in done.stdout
    assert done.stdout.endswith(".\n")
    (session_id,) = re.findall(r"^session ([0-9a-f-]{36})$", done.stderr, re.MULTILINE)
    assert done.stderr == f"session {session_id}\n", "no progress where nobody looks on"
    (turn,) = kept(session_id)
    assert (turn.text, turn.state) == (BOOKING, TurnStatus.ANSWERED)
    assert turn.answer == done.stdout.removesuffix("\n")


def test_a_session_goes_on_by_its_id_or_as_the_last(endpoint: RunningEndpoint) -> None:
    first = lines(run(endpoint, "ask", "My name is Anna.", "--memory", "anna", "--json"))[0]
    assert first["new"] is True
    again = lines(run(endpoint, "ask", "What is my name?", "--session", first["session_id"], "--json"))
    assert again[0] == {**first, "new": False}, "with the session's own memory, though --memory was left out"
    assert "Anna" in again[-1]["text"]
    last = lines(run(endpoint, "ask", "-", "--session", "last", "--json", given="And now?\n"))
    assert last[0]["session_id"] == first["session_id"]
    assert [turn.text for turn in kept(first["session_id"])] == ["My name is Anna.", "What is my name?", "And now?"]


def test_what_is_piped_in_is_asked(endpoint: RunningEndpoint) -> None:
    (session, *_, answer) = lines(run(endpoint, "ask", "--json", given="My name is\nAnna.\n\n"))
    assert answer["event"] == "answer"
    assert kept(session["session_id"])[0].text == "My name is\nAnna."


@pytest.mark.parametrize("given", ["", " \n"])
def test_nothing_to_ask_is_wrong_use_and_calls_nobody(endpoint: RunningEndpoint, given: str) -> None:
    done = run(endpoint, "ask", given=given)
    assert done.exit_code == 2
    assert "No message to send" in done.stderr
    assert endpoint.do(lambda each: list(each.calls)) == []


def test_the_end_is_not_waited_for_and_a_memory_comes_of_it(endpoint: RunningEndpoint) -> None:
    said = lines(run(endpoint, "ask", "My name is Anna.", "--end", "--memory", "anna", "--json"))
    assert [each["event"] for each in said if each["event"] != "text"] == [
        "session",
        "memory",
        "usage",
        "answer",
        "ended",
    ]
    assert {each["operation"] for each in endpoint.do(lambda each: list(each.calls))} == {"InvokeAgent"}
    after = run(endpoint, "ask", "Hello?", "--session", "last")
    assert after.exit_code == 1
    assert "has ended" in after.stderr
    assert "Anna" in endpoint.user().await_summary(said[0]["session_id"], "anna")


def test_a_session_that_began_elsewhere_is_ended_without_a_word(endpoint: RunningEndpoint) -> None:
    user = endpoint.user()
    user.say("My name is Anna.", "elsewhere", "anna")
    session, ended = lines(run(endpoint, "ask", "--session", "elsewhere", "--end", "--memory", "anna", "--json"))
    assert (session["event"], ended["event"]) == ("session", "ended")
    assert "Anna" in user.await_summary("elsewhere", "anna")


def test_json_tells_what_the_agent_called_and_what_of_its_memory_it_was_given(endpoint: RunningEndpoint) -> None:
    booked = lines(run(endpoint, "ask", BOOKING, "--memory", "anna", "--json"))
    call, result = (next(each for each in booked if each["event"] == kind) for kind in ("tool_call", "tool_result"))
    assert call["function"] == "book_trip"
    assert call["parameters"]["destination"] == "NYC"
    assert "booking_id" in result["text"]
    assert "".join(each["text"] for each in booked if each["event"] == "text") == booked[-1]["text"]
    assert not [each for each in booked if each["event"] == "trace"]
    remembered(endpoint, "My name is Bo.", memory="bo")
    traced = lines(run(endpoint, "ask", "What is my name?", "--memory", "bo", "--trace", "--json"))
    (memory,) = [each for each in traced if each["event"] == "memory"]
    assert memory["in_prompt"] is True
    assert "Bo" in memory["synopsis"]
    assert {"orchestrationTrace.modelInvocationInput"} < {each["kind"] for each in traced if each["event"] == "trace"}


def test_the_trace_for_people_goes_to_standard_error(endpoint: RunningEndpoint) -> None:
    done = run(endpoint, "ask", BOOKING, "--trace")
    for part in ("▸ book_trip origin=Boston destination=NYC", "◂ ", "· no memory in prompt", "tokens in"):
        assert part in done.stderr
        assert part not in done.stdout


def test_a_failed_turn_is_status_1_with_what_to_do_and_leaves_the_session_open(endpoint: RunningEndpoint) -> None:
    endpoint.do(lambda each: each.faults.add([read_fault("InvokeAgent=ThrottlingException")]))
    done = run(endpoint, "ask", "Hello", "--end")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "Throttled." in done.stderr
    as_json = run(endpoint, "ask", "Hello", "--json", "--session", "last")
    assert as_json.exit_code == 1
    assert '"event": "failed", "cause": "throttled"' in as_json.stdout
    endpoint.do(lambda each: each.faults.clear())
    assert run(endpoint, "ask", "Hello", "--session", "last").exit_code == 0


def test_a_call_that_comes_back_is_told_and_is_status_1(endpoint: RunningEndpoint) -> None:
    with closing(Aws(endpoint)) as aws:
        agent = aws.agent("forecaster")
        group(aws, agent, "", actionGroupExecutor={"customControl": "RETURN_CONTROL"})
        prepare(aws, agent)
    question = ("ask", "What is the weather in Lisbon on 2027-07-11?", "--agent-id", agent)
    done = run(endpoint, *question)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "`ask` cannot continue" in done.stderr
    as_json = run(endpoint, *question, "--json")
    assert as_json.exit_code == 1
    last = json.loads(as_json.stdout.splitlines()[-1])
    assert (last["event"], last["calls"][0]["function"]) == ("return_control", "get_weather")
    assert last["calls"][0]["parameters"]["city"] == "Lisbon"


def test_nobody_answering_is_status_1_with_the_command_that_helps() -> None:
    done = run(None, "ask", "Hello", "--endpoint-url", "http://127.0.0.1:9")
    assert done.exit_code == 1
    assert "travel-tui local" in done.stderr


def test_without_a_config_the_ways_to_an_agent_are_named() -> None:
    done = run(None, "ask", "Hello")
    assert done.exit_code == 1
    for part in (str(config_file()), "travel-tui connect", "--agent-id", "travel-tui demo"):
        assert part in done.stderr


def test_the_agent_comes_from_the_config_or_by_its_id(endpoint: RunningEndpoint) -> None:
    save_agent(
        config_file(), AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", endpoint_url=endpoint.url, memory_id="anna")
    )
    assert lines(run(None, "ask", "Hello", "--json"))[0]["memory_id"] == "anna"
    other = run(endpoint, "ask", "Hello", "--agent-id", "NOSUCHAGNT", "--json")
    assert '"cause": "not found"' in other.stdout
    assert run(endpoint, "ask", "Hello", "--agent-id", "TRAVELDEMO").exit_code == 0
    both = run(None, "ask", "Hello", "--agent-id", "TRAVELDEMO", "--agent", "travel")
    assert both.exit_code == 2
    session = lines(run(None, "ask", "Hello", "--json"))[0]["session_id"]
    wrong = run(None, "ask", "Hello", "--session", session, "--memory", "bo")
    assert wrong.exit_code == 2
    assert "anna" in wrong.stderr


@pytest.mark.parametrize("arguments", [(), ("--agent-id", "TRAVELDEMO")])
def test_an_endpoint_on_this_machine_that_aws_own_variable_names_needs_no_more(
    endpoint: RunningEndpoint, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    assert run(None, "ask", "Hello", *arguments).exit_code == 0
    assert len(lines(run(None, "sessions", "--json", *arguments))) == 1


def test_what_a_model_writes_cannot_reach_into_the_terminal(endpoint: RunningEndpoint) -> None:
    done = run(endpoint, "ask", "My name is A\x1b[31mnna\u202e. What is my name?", "--trace")
    assert done.exit_code == 0
    for text in (done.stdout, done.stderr):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_reader_who_leaves_ends_it_silently(endpoint: RunningEndpoint) -> None:
    command = f"{installed()} ask 'What can you do?' --json --endpoint-url {endpoint.url} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.startswith('{"event": "session"')
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_ctrl_c_stops_the_answer_and_keeps_what_had_arrived() -> None:
    with (
        running_endpoint(pace=60.0) as slow,
        running("ask", BOOKING, "--session", "mine", "--endpoint-url", slow.url, columns=80) as terminal,
    ):
        terminal.sees("book_trip", "Your trip")
        os.kill(terminal.pid, signal.SIGINT)
        assert terminal.ended() == 1
        assert "Stopped. The partial answer is kept" in terminal.flat()
        assert "Traceback" not in terminal.text()
    (turn,) = kept("mine")
    assert turn.state is TurnStatus.CANCELLED
    assert "Your trip" in turn.answer
