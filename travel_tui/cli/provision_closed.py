"""provision where AWS creates no new agents for the account: AgentCore is offered, and the rest kept or removed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.agentcore_config import AGENTCORE
from travel_tui.cli.provision_options import default_name
from travel_tui.cli.wrapping import for_terminal

if TYPE_CHECKING:
    from provision.errors import ProvisionError
    from provision.plan import PlanStep
    from provision.provisioning import Provisioning
    from provision.spec import Spec


def asks(given: dict[str, Any]) -> bool:
    """Whether there is somebody to ask."""
    return not given["yes"] and sys.stdin.isatty() and sys.stderr.isatty()


def built_elsewhere(
    error: ProvisionError,
    project: Provisioning,
    project_of: Callable[[Spec], Provisioning],
    spec: Spec,
    path: Path,
    given: dict[str, Any],
) -> tuple[Provisioning, list[PlanStep]]:
    """Return what the user builds on AgentCore instead, with its steps; what was made so far is kept or removed.

    Raises ProvisionError with the command for it if there is nobody to ask, or the answer is no.
    """
    from provision.errors import ProvisionError

    elsewhere = replace(
        spec, name=given["name"] or default_name(AGENTCORE), backend=AGENTCORE, alias=None, recent_sessions=None
    )
    other = project_of(elsewhere)
    steps = _offered(error, other, elsewhere, path, given) if asks(given) else None
    _clean_up(project, given, kept=other.names if steps else frozenset())
    if steps is None:
        advice = (
            f"Build it on AgentCore with `{other.again}`, use an existing agent with `travel-tui connect`, or "
            "`travel-tui demo`, which needs no AWS."
        )
        raise ProvisionError(replace(error.problem, advice=advice), closed=True) from error
    return other, steps


def check_free(path: Path, name: str, backend: str) -> None:
    """Reject a name that the config uses for an agent that was not provisioned, or was on another service."""
    from travel_tui.config import ConfigError, load

    there = load(path)
    if there and name in there.agents and there.agents[name].provisioned is None:
        raise ConfigError(
            f"The config already has an agent called {name!r} that was not provisioned. Choose another --name or "
            "--config; nothing was created."
        )
    if there and name in there.agents and there.agents[name].backend != backend:
        raise ConfigError(
            f"The agent {name!r} was provisioned on {there.agents[name].backend}, and shares its function and table by "
            "their names. Choose another --name; nothing was created."
        )


def _offered(
    error: ProvisionError, other: Provisioning, spec: Spec, path: Path, given: dict[str, Any]
) -> list[PlanStep] | None:
    """Show the plan on AgentCore and return its steps if the user wants them; None if not."""
    from travel_tui.cli.provision_output import heading, plan_lines
    from travel_tui.config import ConfigError
    from travel_tui.text import safe

    click.echo("\n".join(for_terminal([safe(f"{error.problem.what} {error.problem.why}")])), err=True)
    try:
        check_free(path, spec.name, AGENTCORE)
    except ConfigError as taken:
        click.echo(safe(str(taken)), err=True)
        return None
    steps = other.plan(adopt=given["adopt"])
    click.echo("\n".join(["", f"On AgentCore: {heading(spec)}", *plan_lines(steps)]), err=True)
    wanted = click.confirm("Build it there instead, as a harness with a memory of its own?", default=True, err=True)
    return steps if wanted else None


def _clean_up(project: Provisioning, given: dict[str, Any], kept: Collection[tuple[str, str]]) -> None:
    """Remove or keep, as the user chooses, what was made for the agent; what AgentCore uses too is `kept`."""
    from travel_tui.cli.provision_output import ProgressTable

    found = [each for each in project.existing() if (each.kind, each.name) not in kept]
    choice = given["if_closed"]
    if choice is None and found and asks(given):
        made = ", ".join(resource.kind for resource in found)
        removes = click.confirm(f"Remove what was created for the agent ({made})?", default=True, err=True)
        choice = "remove" if removes else "keep"
    if choice == "remove":
        with ProgressTable() as lines:
            for left in project.destroy(found, lines.removal):
                click.echo(f"  ✗ {left.resource.kind} {left.resource.name}: {left.why}", err=True)
    elif found:
        its = f"--name {project.spec.name} --backend {project.spec.backend}{project.where.options}"
        click.echo(f"What was created so far is kept; `travel-tui destroy {its}` removes it.", err=True)
