"""Report on a harness and its memory as lines of doctor's screen."""

from __future__ import annotations

import time

from provision.agent_inventory import Unchecked
from provision.agentcore_inventory import MANAGED, AgentCoreAccount, AgentCoreReport
from provision.connect import Account
from provision.doctor_agent import unknown
from provision.doctor_result import CheckResult, CheckStatus
from travel_tui.agent import AgentError, ErrorKind
from travel_tui.agentcore_config import AgentCoreConfig


def inspect(account: Account, target: AgentCoreConfig) -> AgentCoreReport:
    """Return the report on what the config names. Raises AgentError."""
    return AgentCoreAccount(account).look(target.harness_arn, target.agentcore_memory_id)


def about_agentcore(found: AgentCoreReport) -> list[CheckResult]:
    """Return lines on the harness, its memory and the memory's strategies."""
    lines = [_memory(found), _strategies(found)]
    return [_harness(found), *lines] if found.harness_arn else lines


def records(account: Account, found: AgentCoreReport) -> CheckResult:
    """Read one record, as the client does all the time. Raises AgentError."""
    if found.memory_id is None:
        return CheckResult("records", CheckStatus.SKIPPED, "Skipped, because the memory is not known.")
    client, began = account.client("bedrock-agentcore"), time.perf_counter()
    try:
        account.ask(
            "ListMemoryRecords",
            lambda: client.list_memory_records(memoryId=found.memory_id, namespacePath="/", maxResults=1),
        )
    except AgentError as error:
        if error.problem.cause is not ErrorKind.DENIED:
            raise
        advice = "Ask for what `travel-tui connect --print-policy --memory-id ID` prints."
        return CheckResult("records", CheckStatus.BROKEN, error.problem.why, advice)
    took_ms = (time.perf_counter() - began) * 1000
    return CheckResult("records", CheckStatus.GOOD, f"ListMemoryRecords answered in {took_ms:.0f} ms")


def _harness(found: AgentCoreReport) -> CheckResult:
    if found.status is None:
        return unknown("harness", _hidden(found, "GetHarness"))
    if found.status != "READY":
        advice = "Wait until it is READY." if found.status in {"CREATING", "UPDATING"} else "Update or re-create it."
        return CheckResult(
            "harness", CheckStatus.BROKEN, f"{found.name}, {found.status} {found.reason}".strip(), advice
        )
    return CheckResult("harness", CheckStatus.GOOD, f"{found.name}, {found.status}, version {found.version}")


def _memory(found: AgentCoreReport) -> CheckResult:
    if problem := found.problem():
        return CheckResult("memory", CheckStatus.BROKEN, f"{problem.what} {problem.why}", problem.advice)
    if found.memory_status is None:
        return unknown("memory", _hidden(found, "GetMemory" if found.memory_id else "GetHarness"))
    managed = ", managed by the harness" if found.memory_kind == MANAGED else ""
    days = f", events kept {found.event_days} days"
    return CheckResult("memory", CheckStatus.GOOD, f"{found.memory_id}, {found.memory_status}{days}{managed}")


def _strategies(found: AgentCoreReport) -> CheckResult:
    if found.strategies is None:
        return unknown("strategies", _hidden(found, "GetMemory"))
    if not found.strategies:
        advice = "Add one (UpdateMemory): only then records are made of what is said."
        return CheckResult("strategies", CheckStatus.BROKEN, "The memory has none.", advice)
    told = ", ".join(f"{each.name} ({each.type})" for each in found.strategies)
    if inactive := [each.name for each in found.strategies if each.status not in {"", "ACTIVE"}]:
        advice = "Wait until they are ACTIVE: what is said before makes no records."
        return CheckResult("strategies", CheckStatus.LIMITED, f"{told}; not active: {', '.join(inactive)}", advice)
    return CheckResult("strategies", CheckStatus.GOOD, told)


def _hidden(found: AgentCoreReport, operation: str) -> Unchecked:
    """Return why a property could not be read."""
    actions = {each.action: each for each in found.unchecked}
    name = f"bedrock-agentcore:{operation}"
    missing = Unchecked(name, "", "The harness's memory is not known.", denied=False)
    return actions.get(name) or next(iter(actions.values()), missing)
