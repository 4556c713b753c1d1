"""Probes of bedrock-agent's members."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from tests.local.members.probes import World, probe
from tests.local.services.clients import refused
from tests.local.services.weather import FUNCTIONS, allow, group, prepare
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.timestamps import to_text

SERVICE = "bedrock-agent"
KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
MEMORY = {"enabledMemoryTypes": ["SESSION_SUMMARY"], "storageDays": 7}
OTHER = "You are an agent that answers in a way of its own, whatever is asked."
SETTINGS: dict[str, Any] = {
    "description": "what it is",
    "customerEncryptionKeyArn": KEY,
    "instruction": OTHER,
    "foundationModel": "amazon.nova-pro-v1:0",
    "idleSessionTTLInSeconds": 60,
    "memoryConfiguration": {**MEMORY, "sessionSummaryConfiguration": {"maxRecentSessions": 1}},
    "promptOverrideConfiguration": {
        "promptConfigurations": [
            {"promptType": "PRE_PROCESSING", "promptState": "ENABLED", "foundationModel": "amazon.nova-lite-v1:0"},
            {
                "promptType": "ORCHESTRATION",
                "promptCreationMode": "OVERRIDDEN",
                "basePromptTemplate": "Of $instruction$ $memory_content$",
                "inferenceConfiguration": {"temperature": 0.5, "stopSequences": ["."]},
                "additionalModelRequestFields": {"k": 1},
            },
        ]
    },
}
PROMPT = "promptOverrideConfiguration.promptConfigurations"
SET = (
    *(name for name in SETTINGS if name != "promptOverrideConfiguration"),
    "memoryConfiguration.storageDays",
    "memoryConfiguration.sessionSummaryConfiguration.maxRecentSessions",
    f"{PROMPT}.promptType",
    f"{PROMPT}.promptCreationMode",
    f"{PROMPT}.promptState",
    f"{PROMPT}.basePromptTemplate",
    f"{PROMPT}.foundationModel",
    f"{PROMPT}.inferenceConfiguration",
    f"{PROMPT}.additionalModelRequestFields",
)


def check_settings(world: World, agent: str) -> None:
    found = world.bedrock_agent.get_agent(agentId=agent)["agent"]
    shown = {name: found[name] for name in SETTINGS if name != "promptOverrideConfiguration"}
    assert shown == {name: value for name, value in SETTINGS.items() if name in shown}
    orchestration = found["promptOverrideConfiguration"]["promptConfigurations"][1]
    assert orchestration["additionalModelRequestFields"] == {"k": 1}
    prepare(world, agent)
    for days, text in ((8, "too old"), (6, "older"), (5, "newer")):
        world.endpoint.do(partial(remember, agent=agent, days=days, text=text))
    of = {"agentId": agent, "agentAliasId": "TSTALIASID", "memoryId": "anna", "memoryType": "SESSION_SUMMARY"}
    kept = world.bedrock_agent_runtime.get_agent_memory(**of)["memoryContents"]
    assert [each["sessionSummary"]["summaryText"] for each in kept] == ["newer", "older"]
    session = uuid.uuid4().hex
    traces = [
        event["trace"]["trace"]
        for event in world.turn(agent, sessionId=session, memoryId="anna", enableTrace=True)
        if "trace" in event
    ]
    assert traces[0]["preProcessingTrace"]["modelInvocationInput"]["foundationModel"] == "amazon.nova-lite-v1:0"
    prompt = next(each["orchestrationTrace"]["modelInvocationInput"] for each in traces if "orchestrationTrace" in each)
    assert prompt["text"] == f"Of {OTHER} <memory_synopsis>\nnewer\n</memory_synopsis>"
    assert prompt["foundationModel"] == "amazon.nova-pro-v1:0"
    assert prompt["inferenceConfiguration"]["temperature"] == 0.5
    idle = world.endpoint.do(
        lambda e: next(
            found.idle_s - e.clock.seconds() for found in e.sessions.idle(1e12) if found.session_id == session
        )
    )
    assert idle <= 60


def remember(endpoint: Endpoint, agent: str, days: int, text: str) -> None:
    """Store a summary of some days ago."""
    at = to_text(endpoint.clock.now() - timedelta(days=days))
    key = endpoint.at("us-east-1").scope.key
    endpoint.database.execute(
        "INSERT INTO summaries (scope, agent_id, alias_id, memory_id, session_id, started_at, ended_at, text) "
        "VALUES (?, ?, 'TSTALIASID', 'anna', ?, ?, ?, ?)",
        *(key, agent, text, at, at, text),
    )


@probe(SERVICE, "CreateAgent", *SET)
def settings_of_a_new_agent(world: World) -> None:
    check_settings(world, world.new_agent(**SETTINGS)["agentId"])


@probe(SERVICE, "UpdateAgent", *SET)
def settings_of_a_changed_agent(world: World) -> None:
    made = world.new_agent()
    of = {"agentId": made["agentId"], "agentName": made["agentName"], "agentResourceRoleArn": world.bedrock_role}
    world.bedrock_agent.update_agent(**{**of, **SETTINGS})
    check_settings(world, made["agentId"])


@probe(SERVICE, "CreateAgent", "clientToken", "agentResourceRoleArn", "tags")
def a_new_agents_token_role_and_tags(world: World) -> None:
    asked = {
        "agentName": world.name("agent"),
        "clientToken": uuid.uuid4().hex * 2,
        "agentResourceRoleArn": world.bedrock_role,
        "tags": {"a": "b"},
    }
    made = [world.bedrock_agent.create_agent(**asked)["agent"] for _ in range(2)]
    assert made[0]["agentId"] == made[1]["agentId"]
    assert world.bedrock_agent.list_tags_for_resource(resourceArn=made[0]["agentArn"])["tags"] == {"a": "b"}
    with refused("AccessDeniedException", "assume"):
        world.bedrock_agent.create_agent(agentName=world.name("agent"), agentResourceRoleArn=world.lambda_role)


@probe(SERVICE, "ListAgents", "maxResults", "nextToken")
def pages_of_agents(world: World) -> None:
    world.new_agent()
    first = world.bedrock_agent.list_agents(maxResults=1)
    second = world.bedrock_agent.list_agents(maxResults=1, nextToken=first["nextToken"])
    assert len({page["agentSummaries"][0]["agentId"] for page in (first, second)}) == 2


@probe(SERVICE, "DeleteAgent", "skipResourceInUseCheck")
def deleting_an_agent_in_use(world: World) -> None:
    agent, _ = world.with_group()
    world.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")
    with refused("ConflictException"):
        world.bedrock_agent.delete_agent(agentId=agent)
    world.bedrock_agent.delete_agent(agentId=agent, skipResourceInUseCheck=True)


FUNCTION = "functionSchema.functions"
GROUP = (
    "actionGroupExecutor.customControl",
    "actionGroupExecutor.lambda",
    "actionGroupState",
    "apiSchema.payload",
    "description",
    FUNCTION,
    f"{FUNCTION}.description",
    f"{FUNCTION}.parameters",
    f"{FUNCTION}.parameters.description",
    f"{FUNCTION}.parameters.required",
    f"{FUNCTION}.requireConfirmation",
)
API = {
    "openapi": "3.0.0",
    "paths": {"/weather": {"get": {"description": "get the weather", "operationId": "getWeather", "responses": {}}}},
}
BY_API = {"apiSchema": {"payload": json.dumps(API)}, "actionGroupExecutor": {"customControl": "RETURN_CONTROL"}}
OFF = {"actionGroupState": "DISABLED", "description": "all about it", "functionSchema": FUNCTIONS}


def described(*, required: bool, confirmed: str) -> dict[str, Any]:
    """A group of a function whose name tells nothing, which is returned to the caller."""
    harbour = {"type": "string", "description": "one of Ostend or Calais", "required": required}
    function = {
        "name": "zz",
        "description": "tell the tides at a harbour",
        "parameters": {"harbour": harbour},
        "requireConfirmation": confirmed,
    }
    return {
        "functionSchema": {"functions": [function]},
        "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
        "actionGroupState": "ENABLED",
    }


Save = Callable[[dict[str, Any]], dict[str, Any]]


def check_group(world: World, agent: str, save: Save) -> None:
    """Look at what a group's settings do, each time after `save` has created or changed it."""
    made = save({**OFF, "actionGroupExecutor": {"lambda": world.echo}})
    assert made["description"] == "all about it"
    prepare(world, agent)
    assert "get_weather" not in world.prompt(agent)["text"]
    allow(world, world.echo.rpartition(":")[2], agent)
    save({"functionSchema": FUNCTIONS, "actionGroupExecutor": {"lambda": world.echo}, "actionGroupState": "ENABLED"})
    prepare(world, agent)
    with refused("dependencyFailedException", "processing the Lambda response"):
        world.say(agent, "What is the weather in Lisbon on 2027-03-04?")
    save(described(required=True, confirmed="DISABLED"))
    prepare(world, agent)
    assert "one of Ostend or Calais" in world.say(agent, "Tell me the tides at the harbour")
    save(described(required=False, confirmed="ENABLED"))
    prepare(world, agent)
    control = world.turn(agent, "Tell me the tides at the harbour")[-1]["returnControl"]
    asked = control["invocationInputs"][0]["functionInvocationInput"]
    assert (asked["function"], asked["actionInvocationType"]) == ("zz", "USER_CONFIRMATION_AND_RESULT")
    save(BY_API)
    prepare(world, agent)
    assert "getWeather" in world.prompt(agent)["text"]


@probe(SERVICE, "CreateAgentActionGroup", "clientToken", *GROUP)
def a_new_action_group(world: World) -> None:
    agent = world.new_agent()["agentId"]
    of = {"agentId": agent, "agentVersion": "DRAFT"}
    token = {"clientToken": uuid.uuid4().hex * 2, "actionGroupName": "Twice", **BY_API}
    made = [world.bedrock_agent.create_agent_action_group(**of, **token) for _ in range(2)]
    (only,) = {each["agentActionGroup"]["actionGroupId"] for each in made}
    ids = [only]

    def save(settings: dict[str, Any]) -> dict[str, Any]:
        old = {**of, "actionGroupId": ids.pop(), "skipResourceInUseCheck": True}
        world.bedrock_agent.delete_agent_action_group(**old)
        new = world.bedrock_agent.create_agent_action_group(**of, actionGroupName="Weather", **settings)
        ids.append(new["agentActionGroup"]["actionGroupId"])
        return dict(new["agentActionGroup"])

    check_group(world, agent, save)


@probe(SERVICE, "UpdateAgentActionGroup", *GROUP)
def a_changed_action_group(world: World) -> None:
    agent, made = world.with_group(actionGroupExecutor={"customControl": "RETURN_CONTROL"})
    of = {"agentId": agent, "agentVersion": "DRAFT", "actionGroupId": made["actionGroupId"]}

    def save(settings: dict[str, Any]) -> dict[str, Any]:
        changed = world.bedrock_agent.update_agent_action_group(**of, actionGroupName="Weather", **settings)
        return dict(changed["agentActionGroup"])

    check_group(world, agent, save)


@probe(SERVICE, "ListAgentActionGroups", "maxResults", "nextToken")
def pages_of_action_groups(world: World) -> None:
    agent, _ = world.with_group()
    group(world, agent, world.echo, "Another")
    of = {"agentId": agent, "agentVersion": "DRAFT", "maxResults": 1}
    first = world.bedrock_agent.list_agent_action_groups(**of)
    second = world.bedrock_agent.list_agent_action_groups(**of, nextToken=first["nextToken"])
    named = {page["actionGroupSummaries"][0]["actionGroupName"] for page in (first, second)}
    assert named == {"Weather", "Another"}


@probe(SERVICE, "DeleteAgentActionGroup", "skipResourceInUseCheck")
def deleting_an_action_group_in_use(world: World) -> None:
    agent, made = world.with_group()
    of = {"agentId": agent, "agentVersion": "DRAFT", "actionGroupId": made["actionGroupId"]}
    with refused("ConflictException"):
        world.bedrock_agent.delete_agent_action_group(**of)
    world.bedrock_agent.delete_agent_action_group(**of, skipResourceInUseCheck=True)


ROUTED = ("routingConfiguration", "routingConfiguration.agentVersion")


@probe(SERVICE, "CreateAgentAlias", "clientToken", "tags", "description", *ROUTED)
def a_new_alias(world: World) -> None:
    agent, _ = world.with_group()
    world.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="first")
    asked = {
        "agentAliasName": "second",
        "clientToken": uuid.uuid4().hex * 2,
        "tags": {"a": "b"},
        "description": "d",
        "routingConfiguration": [{"agentVersion": "1"}],
    }
    made = [world.bedrock_agent.create_agent_alias(agentId=agent, **asked)["agentAlias"] for _ in range(2)]
    assert made[0]["agentAliasId"] == made[1]["agentAliasId"]
    found = world.bedrock_agent.get_agent_alias(agentId=agent, agentAliasId=made[0]["agentAliasId"])["agentAlias"]
    assert (found["description"], found["routingConfiguration"]) == ("d", [{"agentVersion": "1"}])
    assert world.bedrock_agent.list_tags_for_resource(resourceArn=found["agentAliasArn"])["tags"] == {"a": "b"}


@probe(SERVICE, "UpdateAgentAlias", "aliasInvocationState", "description", *ROUTED)
def a_changed_alias(world: World) -> None:
    agent, _ = world.with_group()
    alias = world.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")["agentAlias"]["agentAliasId"]
    of = {"agentId": agent, "agentAliasId": alias}
    named = {**of, "agentAliasName": "live"}
    world.bedrock_agent.update_agent_alias(**named, description="d", aliasInvocationState="REJECT_INVOCATIONS")
    found = world.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert (found["description"], found["routingConfiguration"]) == ("d", [{"agentVersion": "1"}])
    with refused("ValidationException", "REJECT_INVOCATIONS"):
        world.say(agent, agentAliasId=alias)
    world.bedrock_agent.update_agent_alias(**named)
    found = world.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert found["routingConfiguration"] == [{"agentVersion": "2"}]
    world.bedrock_agent.update_agent_alias(**named, routingConfiguration=[{"agentVersion": "1"}])
    found = world.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert found["routingConfiguration"] == [{"agentVersion": "1"}]


@probe(SERVICE, "ListAgentAliases", "maxResults", "nextToken")
def pages_of_aliases(world: World) -> None:
    agent, _ = world.with_group()
    world.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")
    first = world.bedrock_agent.list_agent_aliases(agentId=agent, maxResults=1)
    second = world.bedrock_agent.list_agent_aliases(agentId=agent, maxResults=1, nextToken=first["nextToken"])
    assert len({page["agentAliasSummaries"][0]["agentAliasId"] for page in (first, second)}) == 2


@probe(SERVICE, "ListAgentVersions", "maxResults", "nextToken")
def pages_of_versions(world: World) -> None:
    agent, _ = world.with_group()
    world.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")
    first = world.bedrock_agent.list_agent_versions(agentId=agent, maxResults=1)
    second = world.bedrock_agent.list_agent_versions(agentId=agent, maxResults=1, nextToken=first["nextToken"])
    versions = [page["agentVersionSummaries"][0]["agentVersion"] for page in (first, second)]
    assert versions == ["DRAFT", "1"]


@probe(SERVICE, "DeleteAgentVersion", "skipResourceInUseCheck")
def deleting_a_version_in_use(world: World) -> None:
    agent, _ = world.with_group()
    world.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")
    with refused("ConflictException"):
        world.bedrock_agent.delete_agent_version(agentId=agent, agentVersion="1")
    world.bedrock_agent.delete_agent_version(agentId=agent, agentVersion="1", skipResourceInUseCheck=True)
