"""bedrock-agent: agents from their creation to their end, and what of them answers."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.model import StructureShape

from tests.local.services.clients import ACCOUNT, INSTRUCTION, MODEL, Aws, refused
from tests.local.services.weather import FUNCTIONS, WEATHER, allow, group, prepare, say, weather_agent

NewId = Callable[[str], str]


def test_what_was_created_is_what_runs(aws: Aws, new_id: NewId) -> None:
    name = new_id("forecaster")
    agent = weather_agent(aws, name)
    session = uuid.uuid4().hex
    asked = say(aws, agent, "What is the weather in Lisbon?", session=session)
    assert "sunny" not in asked
    answer = say(aws, agent, "on 2027-03-04", session=session)
    assert "sunny in Lisbon on 2027-03-04" in answer
    assert name in answer
    logged = aws.logs.filter_log_events(logGroupName=f"/aws/lambda/weather-{name}")["events"]
    assert "asked for {'city': 'Lisbon', 'date': '2027-03-04'}" in "".join(event["message"] for event in logged)


def test_a_function_that_does_not_let_the_agent_in_is_not_called(aws: Aws, new_id: NewId) -> None:
    agent, function = aws.agent(new_id("agent")), aws.function(new_id("function"), WEATHER)
    group(aws, agent, function["FunctionArn"])
    allow(aws, function["FunctionName"], "SOMEOTHER1")
    prepare(aws, agent)
    with refused("dependencyFailedException", "Access denied"):
        say(aws, agent, "What is the weather in Lisbon on 2027-03-04?")
    allow(aws, function["FunctionName"], agent)
    assert "sunny" in say(aws, agent, "What is the weather in Lisbon on 2027-03-04?")


def test_an_agent_passes_through_its_states(aws: Aws, new_id: NewId) -> None:
    name = new_id("agent")
    role = aws.role(new_id("role"), "bedrock.amazonaws.com")
    asked = {
        "agentName": name,
        "agentResourceRoleArn": role,
        "instruction": INSTRUCTION,
        "foundationModel": MODEL,
        "memoryConfiguration": {"enabledMemoryTypes": ["SESSION_SUMMARY"]},
        "tags": {"a": "b"},
    }
    made = aws.bedrock_agent.create_agent(**asked)["agent"]
    agent = made["agentId"]
    assert made["agentStatus"] == "CREATING"
    assert agent.isalnum()
    assert agent.isupper()
    assert len(agent) == 10
    assert made["agentArn"] == f"arn:aws:bedrock:us-east-1:{ACCOUNT}:agent/{agent}"
    assert made["memoryConfiguration"]["storageDays"] == 30
    found = aws.bedrock_agent.get_agent(agentId=agent)["agent"]
    assert (found["agentStatus"], found["agentVersion"], found["createdAt"]) == (
        "NOT_PREPARED",
        "DRAFT",
        made["createdAt"],
    )
    with refused("ValidationException", "not prepared"):
        say(aws, agent, "hello")
    prepare(aws, agent)
    assert say(aws, agent, "hello")
    updated = aws.bedrock_agent.update_agent(
        agentId=agent, agentName=name, agentResourceRoleArn=role, foundationModel=MODEL, instruction=INSTRUCTION
    )["agent"]
    assert updated["agentStatus"] == "UPDATING"
    assert "memoryConfiguration" not in updated
    assert aws.status(agent) == "NOT_PREPARED"
    assert aws.bedrock_agent.delete_agent(agentId=agent)["agentStatus"] == "DELETING"
    with refused("ResourceNotFoundException", agent):
        aws.bedrock_agent.get_agent(agentId=agent)
    with refused("ResourceNotFoundException"):
        aws.bedrock_agent.list_tags_for_resource(resourceArn=made["agentArn"])
    assert aws.bedrock_agent.create_agent(**asked)["agent"]["agentId"] != agent


def test_an_agent_that_lacks_something_fails_to_prepare_and_says_why(aws: Aws, new_id: NewId) -> None:
    role = aws.role(new_id("role"), "bedrock.amazonaws.com")
    made = aws.bedrock_agent.create_agent(agentName=new_id("agent"), agentResourceRoleArn=role)["agent"]
    agent = made["agentId"]
    aws.bedrock_agent.prepare_agent(agentId=agent)
    found = aws.bedrock_agent.get_agent(agentId=agent)["agent"]
    assert found["agentStatus"] == "FAILED"
    assert any("instruction" in reason for reason in found["failureReasons"])
    assert len(found["recommendedActions"]) == len(found["failureReasons"])
    aws.bedrock_agent.update_agent(
        agentId=agent, agentName=made["agentName"], agentResourceRoleArn=role, foundationModel=MODEL,
        instruction=INSTRUCTION,
    )  # fmt: skip
    prepare(aws, agent)
    assert "failureReasons" not in aws.bedrock_agent.get_agent(agentId=agent)["agent"]


@pytest.mark.parametrize("trusted", [(), ("lambda.amazonaws.com",)])
def test_a_role_that_bedrock_cannot_assume_is_refused(aws: Aws, new_id: NewId, trusted: tuple[str, ...]) -> None:
    role = aws.role(new_id("role"), *trusted) if trusted else f"arn:aws:iam::{ACCOUNT}:role/nobody"
    with refused("AccessDeniedException", "not authorized"):
        aws.agent(new_id("agent"), agentResourceRoleArn=role)


def test_a_name_is_taken_once(aws: Aws, new_id: NewId) -> None:
    name = new_id("agent")
    first = aws.agent(name)
    role = aws.bedrock_agent.get_agent(agentId=first)["agent"]["agentResourceRoleArn"]
    with refused("ConflictException", name):
        aws.agent(name, agentResourceRoleArn=role)
    other = aws.agent(new_id("agent"))
    with refused("ConflictException", name):
        aws.bedrock_agent.update_agent(agentId=other, agentName=name, agentResourceRoleArn=role, foundationModel=MODEL)


def test_a_client_token_makes_a_creation_happen_once(aws: Aws, new_id: NewId) -> None:
    token = uuid.uuid4().hex + "again"
    name, role = new_id("agent"), aws.role(new_id("role"), "bedrock.amazonaws.com")
    asked = {"agentResourceRoleArn": role, "clientToken": token}
    agent = aws.agent(name, **asked)
    assert aws.agent(name, **asked) == agent
    with refused("ConflictException", "clientToken"):
        aws.agent(new_id("agent"), **asked)
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:some"
    first = group(aws, agent, arn, clientToken=token)
    assert group(aws, agent, arn, clientToken=token)["actionGroupId"] == first["actionGroupId"]
    prepare(aws, agent)
    alias = {"agentId": agent, "agentAliasName": "live", "clientToken": token}
    made = aws.bedrock_agent.create_agent_alias(**alias)["agentAlias"]["agentAliasId"]
    assert aws.bedrock_agent.create_agent_alias(**alias)["agentAlias"]["agentAliasId"] == made
    aws.bedrock_agent.delete_agent(agentId=agent, skipResourceInUseCheck=True)
    assert aws.agent(name, **asked) != agent


def test_action_groups_are_created_changed_and_deleted(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("agent"))
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:some"
    made = group(aws, agent, arn, description="the weather")
    name, of = (
        made["actionGroupName"],
        {"agentId": agent, "agentVersion": "DRAFT", "actionGroupId": made["actionGroupId"]},
    )
    assert made["actionGroupState"] == "ENABLED"
    with refused("ConflictException", name):
        group(aws, agent, arn)
    found = aws.bedrock_agent.get_agent_action_group(**of)["agentActionGroup"]
    assert found["functionSchema"] == FUNCTIONS
    assert found["actionGroupExecutor"] == {"lambda": arn}
    prepare(aws, agent)
    with refused("ConflictException", "cannot be deleted when it is Enabled"):
        aws.bedrock_agent.delete_agent_action_group(**of)
    control = {"customControl": "RETURN_CONTROL"}
    changed = aws.bedrock_agent.update_agent_action_group(
        **of,
        actionGroupName="Other",
        actionGroupExecutor=control,
        functionSchema=FUNCTIONS,
        actionGroupState="DISABLED",
    )["agentActionGroup"]
    assert (changed["actionGroupExecutor"], changed["actionGroupState"]) == (control, "DISABLED")
    assert "description" not in changed
    assert aws.status(agent) == "NOT_PREPARED"
    listed = aws.bedrock_agent.list_agent_action_groups(agentId=agent, agentVersion="DRAFT")["actionGroupSummaries"]
    assert [(each["actionGroupName"], each["actionGroupState"]) for each in listed] == [("Other", "DISABLED")]
    aws.bedrock_agent.delete_agent_action_group(**of)
    with refused("ResourceNotFoundException", made["actionGroupId"]):
        aws.bedrock_agent.get_agent_action_group(**of)
    user_input = aws.bedrock_agent.create_agent_action_group(
        agentId=agent, agentVersion="DRAFT", actionGroupName="Ask", parentActionGroupSignature="AMAZON.UserInput"
    )["agentActionGroup"]
    assert user_input["parentActionSignature"] == "AMAZON.UserInput"
    aws.bedrock_agent.delete_agent_action_group(
        **{**of, "actionGroupId": user_input["actionGroupId"]}, skipResourceInUseCheck=True
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"apiSchema": {"payload": "openapi: 3.0.0"}}, "apiSchema"),
        ({"functionSchema": {"functions": [FUNCTIONS["functions"][0]] * 2}}, "names of their own"),
        (
            {
                "functionSchema": {
                    "functions": [{"name": "f", "parameters": {f"p{n}": {"type": "string"} for n in range(6)}}]
                }
            },
            "more than 5 parameters",
        ),
        ({"parentActionGroupSignature": "AMAZON.UserInput"}, "parentActionGroupSignature"),
    ],
)
def test_action_groups_that_cannot_be_are_refused(aws: Aws, new_id: NewId, more: dict[str, Any], words: str) -> None:
    agent = aws.agent(new_id("agent"))
    with refused("ValidationException", words):
        group(aws, agent, f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:some", **more)


def test_deleting_an_agent_deletes_what_it_remembers(aws: Aws, new_id: NewId) -> None:
    name = new_id("agent")
    memory = {"memoryConfiguration": {"enabledMemoryTypes": ["SESSION_SUMMARY"]}}
    agent = aws.agent(name, **memory)
    prepare(aws, agent)
    session = uuid.uuid4().hex
    say(aws, agent, "My name is Edda.", session=session, memoryId="m-1")
    say(aws, agent, "end", session=session, memoryId="m-1", endSession=True)
    aws.bedrock_agent.delete_agent(agentId=agent)
    counts = aws.endpoint.do(
        lambda endpoint: [
            endpoint.database.row(f"SELECT COUNT(*) AS n FROM {table} WHERE agent_id = ?", agent)
            for table in ("sessions", "summaries", "agent_aliases", "agents")
        ]
    )
    assert [row["n"] for row in counts if row] == [0, 0, 0, 0]
    with refused("ResourceNotFoundException"):
        say(aws, agent, "hello")


def test_agents_and_their_parts_come_in_pages_of_ten(aws: Aws, new_id: NewId) -> None:
    made = {aws.agent(new_id("paged")) for _ in range(11)}
    pages = list(aws.bedrock_agent.get_paginator("list_agents").paginate(PaginationConfig={"PageSize": 100}))
    assert all(len(page["agentSummaries"]) <= 10 for page in pages)
    listed = [each["agentId"] for page in pages for each in page["agentSummaries"]]
    assert made <= set(listed)
    assert len(listed) == len(set(listed))
    with refused("ValidationException", "nextToken is not one"):
        aws.bedrock_agent.list_agents(nextToken="made-up")


def test_tags_are_kept_by_arn(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("agent"), tags={"a": "1"})
    arn = aws.bedrock_agent.get_agent(agentId=agent)["agent"]["agentArn"]
    aws.bedrock_agent.tag_resource(resourceArn=arn, tags={"b": "2"})
    aws.bedrock_agent.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert aws.bedrock_agent.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    prepare(aws, agent)
    alias = aws.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="x", tags={"c": "3"})["agentAlias"]
    assert aws.bedrock_agent.list_tags_for_resource(resourceArn=alias["agentAliasArn"])["tags"] == {"c": "3"}
    with refused("ServiceQuotaExceededException", "50"):
        aws.bedrock_agent.tag_resource(resourceArn=arn, tags={f"k{n}": "" for n in range(50)})


def test_an_operation_that_is_not_there_is_named(aws: Aws) -> None:
    with refused("UnknownOperationException", "ListKnowledgeBases"):
        aws.bedrock_agent.list_knowledge_bases()


def test_reading_an_agent_again_and_again_keeps_nothing_more_in_memory(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("read"))

    def kept() -> int:
        return sum(type(each) is StructureShape for each in gc.get_objects())

    aws.bedrock_agent.get_agent(agentId=agent)
    before = kept()
    for _ in range(10):
        aws.bedrock_agent.get_agent(agentId=agent)
    assert kept() == before
