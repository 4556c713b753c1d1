"""travel-tui provision: create an agent in an AWS account and add it to the config."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from travel_tui.agentcore_config import AGENTCORE
from travel_tui.cli.options import MemoryId, check_memory_id, location_options
from travel_tui.cli.terminal import need_output
from travel_tui.config import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from provision.plan import PlanStep
    from provision.provisioning import Provisioning, Where
    from provision.spec import Spec
    from travel_tui.config import AgentConfig

_MAX_BYTES = 100_000
"""Maximum size of an instruction file that is read; an instruction of 4,000 characters has at most 16,000 bytes."""
_MODEL = "us.anthropic.claude-sonnet-4-6"
_MODEL_ID = r"[0-9a-zA-Z.:/_-]{1,2048}"
"""CreateAgent's pattern for foundationModel, from botocore's model."""
NAME, AGENTCORE_NAME = "travel-assistant-with-memory", "travel-harness"
"""Default names. They differ, since both services' agents have a function and a table by their name."""
_NAME = r"([0-9a-zA-Z][_-]?){1,100}"
"""Pattern for names of agents and aliases, from botocore's model."""


@click.command(short_help="Create an agent with memory in your AWS account and write the config.")
@click.option(
    "--backend", type=click.Choice(BACKENDS), default=BACKENDS[0], show_default=True, help="Service to build on."
)
@click.option(
    "--name", help="The agent's name.  [default: travel-assistant-with-memory; with AgentCore travel-harness]"
)
@click.option("--model", default=_MODEL, show_default=True, help="Inference profile or foundation model.")
@click.option("--instruction", type=click.File("rb"), help="File with a different instruction.")
@click.option(
    "--storage-days", type=click.IntRange(1, 365), default=30, show_default=True, help="Days that memory is kept."
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
    from travel_tui.config import ConfigError
    from travel_tui.local.runtime.functions import packaged_code

    need_output()
    agentcore = wanted["backend"] == AGENTCORE
    if agentcore and (wanted["alias"] or wanted["recent_sessions"]):
        raise click.UsageError("--alias and --recent-sessions are for agents of Bedrock: leave them out.")
    check_memory_id(wanted["memory_id"], wanted["backend"])
    name = name or (AGENTCORE_NAME if agentcore else NAME)
    path = place_of(config)
    where = Where(profile, region, endpoint_url)
    on = f" --backend {AGENTCORE}" if agentcore else ""
    again = f"travel-tui provision{on} --name {name}{where.options}"
    try:
        if wanted["print_policy"]:
            _print_policy(where, name, wanted)
            return
        _check_free(path, name, wanted["backend"])
        project = Provisioning(where, path, packaged_code(), again)
        spec = _spec(project.account, name, wanted)
        with locked(path):
            found = _provision(project, spec, path, wanted)
    except BusyError as error:
        raise click.ClickException(f"{error} Wait until it is done, then run this again.") from error
    except (ProvisionError, ConfigError, AgentError, NewerError) as error:
        raise _refused(str(error)) from error
    except OSError as error:
        raise _refused(f"The state file beside {path} could not be written: {error.strerror or error}.") from error
    click.echo("\n".join(found))


def _provision(project: Provisioning, spec: Spec, path: Path, wanted: dict[str, Any]) -> list[str]:
    """Provision the resources, or plan that with --dry-run; return the lines to print once the config is on disk."""
    from provision.errors import ProvisionError
    from travel_tui.cli.provision_output import ProgressTable, plan_lines
    from travel_tui.config import save_agent

    project.open(spec)
    steps = project.plan(adopt=wanted["adopt"])
    click.echo(f"{spec.name} in {spec.region}, account …{spec.account[-4:]}", err=True)
    if wanted["dry_run"]:
        return plan_lines(steps)
    if _asks(wanted) and _changes(steps):
        click.echo("\n".join(plan_lines(steps)), err=True)
        if not click.confirm("Create this?", default=True, err=True):
            raise click.Abort
    try:
        with ProgressTable() as lines:
            entry = project.apply(steps, lines.progress)
    except ProvisionError as error:
        if error.closed:
            _clean_up(project, wanted)
        raise
    from dataclasses import replace

    save_agent(path, replace(entry, memory_id=wanted["memory_id"] or _memory_of(path, entry)))
    done = "Everything is up to date." if not _changes(steps) else "Done."
    if spec.alias is None and (alias_id := project.record.get("alias_id")):
        click.echo(f"The alias {alias_id} of an earlier run is kept until `travel-tui destroy`.", err=True)
    return [
        f"{done} Agent {entry.agent_id} with alias {entry.alias_id} is in {path}.",
        f"Chat with it: travel-tui --agent {spec.name}",
    ]


def _clean_up(project: Provisioning, wanted: dict[str, Any]) -> None:
    """Remove or keep, as the user chooses, the resources made for an agent that AWS refuses to create."""
    from travel_tui.cli.provision_output import ProgressTable

    found = project.existing()
    choice = wanted["if_closed"]
    if choice is None and sys.stdin.isatty() and found:
        made = ", ".join(resource.kind for resource in found)
        removes = click.confirm(
            f"AWS refused to create the agent. Remove what was created so far ({made})?", default=True, err=True
        )
        choice = "remove" if removes else "keep"
    if choice == "remove":
        with ProgressTable() as lines:
            for left in project.destroy(found, lines.removal):
                click.echo(f"  ✗ {left.resource.kind} {left.resource.name}: {left.why}", err=True)
    elif found:
        click.echo("What was created so far is kept; `travel-tui destroy` removes it.", err=True)


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

    spec = _spec(account, name, wanted)
    policy = agentcore_provision_policy if spec.backend == AGENTCORE else provision_policy
    click.echo(json.dumps(policy(spec), indent=2))
    unknown = [each for each in (spec.region, spec.account) if each in (UNKNOWN_REGION, UNKNOWN_ACCOUNT)]
    if unknown:
        click.echo(f"Replace {' and '.join(unknown)} with your own values.", err=True)


def _spec(account_of: Callable[[], tuple[str, str, str]], name: str, wanted: dict[str, Any]) -> Spec:
    """Return the specification given by the options, for the Region, account and partition of `account_of`."""
    import re

    from provision.spec import INSTRUCTION, Spec
    from travel_tui.cli.plain_text import plain_text

    for option, value, most in (("--name", name, 80), ("--alias", wanted["alias"], 100)):
        if value is not None and (not re.fullmatch(_NAME, value) or len(value) > most):
            raise click.UsageError(
                f"{option} may have letters, digits, single hyphens and underscores, at most {most} characters."
            )
    if not re.fullmatch(_MODEL_ID, wanted["model"]):
        raise click.UsageError(f"--model is {wanted['model']!r}. Expected: an id or ARN such as {_MODEL}.")
    instruction = INSTRUCTION
    if file := wanted["instruction"]:
        content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise click.UsageError(
                f"An instruction has 40 to 4,000 characters; this file has over {_MAX_BYTES:,} bytes."
            )
        instruction = plain_text(content, "The instruction")
    if not 40 <= len(instruction) <= 4000:
        raise click.UsageError(f"An instruction has 40 to 4,000 characters; this one has {len(instruction):,}.")
    region, account, partition = account_of()
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
        backend=wanted["backend"],
    )


def _check_free(path: Path, name: str, backend: str) -> None:
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


def _memory_of(path: Path, entry: AgentConfig) -> str:
    from travel_tui.cli.agent_options import own_memory_id
    from travel_tui.config import load

    there = load(path)
    before = there.agents.get(entry.name) if there else None
    return (before.memory_id if before else None) or own_memory_id()


def _changes(steps: list[PlanStep]) -> bool:
    return any(step.action != "keep" for step in steps)


def _asks(wanted: dict[str, Any]) -> bool:
    return not wanted["yes"] and sys.stdin.isatty() and sys.stderr.isatty()


def _refused(words: str) -> click.ClickException:
    from travel_tui.text import safe

    return click.ClickException(safe(words))
