"""Provision and destroy a harness with its memory: built, kept, changed, resumed after any failure, and removed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from provision.agentcore import BUILT_IN
from provision.errors import ProvisionError
from provision.spec import Spec
from tests.agentcore.harness import SESSION
from tests.provision.sandbox import ACCOUNT, AFTER, KINDS, InjectedFailure, Killed, Sandbox, running_sandbox
from travel_tui.agent import ReturnControl, TurnCompleted, TurnRequest
from travel_tui.backends.agentcore.client import open_agent
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.cli import travel_tui

SPEC = Spec("us-east-1", ACCOUNT, name="travel-harness", backend="agentcore")
CALLS = 60
"""About as many as a provision makes; a number beyond its last call is a run without a failure."""
BOOK = "Please book a trip from Boston to NYC from 2031-07-11 to 2031-07-22, by air."


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 repeats calls without pausing."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def existing(sandbox: Sandbox) -> tuple[list[str], list[str]]:
    """Names of the harnesses, and ids of the memories, that are not there from the start."""
    control = sandbox.uncounted_client("bedrock-agentcore-control")
    harnesses = [each["harnessName"] for each in control.list_harnesses()["harnesses"] if each["harnessId"] != BUILT_IN]
    return harnesses, [each["id"] for each in control.list_memories()["memories"] if each["id"] != BUILT_IN]


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
        assert existing(sandbox) == ([], [])
        assert sandbox.everything()["roles"] == []


def test_a_provision_that_failed_anywhere_is_completed_by_the_next(tmp_path: Path) -> None:
    every = [InjectedFailure(kind, at) for at in range(CALLS) for kind in (*KINDS, *AFTER)]
    tried = every if os.environ.get("TRAVEL_TUI_SOAK") else random.Random(7).sample(every, 4)
    with running_sandbox(tmp_path) as sandbox:
        for failure in tried:
            sandbox.reset()
            sandbox.config = tmp_path / f"{failure.kind}-{failure.at}" / "config.toml"
            with suppress(ProvisionError, Killed):
                sandbox.provision(SPEC, failure)
            sandbox.endpoint.do(lambda its: its.faults.clear())
            sandbox.provision(SPEC)
            harnesses, memories = existing(sandbox)
            assert (harnesses, len(memories)) == (["travel_harness"], 1), failure
            assert sandbox.left_to_do(SPEC) == [], failure


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
