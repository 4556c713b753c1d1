"""travel-tui migrate: write an agent's session summaries as records of an AgentCore memory."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

import click

from travel_tui.cli.agent_options import AgentSelection
from travel_tui.cli.connect_agentcore import MemoryResourceParam
from travel_tui.cli.options import AgentId, MemoryId, Name, location_options
from travel_tui.cli.terminal import need_output

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig
    from travel_tui.memory_store import RecordImporter, Strategy
    from travel_tui.migration.migration import Migration, Outcome
    from travel_tui.migration.plan import UserPlan


@click.command(short_help="Write an agent's summaries as records of an AgentCore memory.")
@click.option("--agent", type=Name(), help="The agent of Bedrock in the config whose summaries are written.")
@click.option("--agent-id", type=AgentId(), help="The same by its id; the config is not used for it.")
@click.option("--alias-id", type=AgentId(), help="Its alias.  [default: TSTALIASID, the working draft]")
@click.option("--to", "to_name", type=Name(), help="The agent of AgentCore in the config whose memory gets them.")
@click.option(
    "--to-memory-id", type=MemoryResourceParam(), help="A memory of AgentCore, by its id or ARN, at the same place."
)
@click.option("--strategy", metavar="NAME", help="Strategy of that memory.  [default: the one that makes summaries]")
@click.option(
    "--memory", "memory_ids", type=MemoryId(), multiple=True,
    help="Memory id whose summaries are written; may be repeated.  [default: all that this machine knows]",
)  # fmt: skip
@click.option(
    "--memories", "file", type=click.File("rb"), help="File with one memory id a line, or - for standard input."
)
@click.option("--again", is_flag=True, help="Also write what an earlier run wrote and the memory no longer lists.")
@click.option("--dry-run", is_flag=True, help="Only compare, and show what would be written.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per user; do not ask.")
@location_options
def migrate(
    agent: str | None,
    agent_id: str | None,
    alias_id: str | None,
    to_name: str | None,
    to_memory_id: str | None,
    strategy: str | None,
    memory_ids: tuple[str, ...],
    file: BinaryIO | None,
    again: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    config: str | None,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
) -> None:
    """Write the session summaries of an agent of Bedrock as records of an AgentCore memory, user by user.

    Without --yes it asks on a terminal, and elsewhere only compares. Interrupted at any point, it is simply run again:
    nothing is written twice. The summaries of the agent stay.
    """
    from travel_tui.cli.command_context import print_json, run
    from travel_tui.cli.failures import refused
    from travel_tui.cli.migrate_ends import chosen_strategy, memory_ids_of, opened_target, source_of, target_of
    from travel_tui.cli.migrate_output import as_data, heading, table
    from travel_tui.migration.state_file import MigrationStateError, locked
    from travel_tui.paths import migrations

    need_output()
    if dry_run and yes:
        raise click.UsageError("--dry-run writes nothing, and --yes writes without asking: leave out one of them.")
    which = AgentSelection(config, agent, agent_id, alias_id, endpoint_url, region, profile)
    source = source_of(which)
    target = target_of(which, source, to_name, to_memory_id)
    users = memory_ids_of(which, source, memory_ids, file)
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not (yes or dry_run or as_json)
    try:
        with locked(migrations()):
            importer = run(opened_target(target))
            chosen = chosen_strategy(run(importer.strategies()), strategy)
            migration = _migration(source, target, importer, chosen)
            plans = run(_planned(migration, users, again=again))
            if not as_json:
                click.echo("\n".join([*heading(source, target, chosen), "", *table(plans)]))
            outcome = _written(migration, plans, yes=yes, asks=asks)
    except MigrationStateError as error:
        raise refused(error) from error
    if as_json:
        for user in outcome.users:
            print_json(as_data(user))
    elif outcome.users != plans:
        click.echo("\n".join(["", *table(outcome.users)]))
    run(_warn(importer, outcome.users))
    _conclude(outcome)


def _migration(source: AgentConfig, target: AgentConfig, importer: RecordImporter, strategy: Strategy) -> Migration:
    """Return the migration with the state of its earlier runs. Raises MigrationStateError, and click's exceptions."""
    from travel_tui.backends.factory import open_agent_in_thread
    from travel_tui.cli.app_context import agent_key
    from travel_tui.cli.command_context import run
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids
    from travel_tui.migration.migration import Migration
    from travel_tui.migration.state_file import MigrationState
    from travel_tui.paths import migrations

    to = f"{agent_key(target)}#{strategy.strategy_id}"
    state = MigrationState(migrations(), agent_key(source), to)
    return Migration(run(open_agent_in_thread(source)), importer, strategy, state, Clock(), Ids())


async def _planned(migration: Migration, users: Sequence[str], *, again: bool) -> tuple[UserPlan, ...]:
    from travel_tui.cli.command_context import status_line

    def on_user(number: int) -> None:
        status_line(f"Comparing user {number} of {len(users)}…")

    try:
        return await migration.plan(users, on_user, again=again)
    finally:
        status_line()


def _written(migration: Migration, plans: Sequence[UserPlan], *, yes: bool, asks: bool) -> Outcome:
    """Write what the plans have to write, if the user wants it; return what became of it."""
    from travel_tui.cli.command_context import run, status_line
    from travel_tui.migration.migration import Outcome
    from travel_tui.migration.plan import RecordStatus
    from travel_tui.text import count

    number = sum(each.count(RecordStatus.TO_WRITE) for each in plans)
    if number and asks:
        yes = click.confirm(f"Write {count(number, 'record')}?", default=False, err=True)
    if not number or not yes:
        return Outcome(tuple(plans))

    def on_batch(done: int) -> None:
        status_line(f"{done:,} of {count(number, 'record')}")

    try:
        return run(migration.write(plans, on_batch), stopped="Stopped. Run this again to resume.")
    finally:
        status_line()


async def _warn(importer: RecordImporter, users: Sequence[UserPlan]) -> None:
    """Warn if the records go with a harness, or if the target's harness retrieves nothing from where they are."""
    from travel_tui.cli.command_context import warn

    if await importer.is_managed():
        warn("The memory is managed by its harness: deleting the harness deletes these records too.")
    user, record = next(((user, each.record) for user in users for each in user.records), (None, None))
    if user and record and await importer.recalls_from(record.namespace, user.memory_id) is False:
        warn(
            f"The harness does not look into {record.namespace} in later sessions, so it will not recall these. Add a "
            "path above the sessions, such as /summaries/{actorId}/, to its retrievalConfig (UpdateHarness)."
        )


def _conclude(outcome: Outcome) -> None:
    """Say what comes next; raise click's exceptions where not all was written."""
    from travel_tui.migration.plan import RecordStatus
    from travel_tui.text import count, safe

    def total(status: RecordStatus) -> int:
        return sum(each.count(status) for each in outcome.users)

    if outcome.error:
        raise click.ClickException(
            safe(f"{outcome.error} Run this again to resume: what was written is not written again.")
        )
    if failed := total(RecordStatus.FAILED):
        raise click.ClickException(f"{count(failed, 'record')} could not be written. Run this again to try them again.")
    if unlisted := total(RecordStatus.WRITTEN_BEFORE):
        click.echo(
            f"{count(unlisted, 'record')} of an earlier run are not listed: deleted, rewritten by the service, or not "
            "listed yet. --again writes them once more.",
            err=True,
        )
    if total(RecordStatus.WRITTEN):
        return
    if waiting := total(RecordStatus.TO_WRITE):
        click.echo(f"Nothing was written. --yes writes {count(waiting, 'record')}.", err=True)
    elif not any(each.found for each in outcome.users):
        click.echo("Nothing to write: there are no summaries.", err=True)
    elif not unlisted:
        click.echo("Nothing to write: the memory has all of it.", err=True)
