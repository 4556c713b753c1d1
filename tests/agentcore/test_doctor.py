"""What doctor finds of a harness and its memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from provision.doctor import Examination
from provision.doctor_result import CheckResult, CheckStatus
from tests.agentcore.harness import ARN, HARNESS, MEMORY, config_at
from tests.endpoint import RunningEndpoint, running_endpoint
from travel_tui.agentcore_config import AgentCoreConfig
from travel_tui.local.faults import read_fault


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


@pytest.fixture
def endpoint(running: RunningEndpoint) -> Iterator[RunningEndpoint]:
    yield running
    running.do(lambda each: each.faults.clear())


async def found(endpoint: RunningEndpoint, target: AgentCoreConfig = HARNESS) -> dict[str, CheckResult]:
    findings = await Examination(config_at(endpoint.url, target), "anna").findings()
    return {each.subject: each for each in findings}


async def test_a_harness_that_is_ready_is_good_in_everything(endpoint: RunningEndpoint) -> None:
    findings = await found(endpoint)
    assert list(findings) == ["credentials", "Region", "harness", "memory", "strategies", "records"]
    assert {each.verdict for each in findings.values()} == {CheckStatus.GOOD}
    alone = await found(endpoint, AgentCoreConfig(agentcore_memory_id=MEMORY))
    assert "harness" not in alone
    assert "SEMANTIC" in alone["strategies"].found


async def test_what_is_denied_or_missing_is_told(endpoint: RunningEndpoint) -> None:
    denied = ("GetHarness", "ListMemoryRecords")
    faults = [read_fault(f"{each}=AccessDeniedException") for each in denied]
    endpoint.do(lambda each: each.faults.add(faults))
    findings = await found(endpoint, replace(HARNESS, agentcore_memory_id=MEMORY))
    assert findings["harness"].verdict is CheckStatus.UNKNOWN
    assert "bedrock-agentcore:GetHarness" in findings["harness"].advice
    assert findings["records"].verdict is CheckStatus.BROKEN
    endpoint.do(lambda each: each.faults.clear())
    missing = await found(endpoint, AgentCoreConfig(ARN.replace("TRAVELDEMO", "0123456789")))
    assert missing["harness"].verdict is CheckStatus.BROKEN
