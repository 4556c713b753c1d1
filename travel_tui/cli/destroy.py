"""travel-tui destroy: removes what provision built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import which_place

if TYPE_CHECKING:
    from provision.provisioning import Provisioning
    from provision.resource import Resource
    from travel_tui.config import AgentConfig


@click.command(short_help="Remove what provision built: agent, function, table, roles.")
@click.option("--name", help="The agent's name.  [default: the config's only provisioned agent]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@which_place
def destroy(
    name: str | None, yes: bool, config: str | None, profile: str | None, region: str | None, endpoint_url: str | None
) -> None:
    """Remove what provision built, its memories and bookings too. It goes on after an error and says what is left."""
    from provision.provisioning import Provisioning, Where
    from provision.record import BusyError, locked
    from provision.spec import NAME, Spec
    from provision.troubles import ProvisionError
    from travel_tui.cli.config import place_of
    from travel_tui.cli.provision import _refused
    from travel_tui.config import ConfigError, remove_agent
    from travel_tui.local.runtime.functions import packaged_code

    path = place_of(config)
    try:
        entry = _entry(path, name)
        where = Where(
            profile or (entry.profile if entry else None),
            region or (entry.region if entry else None),
            endpoint_url or (entry.endpoint_url if entry else None),
        )
        called = entry.name if entry else name or NAME
        again = f"travel-tui destroy --name {called}{where.options}"
        with locked(path):
            project = Provisioning(where, path, packaged_code(), again)
            here, account, partition = project.account()
            project.open(Spec(here, account, partition, called))
            found = project.standing()
            if not found:
                project.record.forget()
                _unlist(path, entry)
                click.echo(f"There is nothing of {called} in {here}, account …{account[-4:]}.")
                return
            _confirm(called, found, asks=not yes)
            _remove(project, found, again)
            if entry is not None:
                remove_agent(path, entry.name)
            click.echo(f"Nothing of {called} is left in {here}.")
    except BusyError as error:
        raise click.ClickException(f"{error} Wait until it is done, then run this again.") from error
    except (ProvisionError, ConfigError) as error:
        raise _refused(str(error)) from error


def _remove(project: Provisioning, found: list[Resource], again: str) -> None:
    from travel_tui.cli.provision_text import Lines

    with Lines() as lines:
        left = project.destroy(found, lines.removal)
    if left:
        for each in left:
            click.echo(f"{each.resource.kind} {each.resource.name}: {each.why}", err=True)
        raise click.ClickException(f"{len(left)} of {len(found)} are left. Mend that, and run `{again}` again.")


def _confirm(name: str, found: list[Resource], *, asks: bool) -> None:
    """Ask, naming what will be lost."""
    kinds = {resource.kind for resource in found}
    lost = [words for kind, words in _LOST.items() if kind in kinds]
    click.echo(f"This removes {name}:", err=True)
    for resource in found:
        if resource.kind != "preparation":  # a state of the agent, no thing of its own
            click.echo(f"  - {resource.kind:<14}{resource.name}", err=True)
    if lost:
        *first, last = lost
        click.echo(f"Lost for good: {', '.join(first)}{' and ' if first else ''}{last}.", err=True)
    if not asks:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask on, so nothing was removed. --yes removes it.")
    if not click.confirm("Remove all of this?", default=False, err=True):
        raise click.Abort


_LOST = {
    "agent": "everything that the agent remembers of anybody",
    "table": "all bookings",
    "log group": "the function's log",
}


def _entry(path: Path, name: str | None) -> AgentConfig | None:
    """The config's agent that is meant; None where the config is gone or does not have it."""
    from travel_tui.config import ConfigError, load

    there = load(path)
    if there is None:
        return None
    made = {each.name: each for each in there.agents.values() if each.provisioned is not None}
    if name is not None:
        if name in there.agents and name not in made:
            raise ConfigError(f"The agent {name!r} was not provisioned by travel-tui, so it is not removed.")
        return made.get(name)
    if len(made) > 1:
        raise ConfigError(f"The config has several provisioned agents. Choose one with --name: {', '.join(made)}.")
    return next(iter(made.values()), None)


def _unlist(path: Path, entry: AgentConfig | None) -> None:
    from travel_tui.config import remove_agent

    if entry is not None:
        remove_agent(path, entry.name)
