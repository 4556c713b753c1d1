"""travel-tui destroy: remove the resources that provision created."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import Name, location_options
from travel_tui.cli.terminal import need_output

if TYPE_CHECKING:
    from provision.provisioning import Provisioning
    from provision.resource import Resource
    from travel_tui.config import AgentConfig


@click.command(short_help="Remove everything provision created: agent, function, table, roles.")
@click.option("--name", type=Name(), help="Agent name.  [default: the config's only provisioned agent]")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@location_options
def destroy(
    name: str | None, yes: bool, config: str | None, profile: str | None, region: str | None, endpoint_url: str | None
) -> None:
    """Remove everything provision created, with its memories and bookings.

    Continues after an error and lists what is left.
    """
    from provision.errors import ProvisionError
    from provision.provisioning import Provisioning, Where
    from provision.spec import NAME, Spec
    from provision.state_file import BusyError, NewerError, locked
    from travel_tui.agent import AgentError
    from travel_tui.cli.config_file import place_of
    from travel_tui.cli.provision import _refused
    from travel_tui.config import AgentConfig, ConfigError, remove_agent
    from travel_tui.local.runtime.functions import packaged_code

    need_output()
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
            backend = entry.backend if entry else _backend_of(called)
            project.open(Spec(here, account, partition, called, backend=backend))
            found = project.existing()
            if not found:
                project.record.forget()
                _unlist(path, entry)
                click.echo(f"Nothing of {called} found in {here}, account …{account[-4:]}.")
                return
            _confirm(called, found, asks=not yes)
            agent_id = project.record.get("agent_id") or project.record.get("harness_id")
            _remove(project, found, again)
            if agent_id:
                _note_removal(
                    entry or AgentConfig(called, agent_id, "", here, endpoint_url=where.endpoint_url), agent_id
                )
            if entry is not None:
                remove_agent(path, entry.name)
            click.echo(f"All resources of {called} were removed from {here}.")
    except BusyError as error:
        raise click.ClickException(f"{error} Wait until it is done, then run this again.") from error
    except (ProvisionError, ConfigError, AgentError, NewerError) as error:
        raise _refused(str(error)) from error


def _remove(project: Provisioning, found: list[Resource], again: str) -> None:
    from travel_tui.cli.provision_output import ProgressTable

    with ProgressTable() as lines:
        left = project.destroy(found, lines.removal)
    if left:
        for each in left:
            click.echo(f"{each.resource.kind} {each.resource.name}: {each.why}", err=True)
        raise click.ClickException(f"{len(left)} of {len(found)} are left. Fix that, and run `{again}` again.")


def _note_removal(agent: AgentConfig, agent_id: str) -> None:
    """Record in the archive that the agent's sessions and memories were deleted with it."""
    from travel_tui.archive import ArchiveError, DeletedBy, note_removal
    from travel_tui.cli.app_context import agent_key
    from travel_tui.cli.command_context import warn
    from travel_tui.clock import Clock
    from travel_tui.paths import archive_file

    place = agent_key(agent).partition("@")[2]
    try:
        note_removal(archive_file(), f"{agent_id}/*@{place}", DeletedBy.DESTROY, Clock().now())
    except ArchiveError as error:
        warn(f"Its sessions are still marked as open in the archive. {error}")


def _confirm(name: str, found: list[Resource], *, asks: bool) -> None:
    """Ask for confirmation, listing what will be lost."""
    kinds = {resource.kind for resource in found}
    lost = [words for kind, words in _LOST.items() if kind in kinds]
    click.echo(f"This removes {name}:", err=True)
    for resource in found:
        if resource.kind != "preparation":  # a state of the agent, not a resource of its own
            click.echo(f"  - {resource.kind:<14}{resource.name}", err=True)
    if lost:
        *first, last = lost
        click.echo(f"This permanently deletes {', '.join(first)}{' and ' if first else ''}{last}.", err=True)
    if not asks:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("No terminal to confirm on, so nothing was removed. Pass --yes to skip the question.")
    if not click.confirm("Remove all of this?", default=False, err=True):
        raise click.Abort


def _backend_of(name: str) -> str:
    """Return the service of an agent that is not in the config, by its default name."""
    from travel_tui.agentcore_config import AGENTCORE
    from travel_tui.cli.provision import AGENTCORE_NAME
    from travel_tui.config import BACKENDS

    return AGENTCORE if name == AGENTCORE_NAME else BACKENDS[0]


_LOST = {
    "agent": "all memories",
    "memory": "all events and memories",
    "table": "all bookings",
    "log group": "the function's log",
}


def _entry(path: Path, name: str | None) -> AgentConfig | None:
    """Return the selected agent of the config; None if the config or the entry is missing."""
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
