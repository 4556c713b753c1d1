"""travel-tui provision: create an agent in an AWS account and add it to the config."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.agentcore_config import AGENTCORE
from travel_tui.cli.options import MemoryId, check_memory_id, location_options
from travel_tui.cli.provision_options import MODEL, STORAGE_DAYS, command, default_name, spec_of
from travel_tui.cli.terminal import need_output
from travel_tui.config import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from provision.plan import PlanStep
    from provision.provisioning import Provisioning, Where
    from provision.spec import Spec
    from travel_tui.config import AgentConfig


@click.command(short_help="Create an agent with memory in your AWS account and write the config.")
@click.option(
    "--backend", type=click.Choice(BACKENDS), default=BACKENDS[0], show_default=True, help="Service to build on."
)
@click.option(
    "--name", help="The agent's name.  [default: travel-assistant-with-memory; with AgentCore travel-harness]"
)
@click.option("--model", default=MODEL, show_default=True, help="Inference profile or foundation model.")
@click.option("--instruction", type=click.File("rb"), help="File with a different instruction.")
@click.option(
    "--storage-days",
    type=click.IntRange(1, 365),
    default=STORAGE_DAYS,
    show_default=True,
    help="Days that memory is kept.",
)
@click.option("--recent-sessions", type=click.IntRange(1), help="Summaries in a new session's prompt.")
@click.option("--alias", metavar="NAME", help="Create a versioned alias instead of using the draft.")
@click.option("--no-table", is_flag=True, help="Create no bookings table.")
@click.option("--adopt", is_flag=True, help="Adopt existing resources with these names that lack our tag.")
@click.option(
    "--if-closed",
    type=click.Choice(["keep", "remove"]),
    help="Keep or remove other resources if AWS refuses to create the agent.",
)
@click.option("--memory", "memory_id", type=MemoryId(), help="Default memory id of the client.")
@click.option("--dry-run", is_flag=True, help="Show the plan without applying it.")
@click.option("--print-policy", is_flag=True, help="Print the smallest IAM policy for provision and destroy.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@location_options
def provision(
    config: str | None,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
    *,
    name: str | None,
    **wanted: Any,
) -> None:
    """Create the travel agent in an AWS account: roles, table, log group, Lambda function, agent, action group.

    With --backend agentcore it is a harness with a memory of its own, whose functions the client has run by Lambda.

    Run again, it creates what is missing, updates what differs and keeps the rest.
    """
    from provision.errors import ProvisionError
    from provision.provisioning import Provisioning, Where
    from provision.state_file import BusyError, NewerError, locked
    from travel_tui.agent import AgentError
    from travel_tui.cli.config_file import place_of
    from travel_tui.cli.provision_closed import check_free
    from travel_tui.config import ConfigError
    from travel_tui.local.runtime.functions import packaged_code

    need_output()
    agentcore = wanted["backend"] == AGENTCORE
    if agentcore and (wanted["alias"] or wanted["recent_sessions"]):
        raise click.UsageError("--alias and --recent-sessions are for agents of Bedrock: leave them out.")
    check_memory_id(wanted["memory_id"], wanted["backend"])
    given = {**wanted, "name": name, "config": config}
    name = name or default_name(wanted["backend"])
    path = place_of(config)
    where = Where(profile, region, endpoint_url)

    def project_of(spec: Spec) -> Provisioning:
        again = command(where, {**given, "name": spec.name, "backend": spec.backend})
        project = Provisioning(where, path, packaged_code(), again)
        project.open(spec)
        return project

    try:
        if wanted["print_policy"]:
            _print_policy(where, name, wanted)
            return
        check_free(path, name, wanted["backend"])
        account = Provisioning(where, path, packaged_code(), command(where, {**given, "name": name})).account
        spec = spec_of(account, name, wanted)
        with locked(path):
            found = _provision(project_of, spec, path, given)
    except BusyError as error:
        raise click.ClickException(f"{error} Wait until it is done, then run this again.") from error
    except (ProvisionError, ConfigError, AgentError, NewerError) as error:
        raise _refused(str(error)) from error
    except OSError as error:
        raise _refused(f"The state file beside {path} could not be written: {error.strerror or error}.") from error
    click.echo("\n".join(found))


def _provision(project_of: Callable[[Spec], Provisioning], spec: Spec, path: Path, given: dict[str, Any]) -> list[str]:
    """Provision the resources, or plan that with --dry-run; return the lines to print once the config is on disk."""
    from provision.errors import ProvisionError
    from travel_tui.cli.provision_closed import asks, built_elsewhere
    from travel_tui.cli.provision_output import heading, plan_lines

    project = project_of(spec)
    steps = project.plan(adopt=given["adopt"])
    click.echo(heading(spec), err=True)
    if given["dry_run"]:
        return plan_lines(steps)
    if asks(given) and _changes(steps):
        click.echo("\n".join(plan_lines(steps)), err=True)
        if not click.confirm("Create this?", default=True, err=True):
            raise click.Abort
    try:
        return _applied(project, steps, path, given)
    except ProvisionError as error:
        if not error.closed:
            raise
        return _applied(*built_elsewhere(error, project, project_of, spec, path, given), path, given)


def _applied(project: Provisioning, steps: list[PlanStep], path: Path, given: dict[str, Any]) -> list[str]:
    """Execute the steps and write the config; return the lines to print."""
    from dataclasses import replace

    from travel_tui.cli.provision_output import ProgressTable
    from travel_tui.config import save_agent

    with ProgressTable() as lines:
        entry = project.apply(steps, lines.progress)
    save_agent(path, replace(entry, memory_id=given["memory_id"] or _memory_of(path, entry)))
    done = "Everything is up to date." if not _changes(steps) else "Done."
    if entry.agentcore is None and given["alias"] is None and (alias_id := project.record.get("alias_id")):
        click.echo(f"The alias {alias_id} of an earlier run is kept until `travel-tui destroy`.", err=True)
    kind, way = ("Harness", "endpoint") if entry.agentcore else ("Agent", "alias")
    return [
        f"{done} {kind} {entry.agent_id} with {way} {entry.alias_id} is in {path}.",
        f"Chat with it: travel-tui --agent {entry.name}",
    ]


def _print_policy(where: Where, name: str, wanted: dict[str, Any]) -> None:
    """Print the policy; on standard error, list the values that AWS settings and credentials did not give."""
    import json

    from provision.agentcore_policies import agentcore_provision_policy
    from provision.connect import Account
    from provision.policies import provision_policy
    from provision.spec import UNKNOWN_ACCOUNT, UNKNOWN_REGION

    def account() -> tuple[str, str, str]:
        found = Account(where.profile, where.region, where.endpoint_url)
        return found.region or UNKNOWN_REGION, found.number() or UNKNOWN_ACCOUNT, found.partition

    spec = spec_of(account, name, wanted)
    policy = agentcore_provision_policy if spec.backend == AGENTCORE else provision_policy
    click.echo(json.dumps(policy(spec), indent=2))
    unknown = [each for each in (spec.region, spec.account) if each in (UNKNOWN_REGION, UNKNOWN_ACCOUNT)]
    if unknown:
        click.echo(f"Replace {' and '.join(unknown)} with your own values.", err=True)


def _memory_of(path: Path, entry: AgentConfig) -> str:
    from travel_tui.cli.agent_options import own_memory_id
    from travel_tui.config import load

    there = load(path)
    before = there.agents.get(entry.name) if there else None
    return (before.memory_id if before else None) or own_memory_id()


def _changes(steps: list[PlanStep]) -> bool:
    return any(step.action != "keep" for step in steps)


def _refused(words: str) -> click.ClickException:
    from travel_tui.text import safe

    return click.ClickException(safe(words))
