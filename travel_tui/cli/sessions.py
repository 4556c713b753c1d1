"""travel-tui sessions: list the archived sessions, and delete them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import agent_or_demo_options
from travel_tui.cli.sessions_delete import delete

if TYPE_CHECKING:
    from travel_tui.cli.agent_options import AgentSelection


@click.group(
    short_help="List or delete the sessions in this machine's archive.",
    invoke_without_command=True,
    subcommand_metavar="[delete ID | delete --older-than DAYS]",
)
@click.option("--all", "of_all", is_flag=True, help="Include sessions with every agent, not only this one.")
@click.option("-n", "--limit", type=click.IntRange(1, 1_000_000), metavar="N", help="Only the newest N.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per line.")
@agent_or_demo_options
@click.pass_context
def sessions(ctx: click.Context, of_all: bool, limit: int | None, as_json: bool, which: AgentSelection) -> None:
    """List sessions by newest turn: id, memory, turns, times and state.

    AWS is not called. Without a config, sessions with all agents are listed, including the demo's.
    """
    if ctx.invoked_subcommand is not None:
        _check_nothing_before(ctx)
        return
    from travel_tui.archive import Archive, ArchiveError
    from travel_tui.cli.app_context import archive_key
    from travel_tui.cli.command_context import print_json, progress, warn
    from travel_tui.cli.failures import refused
    from travel_tui.cli.sessions_output import as_data, key_of, rows, states_of
    from travel_tui.clock import Clock
    from travel_tui.paths import archive_file

    key = archive_key(which, of_all=of_all)
    clock = Clock()
    try:
        archive = Archive(archive_file(), clock)
        if archive.notice:
            warn(archive.notice)
        records = archive.sessions(key, which.memory_id, limit)
        states = states_of(archive, records, clock.now())
        archive.close()
    except ArchiveError as error:
        raise refused(error) from error
    if as_json:
        for record in records:
            print_json(as_data(record, states[key_of(record)]))
        return
    if not records:
        progress(f"No sessions on this machine yet; `travel-tui ask{which.options}` starts one.")
    click.echo("".join(f"{row}\n" for row in rows(records, states, clock, with_agent=key is None)), nl=False)


sessions.add_command(delete)


def _check_nothing_before(ctx: click.Context) -> None:
    """Raise UsageError for options before the subcommand, which would not receive them."""
    given = [name for name in ctx.params if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE]
    if given:
        command = ctx.invoked_subcommand
        raise click.UsageError(f"Put options after the command: travel-tui sessions {command} … --option.")
