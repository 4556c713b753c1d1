"""`travel-tui migrate` against the local endpoint, as both Agents for Bedrock and AgentCore."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint, client_at, running_endpoint, until
from tests.migration.ends import MEMORY, hashes, migrate, records, summarise
from travel_tui.cli import travel_tui
from travel_tui.local.faults import read_fault
from travel_tui.paths import config_file, migrations


@pytest.fixture(scope="module")
def shared() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


@pytest.fixture
def endpoint(shared: RunningEndpoint) -> Iterator[RunningEndpoint]:
    yield shared
    shared.do(lambda each: each.faults.clear())


def test_it_compares_first_then_writes_and_the_second_time_there_is_nothing_to_do(endpoint: RunningEndpoint) -> None:
    texts = [f"<summary><topic name='trips'>Trip {number} to Oslo.</topic></summary>" for number in range(3)]
    summarise(endpoint, "bert.smith", texts, "old.session")
    compared = migrate(endpoint, "--memory", "bert.smith")
    assert compared.exit_code == 0, compared.output
    assert "Nothing was written. --yes writes 3 records." in compared.stderr
    assert records(endpoint, "bert-smith_c7737a93") == []

    written = migrate(endpoint, "--memory", "bert.smith", "--yes")
    assert written.exit_code == 0, written.output
    there = records(endpoint, "bert-smith_c7737a93")
    assert hashes([each["content"]["text"] for each in there]) == hashes(texts)
    assert {each["memoryStrategyId"] for each in there} == {"summaries-TRAVELDEMO"}
    assert sorted(each["timestamp"].hour for each in there) == [9, 10, 11]
    (namespace,) = there[0]["namespaces"]
    assert namespace.startswith("/summaries/bert-smith_c7737a93/old-session-")

    (told,) = [json.loads(line) for line in migrate(endpoint, "--memory", "bert.smith", "--json").stdout.splitlines()]
    assert (told["summaries"], told["already_there"], told["to_write"]) == (3, 3, 0)
    assert sorted(each["sha256"] for each in told["records"]) == hashes(texts)
    assert told["sha256"] == hashes(["\n".join(hashes(texts))])[0]
    again = migrate(endpoint, "--memory", "bert.smith", "--yes")
    assert "the memory has all of it" in again.stderr
    assert len(records(endpoint, "bert-smith_c7737a93")) == 3


def test_what_is_new_is_added_and_what_was_deleted_stays_deleted_unless_asked(endpoint: RunningEndpoint) -> None:
    user = ("--memory", "carla", "--yes")
    summarise(endpoint, "carla", ["First."])
    assert migrate(endpoint, *user).exit_code == 0
    summarise(endpoint, "carla", ["Second.", "Second."], "later")
    assert migrate(endpoint, *user).exit_code == 0
    assert len(records(endpoint, "carla")) == 3
    place = ("--endpoint-url", endpoint.url, "--backend", "agentcore")
    assert CliRunner().invoke(travel_tui, ["memory", "delete", "--memory", "carla", "--yes", *place]).exit_code == 0
    left = migrate(endpoint, *user)
    assert "3 records of an earlier run are not listed" in left.stderr
    assert records(endpoint, "carla") == []
    assert migrate(endpoint, *user, "--again").exit_code == 0
    assert len(records(endpoint, "carla")) == 3


def test_refused_records_are_told_with_their_reason_and_tried_again(endpoint: RunningEndpoint) -> None:
    summarise(endpoint, "dora", [f"Text {number}." for number in range(5)])
    endpoint.do(lambda its: its.faults.add([read_fault("BatchCreateMemoryRecords=batch-partly-fails:1")]))
    done = migrate(endpoint, "--memory", "dora", "--yes")
    assert done.exit_code == 1
    assert "3 records failed: 500: A fault refuses this record." in done.stdout
    assert "3 records could not be written. Run this again" in done.stderr
    assert len(records(endpoint, "dora")) == 2
    assert migrate(endpoint, "--memory", "dora", "--yes").exit_code == 0
    assert hashes([each["content"]["text"] for each in records(endpoint, "dora")]) == hashes(
        [f"Text {number}." for number in range(5)]
    )


def test_a_long_summary_is_written_in_parts_and_an_empty_one_is_told(endpoint: RunningEndpoint) -> None:
    long = "".join(f"<topic name='{number}'>{'word ' * 1000}</topic>" for number in range(8))
    summarise(endpoint, "emil", [long, "  "])
    done = migrate(endpoint, "--memory", "emil", "--yes", "--json")
    told = json.loads(done.stdout)
    assert (told["summaries"], told["written"], told["empty"]) == (2, 3, 1)
    parts = {each["sha256"]: number for number, each in enumerate(told["records"])}
    there = records(endpoint, "emil")
    joined = sorted(there, key=lambda each: parts[hashes([each["content"]["text"]])[0]])
    assert "".join(each["content"]["text"] for each in joined) == long


def test_the_config_and_the_archive_know_both_ends_and_the_users(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    place = ("--endpoint-url", endpoint.url)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(travel_tui, [*arguments, *place])
        assert done.exit_code == 0, done.output
        return done.stdout

    run("connect", "--agent-id", "TRAVELDEMO", "--alias-id", "TSTALIASID", "--name", "old", "--memory", "frida")
    run("connect", "--memory-id", MEMORY, "--name", "new", "--no-default")
    run("ask", "Hello", "--agent", "old", "--memory", "gerd")
    for user in ("frida", "gerd", "hanna", "ida"):
        summarise(endpoint, user, [f"About {user}."])
    told = run("migrate", "--json")
    assert {json.loads(line)["memory_id"] for line in told.splitlines()} == {"frida", "gerd"}
    assert CliRunner().invoke(travel_tui, ["config", "use", "new"]).exit_code == 0
    assert run("migrate", "--json") == told, "the only agent of Bedrock is meant"
    file = tmp_path / "users.txt"
    file.write_text("hanna\n\nida\r\n")
    told = run("migrate", "--to", "new", "--memories", str(file), "--yes", "--json")
    assert [json.loads(line)["written"] for line in told.splitlines()] == [1, 1]
    file.write_text("\n \n")
    refused = CliRunner().invoke(travel_tui, ["migrate", "--to", "new", "--memories", str(file), "--yes", *place])
    assert (refused.exit_code, "names nobody" in refused.stderr) == (2, True), "not everybody"
    refused = CliRunner().invoke(travel_tui, ["migrate", "--agent", "new", *place])
    assert (refused.exit_code, "is an agent of AgentCore" in refused.stderr) == (2, True)
    refused = CliRunner().invoke(travel_tui, ["migrate", "--to", "old", *place])
    assert (refused.exit_code, "takes no records" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--memory", "no/pe"), 2, "cannot be used"),
        (("--yes", "--dry-run", "--memory", "anna"), 2, "leave out one of them"),
        (("--memory", "anna", "--to", "x"), 2, "use only one of them"),
        ((), 2, "--memories FILE"),
        (("--memory", "anna", "--strategy", "none"), 1, "summaries (summary)"),
        (("--memory", "anna", "--agent-id", "NOAGENT"), 1, "not found"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_next_step(
    endpoint: RunningEndpoint, arguments: tuple[str, ...], status: int, says: str
) -> None:
    done = migrate(endpoint, *arguments)
    assert (done.exit_code, says in done.stderr) == (status, True), done.output


def test_without_a_target_the_ways_to_one_are_named(endpoint: RunningEndpoint) -> None:
    done = CliRunner().invoke(travel_tui, ["migrate", "--endpoint-url", endpoint.url, "--memory", "anna"])
    assert done.exit_code == 2
    assert "--to-memory-id ID" in done.stderr
    assert not config_file().exists()


def test_a_damaged_state_is_named_and_nothing_is_written(endpoint: RunningEndpoint) -> None:
    summarise(endpoint, "julia", ["Text."])
    assert migrate(endpoint, "--memory", "julia", "--yes").exit_code == 0
    (state,) = migrations().glob("*.json")
    state.write_text('{"version": 1')
    damaged = migrate(endpoint, "--memory", "julia", "--yes")
    assert (damaged.exit_code, f"{state}, cannot be read" in damaged.stderr) == (1, True)
    state.write_text('{"version": 2}')
    assert "newer travel-tui" in migrate(endpoint, "--memory", "julia", "--yes").stderr
    state.unlink()
    assert "has all of it" in migrate(endpoint, "--memory", "julia", "--yes").stderr
    assert len(records(endpoint, "julia")) == 1


def test_on_a_terminal_it_asks(endpoint: RunningEndpoint) -> None:
    summarise(endpoint, "karl", ["Text."])
    command = ("migrate", "--endpoint-url", endpoint.url, "--to-memory-id", MEMORY, "--memory", "karl")
    with running(*command, columns=100, rows=30) as person:
        person.sees("to write", "Write 1 record?")
        person.send("y\r")
        person.sees("written")
        assert person.ended() == 0
    assert len(records(endpoint, "karl")) == 1


def test_it_warns_where_the_records_go_with_a_harness_or_are_not_recalled(endpoint: RunningEndpoint) -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(travel_tui, [*arguments, "--endpoint-url", endpoint.url])

    harness_id = managed_harness(endpoint)
    summarise(endpoint, "lena", ["Text."])
    assert run("connect", "--harness", harness_id, "--name", "own").exit_code == 0
    done = run("migrate", "--agent-id", "TRAVELDEMO", "--memory", "lena", "--yes")
    assert done.exit_code == 0, done.output
    assert "The memory is managed by its harness" in done.stderr
    assert "The harness does not look into /strategies/" in done.stderr
    assert "The harness does not look into" not in migrate(endpoint, "--memory", "lena", "--yes").stderr


def managed_harness(endpoint: RunningEndpoint) -> str:
    """Create a harness with a managed memory, as one that leaves its memory out has it, and return its id."""
    principal = {"Service": "bedrock-agentcore.amazonaws.com"}
    trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    iam = client_at(endpoint.url, endpoint.key, "iam")
    role = iam.create_role(RoleName="managed", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    control = client_at(endpoint.url, endpoint.key, "bedrock-agentcore-control")
    made = control.create_harness(harnessName="managed", executionRoleArn=role)["harness"]["harnessId"]
    until(lambda: control.get_harness(harnessId=made)["harness"]["status"] == "READY")
    return str(made)
