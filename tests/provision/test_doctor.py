"""What doctor finds on AWS: with everything in order, with things missing, denied, silent, or without AWS at all."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from provision.agent_inventory import AgentReport
from provision.connect import Account
from provision.doctor import Examination
from provision.doctor_reach import model
from provision.doctor_result import CheckResult, CheckStatus
from tests.bedrock_agents.wire import plain, wire
from tests.endpoint import RunningEndpoint
from tests.local.services.clients import Aws
from tests.local.services.weather import WEATHER, allow, group, prepare
from tests.provision.agents import AGENT_ID, LOOKS, TEST_ALIAS, add_alias, change, forbid
from travel_tui.config import AgentConfig

SUBJECTS = ["credentials", "Region", "agent", "alias", "memory", "functions", "model", "memory read"]


async def found(
    url: str | None, agent_id: str = AGENT_ID, alias_id: str = TEST_ALIAS, **more: Any
) -> list[CheckResult]:
    limit = {"limit_s": more.pop("limit_s")} if "limit_s" in more else {}
    place = AgentConfig("travel", agent_id, alias_id, endpoint_url=url, **more)
    return await Examination(place, "anna", **limit).findings()


def of(findings: list[CheckResult], subject: str) -> CheckResult:
    (one,) = [each for each in findings if each.subject == subject]
    return one


@pytest.fixture
def aws(endpoint: RunningEndpoint) -> Iterator[Aws]:
    with closing(Aws(endpoint)) as clients:
        yield clients


async def test_an_agent_that_is_ready_is_good_in_everything(endpoint: RunningEndpoint) -> None:
    findings = await found(endpoint.url)
    assert [each.subject for each in findings] == SUBJECTS
    assert {each.verdict for each in findings} == {CheckStatus.GOOD}
    assert of(findings, "memory").found == "on, kept 30 days"
    assert endpoint.url in of(findings, "Region").found
    calls = endpoint.do(lambda each: [call["operation"] for call in each.calls])
    assert calls.count("GetAgentMemory") == 1
    assert not {call for call in calls if call and not call.startswith(("Get", "List"))}, "it only reads"


async def test_what_one_may_not_see_is_a_question_with_the_permission_to_ask_for(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, *LOOKS, "GetCallerIdentity", "GetAgentMemory")
    findings = await found(endpoint.url)
    verdicts = {each.subject: each.verdict for each in findings}
    asked = {each.subject: each.advice for each in findings}
    for subject, action in (
        ("credentials", "sts:GetCallerIdentity"),
        ("agent", "bedrock:GetAgent"),
        ("alias", "bedrock:GetAgentAlias"),
        ("memory", "bedrock:GetAgent"),
        ("functions", "bedrock:ListAgentActionGroups"),
        ("model", "bedrock:GetAgent"),
    ):
        assert verdicts[subject] is CheckStatus.UNKNOWN
        assert asked[subject] == f"Ask for {action}."
    assert verdicts["memory read"] is CheckStatus.BROKEN, "without it the client shows no memory"
    assert "--print-policy" in asked["memory read"]


async def test_what_is_wrong_with_an_agent_is_told_at_its_place(endpoint: RunningEndpoint, control: Any) -> None:
    alias_id = add_alias(control, "closed")
    alias = {"agentId": AGENT_ID, "agentAliasId": alias_id, "agentAliasName": "closed"}
    control.update_agent_alias(**alias, aliasInvocationState="REJECT_INVOCATIONS")
    assert of(await found(endpoint.url, alias_id=alias_id), "alias").verdict is CheckStatus.BROKEN
    change(control, prepare=False, memoryConfiguration=None)
    findings = await found(endpoint.url)
    assert of(findings, "agent").verdict is CheckStatus.BROKEN
    assert "prepare-agent" in of(findings, "agent").advice
    assert of(findings, "memory").verdict is CheckStatus.BROKEN
    assert of(findings, "alias").verdict is CheckStatus.GOOD


async def test_an_agent_that_is_not_there_is_told(endpoint: RunningEndpoint) -> None:
    findings = await found(endpoint.url, "NOSUCHAGNT")
    assert of(findings, "agent").verdict is CheckStatus.BROKEN
    assert "--agent-id" in of(findings, "agent").advice
    assert not [each for each in findings if each.subject == "alias"]


async def test_whether_the_agent_may_invoke_its_function_is_read_in_its_policy(
    endpoint: RunningEndpoint, aws: Aws
) -> None:
    memory = {"enabledMemoryTypes": ["SESSION_SUMMARY"], "storageDays": 30}
    agent, function = aws.agent("forecaster", memoryConfiguration=memory), aws.function("weather", WEATHER)
    prepare(aws, agent)
    assert "no action group" in of(await found(endpoint.url, agent), "functions").found
    group(aws, agent, function["FunctionArn"])
    prepare(aws, agent)
    shut = of(await found(endpoint.url, agent), "functions")
    assert shut.verdict is CheckStatus.BROKEN
    assert "aws lambda add-permission" in shut.advice
    allow(aws, "weather", "OTHERAGENT")
    assert of(await found(endpoint.url, agent), "functions").verdict is CheckStatus.BROKEN
    allow(aws, "weather", agent)
    assert of(await found(endpoint.url, agent), "functions") == CheckResult(
        "functions", CheckStatus.GOOD, "the agent may invoke weather"
    )
    forbid(endpoint, "GetPolicy")
    hidden = of(await found(endpoint.url, agent), "functions")
    assert (hidden.verdict, hidden.advice) == (CheckStatus.UNKNOWN, "Ask for lambda:GetPolicy.")
    aws.lambda_.delete_function(FunctionName="weather")
    endpoint.do(lambda each: each.faults.clear())
    assert of(await found(endpoint.url, agent), "functions").verdict is CheckStatus.BROKEN


PROFILE = "us.amazon.nova-pro-v1:0"
APPLICATION = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"
OPEN = {
    "modelId": "amazon.nova-pro-v1:0",
    "agreementAvailability": {"status": "AVAILABLE"},
    "authorizationStatus": "AUTHORIZED",
    "entitlementAvailability": "AVAILABLE",
    "regionAvailability": "AVAILABLE",
}
FARAWAY = {**OPEN, "regionAvailability": "NOT_AVAILABLE"}
SHUT = {**OPEN, "agreementAvailability": {"status": "PENDING"}, "authorizationStatus": "NOT_AUTHORIZED"}
ABOUT = "/foundation-model-availability/amazon.nova-pro-v1%3A0"


@pytest.mark.parametrize(
    ("model_id", "answer", "verdict", "said"),
    [
        ("amazon.nova-pro-v1:0", OPEN, CheckStatus.GOOD, "has access"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", OPEN, CheckStatus.GOOD, "has access"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", FARAWAY, CheckStatus.BROKEN, "region"),
        (PROFILE, FARAWAY, CheckStatus.GOOD, "has access"),
        ("amazon.nova-pro-v1:0", FARAWAY, CheckStatus.BROKEN, "regionAvailability"),
        (PROFILE, SHUT, CheckStatus.BROKEN, "authorizationStatus, agreementAvailability"),
    ],
)
def test_access_to_the_model_is_what_the_service_says_of_it(
    model_id: str, answer: dict[str, Any], verdict: CheckStatus, said: str
) -> None:
    with wire(plain(200, answer)) as aws:
        finding = model(Account(endpoint_url=aws.url), AgentReport(AGENT_ID, TEST_ALIAS, model=model_id))
        assert [(each.method, each.path) for each in aws.requests] == [("GET", ABOUT)]
    assert finding.verdict is verdict
    assert said in finding.found


def test_a_profile_of_ones_own_is_followed_to_its_model() -> None:
    arn = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"
    profile = {"models": [{"modelArn": arn}], "inferenceProfileId": "abc123", "status": "ACTIVE"}
    with wire(plain(200, profile), plain(200, OPEN)) as aws:
        finding = model(Account(endpoint_url=aws.url), AgentReport(AGENT_ID, TEST_ALIAS, model=APPLICATION))
        assert [each.path for each in aws.requests][1] == ABOUT
    assert finding.verdict is CheckStatus.GOOD


@pytest.mark.parametrize(
    ("model_id", "action"), [(PROFILE, "GetFoundationModelAvailability"), (APPLICATION, "GetInferenceProfile")]
)
def test_access_that_one_may_not_ask_for_is_a_question(model_id: str, action: str) -> None:
    no = plain(403, {"message": "User is not authorized to perform it."}, "AccessDeniedException")
    with wire(no) as aws:
        finding = model(Account(endpoint_url=aws.url), AgentReport(AGENT_ID, TEST_ALIAS, model=model_id))
    assert (finding.verdict, finding.advice) == (CheckStatus.UNKNOWN, f"Ask for bedrock:{action}.")


async def test_a_place_that_does_not_answer_is_given_up_and_told_once() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        findings = await found(f"http://127.0.0.1:{silent.getsockname()[1]}", limit_s=0.3)
    assert [(each.subject, each.verdict) for each in findings] == [
        ("credentials", CheckStatus.BROKEN),
        ("Region", CheckStatus.GOOD),
        ("agent", CheckStatus.SKIPPED),
        ("memory read", CheckStatus.SKIPPED),
    ]
    assert "within 0.3 s" in findings[0].found


async def test_without_aws_it_says_what_is_missing() -> None:
    findings = await found(None, "")
    assert [(each.subject, each.verdict) for each in findings] == [
        ("credentials", CheckStatus.BROKEN),
        ("Region", CheckStatus.BROKEN),
    ]
    assert "aws configure" in findings[0].advice
    assert "--region" in findings[1].advice
    with_region = await found(None, AGENT_ID, region="us-east-1")
    assert [each.verdict for each in with_region] == [
        CheckStatus.BROKEN,
        CheckStatus.GOOD,
        CheckStatus.SKIPPED,
        CheckStatus.SKIPPED,
    ]
    (profile,) = await found(None, profile="nobody")
    assert "nobody" in profile.found
    assert "list-profiles" in profile.advice
