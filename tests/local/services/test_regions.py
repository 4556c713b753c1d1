"""Regions and accounts: what is in one is not found in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config

from tests.endpoint import AGENT, RunningEndpoint, User, running_endpoint, until
from tests.local.services.clients import Aws, refused
from tests.local.services.weather import WEATHER, group, prepare, say, weather_agent

NewId = Callable[[str], str]


@pytest.fixture
def ireland(endpoint: RunningEndpoint) -> Iterator[Aws]:
    """Clients of the same endpoint in another Region."""
    with closing(Aws(endpoint, "eu-west-1")) as clients:
        yield clients


def test_an_agent_of_another_region_works_there_and_is_not_found_elsewhere(
    aws: Aws, ireland: Aws, new_id: NewId
) -> None:
    agent = weather_agent(ireland, new_id("agent"))
    assert "sunny in Lisbon" in say(ireland, agent, "What is the weather in Lisbon on 2027-03-04?")
    found = ireland.bedrock_agent.get_agent(agentId=agent)["agent"]
    assert found["agentArn"] == f"arn:aws:bedrock:eu-west-1:123456789012:agent/{agent}"
    (group,) = ireland.bedrock_agent.list_agent_action_groups(agentId=agent, agentVersion="DRAFT")[
        "actionGroupSummaries"
    ]
    assert group["actionGroupName"] == "Weather"
    alias = ireland.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")["agentAlias"]
    assert alias["agentAliasArn"].startswith("arn:aws:bedrock:eu-west-1:")
    with refused("ResourceNotFoundException", agent):
        aws.bedrock_agent.get_agent(agentId=agent)
    with refused("ResourceNotFoundException", agent):
        aws.bedrock_agent.list_agent_aliases(agentId=agent)
    with refused("ResourceNotFoundException", agent):
        aws.bedrock_agent.tag_resource(resourceArn=found["agentArn"], tags={"a": "b"})
    with refused("ResourceNotFoundException", agent):
        say(aws, agent, "What is the weather in Lisbon on 2027-03-04?")
    assert agent not in [each["agentId"] for each in aws.bedrock_agent.list_agents()["agentSummaries"]]


def test_the_same_name_in_two_regions_is_two_of_a_kind(aws: Aws, ireland: Aws, new_id: NewId) -> None:
    name = new_id("twin")
    role = aws.role(f"role-{name}", "bedrock.amazonaws.com", "lambda.amazonaws.com")
    assert ireland.iam.get_role(RoleName=f"role-{name}")["Role"]["Arn"] == role, "roles are the account's"
    agents = [region.agent(name, agentResourceRoleArn=role) for region in (aws, ireland)]
    assert agents[0] != agents[1]
    functions = [region.function(name, Role=role)["FunctionArn"] for region in (aws, ireland)]
    assert [arn.split(":")[3] for arn in functions] == ["us-east-1", "eu-west-1"]
    with refused("ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region"):
        aws.lambda_.get_function(FunctionName=functions[1])
    aws.lambda_.delete_function(FunctionName=name)
    assert ireland.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"] == functions[1]
    ireland.lambda_.invoke(FunctionName=name)
    assert ireland.logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
    assert not aws.logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]


def test_an_agent_cannot_call_a_function_of_another_region(aws: Aws, ireland: Aws, new_id: NewId) -> None:
    agent, function = ireland.agent(new_id("agent")), aws.function(new_id("function"), WEATHER)
    group(ireland, agent, function["FunctionArn"])
    aws.lambda_.add_permission(
        FunctionName=function["FunctionName"],
        StatementId="any",
        Action="lambda:InvokeFunction",
        Principal="bedrock.amazonaws.com",
    )
    prepare(ireland, agent)
    with refused("dependencyFailedException", "Functions from 'us-east-1' are not reachable in this region"):
        say(ireland, agent, "What is the weather in Lisbon on 2027-03-04?")


def test_a_reset_leaves_no_region_as_it_was() -> None:
    with running_endpoint() as endpoint, closing(Aws(endpoint, "eu-west-1")) as ireland:
        user = User(ireland.bedrock_agent_runtime)
        user.say("Book a flight from Oslo to Rome, July 11th 2027 to July 22nd 2027.", "one", "anna")
        ireland.agent("mine")
        with urlopen(Request(f"{endpoint.url}/_local/reset", method="POST")) as answer:
            assert answer.status == 200
        assert "Rome" not in user.say("Which trips do I have?", "two", "anna")
        (left,) = ireland.bedrock_agent.list_agents()["agentSummaries"]
        assert left["agentId"] == AGENT["agentId"]


def test_tables_and_their_items_belong_to_a_region(aws: Aws, ireland: Aws, new_id: NewId) -> None:
    asked = {
        "TableName": new_id("table"),
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    made = [region.dynamodb.create_table(**asked)["TableDescription"]["TableArn"] for region in (aws, ireland)]
    key = {"k": {"S": "one"}}
    ireland.dynamodb.put_item(TableName=asked["TableName"], Item={**key, "v": {"S": "Dublin"}})
    assert "Item" not in aws.dynamodb.get_item(TableName=asked["TableName"], Key=key)
    assert ireland.dynamodb.get_item(TableName=made[1], Key=key)["Item"]["v"] == {"S": "Dublin"}
    with refused("ResourceNotFoundException"):
        aws.dynamodb.get_item(TableName=made[1], Key=key)
    aws.dynamodb.delete_table(TableName=asked["TableName"])
    assert ireland.dynamodb.describe_table(TableName=asked["TableName"])["Table"]["ItemCount"] == 1


def test_a_function_asks_its_own_region(ireland: Aws, new_id: NewId) -> None:
    source = (
        "import boto3\ndef handler(event, context):\n    return [boto3.client('lambda').meta.region_name, "
        "context.invoked_function_arn]\n"
    )
    made = ireland.function(new_id("function"), source, Timeout=30)
    answer = ireland.lambda_.invoke(FunctionName=made["FunctionName"])["Payload"].read().decode()
    assert answer == f'["eu-west-1", "{made["FunctionArn"]}"]'


def test_the_travel_agent_is_in_every_region_with_bookings_and_memories_of_its_own(
    endpoint: RunningEndpoint, aws: Aws, new_id: NewId
) -> None:
    memory = new_id("memory")
    with closing(Aws(endpoint, "ap-southeast-2")) as sydney:
        there, here = User(sydney.bedrock_agent_runtime), User(aws.bedrock_agent_runtime)
        booked = there.say("Book a flight from Oslo to Rome, July 11th 2027 to July 22nd 2027.", "one", memory)
        assert "booking id" in booked.lower()
        there.end("one", memory)
        assert "Rome" in there.await_summary("one", memory)
        assert here.memories(memory) == []
        assert "Rome" not in here.say("Which trips do I have?", "two", memory)
        assert "Rome" in there.say("Which trips do I have?", "two", memory)
        arn = sydney.bedrock_agent.get_agent(agentId=AGENT["agentId"])["agent"]["agentArn"]
        assert arn.split(":")[3] == "ap-southeast-2"


def test_an_endpoint_of_another_account_keeps_what_the_first_one_had(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_endpoint(state=state) as endpoint, closing(Aws(endpoint)) as first:
        assert first.sts.get_caller_identity()["Account"] == "123456789012"
        agent = first.agent("mine")
        until(lambda: first.status(agent) == "NOT_PREPARED")
    with running_endpoint(state=state, account="210987654321") as endpoint, closing(Aws(endpoint)) as second:
        assert second.sts.get_caller_identity()["Arn"] == "arn:aws:iam::210987654321:root"
        assert second.iam.list_roles()["Roles"] == []
        with refused("ResourceNotFoundException"):
            second.bedrock_agent.get_agent(agentId=agent)
        arn = second.bedrock_agent.get_agent(agentId=AGENT["agentId"])["agent"]["agentArn"]
        assert arn == "arn:aws:bedrock:us-east-1:210987654321:agent/TRAVELDEMO"
        assert second.role("r", "bedrock.amazonaws.com") == "arn:aws:iam::210987654321:role/r"
    with running_endpoint(state=state) as endpoint, closing(Aws(endpoint)) as first:
        assert first.status(agent) == "NOT_PREPARED"


def test_a_region_that_cannot_be_one_is_refused(endpoint: RunningEndpoint) -> None:
    client = boto3.client(
        "sts",
        endpoint_url=endpoint.url,
        region_name="nowhere",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(proxies={}),
    )
    with closing(client), refused("InvalidSignatureException", "valid region, such as us-east-1, not 'nowhere'"):
        client.get_caller_identity()
