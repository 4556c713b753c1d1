"""Provision and destroy a harness with its memory: built, kept, changed, resumed after any failure, and removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from provision.errors import ProvisionError
from tests.agentcore.harness import SESSION
from tests.endpoint import until
from tests.provision.sandbox import HARNESS_SPEC as SPEC
from tests.provision.sandbox import Sandbox, running_sandbox
from travel_tui.agent import ReturnControl, TurnCompleted, TurnRequest
from travel_tui.backends.agentcore.client import open_agent
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.cli import travel_tui

BOOK = "Please book a trip from Boston to NYC from 2031-07-11 to 2031-07-22, by air."


async def test_a_harness_is_built_kept_changed_used_and_removed(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        entry = sandbox.provision(SPEC)
        assert sandbox.left_to_do(SPEC) == []
        assert entry.agentcore is not None
        control = sandbox.uncounted_client("bedrock-agentcore-control")
        harness = control.get_harness(harnessId=entry.agent_id)["harness"]
        assert harness["allowedTools"] == [each["name"] for each in harness["tools"]]
        memory = control.get_memory(memoryId=entry.agentcore.agentcore_memory_id)["memory"]
        assert harness["memory"]["agentCoreMemoryConfiguration"]["arn"] == memory["arn"]
        role = sandbox.uncounted_client("iam").get_role_policy(RoleName=SPEC.harness_role, PolicyName="travel-tui")
        assert memory["arn"] in json.dumps(role["PolicyDocument"])

        agent = open_agent(entry, isolated=_key(sandbox))
        control_returned = [event async for event in agent.invoke(TurnRequest(BOOK, SESSION, "anna"))][-1]
        assert isinstance(control_returned, ReturnControl)
        result = await agent.run_function(control_returned.calls[0])
        assert "booking_id" in result.text
        answer = TurnRequest("", SESSION, "anna", invocation_id=control_returned.invocation_id, returned=(result,))
        assert [event async for event in agent.invoke(answer)][-1] == TurnCompleted()

        changed = replace(SPEC, storage_days=90, instruction="You book, change and cancel trips by train or by air.")
        assert sandbox.left_to_do(changed) == [("memory", "change"), ("harness", "change")]
        sandbox.provision(changed)
        assert sandbox.left_to_do(changed) == []
        assert sandbox.destroy(changed) == []
        assert not any(sandbox.everything().values())


@contextmanager
def command(tmp_path: Path) -> Iterator[list[str]]:
    """The options of a command at an endpoint."""
    with running_sandbox(tmp_path, realistic=False) as sandbox:
        yield ["--endpoint-url", sandbox.endpoint.url, "--config", str(tmp_path / "config.toml")]


def test_the_commands_build_it_write_the_config_and_remove_it(tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(travel_tui, [*arguments, *place])
        assert done.exit_code == 0, done.output
        return done.output

    with command(tmp_path) as place:
        assert "+ harness" in run("provision", "--backend", "agentcore", "--dry-run")
        assert "travel-harness" in run("provision", "--backend", "agentcore", "--yes", "--memory", "anna")
        config = (tmp_path / "config.toml").read_text()
        for line in ('backend = "agentcore"', 'run_functions = "lambda"', 'harness = "travel_harness"'):
            assert line in config
        assert "= harness" in run("provision", "--backend", "agentcore", "--dry-run")
        policy = json.loads(run("provision", "--backend", "agentcore", "--print-policy"))
        assert "bedrock-agentcore:CreateHarness" in json.dumps(policy)
        assert "booking id" in run("ask", BOOK)
        assert "all events and memories" in run("destroy", "--yes")
        assert "travel-harness" not in (tmp_path / "config.toml").read_text()


def test_options_and_names_of_the_other_service_are_refused(tmp_path: Path) -> None:
    with command(tmp_path) as place:
        alias = CliRunner().invoke(travel_tui, ["provision", "--backend", "agentcore", "--alias", "live", *place])
        assert (alias.exit_code, "are for agents of Bedrock" in alias.stderr) == (2, True)
        assert CliRunner().invoke(travel_tui, ["provision", "--backend", "agentcore", "--yes", *place]).exit_code == 0
        other = CliRunner().invoke(travel_tui, ["provision", "--name", "travel-harness", "--yes", *place])
        assert (other.exit_code, "Choose another --name" in other.stderr) == (1, True)


def _key(sandbox: Sandbox) -> Credentials:
    return Credentials(sandbox.endpoint.key.access_key_id, sandbox.endpoint.key.secret_access_key)


def test_a_harness_is_adopted_but_never_at_the_price_of_a_memory_that_it_manages(tmp_path: Path) -> None:
    with running_sandbox(tmp_path, realistic=False) as sandbox:
        control, role = sandbox.uncounted_client("bedrock-agentcore-control"), _role(sandbox)
        made = control.create_harness(harnessName="travel_harness", executionRoleArn=role)["harness"]["harnessId"]
        until(lambda: control.get_harness(harnessId=made)["harness"]["status"] == "READY")
        memories = [each["id"] for each in control.list_memories()["memories"]]
        with pytest.raises(ProvisionError, match="--adopt"):
            sandbox.provision(SPEC)
        with pytest.raises(ProvisionError, match="It manages its own memory"):
            sandbox.provision(SPEC, adopt=True)
        assert [each["id"] for each in control.list_memories()["memories"]] == memories
        assert sandbox.everything()["functions"] == []

        control.update_harness(harnessId=made, memory={"optionalValue": {"disabled": {}}})
        until(lambda: control.get_harness(harnessId=made)["harness"]["status"] == "READY")
        assert sandbox.provision(SPEC, adopt=True).agent_id == made
        assert sandbox.left_to_do(SPEC) == []


def _role(sandbox: Sandbox) -> str:
    principal = {"Service": "bedrock-agentcore.amazonaws.com"}
    trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    made = sandbox.uncounted_client("iam").create_role(RoleName="adopted", AssumeRolePolicyDocument=json.dumps(trust))
    return str(made["Role"]["Arn"])
