"""Report on an agent as lines of doctor's screen."""

from __future__ import annotations

from dataclasses import replace

from provision.agent_inventory import TEST_ALIAS, AgentReport, Unchecked
from provision.doctor_result import CheckResult, CheckStatus


def about_agent(found: AgentReport, options: str) -> list[CheckResult]:
    """Return lines on the agent's state, alias and memory; `options` are the AWS CLI's options for the location."""
    return [_state(found, options), _alias(found), _memory(found)]


def unknown(subject: str, unchecked: Unchecked) -> CheckResult:
    """Return a line for a property that could not be read, with the permission to ask for."""
    return CheckResult(
        subject,
        CheckStatus.UNKNOWN,
        f"Unknown. {unchecked.why}",
        f"Ask for {unchecked.action}." if unchecked.denied else "",
    )


def hidden(found: AgentReport, *operations: str) -> Unchecked | None:
    """Return the first of these operations that the caller may not use, or that the endpoint does not have."""
    unchecked = {each.action: each for each in found.unchecked}
    return next((unchecked[f"bedrock:{each}"] for each in operations if f"bedrock:{each}" in unchecked), None)


def _state(found: AgentReport, options: str) -> CheckResult:
    shown = f"{found.name} ({found.agent_id})" if found.name else found.agent_id
    if problem := replace(found, alias_status=None, remembers=None).problem(options):
        return CheckResult("agent", CheckStatus.BROKEN, f"{shown}: {problem.what} {problem.why}", problem.advice)
    if found.status is None and (unchecked := hidden(found, "GetAgent", "GetAgentVersion", "GetAgentAlias")):
        return unknown("agent", unchecked)
    return CheckResult("agent", CheckStatus.GOOD, f"{shown}, {found.status}")


def _alias(found: AgentReport) -> CheckResult:
    draft = " (the working draft)" if found.alias_id == TEST_ALIAS else ""
    if problem := replace(found, status=None, remembers=None).problem():
        return CheckResult("alias", CheckStatus.BROKEN, f"{problem.what} {problem.why}", problem.advice)
    if found.alias_status is None and (unchecked := hidden(found, "GetAgentAlias")):
        return unknown("alias", unchecked)
    return CheckResult(
        "alias", CheckStatus.GOOD, f"{found.alias_id}{draft}, version {found.version}, {found.alias_status}"
    )


def _memory(found: AgentReport) -> CheckResult:
    if problem := replace(found, status=None, alias_status=None).problem():
        return CheckResult("memory", CheckStatus.BROKEN, f"{problem.what} {problem.why}", problem.advice)
    if found.remembers is None and (unchecked := hidden(found, "GetAgent", "GetAgentVersion", "GetAgentAlias")):
        return unknown("memory", unchecked)
    days = f", kept {found.memory_days} days" if found.memory_days else ""
    return CheckResult("memory", CheckStatus.GOOD, f"on{days}")
