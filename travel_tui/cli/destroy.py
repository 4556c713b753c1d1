"""travel-tui destroy: remove the resources that provision created."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import Name, location_options
from travel_tui.cli.terminal import need_output
from travel_tui.config import BACKENDS

if TYPE_CHECKING:
    from provision.provisioning import Provisioning
    from provision.resource import Resource
    from provision.spec import Spec
    from travel_tui.config import AgentConfig


@click.command(short_help="Remove everything provision created: agent, function, table, roles.")
@click.option("--name", type=Name(), help="Agent name.  [default: the config's only provisioned agent]")
@click.option("--backend", type=click.Choice(BACKENDS), help="Service it was built on, if the config does not have it.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@location_options
def destroy(
    name: str | None,
    backend: str | None,
    yes: bool,
    config: str | None,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
) -> None:
    """Remove everything provision created, with its memories and bookings.

    Continues after an error and lists what is left.
    """
    from provision.errors import ProvisionError
    from provision.provisioning import Provisioning, Where
    from provision.spec import Spec
    from provision.state_file import BusyError, NewerError, locked
    from travel_tui.agent import AgentError
    from travel_tui.cli.config_file import place_of
    from travel_tui.cli.failures import refused
    from travel_tui.config import AgentConfig, ConfigError, remove_agent
    from travel_tui.local.runtime.functions import packaged_code

    need_output()
    path = place_of(config)
    try:
        entry = _entry(path, name, backend)
        where = Where(
            profile or (entry.profile if entry else None),
            region or (entry.region if entry else None),
            endpoint_url or (entry.endpoint_url if entry else None),
        )
        project = Provisioning(where, path, packaged_code(), f"travel-tui destroy{where.options}")
        with locked(path):
            here, account, partition = project.account()
            spec = _spec(project, Spec(here, account, partition), entry, name, backend)
            called = spec.name
            at = f" --config {shlex.quote(config)}" if config else ""
            project.again = again = f"travel-tui destroy --name {called} --backend {spec.backend}{at}{where.options}"
            project.open(spec)
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
        raise refused(error) from error


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


def _spec(project: Provisioning, here: Spec, entry: AgentConfig | None, name: str | None, backend: str | None) -> Spec:
    """Return what is to be removed: the config's agent, else what an interrupted run left a state of, else by name."""
    from travel_tui.cli.provision_options import default_name

    if entry is not None:
        return replace(here, name=entry.name, backend=entry.backend)
    usual = [replace(here, name=default_name(each), backend=each) for each in BACKENDS if backend in (None, each)]
    named = [replace(here, name=name, backend=each.backend) for each in usual] if name else usual
    begun = [each for each in named if project.has_state(each)]
    if len(begun) > 1 and name:
        raise click.UsageError(f"{name} was begun on both services. Choose one with --backend.")
    by_name = [each for each in usual if each.name == name]  # with neither config nor state, the usual name decides
    return next(iter([*begun, *by_name, *named]))


_LOST = {
    "agent": "all memories",
    "memory": "all events and memories",
    "table": "all bookings",
    "log group": "the function's log",
}


def _entry(path: Path, name: str | None, backend: str | None) -> AgentConfig | None:
    """Return the selected agent of the config, if it is on that backend; None if the config or the entry is missing."""
    from travel_tui.config import ConfigError, load

    there = load(path)
    if there is None:
        return None
    made = {
        each.name: each
        for each in there.agents.values()
        if each.provisioned is not None and backend in (None, each.backend)
    }
    if name is not None:
        if name in there.agents and there.agents[name].provisioned is None:
            raise ConfigError(f"The agent {name!r} was not provisioned by travel-tui, so it is not removed.")
        return made.get(name)
    if len(made) > 1:
        raise ConfigError(f"The config has several provisioned agents. Choose one with --name: {', '.join(made)}.")
    return next(iter(made.values()), None)


def _unlist(path: Path, entry: AgentConfig | None) -> None:
    from travel_tui.config import remove_agent

    if entry is not None:
        remove_agent(path, entry.name)
