"""travel-tui config: the local config, and which of its agents is the default."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import config_file

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig, Config


@click.group()
def config() -> None:
    """Show the local config, or choose the default agent in it."""


@config.command("path")
@config_file
def path_command(config: str | None) -> None:
    """Print where the config is, or would be."""
    click.echo(place_of(config))


@config.command()
@config_file
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(config: str | None, as_json: bool) -> None:
    """List the agents that the config names."""
    from travel_tui.config import DEMO, ConfigError, load

    path = place_of(config)
    try:
        loaded = load(path)
    except ConfigError as error:
        raise refused(error) from error
    if loaded is None:
        raise click.ClickException(f"There is no config at {path}. `travel-tui connect` writes one. {DEMO}")
    if as_json:
        import json

        click.echo(json.dumps(_data(loaded), indent=2, default=str))  # TOML has dates, JSON has none
    else:
        click.echo("\n".join(_lines(loaded)))


@config.command()
@click.argument("name")
@config_file
def use(name: str, config: str | None) -> None:
    """Make the agent called NAME the default."""
    from travel_tui.config import ConfigError, set_default
    from travel_tui.tui.text import safe

    try:
        agent = set_default(place_of(config), name)
    except ConfigError as error:
        raise refused(error) from error
    click.echo(safe(f"The default is now {agent.name} ({agent.agent_id} / {agent.alias_id})."))


@config.command()
def keys() -> None:
    """List the client's keys by the names that the config can give others to, under [keys]."""
    from travel_tui.tui.commands import key_names

    found = key_names()
    wide = max(map(len, found))
    wider = max(len(key) for key, _ in found.values())
    for name, (key, words) in found.items():
        click.echo(f"{name:<{wide}}  {key or '-':<{wider}}  {words}")


def place_of(config: str | None) -> Path:
    """The config file that was asked for, else the usual one."""
    from travel_tui import paths

    return Path(config) if config else paths.config_file()


def refused(error: Exception) -> click.ClickException:
    """What `error` says, for the terminal; status 1."""
    from travel_tui.tui.text import safe

    return click.ClickException(safe(str(error)))


def _data(loaded: Config) -> dict[str, object]:
    from dataclasses import asdict

    agents = {
        agent.name: {
            **{key: value for key, value in asdict(agent).items() if key != "name" and value is not None},
            **({"endpoint_url": _without_password(agent.endpoint_url)} if agent.endpoint_url else {}),
        }
        for agent in loaded.agents.values()
    }
    return {"path": str(loaded.path), "default": loaded.default, "agents": agents}


def _lines(loaded: Config) -> list[str]:
    from travel_tui.tui.text import one_line

    lines = [str(loaded.path)]
    for agent in loaded.agents.values():
        mark = "  (default)" if agent.name == loaded.default else ""
        lines += ["", f"{one_line(agent.name)}{mark}"]
        lines += [f"  {label:<12}{one_line(value)}" for label, value in _facts(agent)]
    if not loaded.agents:
        lines += ["", "It names no agent. `travel-tui connect` adds one."]
    elif loaded.default not in loaded.agents and len(loaded.agents) > 1:
        what = f"The default, {loaded.default}, is not among them." if loaded.default else "None is the default."
        lines += ["", one_line(f"{what} `travel-tui config use NAME` chooses one.")]
    return lines


def _facts(agent: AgentConfig) -> list[tuple[str, str]]:
    days = f"kept {agent.memory_days} days" if agent.memory_days else ""
    memory = ", ".join(part for part in (agent.memory_id, days) if part)
    made = ", ".join(agent.provisioned or ())
    url = _without_password(agent.endpoint_url) if agent.endpoint_url else None
    facts = (
        ("title", agent.title),
        ("agent", f"{agent.agent_id} / {agent.alias_id}"),
        ("region", agent.region),
        ("profile", agent.profile),
        ("endpoint", url),
        ("memory", memory),
        ("provisioned", made),
    )
    return [(label, value) for label, value in facts if value]


def _without_password(url: str) -> str:
    """A URL without a name and password that may stand in it."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
