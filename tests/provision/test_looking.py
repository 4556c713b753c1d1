"""What is found of agents that exist already, with all permissions, with some, and with none."""

from __future__ import annotations

from typing import Any

import pytest

from provision.connect import Account
from provision.found import Found, Function, ListedAgent, ListedAlias
from tests.endpoint import RunningEndpoint
from tests.provision.agents import AGENT_ID, LOOKS, TEST_ALIAS, add_alias, change, forbid
from travel_tui.agent import AgentError, Cause

DOINGS = (
    Function("book_trip", "book a trip for a customer"),
    Function("update_existing_trip_dates", "update start or end date for an existing trip reservation"),
    Function("delete_existing_trip_reservation", "delete an existing trip reservation"),
)


def account_at(endpoint: RunningEndpoint) -> Account:
    return Account(endpoint_url=endpoint.url)


def test_agents_and_aliases_are_listed_by_name(endpoint: RunningEndpoint, control: Any) -> None:
    alias_id = add_alias(control, "A-live")
    account = account_at(endpoint)
    assert account.number() == "123456789012"
    assert account.region == "us-east-1"
    (agent,) = account.agents()
    description = control.get_agent(agentId=AGENT_ID)["agent"]["description"]
    assert agent == ListedAgent(AGENT_ID, agent.name, "PREPARED", description)
    assert account.aliases(AGENT_ID) == [
        ListedAlias(alias_id, "A-live", "PREPARED", "1"),
        ListedAlias(TEST_ALIAS, "AgentTestAlias", "PREPARED", "DRAFT"),
    ]


def test_all_pages_of_a_list_are_read(endpoint: RunningEndpoint, control: Any) -> None:
    version = [{"agentVersion": "1"}]
    names = [f"alias-{number:03}" for number in range(25)]
    add_alias(control, names[0])
    for name in names[1:]:
        add_alias(control, name, routingConfiguration=version)
    assert [alias.name for alias in account_at(endpoint).aliases(AGENT_ID)] == ["AgentTestAlias", *names]


def test_what_an_agent_can_do_and_remembers_is_found(endpoint: RunningEndpoint) -> None:
    found = account_at(endpoint).look(AGENT_ID, TEST_ALIAS)
    assert (found.status, found.alias_status, found.version) == ("PREPARED", "PREPARED", "DRAFT")
    assert (found.remembers, found.memory_days, found.idle_s) == (True, 30, 1800)
    assert found.model
    assert found.action_groups is not None
    (group,) = found.action_groups
    assert group.name == "BookingManagerActionGroup"
    assert group.functions == DOINGS
    assert found.unchecked == ()
    assert found.trouble() is None


def test_an_alias_answers_for_the_version_it_points_at_and_not_for_the_draft(
    endpoint: RunningEndpoint, control: Any
) -> None:
    alias_id = add_alias(control, "live")
    change(control, memoryConfiguration=None, idleSessionTTLInSeconds=60)
    account = account_at(endpoint)
    live = account.look(AGENT_ID, alias_id)
    assert (live.version, live.remembers, live.idle_s, live.trouble()) == ("1", True, 1800, None)
    assert live.action_groups is not None
    assert live.action_groups[0].functions == DOINGS
    draft = account.look(AGENT_ID, TEST_ALIAS)
    assert (draft.version, draft.remembers, draft.memory_days, draft.idle_s) == ("DRAFT", False, None, 60)


def test_an_agent_without_memory_is_no_agent_to_connect_to(endpoint: RunningEndpoint, control: Any) -> None:
    change(control, memoryConfiguration=None)
    trouble = account_at(endpoint).look(AGENT_ID, TEST_ALIAS).trouble()
    assert trouble is not None
    assert trouble.what == "The agent has no memory."
    assert "SESSION_SUMMARY" in trouble.why
    assert "prepare it" in trouble.advice


def test_an_agent_that_is_not_prepared_is_told_with_the_command_that_prepares_it(
    endpoint: RunningEndpoint, control: Any
) -> None:
    change(control, prepare=False, description="changed")
    account = account_at(endpoint)
    trouble = account.look(AGENT_ID, TEST_ALIAS).trouble(account.place.options)
    assert trouble is not None
    assert (trouble.cause, trouble.why) == (Cause.CONFLICT, "Its state is NOT_PREPARED.")
    assert f"aws bedrock-agent prepare-agent --agent-id {AGENT_ID} --region us-east-1" in trouble.advice


def test_an_agent_whose_preparation_failed_says_why(endpoint: RunningEndpoint, control: Any) -> None:
    change(control, prepare=False, instruction=None)
    control.prepare_agent(agentId=AGENT_ID)
    found = account_at(endpoint).look(AGENT_ID, TEST_ALIAS)
    trouble = found.trouble()
    assert found.status == "FAILED"
    assert trouble is not None
    assert "no instruction" in trouble.why


@pytest.mark.parametrize("state", ["CREATING", "PREPARING", "UPDATING", "VERSIONING"])
def test_a_state_that_passes_is_to_be_waited_for(state: str) -> None:
    trouble = Found(AGENT_ID, TEST_ALIAS, status=state).trouble()
    assert trouble is not None
    assert "Wait until it is" in trouble.advice
    assert "prepare-agent" not in trouble.advice


def test_an_alias_that_takes_no_questions_is_told(endpoint: RunningEndpoint, control: Any) -> None:
    alias_id = add_alias(control, "closed")
    alias = {"agentId": AGENT_ID, "agentAliasId": alias_id, "agentAliasName": "closed"}
    control.update_agent_alias(**alias, aliasInvocationState="REJECT_INVOCATIONS")
    trouble = account_at(endpoint).look(AGENT_ID, alias_id).trouble()
    assert trouble is not None
    assert alias_id in trouble.why


@pytest.mark.parametrize(
    ("forbidden", "unknown"),
    [
        (("GetAgentAlias",), ["where the alias points and whether it is prepared"]),
        (("GetAgent",), ["whether the agent is prepared and remembers"]),
        (("ListAgentActionGroups",), ["what the agent can do"]),
        (("GetAgentActionGroup",), ["which functions the agent has"]),
        (
            LOOKS,
            [
                "where the alias points and whether it is prepared",
                "whether the agent is prepared and remembers",
                "what the agent can do",
            ],
        ),
    ],
)
def test_what_one_may_not_see_stays_unknown_and_is_named(
    endpoint: RunningEndpoint, forbidden: tuple[str, ...], unknown: list[str]
) -> None:
    account = account_at(endpoint)
    whole = account.look(AGENT_ID, TEST_ALIAS)
    forbid(endpoint, *forbidden)
    found = account.look(AGENT_ID, TEST_ALIAS)
    assert [each.unknown for each in found.unchecked] == unknown
    assert {each.action for each in found.unchecked} <= {f"bedrock:{operation}" for operation in forbidden}
    assert all("AccessDeniedException" in each.why for each in found.unchecked)
    assert found.trouble() is None
    assert found.version == "DRAFT", "TSTALIASID points nowhere else"
    assert (found.name == whole.name) is ("GetAgent" not in forbidden)
    assert (found.action_groups is None) is ("ListAgentActionGroups" in forbidden)


def test_where_an_alias_points_is_not_guessed(endpoint: RunningEndpoint, control: Any) -> None:
    alias_id = add_alias(control, "live")
    change(control, memoryConfiguration=None)
    forbid(endpoint, "GetAgentAlias")
    found = account_at(endpoint).look(AGENT_ID, alias_id)
    assert found.name, "the agent's name is known all the same"
    assert (found.version, found.status, found.remembers, found.action_groups) == (None, None, None, None)
    assert found.trouble() is None


def test_a_memory_that_may_not_be_read_is_named(endpoint: RunningEndpoint) -> None:
    account = account_at(endpoint)
    found = Found(AGENT_ID, TEST_ALIAS)
    assert account.with_memory_read(found, "anna") == found
    forbid(endpoint, "GetAgentMemory")
    (unchecked,) = account.with_memory_read(found, "anna").unchecked
    assert (unchecked.action, unchecked.unknown) == ("bedrock:GetAgentMemory", "whether its memory can be read")


@pytest.mark.parametrize("agent_id", ["NOSUCHAGNT", "TRAVELDEM0"])
def test_an_agent_that_is_not_there_is_an_error_even_to_those_who_may_only_chat(
    endpoint: RunningEndpoint, agent_id: str
) -> None:
    account = account_at(endpoint)
    with pytest.raises(AgentError) as looked:
        account.look(agent_id, TEST_ALIAS)
    assert looked.value.trouble.cause is Cause.NOT_FOUND
    assert "--agent-id" in looked.value.trouble.advice
    forbid(endpoint, *LOOKS)
    with pytest.raises(AgentError) as read:
        account.with_memory_read(Found(agent_id, TEST_ALIAS), "anna")
    assert read.value.trouble.cause is Cause.NOT_FOUND


def test_a_list_that_is_forbidden_says_what_is_enough(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, "ListAgents")
    with pytest.raises(AgentError) as forbidden:
        account_at(endpoint).agents()
    assert forbidden.value.trouble.cause is Cause.DENIED
    for part in ("bedrock:ListAgents", "--agent-id and --alias-id"):
        assert part in forbidden.value.trouble.advice


def test_an_account_without_agents_is_told_where_else_to_look(endpoint: RunningEndpoint, control: Any) -> None:
    control.delete_agent(agentId=AGENT_ID, skipResourceInUseCheck=True)
    with pytest.raises(AgentError, match=r"no agents.*--region.*travel-tui demo"):
        account_at(endpoint).agents()


def test_a_service_that_fails_is_not_taken_for_a_permission_that_is_missing(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, "GetAgent", error="ThrottlingException")
    with pytest.raises(AgentError) as failed:
        account_at(endpoint).look(AGENT_ID, TEST_ALIAS)
    assert failed.value.trouble.cause is Cause.THROTTLED
    assert "Nothing was changed" in failed.value.trouble.advice


def test_without_region_credentials_or_profile_the_option_or_command_is_named() -> None:
    with pytest.raises(AgentError, match="--region"):
        Account().agents()
    with pytest.raises(AgentError, match="aws configure"):
        Account(region="us-east-1").agents()
    with pytest.raises(AgentError, match="--profile"):
        Account(profile="nobody")
    with pytest.raises(AgentError, match="travel-tui local"):
        Account(endpoint_url="http://127.0.0.1:9").agents()
    assert Account(region="us-east-1").number() is None
