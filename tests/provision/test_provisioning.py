"""What provision builds, changes and keeps, and what destroy leaves: on an endpoint with AWS's own times."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from provision.errors import ProvisionError
from provision.package import package
from provision.policies import provision_policy
from provision.state_file import BusyError, locked
from tests.parts import rows_in_part
from tests.provision.sandbox import (
    ACCOUNT,
    HARNESS_SPEC,
    NAME,
    SPEC,
    WHOLE,
    InjectedFailure,
    Killed,
    Sandbox,
    counts,
    running_sandbox,
    without_alias,
)
from travel_tui.agent import TextDelta, TurnRequest
from travel_tui.backends.factory import open_agent
from travel_tui.cli.provision_output import ProgressTable
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.faults import read_fault
from travel_tui.local.runtime.agentcore_resources import MEMORY
from travel_tui.local.runtime.functions import packaged_code


@pytest.fixture(scope="module")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as opened:
        yield opened


@pytest.fixture
def sandbox(shared_sandbox: Sandbox, tmp_path: Path) -> Sandbox:
    """A sandbox as at its first start; boto3's clients, which take longest to make, are those of the test before."""
    shared_sandbox.reset()
    shared_sandbox.config = tmp_path / "config.toml"
    return shared_sandbox


async def test_the_agent_that_is_built_books_and_remembers(sandbox: Sandbox) -> None:
    entry = sandbox.provision()
    assert counts(sandbox.everything()) == WHOLE
    agent = open_agent(entry)
    text = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
    events = [event async for event in agent.invoke(TurnRequest(text, "session-1", "anna"))]
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert "booking id" in said, said
    await agent.end_session("session-1", "anna")
    sandbox.endpoint.advance(minutes=2)
    (summary,) = await agent.list_memories("anna")
    assert "Paris" in summary.text
    assert (entry.name, entry.memory_days, entry.region) == (NAME, 30, "us-east-1")


def test_run_again_nothing_is_written(sandbox: Sandbox) -> None:
    first = sandbox.provision()
    before = sandbox.everything()
    assert sandbox.provision() == first
    assert sandbox.everything() == before
    assert {name for _, name in sandbox.calls} <= {
        "GetRole", "ListRoleTags", "GetRolePolicy", "DescribeTable", "ListTagsOfResource", "DescribeTimeToLive",
        "DescribeLogGroups", "ListTagsForResource", "ListAgents", "GetAgent", "GetFunction", "GetPolicy",
        "ListAgentActionGroups", "GetAgentActionGroup", "ListAgentAliases",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kinds"),
    rows_in_part(
        [
            ({"instruction": "You are another travel agent, who knows but trains and boats."}, {"agent"}),
            ({"storage_days": 60}, {"agent"}),
            ({"recent_sessions": 5}, {"agent"}),
            ({"model": "amazon.nova-pro-v1:0"}, {"agent", "agent role"}),
        ],
        4,
    ),
)
def test_what_differs_is_changed_and_prepared_again(
    sandbox: Sandbox, change: dict[str, object], kinds: set[str]
) -> None:
    sandbox.provision()
    spec = replace(SPEC, **change)  # type: ignore[arg-type]
    assert {kind for kind, _ in sandbox.left_to_do(spec)} == kinds | {"preparation", "alias"}
    sandbox.provision(spec)
    assert sandbox.left_to_do(spec) == []
    assert counts(sandbox.everything()) == WHOLE


def test_without_a_table_there_is_none_and_the_function_may_use_none(sandbox: Sandbox) -> None:
    spec = replace(without_alias(), table=False)
    entry = sandbox.provision(spec)
    assert counts(sandbox.everything()) == {**WHOLE, "tables": 0, "aliases": 0}
    assert entry.alias_id == "TSTALIASID"
    assert sandbox.left_to_do(spec) == []


def test_agents_of_two_names_stand_side_by_side_and_go_one_by_one(sandbox: Sandbox) -> None:
    other = replace(SPEC, name="another-one")
    sandbox.provision()
    sandbox.provision(other)
    assert counts(sandbox.everything()) == {kind: 2 * number for kind, number in WHOLE.items()}
    assert sandbox.destroy(other) == []
    assert counts(sandbox.everything()) == WHOLE
    assert sandbox.left_to_do() == []


def test_only_this_agent_may_call_the_function(sandbox: Sandbox) -> None:
    entry = sandbox.provision()
    (statement,) = sandbox.policy_of(SPEC.function)
    said = json.dumps(statement["Condition"])
    assert f":agent/{entry.agent_id}" in said
    assert ACCOUNT in said


def test_what_was_not_built_here_is_left_alone_unless_it_is_adopted(sandbox: Sandbox) -> None:
    with closing(sandbox._client("dynamodb")) as tables:
        tables.create_table(
            TableName=SPEC.table_name,
            AttributeDefinitions=[{"AttributeName": "booking_id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "booking_id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    with pytest.raises(ProvisionError, match=r"table .*--adopt"):
        sandbox.provision()
    assert counts(sandbox.everything()) == {**dict.fromkeys(WHOLE, 0), "tables": 1}
    sandbox.provision(adopt=True)
    assert sandbox.left_to_do() == []


def test_destroy_leaves_nothing_and_says_so_of_what_is_not_there(sandbox: Sandbox) -> None:
    sandbox.provision()
    assert sandbox.destroy() == []
    assert counts(sandbox.everything()) == dict.fromkeys(WHOLE, 0)
    assert sandbox.destroy() == []
    assert not sandbox.project().record.path.exists()


def test_destroy_finds_everything_without_the_record(sandbox: Sandbox) -> None:
    sandbox.provision()
    sandbox.project().record.forget()
    assert sandbox.destroy() == []
    assert counts(sandbox.everything()) == dict.fromkeys(WHOLE, 0)


def test_destroy_goes_on_after_an_error_and_names_what_is_left(sandbox: Sandbox) -> None:
    sandbox.provision()
    sandbox.endpoint.do(lambda its: its.faults.add([read_fault("DeleteTable=AccessDeniedException:1")]))
    (left,) = sandbox.destroy()
    assert left.resource.kind == "table"
    assert "dynamodb:DeleteTable" in left.why
    assert counts(sandbox.everything()) == {**dict.fromkeys(WHOLE, 0), "tables": 1}
    assert sandbox.destroy() == []


def test_a_closed_door_is_not_knocked_at_twice(sandbox: Sandbox) -> None:
    sandbox.endpoint.do(lambda its: its.faults.add([read_fault("CreateAgent=maintenance-mode")]))
    with pytest.raises(ProvisionError, match="travel-tui connect") as refused:
        sandbox.provision()
    assert refused.value.closed
    assert [name for _, name in sandbox.calls].count("CreateAgent") == 1
    project = sandbox.project()
    assert project.destroy(project.existing(), lambda *_: None) == []
    assert counts(sandbox.everything()) == dict.fromkeys(WHOLE, 0)


def test_a_missing_permission_is_named_with_the_statement_to_add(sandbox: Sandbox) -> None:
    sandbox.endpoint.do(lambda its: its.faults.add([read_fault("CreateTable=AccessDeniedException")]))
    with pytest.raises(ProvisionError) as refused:
        sandbox.provision()
    said = str(refused.value)
    assert "table travel-assistant-with-memory-bookings" in said
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/travel-assistant-with-memory-bookings"
    assert f'{{"Effect": "Allow", "Action": "dynamodb:CreateTable", "Resource": "{table}"}}' in said
    assert [name for _, name in sandbox.calls].count("CreateTable") == 1


def test_a_permission_that_looking_misses_is_named_for_what_is_looked_at(sandbox: Sandbox) -> None:
    sandbox.endpoint.do(lambda its: its.faults.add([read_fault("ListTagsOfResource=AccessDeniedException")]))
    sandbox.provision()
    with pytest.raises(ProvisionError) as refused:
        sandbox.provision()
    assert '"Action": "dynamodb:ListTagsOfResource", "Resource": "arn:aws:dynamodb' in str(refused.value)


def test_the_policy_allows_exactly_the_calls_that_are_made(sandbox: Sandbox) -> None:
    made: set[str] = set()
    spec = replace(SPEC, recent_sessions=5)

    def note() -> None:
        prefix = {"bedrock-agent": "bedrock"}
        made.update(f"{prefix.get(service, service)}:{name}" for service, name in sandbox.calls)

    sandbox.project().account()
    made.add("sts:GetCallerIdentity")
    with closing(sandbox._client("logs")) as logs, closing(sandbox._client("lambda")) as functions:
        sandbox.provision()
        note()
        logs.untag_resource(
            resourceArn=f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{SPEC.log_group}", tagKeys=["travel-tui"]
        )
        arn = functions.get_function(FunctionName=SPEC.function)["Configuration"]["FunctionArn"]
        functions.untag_resource(Resource=arn, TagKeys=["travel-tui"])
        functions.update_function_configuration(FunctionName=SPEC.function, Timeout=3)
        sandbox.endpoint.advance(seconds=10)
        functions.update_function_code(FunctionName=SPEC.function, ZipFile=package(Path(__file__).parent))
        sandbox.endpoint.advance(seconds=10)
        functions.remove_permission(FunctionName=SPEC.function, StatementId="allow_bedrock")
        functions.add_permission(
            FunctionName=SPEC.function,
            StatementId="allow_bedrock",
            Action="lambda:InvokeFunction",
            Principal="bedrock.amazonaws.com",
        )
    with closing(sandbox._client("dynamodb")) as tables, closing(sandbox._client("bedrock-agent")) as agents:
        table = tables.describe_table(TableName=SPEC.table_name)["Table"]["TableArn"]
        tables.untag_resource(ResourceArn=table, TagKeys=["travel-tui"])
        (agent_id,) = sandbox.everything()["agents"]
        of_draft = {"agentId": agent_id, "agentVersion": "DRAFT"}
        (group,) = agents.list_agent_action_groups(**of_draft)["actionGroupSummaries"]
        found = agents.get_agent_action_group(**of_draft, actionGroupId=group["actionGroupId"])["agentActionGroup"]
        agents.update_agent_action_group(
            **of_draft,
            actionGroupId=group["actionGroupId"],
            actionGroupName=group["actionGroupName"],
            description="another",
            actionGroupExecutor=found["actionGroupExecutor"],
            functionSchema=found["functionSchema"],
        )
    with closing(sandbox._client("iam")) as iam:
        iam.untag_role(RoleName=SPEC.function_role, TagKeys=["travel-tui"])
    sandbox.provision(spec, adopt=True)
    note()
    sandbox.destroy(spec)
    note()
    policy = provision_policy(spec)
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]} - {"iam:PassRole"}
    assert made == allowed


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for file in sorted(packaged_code().glob("*.py"), reverse=folder == "two"):
            (tmp_path / folder / file.name).write_bytes(file.read_bytes())
    assert package(tmp_path / "one") == package(tmp_path / "two") == package(packaged_code())


def test_two_at_once_on_one_config_is_one_too_many(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    with locked(config), pytest.raises(BusyError, match=r"config\.toml \(process \d+\)"), locked(config):
        pass
    with locked(config):
        pass


def test_waiting_says_for_what(sandbox: Sandbox) -> None:
    sandbox.provision()
    waits = {progress.waits_for for progress in sandbox.told}
    assert {"CREATING", "PREPARING", "its role to propagate"} <= waits


def test_the_seconds_of_all_lines_end_in_one_column(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.provision()
    with ProgressTable() as lines:
        for progress in sandbox.told:
            lines.progress(progress)
    shown = [line for line in capsys.readouterr().err.splitlines() if line.endswith(" s")]
    assert any("waits for its role to propagate" in line for line in shown)
    assert len({len(line) for line in shown}) == 1, shown


def test_a_run_that_was_killed_is_gone_on_with(sandbox: Sandbox) -> None:
    with suppress(Killed):
        sandbox.provision(failure=InjectedFailure("killed", 25))
    sandbox.provision()
    assert counts(sandbox.everything()) == WHOLE


def test_each_resource_takes_its_own_time_and_not_that_of_others(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        sandbox.provision(HARNESS_SPEC)
        took = {each.step.resource.kind: each.seconds for each in sandbox.told if each.phase == "done"}
    assert took["memory"] > 10
    assert took["function role"] == took["log group"] == 0
    assert took["table"] < 15


def test_what_has_failed_is_told_with_the_way_out_and_can_be_removed(sandbox: Sandbox) -> None:
    sandbox.provision()
    (agent_id,) = sandbox.everything()["agents"]

    def fail(its: Endpoint) -> None:
        agents = its.at("us-east-1").agents
        agents.save_agent((agents.agent(agent_id) or {}) | {"agentStatus": "FAILED", "failureReasons": ["No model."]})

    sandbox.endpoint.do(fail)
    with pytest.raises(ProvisionError, match=r"No model\. .* `travel-tui destroy --name .* removes it all"):
        sandbox.provision()
    assert sandbox.destroy() == []
    assert counts(sandbox.everything()) == dict.fromkeys(WHOLE, 0)


def test_a_memory_whose_creation_failed_can_be_removed(sandbox: Sandbox) -> None:
    sandbox.provision(HARNESS_SPEC)
    (memory_id,) = sandbox.everything()["memories"]

    def fail(its: Endpoint) -> None:
        resources = its.at("us-east-1").control.resources
        resources.put(MEMORY, memory_id, (resources.get(MEMORY, memory_id) or {}) | {"status": "FAILED"})

    sandbox.endpoint.do(fail)
    assert sandbox.destroy(HARNESS_SPEC) == []
    assert not any(sandbox.everything().values())
