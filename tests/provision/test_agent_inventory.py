"""What is found of agents that exist already, with all permissions, with some, and with none."""

from __future__ import annotations

from typing import Any

import pytest

from provision.agent_inventory import AgentReport, FunctionReport, ListedAgent, ListedAlias
from provision.connect import Account
from tests.endpoint import RunningEndpoint
from tests.provision.agents import AGENT_ID, LOOKS, TEST_ALIAS, add_alias, change, forbid
from travel_tui.agent import AgentError, ErrorKind

DOINGS = (
    FunctionReport("book_trip", "book a trip for a customer"),
    FunctionReport("update_existing_trip_dates", "update start or end date for an existing trip reservation"),
    FunctionReport("delete_existing_trip_reservation", "delete an existing trip reservation"),
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
    found = account_at(endpoint).inspect(AGENT_ID, TEST_ALIAS)
    assert (found.status, found.alias_status, found.version) == ("PREPARED", "PREPARED", "DRAFT")
    assert (found.remembers, found.memory_days, found.idle_s) == (True, 30, 1800)
    assert found.model
    assert found.action_groups is not None
    (group,) = found.action_groups
    assert group.name == "BookingManagerActionGroup"
    assert group.functions == DOINGS
    assert found.unchecked == ()
    assert found.problem() is None


def test_an_alias_answers_for_the_version_it_points_at_and_not_for_the_draft(
    endpoint: RunningEndpoint, control: Any
) -> None:
    alias_id = add_alias(control, "live")
    change(control, memoryConfiguration=None, idleSessionTTLInSeconds=60)
    account = account_at(endpoint)
    live = account.inspect(AGENT_ID, alias_id)
    assert (live.version, live.remembers, live.idle_s, live.problem()) == ("1", True, 1800, None)
    assert live.action_groups is not None
    assert live.action_groups[0].functions == DOINGS
    draft = account.inspect(AGENT_ID, TEST_ALIAS)
    assert (draft.version, draft.remembers, draft.memory_days, draft.idle_s) == ("DRAFT", False, None, 60)


def test_an_agent_without_memory_is_no_agent_to_connect_to(endpoint: RunningEndpoint, control: Any) -> None:
    change(control, memoryConfiguration=None)
    problem = account_at(endpoint).inspect(AGENT_ID, TEST_ALIAS).problem()
    assert problem is not None
    assert problem.what == "The agent has no memory."
    assert "SESSION_SUMMARY" in problem.why
    assert "prepare it" in problem.advice


def test_an_agent_that_is_not_prepared_is_told_with_the_command_that_prepares_it(
    endpoint: RunningEndpoint, control: Any
) -> None:
    change(control, prepare=False, description="changed")
    account = account_at(endpoint)
    problem = account.inspect(AGENT_ID, TEST_ALIAS).problem(account.place.options)
    assert problem is not None
    assert (problem.cause, problem.why) == (ErrorKind.CONFLICT, "Its state is NOT_PREPARED.")
    assert f"aws bedrock-agent prepare-agent --agent-id {AGENT_ID} --region us-east-1" in problem.advice


def test_an_agent_whose_preparation_failed_says_why(endpoint: RunningEndpoint, control: Any) -> None:
    change(control, prepare=False, instruction=None)
    control.prepare_agent(agentId=AGENT_ID)
    found = account_at(endpoint).inspect(AGENT_ID, TEST_ALIAS)
    problem = found.problem()
    assert found.status == "FAILED"
    assert problem is not None
    assert "no instruction" in problem.why


@pytest.mark.parametrize("state", ["CREATING", "PREPARING", "UPDATING", "VERSIONING"])
def test_a_state_that_passes_is_to_be_waited_for(state: str) -> None:
    problem = AgentReport(AGENT_ID, TEST_ALIAS, status=state).problem()
    assert problem is not None
    assert "Wait until it is" in problem.advice
    assert "prepare-agent" not in problem.advice


def test_an_alias_that_takes_no_questions_is_told(endpoint: RunningEndpoint, control: Any) -> None:
    alias_id = add_alias(control, "closed")
    alias = {"agentId": AGENT_ID, "agentAliasId": alias_id, "agentAliasName": "closed"}
    control.update_agent_alias(**alias, aliasInvocationState="REJECT_INVOCATIONS")
    problem = account_at(endpoint).inspect(AGENT_ID, alias_id).problem()
    assert problem is not None
    assert alias_id in problem.why


@pytest.mark.parametrize(
    ("forbidden", "unknown"),
    [
        (("GetAgentAlias",), ["where the alias points and whether it is prepared"]),
        (("GetAgent",), ["whether the agent is prepared and has memory"]),
        (("ListAgentActionGroups",), ["what the agent can do"]),
        (("GetAgentActionGroup",), ["which functions the agent has"]),
        (
            LOOKS,
            [
                "where the alias points and whether it is prepared",
                "whether the agent is prepared and has memory",
                "what the agent can do",
            ],
        ),
    ],
)
def test_what_one_may_not_see_stays_unknown_and_is_named(
    endpoint: RunningEndpoint, forbidden: tuple[str, ...], unknown: list[str]
) -> None:
    account = account_at(endpoint)
    whole = account.inspect(AGENT_ID, TEST_ALIAS)
    forbid(endpoint, *forbidden)
    found = account.inspect(AGENT_ID, TEST_ALIAS)
    assert [each.unknown for each in found.unchecked] == unknown
    assert {each.action for each in found.unchecked} <= {f"bedrock:{operation}" for operation in forbidden}
    assert all("AccessDeniedException" in each.why for each in found.unchecked)
    assert found.problem() is None
    assert found.version == "DRAFT", "TSTALIASID points nowhere else"
    assert (found.name == whole.name) is ("GetAgent" not in forbidden)
    assert (found.action_groups is None) is ("ListAgentActionGroups" in forbidden)


def test_where_an_alias_points_is_not_guessed(endpoint: RunningEndpoint, control: Any) -> None:
    alias_id = add_alias(control, "live")
    change(control, memoryConfiguration=None)
    forbid(endpoint, "GetAgentAlias")
    found = account_at(endpoint).inspect(AGENT_ID, alias_id)
    assert found.name, "the agent's name is known all the same"
    assert (found.version, found.status, found.remembers, found.action_groups) == (None, None, None, None)
    assert found.problem() is None


def test_a_memory_that_may_not_be_read_is_named(endpoint: RunningEndpoint) -> None:
    account = account_at(endpoint)
    found = AgentReport(AGENT_ID, TEST_ALIAS)
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
        account.inspect(agent_id, TEST_ALIAS)
    assert looked.value.problem.cause is ErrorKind.NOT_FOUND
    assert "--agent-id" in looked.value.problem.advice
    forbid(endpoint, *LOOKS)
    with pytest.raises(AgentError) as read:
        account.with_memory_read(AgentReport(agent_id, TEST_ALIAS), "anna")
    assert read.value.problem.cause is ErrorKind.NOT_FOUND


def test_a_list_that_is_forbidden_says_what_is_enough(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, "ListAgents")
    with pytest.raises(AgentError) as forbidden:
        account_at(endpoint).agents()
    assert forbidden.value.problem.cause is ErrorKind.DENIED
    for part in ("bedrock:ListAgents", "--agent-id and --alias-id"):
        assert part in forbidden.value.problem.advice


def test_an_account_without_agents_is_told_where_else_to_look(endpoint: RunningEndpoint, control: Any) -> None:
    control.delete_agent(agentId=AGENT_ID, skipResourceInUseCheck=True)
    with pytest.raises(AgentError, match=r"No agents.*--region.*travel-tui demo"):
        account_at(endpoint).agents()


def test_a_service_that_fails_is_not_taken_for_a_permission_that_is_missing(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, "GetAgent", error="ThrottlingException")
    with pytest.raises(AgentError) as failed:
        account_at(endpoint).inspect(AGENT_ID, TEST_ALIAS)
    assert failed.value.problem.cause is ErrorKind.THROTTLED
    assert "Nothing was changed" in failed.value.problem.advice


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
