"""Terminal output of connect; text from AWS is sanitized."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from travel_tui.text import one_line, rough, safe

if TYPE_CHECKING:
    from provision.agent_inventory import ActionGroupReport, AgentReport, ListedAgent, ListedAlias
    from travel_tui.config import AgentConfig


def heading(region: str | None, account: str | None) -> str:
    """Return the heading of a list of agents."""
    return f"Agents in {region}{f', account {account}' if account else ''}"


def agent_row(agent: ListedAgent) -> str:
    """Format an agent as a row of a list."""
    return _row(agent.name, agent.agent_id, agent.status, agent.description)


def alias_row(alias: ListedAlias) -> str:
    """Format an alias as a row of a list."""
    version = f"version {alias.version}" if alias.version else "no version"
    return _row(alias.name, alias.alias_id, version, alias.status)


def _row(*parts: str) -> str:
    return "  ".join(one_line(part) for part in parts if part)


def report(found: AgentReport, agent: AgentConfig) -> list[str]:
    """Describe an agent: its state, memory and abilities, and the checks that were not possible."""
    address = f"{found.agent_id} / {found.alias_id}"
    lines = [_row(found.name or "", address)]
    lines += [one_line(found.description)] if found.description else []
    lines += [f"  {label:<11} {one_line(value)}" for label, value in _facts(found, agent) if value]
    for group in found.action_groups or ():
        lines += _doings(group)
    for unchecked in found.unchecked:
        lines.append(f"  Not checked: {unchecked.unknown} ({unchecked.action}). {one_line(unchecked.why, 400)}")
    if any(unchecked.action == "bedrock:GetAgentMemory" for unchecked in found.unchecked):
        lines.append("  `travel-tui connect --print-policy` prints the permissions for chatting.")
    return lines


def next_step(name: str, path: Path, *, is_default: bool, usual: bool) -> list[str]:
    """Return the lines that say what was written and which command comes next."""
    options = ([] if is_default else ["--agent", name]) + ([] if usual else ["--config", str(path)])
    return [
        safe(f"Written to {path} as {name}{', the default' if is_default else ''}."),
        safe(f"Next: {shlex.join(['travel-tui', *options])}"),
    ]


def _facts(found: AgentReport, agent: AgentConfig) -> list[tuple[str, str | None]]:
    days = f", kept {found.memory_days} days" if found.memory_days else ""
    version = f", version {found.version}" if found.version else ""
    return [
        ("region", agent.region),
        ("endpoint", agent.endpoint_url),
        ("state", f"{found.status}{version}" if found.status else None),
        ("memory", f"on{days}" if found.remembers else None),
        ("idle limit", rough(found.idle_s) if found.idle_s else None),
        ("model", found.model),
        ("actions", "none: the agent has no action group" if found.action_groups == () else None),
    ]


def _doings(group: ActionGroupReport) -> list[str]:
    lines = [one_line(f"{group.name}: {group.description}" if group.description else group.name)]
    lines += [one_line(f"{each.name}: {each.description}") for each in group.functions]
    return [
        f"  {'actions' if number == 0 else '':<11} {'  ' if number else ''}{line}" for number, line in enumerate(lines)
    ]
