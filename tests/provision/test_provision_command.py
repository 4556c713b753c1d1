"""`travel-tui provision` and `travel-tui destroy` as commands."""

from __future__ import annotations

import json
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from provision.spec import Spec
from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint, until
from tests.parts import in_part
from travel_tui.cli import travel_tui
from travel_tui.config import load
from travel_tui.local.faults import read_fault


class Shell:
    """A shell without a terminal, a config of its own, and an endpoint instead of AWS."""

    def __init__(self, endpoint: RunningEndpoint, folder: Path) -> None:
        self.endpoint, self.config = endpoint, folder / "config.toml"

    def run(self, command: str, *options: str) -> Result:
        place = ["--endpoint-url", self.endpoint.url, "--config", str(self.config)]
        return CliRunner().invoke(travel_tui, [command, *place, *options])


@pytest.fixture
def shell(endpoint: RunningEndpoint, tmp_path: Path) -> Shell:
    return Shell(endpoint, tmp_path)


def test_provision_writes_the_config_and_destroy_takes_it_back(shell: Shell) -> None:
    done = shell.run("provision")
    assert done.exit_code == 0, done.output
    assert "✓ function role created" in done.stderr
    config = load(shell.config)
    assert config is not None
    agent = config.chosen()
    assert agent.provisioned is not None
    assert (agent.memory_days, agent.alias_id) == (30, "TSTALIASID")
    again = shell.run("provision")
    assert "Everything is up to date." in again.stdout
    refused = shell.run("destroy")
    assert (refused.exit_code, "--yes" in refused.stderr) == (2, True)
    gone = shell.run("destroy", "--yes")
    assert gone.exit_code == 0, gone.output
    assert "all memories" in gone.stderr
    assert "✓ action group  removed with the agent" in gone.stderr
    after = load(shell.config)
    assert after is not None
    assert not after.agents
    assert "Nothing of" in shell.run("destroy", "--yes").stdout


def test_an_instruction_that_is_too_long_is_told_with_its_real_size(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "instruction.txt"
    for size, said in ((4_001, "this one has 4,001"), (198_890, "this file has over 100,000 bytes")):
        file.write_text("x" * size)
        done = shell.run("provision", "--instruction", str(file))
        assert (done.exit_code, said in done.stderr) == (2, True), done.output


def test_an_alias_that_is_asked_for_no_more_is_named_and_goes_with_its_agent(shell: Shell) -> None:
    assert shell.run("provision", "--alias", "live").exit_code == 0
    done = shell.run("provision")
    assert "of an earlier run is kept" in done.stderr
    assert "with alias TSTALIASID is in" in done.stdout
    assert shell.run("destroy", "--yes").exit_code == 0
    assert "Nothing of" in shell.run("destroy", "--yes").stdout


@pytest.mark.parametrize("at", in_part(["CreateRole", "CreateFunction", "CreateAgent", "PrepareAgent"], 4))
def test_killed_while_it_works_it_is_completed_by_the_next_run(shell: Shell, at: str) -> None:
    shell.endpoint.do(lambda its: its.faults.add([read_fault(f"{at}=stall")]))
    place = ["--endpoint-url", shell.endpoint.url, "--config", str(shell.config)]
    with subprocess.Popen([sys.executable, "-m", "travel_tui", "provision", *place], stderr=subprocess.DEVNULL) as run:
        try:
            until(lambda: at in {call["operation"] for call in shell.endpoint.do(lambda its: list(its.calls))})
        finally:
            run.kill()
    shell.endpoint.do(lambda its: its.faults.clear())
    assert shell.run("provision").exit_code == 0
    assert "Everything is up to date." in shell.run("provision").stdout
    assert shell.run("destroy", "--yes").exit_code == 0
    assert "Nothing of" in shell.run("destroy", "--yes").stdout


def test_a_dry_run_shows_the_plan_and_builds_nothing(shell: Shell) -> None:
    done = shell.run("provision", "--dry-run", "--alias", "live")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["+"] * 10
    assert not shell.config.exists()
    assert {call["operation"][:3] for call in shell.endpoint.do(lambda its: list(its.calls))} <= {"Get", "Lis", "Des"}


def test_the_closed_door_names_the_ways_out_and_keeps_or_removes(shell: Shell) -> None:
    shell.endpoint.do(lambda its: its.faults.add([read_fault("CreateAgent=maintenance-mode")]))
    kept = shell.run("provision")
    assert kept.exit_code == 1
    assert "travel-tui connect" in kept.stderr
    assert "travel-tui demo" in kept.stderr
    assert "Build it on AgentCore with `travel-tui provision --backend agentcore --name travel-harness" in kept.stderr
    assert "What was created so far is kept" in kept.stderr
    removed = shell.run("provision", "--if-closed", "remove")
    assert removed.exit_code == 1
    assert "Nothing of" in shell.run("destroy", "--yes").stdout


def test_the_command_for_agentcore_has_the_options_that_were_given(shell: Shell) -> None:
    shell.endpoint.do(lambda its: its.faults.add([read_fault("CreateAgent=maintenance-mode")]))
    given = ("--name", "trips", "--storage-days", "90", "--no-table", "--memory", "anna")
    done = shell.run("provision", *given, "--alias", "live", "--recent-sessions", "3", "--if-closed", "remove")
    advised = done.stderr.partition("Build it on AgentCore with `travel-tui ")[2].partition("`")[0].split()
    assert advised[:3] == ["provision", "--backend", "agentcore"]
    assert set(given) < set(advised)
    planned = CliRunner().invoke(travel_tui, [*advised, "--dry-run"])
    assert planned.exit_code == 0, planned.output
    assert "+ harness" in planned.stdout
    assert "+ table" not in planned.stdout


def test_in_a_terminal_agentcore_is_offered_at_once(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    endpoint.do(lambda its: its.faults.add([read_fault("CreateAgent=maintenance-mode")]))
    place = ("--endpoint-url", endpoint.url, "--config", str(tmp_path / "config.toml"))
    with running("provision", *place, "--name", "trips", columns=100, rows=60) as person:
        person.sees("Create this?")
        person.send("\r")
        person.sees("AWS does not create new agents for this account.", "+ harness", "Build it there instead")
        person.send("\r")
        person.sees("Remove what was created for the agent (agent role)?")  # the rest is the harness's too
        person.send("\r")
        person.sees("= function role kept", "✓ harness", "Done. Harness trips-")
        assert person.ended() == 0
    config = load(tmp_path / "config.toml")
    assert config is not None
    assert config.chosen().backend == "agentcore"


def test_what_an_interrupted_run_made_on_agentcore_is_found_by_its_name(shell: Shell) -> None:
    shell.endpoint.do(lambda its: its.faults.add([read_fault("CreateHarness=AccessDeniedException:1")]))
    denied = shell.run("provision", "--backend", "agentcore", "--name", "trips")
    assert denied.exit_code == 1
    assert "bedrock-agentcore:CreateHarness" in denied.stderr
    assert "provision --backend agentcore --name trips" in denied.stderr.partition("--print-policy")[0]
    gone = shell.run("destroy", "--yes", "--name", "trips")
    assert gone.exit_code == 0, gone.output
    assert "✓ memory" in gone.stderr
    assert "Nothing of" in shell.run("destroy", "--yes", "--backend", "agentcore", "--name", "trips").stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--name", "a--b"), "--name may have letters"),
        (("--alias", "a b"), "--alias may have letters"),
        (("--alias", ""), "--alias may have letters"),
        (("--model", ""), "--model is ''"),
        (("--model", "my model"), "--model is 'my model'"),
        (("--storage-days", "0"), "1<=x<=365"),
        (("--memory", "no/pe"), "cannot be used"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_asked(shell: Shell, options: tuple[str, ...], said: str) -> None:
    done = shell.run("provision", *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_name_that_the_config_has_for_another_agent_is_refused(shell: Shell) -> None:
    shell.config.write_text('[agents.mine]\nagent_id = "AGENT1"\nalias_id = "TSTALIASID"\n')
    done = shell.run("provision", "--name", "mine")
    assert done.exit_code == 1
    assert "Choose another --name" in done.stderr
    assert "was not provisioned" in shell.run("destroy", "--name", "mine").stderr


def test_the_policy_is_printed_as_json(shell: Shell) -> None:
    policy = json.loads(shell.run("provision", "--print-policy").stdout)
    assert policy["Version"] == "2012-10-17"
    assert any("iam:PassRole" in statement["Action"] for statement in policy["Statement"])


@pytest.mark.parametrize("name", ["travel", "a-name-that-is-too-long-to-be-part-of-others" * 2])
@pytest.mark.parametrize("options", [(), ("--region", "eu-central-1")])
def test_the_policy_needs_no_credentials_and_covers_what_is_built_with_them(
    name: str, options: tuple[str, ...]
) -> None:
    name = name[:80]
    done = CliRunner().invoke(travel_tui, ["provision", "--print-policy", "--name", name, *options])
    assert done.exit_code == 0, done.output
    unknown = "ACCOUNT" if options else "REGION and ACCOUNT"
    assert done.stderr == f"Replace {unknown} with your own values.\n"
    policy = json.loads(done.stdout.replace("REGION", "eu-central-1").replace("ACCOUNT", "123456789012"))
    patterns = {statement["Sid"]: statement["Resource"] for statement in policy["Statement"]}
    built = Spec("eu-central-1", "123456789012", name=name)
    for sid, arn in (
        ("Function", built.arn("lambda", f"function:{built.function}")),
        ("Log", built.arn("logs", f"log-group:{built.log_group}")),
        ("Roles", built.role_arn(built.function_role)),
        ("Roles", built.role_arn(built.agent_role)),
    ):
        assert any(fnmatchcase(arn, pattern) for pattern in patterns[sid]), (arn, patterns[sid])


def test_an_error_before_anything_began_speaks_of_no_resuming() -> None:
    done = CliRunner().invoke(
        travel_tui, ["provision", "--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:9"]
    )
    assert done.exit_code == 1
    assert "run `travel-tui provision" in done.stderr
    assert "resume" not in done.stderr


def test_in_a_terminal_it_shows_the_plan_asks_and_follows_each_line(endpoint: RunningEndpoint, tmp_path: Path) -> None:
    place = ("--endpoint-url", endpoint.url, "--config", str(tmp_path / "config.toml"))
    with running("provision", *place, columns=80, rows=30) as terminal:
        terminal.sees("+ agent role", "Create this?")
        terminal.send("\r")
        terminal.sees("✓ preparation", "Done.", "Chat with it")
        assert terminal.ended() == 0
    with running("destroy", *place, columns=80, rows=30) as terminal:
        terminal.sees("This permanently deletes", "Remove all of this?")
        terminal.send("y\r")
        terminal.sees("✓ agent role", "were removed from")
        assert terminal.ended() == 0
