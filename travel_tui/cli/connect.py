"""travel-tui connect: from an agent that exists already to the config."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.cli.options import AgentId, which_place
from travel_tui.cli.which import own_memory_id

if TYPE_CHECKING:
    from provision.connect import Account
    from provision.found import Found
    from travel_tui.config import AgentConfig, Config


@click.command(short_help="Use an agent that exists already.")
@click.option("--agent-id", type=AgentId(), help="The agent's id; without it, choose from a list.")
@click.option("--alias-id", type=AgentId(), help="The alias' id; TSTALIASID is the working draft.")
@click.option("--name", help="What to call it in the config.  [default: the agent's own name]")
@click.option("--memory", "memory_id", metavar="ID", help="Whose memory: a memory id of your choice.")
@click.option(
    "--yes/--no-default", "default", default=None, help="Make it the default agent without asking, or leave that as is."
)
@which_place
@click.option("--json", "as_json", is_flag=True, help="Print what was found and written as JSON; ask nothing.")
@click.option("--print-policy", is_flag=True, help="Print the smallest IAM policy for chatting, and do nothing else.")
def connect(
    agent_id: str | None,
    alias_id: str | None,
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
    """Choose an agent of your account, check that it is ready and remembers, and write it to the config.

    With --agent-id and --alias-id it needs no more permissions than chatting does.
    """
    from travel_tui.agent import AgentError, refused_id
    from travel_tui.cli.config import place_of, refused
    from travel_tui.config import ConfigError, is_http_url, load

    if memory_id is not None and (trouble := refused_id("memory", memory_id)):
        raise click.UsageError(str(trouble))
    if endpoint_url is not None and not is_http_url(endpoint_url):
        raise click.UsageError(f"{endpoint_url!r} is not a URL such as http://127.0.0.1:4571.")
    from provision.connect import Account

    path = place_of(config)
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    try:
        if print_policy:
            _print_policy(Account(profile, region, endpoint_url), agent_id, alias_id)
            return
        before = load(path)
        account = Account(profile, region, endpoint_url)
        agent_id, alias_id = _chosen(account, agent_id, alias_id, asks=asks, as_json=as_json)
        found = account.look(agent_id, alias_id)
        if in_the_way := found.trouble(account.place.options):
            raise AgentError(in_the_way)
        agent = entry(before, name, found, profile, account.region, account.endpoint_url, memory_id)
        found = account.with_memory_read(found, agent.memory_id or own_memory_id())
        _write(path, before, agent, found, default, asks=asks, as_json=as_json)
    except (AgentError, ConfigError) as error:
        raise refused(error) from error


def entry(
    before: Config | None,
    name: str | None,
    found: Found,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
    memory_id: str | None,
) -> AgentConfig:
    """What the config is to say of an agent: under `name`, else under the name that it has there or its own.

    What the person wrote there beside (a title, a memory id) stays. Raises ConfigError where `name` is another agent's.
    """
    from travel_tui.config import AgentConfig, ConfigError

    place = (found.agent_id, region, endpoint_url)
    there = {
        each.name: (each, (each.agent_id, each.region or region, each.endpoint_url) == place)
        for each in (before.agents.values() if before else ())
    }
    if name is None:
        own = [each.name for each, same in there.values() if same and each.alias_id == found.alias_id]
        name = own[0] if own else _free(found.name or found.agent_id, there)
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


def _free(name: str, taken: dict[str, Any]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def _chosen(
    account: Account, agent_id: str | None, alias_id: str | None, *, asks: bool, as_json: bool
) -> tuple[str, str]:
    """The ids that were given, and for those that were not what the person chooses from a list."""
    from travel_tui.cli.connect_text import agent_row, alias_row, heading

    if agent_id and alias_id:
        return agent_id, alias_id
    if not asks:
        _list(account, agent_id, as_json=as_json)
        missing = (("--agent-id ID", agent_id), ("--alias-id ALIAS", alias_id))
        options = " and ".join(option for option, value in missing if not value)
        raise click.UsageError(f"There is no terminal to ask on, so nothing was written. Choose with {options}.")
    if agent_id is None:
        agents = account.agents()
        click.echo(heading(account.region, account.number()))
        agent_id = agents[_number([agent_row(agent) for agent in agents], "Which agent")].agent_id
    if alias_id is None:
        aliases = account.aliases(agent_id)
        click.echo(f"Aliases of {agent_id}")
        alias_id = aliases[_number([alias_row(alias) for alias in aliases], "Which alias")].alias_id
    return agent_id, alias_id


def _number(rows: list[str], question: str) -> int:
    """The row that the person chooses, counted from 0."""
    for number, row in enumerate(rows, 1):
        click.echo(f"{number:>3}  {row}")
    return int(click.prompt(question, type=click.IntRange(1, len(rows)), default=1)) - 1


def _list(account: Account, agent_id: str | None, *, as_json: bool) -> None:
    """Print what there is to choose from: all agents with their aliases, or the aliases of one."""
    from dataclasses import asdict

    from travel_tui.cli.connect_text import agent_row, alias_row, heading

    agents = [] if agent_id else account.agents()
    aliases = {each: account.aliases(each) for each in ([agent_id] if agent_id else [each.agent_id for each in agents])}
    if as_json:
        listed = [asdict(agent) for agent in agents] or [{"agent_id": agent_id}]
        for each in listed:
            each["aliases"] = [asdict(alias) for alias in aliases[each["agent_id"]]]
        _print_json({"account": account.number(), "region": account.region, "agents": listed})
        return
    click.echo(heading(account.region, account.number()))
    rows = {agent.agent_id: agent_row(agent) for agent in agents}
    for its_id, its_aliases in aliases.items():
        click.echo("\n".join([f"  {rows.get(its_id, its_id)}", *(f"      {alias_row(its)}" for its in its_aliases)]))


def _write(
    path: Path,
    before: Config | None,
    agent: AgentConfig,
    found: Found,
    default: bool | None,
    *,
    asks: bool,
    as_json: bool,
) -> None:
    """Write the config, and tell what was found, what was written, and the next step."""
    from dataclasses import asdict

    from travel_tui.cli.connect_text import next_step, report
    from travel_tui.config import load, save_agent
    from travel_tui.paths import config_file
    from travel_tui.tui.text import safe

    if not as_json:
        click.echo("\n".join(report(found, agent)))
    other = before.default if before else None
    if default is None and asks and other not in (None, agent.name):
        default = click.confirm(f"Make {agent.name} the default instead of {safe(str(other))}?", default=True)
    save_agent(path, agent, make_default=default is not False)
    after = load(path)
    is_default = after is not None and after.default == agent.name
    if as_json:
        written = {key: value for key, value in asdict(agent).items() if value is not None}
        _print_json({"config": str(path), "default": is_default, "agent": written, "found": asdict(found)})
        return
    usual = path == config_file()
    click.echo("\n".join(next_step(agent.name, path, is_default=is_default, usual=usual)))


def _print_policy(account: Account, agent_id: str | None, alias_id: str | None) -> None:
    """Print the policy; on standard error, what has to be put in by hand."""
    from provision.policies import alias_arn, chat_policy

    known = {"AGENT_ID": agent_id, "ALIAS_ID": alias_id, "REGION": account.region, "ACCOUNT": account.number()}
    arn = alias_arn(account.partition, *(value or placeholder for placeholder, value in known.items()))
    _print_json(chat_policy(arn))
    unknown = [placeholder for placeholder, value in known.items() if not value]
    if unknown:
        click.echo(f"Put your own in for {', '.join(unknown)}.", err=True)


def _print_json(data: object) -> None:
    import json

    click.echo(json.dumps(data, indent=2))
