"""travel-tui connect: add an existing agent to the config."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.cli.agent_options import own_memory_id
from travel_tui.cli.connect_agentcore import (
    HarnessParam,
    MemoryResourceParam,
    free_name,
    looked_at,
)
from travel_tui.cli.connect_agentcore import entry as agentcore_entry
from travel_tui.cli.connect_agentcore import report as agentcore_report
from travel_tui.cli.options import AgentId, MemoryId, Name, check_memory_id, location_options
from travel_tui.cli.terminal import need_output
from travel_tui.cli.wrapping import for_terminal

if TYPE_CHECKING:
    from provision.agent_inventory import AgentReport
    from provision.connect import Account
    from travel_tui.config import AgentConfig, Config


@click.command(short_help="Use an existing agent.")
@click.option("--agent-id", type=AgentId(), help="Agent id; without it, choose from a list.")
@click.option("--alias-id", type=AgentId(), help="Alias id; TSTALIASID is the working draft.")
@click.option("--harness", type=HarnessParam(), help="A harness of AgentCore, by its ARN or id.")
@click.option("--harness-endpoint", metavar="NAME", help="Endpoint of the harness.  [default: DEFAULT]")
@click.option(
    "--memory-id", "memory_resource", type=MemoryResourceParam(),
    help="A memory of AgentCore, by its id or ARN; without --harness it is connected alone.",
)  # fmt: skip
@click.option("--name", type=Name(), help="Name in the config.  [default: the agent's own name]")
@click.option("--memory", "memory_id", type=MemoryId(), help="Memory id, of your choice.")
@click.option(
    "--yes/--no-default",
    "default",
    default=None,
    help="Make it the default agent, or keep the current one, without asking.",
)
@location_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; do not ask.")
@click.option("--print-policy", is_flag=True, help="Print the smallest IAM policy for chatting and exit.")
def connect(
    agent_id: str | None,
    alias_id: str | None,
    harness: str | None,
    harness_endpoint: str | None,
    memory_resource: str | None,
    name: str | None,
    memory_id: str | None,
    default: bool | None,
    config: str | None,
    endpoint_url: str | None,
    region: str | None,
    profile: str | None,
    as_json: bool,
    print_policy: bool,
) -> None:
    """Choose an agent, a harness or a memory in your account, check that it is ready, and write it to the config.

    With --agent-id and --alias-id, or with a harness's ARN, it needs only the permissions for chatting.
    """
    from dataclasses import asdict

    from provision.connect import Account
    from travel_tui.agent import AgentError
    from travel_tui.cli.config_file import loaded_from, place_of
    from travel_tui.cli.connect_list import choose
    from travel_tui.cli.connect_output import report
    from travel_tui.cli.failures import refused
    from travel_tui.config import BACKENDS, ConfigError

    need_output()
    if (harness or memory_resource) and (agent_id or alias_id):
        raise click.UsageError("--agent-id and --alias-id are for agents of Bedrock: leave them out, or --harness.")
    if harness_endpoint and not harness:
        raise click.UsageError("--harness-endpoint names an endpoint of a harness: pass --harness too.")
    path = place_of(config)
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    try:
        if print_policy:
            account = Account(profile, region, endpoint_url)
            if harness or memory_resource:
                _print_agentcore_policy(account, harness, memory_resource)
            else:
                _print_policy(account, agent_id, alias_id)
            return
        before = loaded_from(path)
        account = Account(profile, region, endpoint_url)
        if asks and not (harness or memory_resource or agent_id):
            agent_id, harness, memory_resource = choose(account)
        if harness or memory_resource:
            found_here = looked_at(account, harness, memory_resource)
            agent = agentcore_entry(
                before, name, found_here, account, profile, harness_endpoint, user=memory_id, memory_id=memory_resource
            )
            told = agentcore_report(found_here, agent)
            _write(path, before, agent, told, asdict(found_here), default, asks=asks, as_json=as_json)
            return
        check_memory_id(memory_id, BACKENDS[0])
        agent_id, alias_id = _chosen(account, agent_id, alias_id, asks=asks, as_json=as_json)
        found = account.inspect(agent_id, alias_id)
        if in_the_way := found.problem(account.place.options):
            raise AgentError(in_the_way)
        agent = entry(before, name, found, profile, account.region, account.endpoint_url, memory_id)
        found = account.with_memory_read(found, agent.memory_id or own_memory_id())
        _write(path, before, agent, report(found, agent), asdict(found), default, asks=asks, as_json=as_json)
    except (AgentError, ConfigError) as error:
        raise refused(error) from error


def entry(
    before: Config | None,
    name: str | None,
    found: AgentReport,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
    memory_id: str | None,
) -> AgentConfig:
    """Return the config entry of an agent, named `name`, else its current entry's name, else the agent's own.

    Keeps the user's other settings in that entry (title, memory id). Raises ConfigError if `name` is another agent's.
    """
    from travel_tui.config import AgentConfig, ConfigError

    place = (found.agent_id, region, endpoint_url)
    there = {
        each.name: (each, (each.agent_id, each.region or region, each.endpoint_url) == place)
        for each in (before.agents.values() if before else ())
    }
    if name is None:
        own = [each.name for each, same in there.values() if same and each.alias_id == found.alias_id]
        name = own[0] if own else free_name(found.name or found.agent_id, there)
    old, same = there.get(name, (None, True))
    if old and not same:
        raise ConfigError(
            f"The config has another agent called {name!r} ({old.agent_id}). Choose another --name; nothing was "
            "written. `travel-tui config show` lists them."
        )
    return AgentConfig(
        name,
        found.agent_id,
        found.alias_id,
        region=region,
        profile=profile,
        endpoint_url=endpoint_url,
        memory_id=memory_id or (old.memory_id if old else None),
        memory_days=found.memory_days or (old.memory_days if old else None),
        title=old.title if old else None,
    )


def _chosen(
    account: Account, agent_id: str | None, alias_id: str | None, *, asks: bool, as_json: bool
) -> tuple[str, str]:
    """Return the agent and alias ids; an alias that is not given is chosen from a list by the user."""
    from travel_tui.cli.connect_list import choose_alias, print_choices

    if agent_id and alias_id:
        return agent_id, alias_id
    if not asks:
        print_choices(account, agent_id, as_json=as_json)
        missing = (("--agent-id ID", agent_id), ("--alias-id ALIAS", alias_id))
        options = " and ".join(option for option, value in missing if not value)
        others = "" if agent_id else ", or --harness ARN, or --memory-id ID"
        raise click.UsageError(f"No terminal to ask on, so nothing was written. Pass {options}{others}.")
    if agent_id is None:
        raise click.UsageError("Pass --agent-id ID with --alias-id.")
    return agent_id, choose_alias(account, agent_id)


def _write(
    path: Path,
    before: Config | None,
    agent: AgentConfig,
    told: list[str],
    found: dict[str, Any],
    default: bool | None,
    *,
    asks: bool,
    as_json: bool,
) -> None:
    """Write the config and print the findings, as lines or as data, the changes and the next step."""
    from dataclasses import asdict

    from travel_tui.cli.connect_output import next_step
    from travel_tui.config import load, save_agent
    from travel_tui.paths import config_file
    from travel_tui.text import safe

    if not as_json:
        click.echo("\n".join(for_terminal(told)))
    other = before.default if before else None
    if default is None and asks and other not in (None, agent.name):
        default = click.confirm(f"Make {agent.name} the default instead of {safe(str(other))}?", default=True)
    save_agent(path, agent, make_default=default is not False)
    after = load(path)
    is_default = after is not None and after.default == agent.name
    if as_json:
        written = {key: value for key, value in asdict(agent).items() if value is not None}
        _print_json({"config": str(path), "default": is_default, "agent": written, "found": found})
        return
    usual = path == config_file()
    click.echo("\n".join(next_step(agent.name, path, is_default=is_default, usual=usual)))


def _print_policy(account: Account, agent_id: str | None, alias_id: str | None) -> None:
    """Print the policy; on standard error, list the values that have to be filled in by hand."""
    from provision.policies import alias_arn, chat_policy

    known = {"AGENT_ID": agent_id, "ALIAS_ID": alias_id, "REGION": account.region, "ACCOUNT": account.number()}
    arn = alias_arn(account.partition, *(value or placeholder for placeholder, value in known.items()))
    _print_json(chat_policy(arn))
    unknown = [placeholder for placeholder, value in known.items() if not value]
    if unknown:
        click.echo(f"Replace {', '.join(unknown)} with your own values.", err=True)


def _print_agentcore_policy(account: Account, harness: str | None, memory_id: str | None) -> None:
    """Print the policy; the ARNs that are not known have to be filled in by hand."""
    from provision.agentcore_policies import client_policy
    from travel_tui.agentcore_config import MEMORY_ID

    number, region = account.number() or "ACCOUNT", account.region or "REGION"
    start = f"arn:{account.partition}:bedrock-agentcore:{region}:{number}"
    resource = MEMORY_ID.fullmatch(memory_id or "")
    memory_arn = f"{start}:memory/{resource[1] if resource else 'MEMORY_ID'}"
    harness_arn = harness if harness is None or harness.startswith("arn:") else f"{start}:harness/{harness}"
    _print_json(client_policy(harness_arn, memory_arn))
    unknown = [each for each in ("REGION", "ACCOUNT", "MEMORY_ID") if each in f"{harness_arn} {memory_arn}"]
    if unknown:
        click.echo(f"Replace {', '.join(unknown)} with your own values.", err=True)


def _print_json(data: object) -> None:
    import json

    click.echo(json.dumps(data, indent=2))
