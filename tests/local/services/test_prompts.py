"""Overridden prompts: kept, filled in, used and traced."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.endpoint import text_of, until
from tests.local.services.clients import INSTRUCTION, Aws, refused
from tests.local.services.weather import prepare, say
from travel_tui.local.prompts import prompts_of
from travel_tui.local.services.bedrock_agent_runtime.templates import Filling, filled

NewId = Callable[[str], str]

TYPES = [
    "PRE_PROCESSING",
    "ORCHESTRATION",
    "KNOWLEDGE_BASE_RESPONSE_GENERATION",
    "POST_PROCESSING",
    "MEMORY_SUMMARIZATION",
]
MEMORY = {"enabledMemoryTypes": ["SESSION_SUMMARY"], "storageDays": 30}


def overridden(kind: str, template: str, **more: Any) -> dict[str, Any]:
    return {
        "promptType": kind,
        "promptCreationMode": "OVERRIDDEN",
        "promptState": "ENABLED",
        "basePromptTemplate": template,
        **more,
    }


def agent_with(aws: Aws, name: str, *configurations: dict[str, Any]) -> str:
    agent = aws.agent(
        name,
        memoryConfiguration=MEMORY,
        promptOverrideConfiguration={"promptConfigurations": list(configurations)},
    )
    prepare(aws, agent)
    return agent


def traces(aws: Aws, agent: str, text: str, session: str | None = None, **more: Any) -> list[dict[str, Any]]:
    answer = aws.bedrock_agent_runtime.invoke_agent(
        agentId=agent,
        agentAliasId="TSTALIASID",
        sessionId=session or uuid.uuid4().hex,
        inputText=text,
        enableTrace=True,
        **more,
    )
    with closing(answer["completion"]) as events:
        got = list(events)
    assert text_of(got)
    return [event["trace"]["trace"] for event in got if "trace" in event]


def prompt_in(found: list[dict[str, Any]], union: str = "orchestrationTrace") -> dict[str, Any]:
    """The first prompt of a kind of step."""
    return next(each[union]["modelInvocationInput"] for each in found if "modelInvocationInput" in each.get(union, {}))


def configurations(agent: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["promptType"]: each for each in agent["promptOverrideConfiguration"]["promptConfigurations"]}


def remember(aws: Aws, agent: str, memory: str) -> str:
    session = uuid.uuid4().hex
    say(aws, agent, "My name is Edda. I like trains.", session=session, memoryId=memory)
    say(aws, agent, "end", session=session, memoryId=memory, endSession=True)
    of = {"agentId": agent, "agentAliasId": "TSTALIASID", "memoryId": memory, "memoryType": "SESSION_SUMMARY"}
    (found,) = until(lambda: aws.bedrock_agent_runtime.get_agent_memory(**of)["memoryContents"])
    return str(found["sessionSummary"]["summaryText"])


def test_an_agent_shows_the_default_of_every_prompt(aws: Aws) -> None:
    found = configurations(aws.bedrock_agent.get_agent(agentId="TRAVELDEMO")["agent"])
    assert list(found) == TYPES
    assert {each["promptCreationMode"] for each in found.values()} == {"DEFAULT"}
    states = {kind: each["promptState"] for kind, each in found.items()}
    assert states["PRE_PROCESSING"] == states["POST_PROCESSING"] == "DISABLED"
    assert states["ORCHESTRATION"] == states["MEMORY_SUMMARIZATION"] == "ENABLED"
    assert "$memory_content$" in found["ORCHESTRATION"]["basePromptTemplate"]


def test_every_prompt_is_kept_and_a_version_has_its_own(aws: Aws, new_id: NewId) -> None:
    given = [overridden(kind, f"{kind}: $question$", inferenceConfiguration={"topK": 7}) for kind in TYPES]
    agent = agent_with(aws, new_id("agent"), *given)
    found = aws.bedrock_agent.get_agent(agentId=agent)["agent"]
    for kind, each in configurations(found).items():
        assert each["basePromptTemplate"] == f"{kind}: $question$"
        assert (each["promptCreationMode"], each["promptState"]) == ("OVERRIDDEN", "ENABLED")
        assert each["inferenceConfiguration"]["topK"] == 7
    aws.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")
    aws.bedrock_agent.update_agent(
        agentId=agent,
        agentName=found["agentName"],
        foundationModel=found["foundationModel"],
        instruction=INSTRUCTION,
        agentResourceRoleArn=found["agentResourceRoleArn"],
    )
    assert configurations(aws.bedrock_agent.get_agent(agentId=agent)["agent"])["ORCHESTRATION"][
        "promptCreationMode"
    ] == ("DEFAULT")
    version = aws.bedrock_agent.get_agent_version(agentId=agent, agentVersion="1")["agentVersion"]
    assert configurations(version)["ORCHESTRATION"]["basePromptTemplate"] == "ORCHESTRATION: $question$"


def test_an_orchestration_prompt_is_filled_in_and_traced(aws: Aws, new_id: NewId) -> None:
    template = json.dumps(
        {
            "anthropic_version": "bedrock-2023-05-31",
            "system": "$instruction$ Be brief.\n\n$memory_content$\n\n$prompt_session_attributes$ $unknown_name$",
            "messages": [
                {"role": "user", "content": [{"text": "They ask: $question$"}]},
                {"role": "assistant", "content": [{"text": "$agent_scratchpad$"}]},
            ],
        }
    )
    inference = {"temperature": 0.5, "maximumLength": 9}
    agent = agent_with(aws, new_id("agent"), overridden("ORCHESTRATION", template, inferenceConfiguration=inference))
    session, memory = uuid.uuid4().hex, new_id("memory")
    summary = remember(aws, agent, memory)
    say(aws, agent, "hello", session=session, memoryId=memory)
    state = {"promptSessionAttributes": {"tone": "kind"}}
    asked = prompt_in(traces(aws, agent, "What is my name?", session, memoryId=memory, sessionState=state))
    assert (asked["promptCreationMode"], asked["inferenceConfiguration"]["maximumLength"]) == ("OVERRIDDEN", 9)
    prompt = json.loads(asked["text"])
    assert prompt["anthropic_version"] == "bedrock-2023-05-31"
    assert prompt["system"].startswith(f"{INSTRUCTION} Be brief.\n\n<memory_synopsis>\n{summary}\n</memory_synopsis>")
    assert '{"tone": "kind"}' in prompt["system"]
    assert "$unknown_name$" in prompt["system"]
    assert [each["role"] for each in prompt["messages"]] == ["user", "assistant", "user"]
    assert prompt["messages"][-1]["content"] == [{"text": "They ask: What is my name?"}]


def test_a_prompt_without_a_place_for_the_memory_has_none(aws: Aws, new_id: NewId) -> None:
    agent = agent_with(
        aws, new_id("agent"), overridden("ORCHESTRATION", "Said: $conversation_history$\n\nAsked: $question$")
    )
    memory = new_id("memory")
    assert "Edda" in remember(aws, agent, memory)
    session = uuid.uuid4().hex
    assert "Edda" not in say(aws, agent, "What is my name?", session=session, memoryId=memory)
    text = prompt_in(traces(aws, agent, "And now?", session, memoryId=memory))["text"]
    assert text.startswith("Said: user: What is my name?\nassistant: ")
    assert text.endswith("\n\nAsked: And now?")
    assert "memory_synopsis" not in text


def test_steps_before_and_after_are_traced_where_they_are_enabled(aws: Aws, new_id: NewId) -> None:
    agent = agent_with(
        aws,
        new_id("agent"),
        overridden("PRE_PROCESSING", "Is this for us? $question$", foundationModel="amazon.nova-lite-v1:0"),
        overridden("POST_PROCESSING", "Nicer, please: $latest_response$"),
    )
    found = traces(aws, agent, "hello")
    before, after = prompt_in(found, "preProcessingTrace"), prompt_in(found, "postProcessingTrace")
    assert (before["text"], before["type"]) == ("Is this for us? hello", "PRE_PROCESSING")
    assert before["foundationModel"] == "amazon.nova-lite-v1:0"
    output = found[-1]["postProcessingTrace"]["modelInvocationOutput"]["parsedResponse"]["text"]
    assert after["text"] == f"Nicer, please: {output}"
    assert next(iter(found[0])) == "preProcessingTrace"
    plain = traces(aws, agent_with(aws, new_id("agent")), "hello")
    assert {next(iter(each)) for each in plain} == {"orchestrationTrace"}


def test_a_memory_is_summarised_as_its_prompt_says(aws: Aws, new_id: NewId) -> None:
    topics = agent_with(aws, new_id("agent"), overridden("MEMORY_SUMMARIZATION", "<topic name='x'> of $conversation$"))
    assert remember(aws, topics, new_id("memory")).startswith("<summary><topic name=")
    prose = agent_with(aws, new_id("agent"), overridden("MEMORY_SUMMARIZATION", "Sum up: $conversation$"))
    summary = remember(aws, prose, new_id("memory"))
    assert "Edda" in summary
    assert "<topic" not in summary
    blind = agent_with(aws, new_id("agent"), overridden("MEMORY_SUMMARIZATION", "Sum up."))
    assert "Edda" not in remember(aws, blind, new_id("memory"))


def test_a_memory_whose_summaries_are_disabled_stays_empty(aws: Aws, new_id: NewId) -> None:
    off = {"promptType": "MEMORY_SUMMARIZATION", "promptState": "DISABLED"}
    agent, memory, session = agent_with(aws, new_id("agent"), off), new_id("memory"), uuid.uuid4().hex
    say(aws, agent, "My name is Edda.", session=session, memoryId=memory)
    say(aws, agent, "end", session=session, memoryId=memory, endSession=True)
    until(lambda: memory not in str(aws.endpoint.do(lambda e: e.memories.pending_overview(0))))
    of = {"agentId": agent, "agentAliasId": "TSTALIASID", "memoryId": memory, "memoryType": "SESSION_SUMMARY"}
    assert aws.bedrock_agent_runtime.get_agent_memory(**of)["memoryContents"] == []


PARTS = st.sampled_from(
    ["$question$", "$agent_scratchpad$", "$conversation_history$", "$other$", "$", "\n\n", "x", '"']
)
TEXT = st.lists(PARTS, max_size=6).map("".join)
JSON = st.recursive(
    st.none() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["system", "messages", "role", "content", "text"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(TEXT | JSON.map(json.dumps))
def test_any_template_is_filled(template: str) -> None:
    said = [{"role": "user", "content": "Who am I?"}]
    text = filled(template, Filling({"question": "$other$ 1"}, said, said))
    assert "$question$" not in text
    assert "$conversation_history$" not in text
    assert text.count("$other$") >= template.count("$other$")


@pytest.mark.parametrize(
    ("override", "why"),
    [
        ({"promptConfigurations": [{"promptType": "ORCHESTRATION", "promptCreationMode": "OVERRIDDEN"}]}, "base"),
        ({"promptConfigurations": [{"promptType": "ORCHESTRATION"}] * 2}, "more than once"),
        ({"promptConfigurations": [{"promptState": "ENABLED"}]}, "needs a promptType"),
        ({"promptConfigurations": [{"promptType": "ORCHESTRATION", "promptState": "DISABLED"}]}, "cannot skip"),
        ({"promptConfigurations": [{"promptType": "ORCHESTRATION", "parserMode": "OVERRIDDEN"}]}, "parserMode"),
        (
            {
                "promptConfigurations": [],
                "overrideLambda": "arn:aws:lambda:us-east-1:123456789012:function:parser",
            },
            "overrideLambda",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(aws: Aws, new_id: NewId, override: dict[str, Any], why: str) -> None:
    with refused("ValidationException", why):
        aws.agent(new_id("agent"), promptOverrideConfiguration=override)


def test_what_an_earlier_version_stored_is_read() -> None:
    stored = [{"promptState": "ENABLED"}, {"promptType": "ORCHESTRATION", "promptCreationMode": "OVERRIDDEN"}]
    prompts = prompts_of({"promptConfigurations": stored})
    assert list(prompts) == TYPES
    assert not any(prompt.overridden for prompt in prompts.values())
