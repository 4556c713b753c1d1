"""travel-tui connect for harnesses and memories of Amazon Bedrock AgentCore."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

import click

from travel_tui.text import one_line

if TYPE_CHECKING:
    from provision.agentcore_inventory import AgentCoreReport, ListedHarness, ListedMemory
    from provision.connect import Account
    from travel_tui.config import AgentConfig, Config


class HarnessParam(click.ParamType[str]):
    """A harness: its ARN or its id."""

    name = "ARN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.agentcore_config import HARNESS_ARN, MEMORY_ID

        text = str(value)
        if not HARNESS_ARN.fullmatch(text) and (":" in text or not MEMORY_ID.fullmatch(text)):
            self.fail(f"{text!r} is not a harness's ARN or its id, such as travel-a1B2c3D4e5.", param, ctx)
        return text


class MemoryResourceParam(click.ParamType[str]):
    """A memory resource: its id or its ARN."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.agentcore_config import check_memory_resource

        if problem := check_memory_resource(str(value)):
            self.fail(f"{problem.what} {problem.why}", param, ctx)
        return str(value)


def listed(account: Account) -> tuple[list[ListedHarness], list[ListedMemory], str]:
    """Return the harnesses and memories of the account, and why they could not be listed, if so."""
    from provision.agentcore_inventory import AgentCoreAccount
    from travel_tui.agent import AgentError

    agentcore = AgentCoreAccount(account)
    try:
        return agentcore.harnesses(), agentcore.memories(), ""
    except AgentError as error:
        return [], [], f"{error.problem.what} {error.problem.why}".strip()


def harness_row(harness: ListedHarness) -> str:
    """Format a harness as a row of a list."""
    return f"{one_line(harness.name)}  {one_line(harness.harness_id)}  harness  {one_line(harness.status)}"


def memory_row(memory: ListedMemory) -> str:
    """Format a memory as a row of a list."""
    managed = "  managed by its harness" if memory.managed_by else ""
    return f"{one_line(memory.memory_id)}  memory  {one_line(memory.status)}{managed}"


def looked_at(account: Account, harness: str | None, memory_id: str | None) -> AgentCoreReport:
    """Report on what is to be connected. Raises AgentError where it cannot be used."""
    from provision.agentcore_inventory import AgentCoreAccount
    from travel_tui.agent import AgentError

    found = AgentCoreAccount(account).look(harness, memory_id)
    if in_the_way := found.problem():
        raise AgentError(in_the_way)
    return found


def entry(
    before: Config | None,
    name: str | None,
    found: AgentCoreReport,
    account: Account,
    profile: str | None,
    endpoint: str | None,
    *,
    user: str | None,
    memory_id: str | None,
) -> AgentConfig:
    """Return the config entry; `memory_id` is the memory resource if it was named, `user` whose records.

    Keeps the user's other settings of the same harness or memory. Raises ConfigError if `name` is another agent's.
    """
    from dataclasses import replace

    from provision.agentcore_inventory import AgentCoreAccount
    from travel_tui.agentcore_config import AGENTCORE, DEFAULT_ENDPOINT, AgentCoreConfig
    from travel_tui.config import AgentConfig, ConfigError

    target = AgentCoreConfig(
        found.harness_arn,
        harness_endpoint=endpoint or DEFAULT_ENDPOINT,
        agentcore_memory_id=found.memory_id if memory_id or found.harness_arn is None else None,
    )
    known = before.agents if before else {}
    url = AgentCoreAccount(account).endpoint_url
    place = (target.agent_id, account.region, url)
    same = {
        each.name: each
        for each in known.values()
        if (each.agent_id, each.region or account.region, each.endpoint_url) == place
    }
    if name is None:
        own = [each.name for each in same.values() if each.alias_id == target.alias_id]
        name = own[0] if own else free_name(found.name or target.agent_id, known)
    old = known.get(name)
    if old is not None and name not in same:
        raise ConfigError(
            f"The config has another agent called {name!r} ({old.agent_id}). Choose another --name; nothing was "
            "written. `travel-tui config show` lists them."
        )
    if old is not None and old.agentcore is not None:
        kept = ("preview_recall", "function_name", "run_functions")
        target = replace(target, **{each: getattr(old.agentcore, each) for each in kept})
    return AgentConfig(
        name,
        target.agent_id,
        target.alias_id,
        region=account.region,
        profile=profile,
        endpoint_url=url,
        memory_id=user or (old.memory_id if old else None),
        title=old.title if old else None,
        backend=AGENTCORE,
        agentcore=target,
    )


def report(found: AgentCoreReport, agent: AgentConfig) -> list[str]:
    """Describe a harness with its memory, or a memory; and the checks that were not possible."""
    from provision.agentcore_inventory import MANAGED

    version = f", version {found.version}" if found.version else ""
    managed = ", managed by the harness: it goes with it and cannot be deleted by itself"
    state = f", {found.memory_status}" if found.memory_status else ""
    events = f", events kept {found.event_days} days" if found.event_days else ""
    facts = [
        ("region", agent.region),
        ("endpoint", agent.endpoint_url),
        ("state", f"{found.status}{version}" if found.status else None),
        ("model", found.model),
        ("tools", ", ".join(found.tools) if found.tools else None),
        ("memory", f"{found.memory_id}{state}{events}{managed if found.memory_kind == MANAGED else ''}"
         if found.memory_id else None),
    ]  # fmt: skip
    lines = [f"{one_line(found.name or agent.name)}  {one_line(agent.agent_id)} / {one_line(agent.alias_id)}"]
    lines += [f"  {label:<11} {one_line(value)}" for label, value in facts if value]
    for number, each in enumerate(found.strategies or ()):
        label = "strategies" if number == 0 else ""
        off = "" if each.status in ("", "ACTIVE") else f"  {each.status}"
        lines.append(f"  {label:<11} {one_line(each.name)}  {one_line(each.type)}  {one_line(each.namespace)}{off}")
    if found.strategies == ():
        lines.append("  strategies  none: no records are made of what is said")
    for unchecked in found.unchecked:
        lines.append(f"  Not checked: {unchecked.unknown} ({unchecked.action}). {one_line(unchecked.why, 400)}")
    return lines


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, with a number behind it if it is taken."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
