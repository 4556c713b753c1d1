"""Recall checks on a harness and on a memory alone, through the command and a local endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.agentcore.harness import ARN, MEMORY
from tests.endpoint import RunningEndpoint, running_endpoint
from travel_tui.cli import travel_tui
from travel_tui.local.faults import read_fault
from travel_tui.paths import config_file, private_folder

CHECKS = """\
target: {type: agentcore, agent: trips}
tests:
  told:
    sessions:
      - memory_id: anna
        turns:
          - user: I am allergic to nuts. I always prefer an aisle seat.
          - user: Thank you!
        end_session: true
      - memory_id: anna
        wait_memory: {timeout_s: 20, kinds: [fact, preference]}
        memory_assert:
          - {type: icontains, value: nuts, kind: fact, namespace: "/facts/{actorId}/"}
          - {type: contains, value: Prefers, kind: preference}
          - {type: not-contains, value: "{", kind: preference}
          - {type: icontains, value: nuts, query: Which food is the user allergic to?, top: 1, kind: fact}
          - {type: not-icontains, value: dog, kind: preference}
        turns:
          - user: Which seat do I like?
            assert: [{type: icontains, value: aisle}]
"""
BOOKED = """\
tests:
  booked:
    sessions:
      - memory_id: anna
        turns:
          - user: Book a flight from Boston to Paris, leaving on 2031-09-01 and returning on 2031-09-08.
"""


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEndpoint]:
    with running_endpoint(extraction_delay=0.02) as found:
        yield found


@pytest.fixture
def endpoint(running: RunningEndpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningEndpoint]:
    """An endpoint that a config names: the harness trips, its memory alone, and a Classic agent."""
    for name, value in {"AWS_ACCESS_KEY_ID": "anything", "AWS_SECRET_ACCESS_KEY": "anything"}.items():
        monkeypatch.setenv(name, value)
    place = f'region = "us-east-1"\nendpoint_url = "{running.url}"\n'
    private_folder(config_file().parent)
    config_file().write_text(
        'version = 1\ndefault = "trips"\n'
        f'[agents.trips]\nbackend = "agentcore"\nharness_arn = "{ARN}"\n{place}'
        f'[agents.alone]\nbackend = "agentcore"\nagentcore_memory_id = "{MEMORY}"\n{place}'
        f'[agents.classic]\nagent_id = "TRAVELDEMO"\nalias_id = "TSTALIASID"\n{place}'
    )
    yield running
    running.do(lambda each: each.faults.clear())


def run(folder: Path, text: str, *options: str) -> Result:
    file = folder / "file.yaml"
    file.write_text(text)
    return CliRunner().invoke(travel_tui, ["recall", "run", str(file), *options])


def test_records_are_waited_for_by_kind_and_asserted_by_kind_namespace_and_rank(
    endpoint: RunningEndpoint, tmp_path: Path
) -> None:
    done = run(tmp_path, CHECKS, "--json")
    assert done.exit_code == 0, done.output
    second = json.loads(done.stdout)["sessions"][1]
    assert {each["kind"] for each in second["before"]} == {"summary", "fact", "preference"}
    turn = second["turns"][0]
    assert (turn["derived"], "Prefers aisle seats." in turn["prompt_memory"]) == (True, True)
    assert [each["in_prompt"] for each in turn["checks"]] == [True]


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("CreateEvent=extraction-forgets", 1, "memory: icontains 'nuts', kind fact"),
        ("RetrieveMemoryRecords=retrieval-empty", 1, "stored but not among the first that its query finds"),
        ("RetrieveMemoryRecords=retrieval-empty", 1, "stored but would not be recalled (memory: yes, would be"),
        ("InvokeHarness=memory-ignored", 1, "would be recalled but not used"),
        ("CreateEvent=extraction-fails", 3, "its extraction failed with LTM_RATE_EXCEEDED."),
    ],
)
def test_each_break_is_named(endpoint: RunningEndpoint, tmp_path: Path, fault: str, status: int, said: str) -> None:
    endpoint.do(lambda each: each.faults.add([read_fault(fault)]))
    text = CHECKS if status == 3 else CHECKS.replace(", kinds: [fact, preference]", "")
    done = run(tmp_path, text.replace("timeout_s: 20", "timeout_s: 0.5" if status == 3 else "timeout_s: 20"))
    assert (done.exit_code, said in done.output) == (status, True), done.output


def test_a_kind_that_does_not_come_is_undecided_and_named(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    done = run(tmp_path, CHECKS.replace("timeout_s: 20, kinds: [", "timeout_s: 0.5, kinds: [episode, "))
    assert (done.exit_code, "no record of kind episode." in done.output) == (3, True), done.output


def test_a_memory_without_a_harness_is_checked_as_it_is(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    options = ["--agent", "trips", "--memory", "erin"]
    assert CliRunner().invoke(travel_tui, ["ask", "I am allergic to nuts.", "--end", *options]).exit_code == 0
    waited = CliRunner().invoke(travel_tui, ["memory", "wait", "--session", "last", *options])
    assert waited.exit_code == 0, waited.output
    text = "tests: {erin: {sessions: [{existing_memory: erin, memory_assert: [{type: icontains, value: nuts}]}]}}"
    done = run(tmp_path, text, "--agent", "alone")
    assert done.exit_code == 0, done.output
    listed = CliRunner().invoke(travel_tui, ["memory", "list", "--json", *options])
    assert "nuts" in listed.stdout, "it is only read"


def test_a_call_that_nothing_answers_leaves_the_test_undecided(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    done = run(tmp_path, BOOKED, "--keep")
    assert (done.exit_code, "`run_functions` in the config" in done.output) == (3, True), done.output


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (CHECKS.replace("agentcore, agent: trips", "local"), (), "memory has summaries alone"),
        (CHECKS.replace("agent: trips", "agent: classic"), (), "is one of bedrock-agents. Correct the target"),
        (CHECKS.replace("agentcore, agent: trips", "bedrock-agent"), (), "is one of agentcore. Correct the target"),
        (CHECKS, ("--agent", "alone"), "is a memory without a harness, so nobody would answer"),
        (BOOKED.replace("memory_id: anna", "prompt_attributes: {seat: aisle}"), (), "agentcore, which takes none"),
    ],
)
def test_what_the_agent_cannot_do_is_refused_before_anything_is_sent(
    endpoint: RunningEndpoint, tmp_path: Path, text: str, options: tuple[str, ...], said: str
) -> None:
    done = run(tmp_path, text, *options)
    assert (done.exit_code, said in done.output) == (2, True), done.output
