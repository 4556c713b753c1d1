"""Probes of bedrock-agent-runtime's members."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from tests.endpoint import AGENT, until
from tests.local.members.probes import World, probe
from tests.local.services.clients import refused
from tests.local.services.weather import prepare

SERVICE = "bedrock-agent-runtime"
STATE = "sessionState"
RESULTS = f"{STATE}.returnControlInvocationResults"
TRAVEL = AGENT["agentId"]
WEATHER = "What is the weather in Lisbon on 2027-03-04?"


def remembered(world: World, memory: str, *sessions: str) -> list[str]:
    """Let the travel agent remember sessions; return whose summaries there are."""
    for session in sessions:
        world.say(TRAVEL, "My name is Edda.", sessionId=session, memoryId=memory)
        world.say(TRAVEL, "end", sessionId=session, memoryId=memory, endSession=True)
    return until(lambda: found if len(found := summaries(world, memory)) == len(sessions) else [])


def summaries(world: World, memory: str, **more: Any) -> list[str]:
    of = {**AGENT, "memoryId": memory, "memoryType": "SESSION_SUMMARY"}
    found = world.bedrock_agent_runtime.get_agent_memory(**of, **more)["memoryContents"]
    return [each["sessionSummary"]["sessionId"] for each in found]


@probe(SERVICE, "InvokeAgent", "enableTrace", "inputText", "streamingConfigurations.streamFinalResponse")
def what_a_turn_sends(world: World) -> None:
    assert not any("trace" in event for event in world.turn(TRAVEL))
    assert any("trace" in event for event in world.turn(TRAVEL, enableTrace=True))
    assert world.say(TRAVEL, "What can you do?") != world.say(TRAVEL, "hello")
    streamed = world.turn(TRAVEL, streamingConfigurations={"streamFinalResponse": True})
    assert len(streamed) > len(world.turn(TRAVEL)) == 1


@probe(SERVICE, "InvokeAgent", "endSession", "memoryId")
def what_is_remembered(world: World) -> None:
    session = uuid.uuid4().hex
    assert remembered(world, world.name("memory"), session) == [session]


@probe(
    SERVICE,
    "InvokeAgent",
    f"{STATE}.conversationHistory.messages.content.text",
    f"{STATE}.promptSessionAttributes",
    "promptCreationConfigurations.previousConversationTurnsToInclude",
)
def what_is_in_the_prompt(world: World) -> None:
    said = [{"role": "user", "content": [{"text": "My name is Edda."}]}, {"role": "assistant", "content": []}]
    state = {"conversationHistory": {"messages": said}, "promptSessionAttributes": {"tone": "kind"}}
    asked = {"sessionId": uuid.uuid4().hex, "sessionState": state}
    text = world.prompt(TRAVEL, "What is my name?", **asked)["text"]
    assert "My name is Edda." in text
    assert json.dumps({"tone": "kind"}) in json.loads(text)["system"]
    less = {"sessionId": asked["sessionId"], "promptCreationConfigurations": {"previousConversationTurnsToInclude": 1}}
    assert [each["content"] for each in messages(world, less) if each["role"] == "user"] == [
        "What is my name?",
        "Well?",
    ]
    less["promptCreationConfigurations"] = {"previousConversationTurnsToInclude": 0}
    assert [each["content"] for each in messages(world, less)] == ["Well?"]


def messages(world: World, asked: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(world.prompt(TRAVEL, "Well?", **asked)["text"])["messages"]
    return found


ANSWERED = ("confirmationState", "responseBody.body", "responseState", "agentId")
API = {
    "openapi": "3.0.0",
    "paths": {
        "/tides": {
            "get": {
                "description": "get the tides of today",
                "operationId": "getTides",
                "responses": {},
                "x-requireConfirmation": "ENABLED",
            }
        }
    },
}
TIDES = "Get the tides of today"


@probe(
    SERVICE,
    "InvokeAgent",
    f"{STATE}.invocationId",
    f"{RESULTS}.functionResult.function",
    *(f"{RESULTS}.functionResult.{name}" for name in ANSWERED),
)
def the_result_of_a_function(world: World) -> None:
    returned = {"name": "tides", "description": "get the tides of today", "requireConfirmation": "ENABLED"}
    agent, _ = world.with_group(
        actionGroupExecutor={"customControl": "RETURN_CONTROL"}, functionSchema={"functions": [returned]}
    )
    check_answers(world, agent, "functionResult", "TEXT", {"function": "tides"}, {"function": "others"})


@probe(
    SERVICE,
    "InvokeAgent",
    f"{RESULTS}.apiResult.apiPath",
    f"{RESULTS}.apiResult.httpMethod",
    f"{RESULTS}.apiResult.httpStatusCode",
    *(f"{RESULTS}.apiResult.{name}" for name in ANSWERED),
)
def the_result_of_an_api(world: World) -> None:
    agent = world.new_agent()["agentId"]
    world.bedrock_agent.create_agent_action_group(
        agentId=agent,
        agentVersion="DRAFT",
        actionGroupName="Weather",
        apiSchema={"payload": json.dumps(API)},
        actionGroupExecutor={"customControl": "RETURN_CONTROL"},
    )
    prepare(world, agent)
    named = {"apiPath": "/tides", "httpMethod": "GET"}
    wrong = ({**named, "apiPath": "/others"}, {**named, "httpMethod": "POST"})
    answer = check_answers(world, agent, "apiResult", "application/json", named, *wrong)
    assert "did not work" in answer(**named, confirmationState="CONFIRM", httpStatusCode=404)


def check_answers(
    world: World, agent: str, kind: str, content_type: str, named: dict[str, Any], *wrong: dict[str, Any]
) -> Callable[..., str]:
    """Answer calls that were returned in every way; return the function that answers a new one."""
    body = {content_type: {"body": "high at noon"}}

    def answer(**result: Any) -> str:
        session = uuid.uuid4().hex
        control = world.turn(agent, TIDES, sessionId=session)[-1]["returnControl"]
        told = {"actionGroup": "Weather", "agentId": agent, "responseBody": body, **result}
        state = {
            "invocationId": control["invocationId"],
            "returnControlInvocationResults": [{kind: told}],
        }
        with refused("ValidationException", "invocationId"):
            world.say(agent, "", sessionId=session, sessionState={**state, "invocationId": "another"})
        return world.say(agent, "", sessionId=session, sessionState=state)

    assert answer(**named, confirmationState="CONFIRM") == "high at noon"
    assert "did not agree" in answer(**named, confirmationState="DENY")
    assert "did not work" in answer(**named, confirmationState="CONFIRM", responseState="REPROMPT")
    with refused("dependencyFailedException", "high at noon"):
        answer(**named, confirmationState="CONFIRM", responseState="FAILURE")
    for each in wrong:
        with refused("ValidationException", kind):
            answer(**each, confirmationState="CONFIRM")
    return answer


@probe(SERVICE, "InvokeAgent", f"{STATE}.sessionAttributes")
def attributes_reach_the_function(world: World) -> None:
    agent, session = world.weather, uuid.uuid4().hex
    world.say(agent, WEATHER, sessionId=session, sessionState={"sessionAttributes": {"user": "anna"}})
    kept = world.endpoint.do(
        lambda e: [found.attributes for found in e.sessions.idle(1e12) if found.session_id == session]
    )
    assert kept == [{"user": "anna"}]


@probe(
    SERVICE,
    "InvokeAgent",
    "bedrockModelConfigurations",
    "promptCreationConfigurations.excludePreviousThinkingSteps",
    "streamingConfigurations.applyGuardrailInterval",
    "sourceArn",
)
def what_changes_nothing(world: World) -> None:
    more: dict[str, Any] = {
        "bedrockModelConfigurations": {"performanceConfig": {"latency": "optimized"}},
        "promptCreationConfigurations": {"excludePreviousThinkingSteps": True},
        "streamingConfigurations": {"applyGuardrailInterval": 5},
        "sourceArn": "arn:aws:bedrock:us-east-1:123456789012:agent/TRAVELDEMO",
    }
    assert world.say(TRAVEL, **more) == world.say(TRAVEL)


@probe(SERVICE, "GetAgentMemory", "maxItems", "nextToken")
def pages_of_summaries(world: World) -> None:
    memory, sessions = world.name("memory"), [uuid.uuid4().hex, uuid.uuid4().hex]
    found = remembered(world, memory, *sessions)
    of = {**AGENT, "memoryId": memory, "memoryType": "SESSION_SUMMARY"}
    first = world.bedrock_agent_runtime.get_agent_memory(**of, maxItems=1)
    assert summaries(world, memory, maxItems=1, nextToken=first["nextToken"]) == found[1:]


@probe(SERVICE, "DeleteAgentMemory", "memoryId", "sessionId")
def what_is_forgotten(world: World) -> None:
    memory, sessions = world.name("memory"), [uuid.uuid4().hex, uuid.uuid4().hex]
    remembered(world, memory, *sessions)
    world.bedrock_agent_runtime.delete_agent_memory(**AGENT, memoryId=memory, sessionId=sessions[0])
    assert summaries(world, memory) == [sessions[1]]
    world.bedrock_agent_runtime.delete_agent_memory(**AGENT, memoryId=memory)
    assert summaries(world, memory) == []
