"""travel-tui config: show and edit the local config, and choose its default agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from travel_tui.cli.config_file import loaded_from, place_of
from travel_tui.cli.failures import refused
from travel_tui.cli.options import config_file

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig, Config


@click.group()
def config() -> None:
    """Show or edit the config, or choose its default agent."""


@config.command("path")
@config_file
def path_command(config: str | None) -> None:
    """Print the path of the config, even before it exists."""
    click.echo(place_of(config))


@config.command()
@config_file
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(config: str | None, as_json: bool) -> None:
    """List the agents in the config."""
    from travel_tui.config import DEMO

    path = place_of(config)
    loaded = loaded_from(path)
    if loaded is None:
        raise click.ClickException(f"No config at {path}. `travel-tui connect` writes one. {DEMO}")
    if as_json:
        import json

        click.echo(json.dumps(_data(loaded), indent=2, default=str))  # default=str: TOML has dates, JSON does not
    else:
        click.echo("\n".join(_lines(loaded)))


@config.command()
@click.argument("name")
@config_file
def use(name: str, config: str | None) -> None:
    """Make agent NAME the default."""
    from travel_tui.config import ConfigError, set_default
    from travel_tui.text import safe

    try:
        agent = set_default(place_of(config), name)
    except ConfigError as error:
        raise refused(error) from error
    click.echo(safe(f"The default is now {agent.name} ({agent.agent_id} / {agent.alias_id})."))


@config.command()
@config_file
def edit(config: str | None) -> None:
    """Open the config in $VISUAL or $EDITOR, and check it before it is used.

    A copy is edited. If it cannot be read, the line and the reason are shown and it can be edited again; the config
    itself is only replaced by one that can be read.
    """
    from travel_tui.cli.command_context import warn
    from travel_tui.cli.config_edit import edit_config
    from travel_tui.cli.config_file import warn_of_unknown
    from travel_tui.text import safe
    from travel_tui.tui.keymap import key_problems

    path = place_of(config)
    edited = edit_config(path)
    if edited is None:
        click.echo(f"Nothing was changed in {path}.")
        return
    warn_of_unknown(edited)
    for problem in key_problems(edited.keys):
        warn(f"Warning: {problem}")
    click.echo(safe(f"{path} is saved."))


@config.command()
@config_file
def keys(config: str | None) -> None:
    """List the client's keys, as the config sets them, by the names that its [keys] uses."""
    from travel_tui.cli.command_context import warn
    from travel_tui.text import one_line
    from travel_tui.tui.keymap import key_names, key_problems

    loaded = loaded_from(place_of(config))
    chosen = loaded.keys if loaded else {}
    rows = [
        (name, one_line(chosen.get(name, key)), f"{words} (default: {key or 'none'})" if name in chosen else words)
        for name, (key, words) in key_names().items()
    ]
    wide, wider = max(len(name) for name, *_ in rows), max(len(key) for _, key, _ in rows)
    for name, key, words in rows:
        click.echo(f"{name:<{wide}}  {key or '-':<{wider}}  {words}")
    for problem in key_problems(chosen):
        warn(f"Warning: {problem}")


def _data(loaded: Config) -> dict[str, object]:
    from dataclasses import asdict

    agents = {
        agent.name: {key: value for key, value in asdict(agent).items() if key != "name" and value is not None}
        for agent in loaded.agents.values()
    }
    return {"path": str(loaded.path), "default": loaded.default, "agents": agents}


def _lines(loaded: Config) -> list[str]:
    from travel_tui.text import one_line

    lines = [str(loaded.path)]
    for agent in loaded.agents.values():
        mark = "  (default)" if agent.name == loaded.default else ""
        lines += ["", f"{one_line(agent.name)}{mark}"]
        lines += [f"  {label:<12}{one_line(value)}" for label, value in _facts(agent)]
    if not loaded.agents:
        lines += ["", "It has no agents. `travel-tui connect` adds one."]
    elif loaded.default not in loaded.agents and len(loaded.agents) > 1:
        what = f"The default, {loaded.default}, is not among them." if loaded.default else "No agent is the default."
        lines += ["", one_line(f"{what} `travel-tui config use NAME` chooses one.")]
    return lines


def _facts(agent: AgentConfig) -> list[tuple[str, str]]:
    days = f"kept {agent.memory_days} days" if agent.memory_days else ""
    memory = ", ".join(part for part in (agent.memory_id, days) if part)
    made = ", ".join(agent.provisioned or ())
    facts = (
        ("title", agent.title),
        ("agent", f"{agent.agent_id} / {agent.alias_id}"),
        ("region", agent.region),
        ("profile", agent.profile),
        ("endpoint", agent.endpoint_url),
        ("memory", memory),
        ("provisioned", made),
    )
    return [(label, value) for label, value in facts if value]
