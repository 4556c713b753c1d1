"""The policies that are printed, held against the calls that are made."""

from __future__ import annotations

from provision.policies import CHAT_ACTIONS, alias_arn, chat_policy
from tests.endpoint import AGENT, RunningEndpoint
from tests.tui.client import running_client
from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp

ARN = "arn:aws:bedrock:us-east-1:123456789012:agent-alias/TRAVELDEMO/TSTALIASID"


async def test_the_chat_policy_allows_exactly_the_calls_that_the_client_makes(endpoint: RunningEndpoint) -> None:
    agent = AgentConfig(
        "travel", AGENT["agentId"], AGENT["agentAliasId"], "us-east-1", endpoint_url=endpoint.url, memory_id="anna"
    )
    async with running_client(TravelApp(app_context(agent, Clock(), Ids(1), None))) as user:
        await user.sees("No memories yet")
        await user.say("My name is Anna and I like trains.")
        await user.sees("Anna", "1 turn")
        await user.press("f2")
        await user.sees("stored after", "delete all")
        await user.press("f3")
        await user.say("What do you know about me?")
        await user.sees("1 memory in prompt")
        user.main.query_one("SummaryCard").focus()
        await user.press("delete")
        await user.sees("Delete the memory of session")
        await user.press("tab", "enter")
        await user.sees("No memories")
    calls = endpoint.do(lambda running: list(running.calls))
    assert {f"bedrock:{call['operation']}" for call in calls} == set(CHAT_ACTIONS)
    assert {(call["input"]["agentId"], call["input"]["agentAliasId"]) for call in calls} == {tuple(AGENT.values())}
    assert all(call["error"] is None for call in calls)


def test_the_chat_policy_is_one_statement_on_that_alias_alone() -> None:
    policy = chat_policy(ARN)
    assert policy["Version"] == "2012-10-17"
    (statement,) = policy["Statement"]
    assert statement["Effect"] == "Allow"
    assert set(statement["Action"]) == set(CHAT_ACTIONS)
    assert statement["Resource"] == ARN
    assert alias_arn("aws", "TRAVELDEMO", "TSTALIASID", "us-east-1", "123456789012") == ARN
