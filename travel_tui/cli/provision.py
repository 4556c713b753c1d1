"""travel-tui provision: from an AWS account to an agent and a config."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.cli.options import which_place

if TYPE_CHECKING:
    from provision.plan import Step
    from provision.provisioning import Provisioning
    from provision.spec import Spec
    from travel_tui.config import AgentConfig

_MODEL = "us.anthropic.claude-sonnet-4-6"


@click.command(short_help="Build an agent with memory in your AWS account, and write the config.")
@click.option("--name", default="travel-assistant-with-memory", show_default=True, help="The agent's name.")
@click.option("--model", default=_MODEL, show_default=True, help="An inference profile or a foundation model.")
@click.option("--instruction", type=click.File(encoding="utf-8"), help="A file with another instruction.")
@click.option(
    "--storage-days", type=click.IntRange(1, 365), default=30, show_default=True, help="How long it remembers."
)
@click.option("--recent-sessions", type=click.IntRange(1), help="Summaries in a new session's prompt.")
@click.option("--alias", metavar="NAME", help="Make a versioned alias instead of talking with the draft.")
@click.option("--no-table", is_flag=True, help="Keep no bookings.")
@click.option("--adopt", is_flag=True, help="Take over what exists under these names without our tag.")
@click.option(
    "--if-closed", type=click.Choice(["keep", "remove"]), help="What becomes of the rest where AWS makes no agent."
)
@click.option("--memory", "memory_id", metavar="ID", help="Whose memory the client talks with by default.")
@click.option("--dry-run", is_flag=True, help="Show what would be done.")
@click.option("--print-policy", is_flag=True, help="Print the smallest IAM policy for provisioning and destroying.")
@click.option("--yes", is_flag=True, help="Do not ask before building.")
@which_place
def provision(
    config: str | None, profile: str | None, region: str | None, endpoint_url: str | None, *, name: str, **wanted: Any
) -> None:
    """Build the travel agent in an AWS account: roles, table, log group, Lambda function, agent, action group.

    Run again, it finishes what is missing, changes what differs and keeps the rest.
    """
    from provision.provisioning import Provisioning, Where
    from provision.record import BusyError, locked
    from provision.troubles import ProvisionError
    from travel_tui.cli.config import place_of
    from travel_tui.config import ConfigError
    from travel_tui.local.runtime.functions import packaged_code

    path = place_of(config)
    where = Where(profile, region, endpoint_url)
    again = f"travel-tui provision --name {name}{where.options}"
    if wanted["memory_id"]:
        _check_id(wanted["memory_id"])
    try:
        project = Provisioning(where, path, packaged_code(), again)
        spec = _spec(project, name, wanted)
        if wanted["print_policy"]:
            import json

            from provision.policies import provision_policy

            click.echo(json.dumps(provision_policy(spec), indent=2))
            return
        _check_free(path, name)
        with locked(path):
            _provision(project, spec, path, wanted)
    except BusyError as error:
        raise click.ClickException(f"{error} Wait until it is done, then run this again.") from error
    except ProvisionError as error:
        raise _refused(str(error)) from error
    except ConfigError as error:
        raise _refused(str(error)) from error
    except OSError as error:
        raise _refused(f"What was done could not be noted beside {path}: {error.strerror or error}.") from error


def _provision(project: Provisioning, spec: Spec, path: Path, wanted: dict[str, Any]) -> None:
    from provision.troubles import ProvisionError
    from travel_tui.cli.provision_text import Lines, plan_lines
    from travel_tui.config import save_agent

    project.open(spec)
    steps = project.plan(adopt=wanted["adopt"])
    click.echo(f"{spec.name} in {spec.region}, account …{spec.account[-4:]}", err=True)
    if wanted["dry_run"]:
        click.echo("\n".join(plan_lines(steps)))
        return
    if _asks(wanted) and _changes(steps):
        click.echo("\n".join(plan_lines(steps)), err=True)
        if not click.confirm("Build this?", default=True, err=True):
            raise click.Abort
    try:
        with Lines() as lines:
            entry = project.apply(steps, lines.progress)
    except ProvisionError as error:
        if error.closed:
            _clean_up(project, wanted)
        raise
    from dataclasses import replace

    save_agent(path, replace(entry, memory_id=wanted["memory_id"] or _memory_of(path, entry)))
    done = "Everything was there already." if not _changes(steps) else "Done."
    click.echo(f"{done} {path} names the agent {entry.agent_id} with alias {entry.alias_id}.")
    if spec.alias is None and (alias_id := project.record.get("alias_id")):
        click.echo(f"The alias {alias_id} of an earlier run stays as it was, until `travel-tui destroy`.", err=True)
    click.echo(f"Talk with it: travel-tui --agent {spec.name}")


def _clean_up(project: Provisioning, wanted: dict[str, Any]) -> None:
    """Remove what was made for an agent that AWS does not make, or keep it, as the person says."""
    from travel_tui.cli.provision_text import Lines

    found = project.standing()
    choice = wanted["if_closed"]
    if choice is None and sys.stdin.isatty() and found:
        made = ", ".join(resource.kind for resource in found)
        removes = click.confirm(
            f"AWS makes no agent here. Remove what was made so far ({made})?", default=True, err=True
        )
        choice = "remove" if removes else "keep"
    if choice == "remove":
        with Lines() as lines:
            for left in project.destroy(found, lines.removal):
                click.echo(f"  ✗ {left.resource.kind} {left.resource.name}: {left.why}", err=True)
    elif found:
        click.echo("What was made so far is kept; `travel-tui destroy` removes it.", err=True)


def _spec(project: Provisioning, name: str, wanted: dict[str, Any]) -> Spec:
    """What the options ask for, in the caller's account."""
    import re

    from provision.spec import INSTRUCTION, Spec

    if not re.fullmatch(r"([0-9a-zA-Z][_-]?){1,100}", name) or len(name) > 80:
        raise click.UsageError("--name has letters, digits, single hyphens and underscores, at most 80 of them.")
    instruction = wanted["instruction"].read() if wanted["instruction"] else INSTRUCTION
    if not 40 <= len(instruction) <= 4000:
        raise click.UsageError(f"An instruction has 40 to 4,000 characters; this one has {len(instruction):,}.")
    region, account, partition = project.account()
    return Spec(
        region=region,
        account=account,
        partition=partition,
        name=name,
        model=wanted["model"],
        instruction=instruction,
        storage_days=wanted["storage_days"],
        recent_sessions=wanted["recent_sessions"],
        table=not wanted["no_table"],
        alias=wanted["alias"],
    )


def _check_free(path: Path, name: str) -> None:
    """Refuse a name that the config has for an agent which was not provisioned."""
    from travel_tui.config import ConfigError, load

    there = load(path)
    if there and name in there.agents and there.agents[name].provisioned is None:
        raise ConfigError(
            f"The config has an agent called {name!r} already, which was not provisioned. Choose another --name, or "
            "another --config; nothing was built."
        )


def _memory_of(path: Path, entry: AgentConfig) -> str:
    from travel_tui.cli.which import own_memory_id
    from travel_tui.config import load

    there = load(path)
    before = there.agents.get(entry.name) if there else None
    return (before.memory_id if before else None) or own_memory_id()


def _check_id(memory_id: str) -> None:
    from travel_tui.agent import refused_id

    if trouble := refused_id("memory", memory_id):
        raise click.UsageError(str(trouble))


def _changes(steps: list[Step]) -> bool:
    return any(step.action != "keep" for step in steps)


def _asks(wanted: dict[str, Any]) -> bool:
    return not wanted["yes"] and sys.stdin.isatty() and sys.stderr.isatty()


def _refused(words: str) -> click.ClickException:
    from travel_tui.tui.text import safe

    return click.ClickException(safe(words))
