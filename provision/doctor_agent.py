"""What is known of an agent, as lines of doctor's screen."""

from __future__ import annotations

from dataclasses import replace

from provision.finding import Finding, Verdict
from provision.found import TEST_ALIAS, Found, Unchecked


def about_agent(found: Found, options: str) -> list[Finding]:
    """The agent's state, its alias and its memory; `options` are the AWS CLI's for its place."""
    return [_state(found, options), _alias(found), _memory(found)]


def unknown(subject: str, unchecked: Unchecked) -> Finding:
    """A line for what could not be looked at, with the permission to ask for."""
    return Finding(
        subject,
        Verdict.UNKNOWN,
        f"Not known. {unchecked.why}",
        f"Ask for {unchecked.action}." if unchecked.denied else "",
    )


def hidden(found: Found, *operations: str) -> Unchecked | None:
    """The first of those operations that the caller may not use, or that is absent."""
    unchecked = {each.action: each for each in found.unchecked}
    return next((unchecked[f"bedrock:{each}"] for each in operations if f"bedrock:{each}" in unchecked), None)


def _state(found: Found, options: str) -> Finding:
    shown = f"{found.name} ({found.agent_id})" if found.name else found.agent_id
    if trouble := replace(found, alias_status=None, remembers=None).trouble(options):
        return Finding("agent", Verdict.BROKEN, f"{shown}: {trouble.what} {trouble.why}", trouble.advice)
    if found.status is None and (unchecked := hidden(found, "GetAgent", "GetAgentVersion", "GetAgentAlias")):
        return unknown("agent", unchecked)
    return Finding("agent", Verdict.GOOD, f"{shown}, {found.status}")


def _alias(found: Found) -> Finding:
    draft = " (the working draft)" if found.alias_id == TEST_ALIAS else ""
    if trouble := replace(found, status=None, remembers=None).trouble():
        return Finding("alias", Verdict.BROKEN, f"{trouble.what} {trouble.why}", trouble.advice)
    if found.alias_status is None and (unchecked := hidden(found, "GetAgentAlias")):
        return unknown("alias", unchecked)
    return Finding("alias", Verdict.GOOD, f"{found.alias_id}{draft}, version {found.version}, {found.alias_status}")


def _memory(found: Found) -> Finding:
    if trouble := replace(found, status=None, alias_status=None).trouble():
        return Finding("memory", Verdict.BROKEN, f"{trouble.what} {trouble.why}", trouble.advice)
    if found.remembers is None and (unchecked := hidden(found, "GetAgent", "GetAgentVersion", "GetAgentAlias")):
        return unknown("memory", unchecked)
    days = f", kept {found.memory_days} days" if found.memory_days else ""
    return Finding("memory", Verdict.GOOD, f"on{days}")
