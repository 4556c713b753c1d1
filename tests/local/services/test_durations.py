"""With AWS's times: what passes takes its time on the endpoint's clock, and is not to be changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.endpoint import client_at, endpoint_process, running_endpoint, until
from tests.local.services.clients import INSTRUCTION, MODEL, Aws, refused, trust
from travel_tui.local.durations import REALISTIC


@pytest.fixture(scope="module")
def slow() -> Iterator[Aws]:
    """An endpoint with AWS's times."""
    with running_endpoint(realistic=True) as endpoint, closing(Aws(endpoint)) as clients:
        yield clients


def test_a_fresh_role_cannot_be_assumed_yet(slow: Aws) -> None:
    function, agent = slow.role("fresh-1", "lambda.amazonaws.com"), slow.role("fresh-2", "bedrock.amazonaws.com")
    with refused("InvalidParameterValueException", "cannot be assumed"):
        slow.function("fresh", Role=function)
    with refused("AccessDeniedException", "not authorized"):
        slow.agent("fresh", agentResourceRoleArn=agent)
    slow.endpoint.advance(seconds=REALISTIC.role_propagation)
    assert slow.function("fresh", Role=function)["State"] == "Pending"
    assert slow.agent("fresh", agentResourceRoleArn=agent)


def test_an_agent_takes_its_time_and_is_left_alone_meanwhile(slow: Aws) -> None:
    role = slow.role("agents", "bedrock.amazonaws.com")
    slow.endpoint.advance(seconds=REALISTIC.role_propagation)
    agent = slow.agent("slow", agentResourceRoleArn=role)
    assert slow.status(agent) == "CREATING"
    with refused("ValidationException", "operation can't be performed on Agent when it is in Creating state"):
        slow.bedrock_agent.prepare_agent(agentId=agent)
    slow.endpoint.advance(seconds=REALISTIC.agent.creating)
    assert slow.status(agent) == "NOT_PREPARED"
    slow.bedrock_agent.prepare_agent(agentId=agent)
    with refused("ValidationException", "operation can't be performed on Agent when it is in Preparing state"):
        slow.bedrock_agent.prepare_agent(agentId=agent)
    with refused("ValidationException", "not prepared"):
        slow.bedrock_agent_runtime.invoke_agent(
            agentId=agent, agentAliasId="TSTALIASID", sessionId="s-1", inputText="hello"
        )
    slow.endpoint.advance(seconds=REALISTIC.agent_preparing)
    assert slow.status(agent) == "PREPARED"
    assert slow.bedrock_agent.delete_agent(agentId=agent)["agentStatus"] == "DELETING"
    assert slow.status(agent) == "DELETING"
    slow.endpoint.advance(seconds=REALISTIC.agent.deleting)
    with refused("ResourceNotFoundException"):
        slow.bedrock_agent.get_agent(agentId=agent)


def test_a_function_is_not_run_while_it_is_pending(slow: Aws) -> None:
    role = slow.role("functions", "lambda.amazonaws.com")
    slow.endpoint.advance(seconds=REALISTIC.role_propagation)
    slow.function("pending", Role=role)
    with refused("ResourceConflictException", "Pending"):
        slow.lambda_.invoke(FunctionName="pending")
    with refused("ResourceConflictException", "Pending"):
        slow.lambda_.update_function_configuration(FunctionName="pending", Timeout=5)
    slow.endpoint.advance(seconds=REALISTIC.function_pending)
    assert b"echo" in slow.lambda_.invoke(FunctionName="pending")["Payload"].read()
    slow.lambda_.update_function_configuration(FunctionName="pending", Timeout=5)
    with refused("ResourceConflictException", "update is in progress"):
        slow.lambda_.update_function_configuration(FunctionName="pending", Timeout=6)
    slow.endpoint.advance(seconds=REALISTIC.function_updating)
    found = slow.lambda_.get_function_configuration(FunctionName="pending")
    assert (found["LastUpdateStatus"], found["Timeout"]) == ("Successful", 5)


def test_a_table_cannot_be_used_while_it_is_created(slow: Aws) -> None:
    slow.dynamodb.create_table(
        TableName="slow",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    with refused("ResourceNotFoundException"):
        slow.dynamodb.put_item(TableName="slow", Item={"id": {"S": "1"}})
    with refused("ResourceInUseException", "being created"):
        slow.dynamodb.delete_table(TableName="slow")
    slow.endpoint.advance(seconds=REALISTIC.table.creating)
    slow.dynamodb.put_item(TableName="slow", Item={"id": {"S": "1"}})


def test_a_state_goes_on_after_a_kill(tmp_path: Path) -> None:
    with endpoint_process(tmp_path / "state", "--realistic") as first:
        with closing(client_at(first.url, service="dynamodb")) as dynamodb:
            dynamodb.create_table(
                TableName="kept",
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            )
        first.process.kill()
        first.process.wait()
    # Time that is told to stand elsewhere: what was due is due no later than any state lasts.
    with endpoint_process(tmp_path / "state", "--now", "2040-01-01T00:00:00Z") as second:
        with closing(client_at(second.url, service="dynamodb")) as dynamodb:
            until(lambda: dynamodb.describe_table(TableName="kept")["Table"]["TableStatus"] == "ACTIVE")
        with (
            closing(client_at(second.url, service="iam")) as iam,
            closing(client_at(second.url, service="bedrock-agent")) as agents,
        ):
            role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust("bedrock.amazonaws.com"))["Role"]["Arn"]
            made = agents.create_agent(
                agentName="a", agentResourceRoleArn=role, instruction=INSTRUCTION, foundationModel=MODEL
            )
            assert agents.get_agent(agentId=made["agent"]["agentId"])["agent"]["agentStatus"] == "NOT_PREPARED"
