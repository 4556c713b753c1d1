"""bedrock-agent: aliases and the versions behind them."""

from __future__ import annotations

from collections.abc import Callable

from tests.local.services.clients import Aws, refused
from tests.local.services.weather import prepare, say, weather_agent

NewId = Callable[[str], str]


def test_an_alias_keeps_its_version_while_the_draft_changes(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("agent"))
    with refused("ValidationException", "NOT_PREPARED"):
        aws.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="early")
    aws.bedrock_agent.delete_agent(agentId=agent)
    agent = weather_agent(aws, new_id("agent"))
    made = aws.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live", description="d")["agentAlias"]
    alias = made["agentAliasId"]
    assert made["agentAliasStatus"] == "CREATING"
    of = {"agentId": agent, "agentAliasId": alias}
    found = aws.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert (found["agentAliasStatus"], found["routingConfiguration"]) == ("PREPARED", [{"agentVersion": "1"}])
    assert "sunny" in say(aws, agent, "What is the weather in Lisbon on 2027-03-04?", alias)
    listed = aws.bedrock_agent.list_agent_action_groups(agentId=agent, agentVersion="1")["actionGroupSummaries"]
    (draft,) = aws.bedrock_agent.list_agent_action_groups(agentId=agent, agentVersion="DRAFT")["actionGroupSummaries"]
    assert [each["actionGroupName"] for each in listed] == ["Weather"]
    aws.bedrock_agent.delete_agent_action_group(
        agentId=agent, agentVersion="DRAFT", actionGroupId=draft["actionGroupId"], skipResourceInUseCheck=True
    )
    prepare(aws, agent)
    assert "sunny" not in say(aws, agent, "What is the weather in Lisbon on 2027-03-04?")
    assert "sunny" in say(aws, agent, "What is the weather in Lisbon on 2027-03-04?", alias)
    aws.bedrock_agent.update_agent_alias(**of, agentAliasName="live")
    found = aws.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert found["routingConfiguration"] == [{"agentVersion": "2"}]
    assert [event["routingConfiguration"] for event in found["agentAliasHistoryEvents"]] == [
        [{"agentVersion": "1"}],
        [{"agentVersion": "2"}],
    ]
    assert "sunny" not in say(aws, agent, "What is the weather in Lisbon on 2027-03-04?", alias)
    aws.bedrock_agent.update_agent_alias(**of, agentAliasName="live", routingConfiguration=[{"agentVersion": "1"}])
    assert "sunny" in say(aws, agent, "What is the weather in Lisbon on 2027-03-04?", alias)
    summaries = aws.bedrock_agent.list_agent_versions(agentId=agent)["agentVersionSummaries"]
    assert [each["agentVersion"] for each in summaries] == ["DRAFT", "1", "2"]
    assert aws.bedrock_agent.get_agent_version(agentId=agent, agentVersion="1")["agentVersion"]["version"] == "1"
    with refused("ConflictException", alias):
        aws.bedrock_agent.delete_agent_version(agentId=agent, agentVersion="1")
    assert aws.bedrock_agent.delete_agent_version(agentId=agent, agentVersion="2")["agentStatus"] == "DELETING"
    with refused("ResourceNotFoundException", "version 2"):
        aws.bedrock_agent.get_agent_version(agentId=agent, agentVersion="2")
    with refused("ConflictException", f"Could not delete Agent with ID {agent}, since it has active aliases"):
        aws.bedrock_agent.delete_agent(agentId=agent)
    assert aws.bedrock_agent.delete_agent_alias(**of)["agentAliasStatus"] == "DELETING"
    with refused("ResourceNotFoundException"):
        say(aws, agent, "hello", alias)
    aws.bedrock_agent.delete_agent(agentId=agent)


def test_the_test_alias_is_always_there_and_stays(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("agent"))
    of = {"agentId": agent, "agentAliasId": "TSTALIASID"}
    found = aws.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert found["routingConfiguration"] == [{"agentVersion": "DRAFT"}]
    listed = aws.bedrock_agent.list_agent_aliases(agentId=agent)["agentAliasSummaries"]
    assert [each["agentAliasId"] for each in listed] == ["TSTALIASID"]
    with refused("ValidationException", "TSTALIASID"):
        aws.bedrock_agent.delete_agent_alias(**of)
    with refused("ValidationException", "TSTALIASID"):
        aws.bedrock_agent.update_agent_alias(**of, agentAliasName="mine")
    prepare(aws, agent)
    with refused("ValidationException", "DRAFT"):
        aws.bedrock_agent.create_agent_alias(
            agentId=agent, agentAliasName="draft", routingConfiguration=[{"agentVersion": "DRAFT"}]
        )
    with refused("ResourceNotFoundException", "version 7"):
        aws.bedrock_agent.create_agent_alias(
            agentId=agent, agentAliasName="seven", routingConfiguration=[{"agentVersion": "7"}]
        )
    with refused("ConflictException", "AgentTestAlias"):
        aws.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="AgentTestAlias")


def test_a_paused_alias_rejects_invocations(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("agent"))
    prepare(aws, agent)
    alias = aws.bedrock_agent.create_agent_alias(agentId=agent, agentAliasName="live")["agentAlias"]["agentAliasId"]
    of = {"agentId": agent, "agentAliasId": alias}
    aws.bedrock_agent.update_agent_alias(**of, agentAliasName="live", aliasInvocationState="REJECT_INVOCATIONS")
    assert aws.bedrock_agent.get_agent_alias(**of)["agentAlias"]["aliasInvocationState"] == "REJECT_INVOCATIONS"
    with refused("ValidationException", "REJECT_INVOCATIONS"):
        say(aws, agent, "hello", alias)
    with refused("ValidationException", "REJECT_INVOCATIONS"):
        say(aws, agent, "end", alias, endSession=True)
    assert say(aws, agent, "hello")
    found = aws.bedrock_agent_runtime.get_agent_memory(**of, memoryType="SESSION_SUMMARY", memoryId="anna")
    assert found["memoryContents"] == []
    prepare(aws, agent)  # the draft goes on, and what was paused does not
    aws.bedrock_agent.update_agent_alias(**of, agentAliasName="live", aliasInvocationState="ACCEPT_INVOCATIONS")
    assert say(aws, agent, "hello", alias)
    found = aws.bedrock_agent.get_agent_alias(**of)["agentAlias"]
    assert (found["aliasInvocationState"], found["agentAliasStatus"]) == ("ACCEPT_INVOCATIONS", "PREPARED")
    assert found["routingConfiguration"] == [{"agentVersion": "1"}]
    assert len(found["agentAliasHistoryEvents"]) == 1
    listed = aws.bedrock_agent.list_agent_versions(agentId=agent)["agentVersionSummaries"]
    assert [each["agentVersion"] for each in listed] == ["DRAFT", "1"]
    aws.bedrock_agent.update_agent_alias(
        **of,
        agentAliasName="live",
        aliasInvocationState="ACCEPT_INVOCATIONS",
        routingConfiguration=[{"agentVersion": "1"}],
    )
    aws.bedrock_agent.update_agent_alias(**of, agentAliasName="live")
    assert aws.bedrock_agent.get_agent_alias(**of)["agentAlias"]["routingConfiguration"] == [{"agentVersion": "2"}]
