"""The choices of connect: agents with their aliases, harnesses and memories, to choose from or as a list."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from travel_tui.agent import AgentError
from travel_tui.cli.connect_agentcore import harness_row, listed, memory_row
from travel_tui.cli.connect_output import agent_row, alias_row, heading
from travel_tui.cli.wrapping import for_terminal

if TYPE_CHECKING:
    from provision.agent_inventory import ListedAgent
    from provision.connect import Account


def choose(account: Account) -> tuple[str | None, str | None, str | None]:
    """Ask for an agent, a harness or a memory; return the agent's id, the harness's ARN or the memory's id."""
    harnesses, memories, _ = listed(account)
    agents = _agents(account, others=bool(harnesses or memories))
    click.echo(heading(account.region, account.number()))
    rows = [*map(agent_row, agents), *map(harness_row, harnesses), *map(memory_row, memories)]
    number = ask_number(rows, "Which agent")
    if number < len(agents):
        return agents[number].agent_id, None, None
    number -= len(agents)
    if number < len(harnesses):
        return None, harnesses[number].arn, None
    return None, None, memories[number - len(harnesses)].memory_id


def choose_alias(account: Account, agent_id: str) -> str:
    """Ask for an alias of an agent and return its id."""
    aliases = account.aliases(agent_id)
    click.echo(f"Aliases of {agent_id}")
    return aliases[ask_number([alias_row(alias) for alias in aliases], "Which alias")].alias_id


def ask_number(rows: list[str], question: str) -> int:
    """Ask the user for a row and return its index, counted from 0."""
    for number, row in enumerate(rows, 1):
        click.echo("\n".join(for_terminal([f"{number:>3}  {row}"])))
    return int(click.prompt(question, type=click.IntRange(1, len(rows)), default=1)) - 1


def print_choices(account: Account, agent_id: str | None, *, as_json: bool) -> None:
    """Print all agents with their aliases, harnesses and memories; or the aliases of one agent."""
    harnesses, memories, why = ([], [], "") if agent_id else listed(account)
    agents = [] if agent_id else _agents(account, others=bool(harnesses or memories))
    aliases = {each: account.aliases(each) for each in ([agent_id] if agent_id else [each.agent_id for each in agents])}
    if as_json:
        found = [asdict(agent) for agent in agents] or ([{"agent_id": agent_id}] if agent_id else [])
        for each in found:
            each["aliases"] = [asdict(alias) for alias in aliases[each["agent_id"]]]
        more = {} if agent_id else {"harnesses": [*map(asdict, harnesses)], "memories": [*map(asdict, memories)]}
        told = {"account": account.number(), "region": account.region, "agents": found, **more}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(heading(account.region, account.number()))
    rows = {agent.agent_id: agent_row(agent) for agent in agents}
    for its_id, its_aliases in aliases.items():
        lines = [f"  {rows.get(its_id, its_id)}", *(f"      {alias_row(its)}" for its in its_aliases)]
        click.echo("\n".join(for_terminal(lines)))
    for row in (*map(harness_row, harnesses), *map(memory_row, memories)):
        click.echo(f"  {row}")
    if why:
        click.echo(f"  Harnesses and memories of AgentCore: not listed. {why}")


def _agents(account: Account, *, others: bool) -> list[ListedAgent]:
    """Return the agents; an account without any, or with none that may be listed, is no error if there are `others`."""
    try:
        return account.agents()
    except AgentError:
        if not others:
            raise
        return []
