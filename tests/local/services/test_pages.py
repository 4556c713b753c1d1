"""Tokens of the next page over HTTP with boto3: each is good for the list that returned it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.endpoint import AGENT, RunningEndpoint
from tests.local.services.clients import Aws, refused

NewId = Callable[[str], str]
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def elsewhere(endpoint: RunningEndpoint) -> Iterator[Aws]:
    """Clients of another Region."""
    with closing(Aws(endpoint, "eu-west-1")) as clients:
        yield clients


def hold(mine: Call, others: list[Call], size: str, asked: str = "nextToken", told: str = "nextToken") -> None:
    """Holds that a list has a second page, of any size, and that other lists refuse its token, as they do others."""
    token = mine(**{size: 1})[told]
    assert mine(**{size: 1, asked: token}) != mine(**{size: 1})
    assert mine(**{size: 5, asked: token})
    code = {"MaxItems": "ValidationError"}.get(size, "ValidationException")
    code = {"NextMarker": "InvalidParameterValueException"}.get(told, code)
    code = "InvalidParameterException" if size == "limit" else code
    for other in others:
        for strange in (token, "made-up"):
            with refused(code, asked):
                other(**{asked: strange})


def test_agents_and_what_they_have(aws: Aws, elsewhere: Aws, new_id: NewId) -> None:
    one, other = aws.agent(new_id("agent")), aws.agent(new_id("agent"))
    client = aws.bedrock_agent
    agents = client.list_agents
    hold(
        agents,
        [elsewhere.bedrock_agent.list_agents, lambda **more: client.list_agent_aliases(agentId=one, **more)],
        "maxResults",
    )
    for agent in (one, other):
        client.prepare_agent(agentId=agent)
        client.create_agent_alias(agentId=agent, agentAliasName="live")
    hold(
        lambda **more: client.list_agent_aliases(agentId=one, **more),
        [
            lambda **more: client.list_agent_aliases(agentId=other, **more),
            lambda **more: client.list_agent_versions(agentId=one, **more),
            agents,
        ],
        "maxResults",
    )


def test_roles_and_their_policies(aws: Aws, new_id: NewId) -> None:
    one, other = new_id("role"), new_id("role")
    for role in (one, other):
        aws.role(role, "lambda.amazonaws.com")
    hold(
        aws.iam.list_roles,
        [
            lambda **more: aws.iam.list_roles(PathPrefix="/a/", **more),
            lambda **more: aws.iam.list_role_policies(RoleName=one, **more),
        ],
        "MaxItems",
        "Marker",
        "Marker",
    )


def test_functions(aws: Aws, elsewhere: Aws, new_id: NewId) -> None:
    for _ in range(2):
        aws.function(new_id("function"))
    hold(aws.lambda_.list_functions, [elsewhere.lambda_.list_functions], "MaxItems", "Marker", "NextMarker")


def test_log_groups_and_their_events(aws: Aws, elsewhere: Aws, new_id: NewId) -> None:
    one, other = new_id("group"), new_id("group")
    for group in (one, other):
        aws.logs.create_log_group(logGroupName=group)
    hold(
        aws.logs.describe_log_groups,
        [
            elsewhere.logs.describe_log_groups,
            lambda **more: aws.logs.describe_log_groups(logGroupNamePrefix="group", **more),
            lambda **more: aws.logs.filter_log_events(logGroupName=one, **more),
        ],
        "limit",
    )


def test_summaries(aws: Aws, endpoint: RunningEndpoint, new_id: NewId) -> None:
    user, one, other = endpoint.user(), new_id("memory"), new_id("memory")
    for memory in (one, one, other):
        session = new_id("session")
        user.say("My name is Anna.", session, memory)
        user.end(session, memory)
        user.await_summary(session, memory)
    recall = user.client.get_agent_memory

    def of(memory: str) -> Call:
        return lambda **more: recall(**AGENT, memoryId=memory, memoryType="SESSION_SUMMARY", **more)

    hold(of(one), [of(other), aws.bedrock_agent.list_agents], "maxItems")
