"""travel-tui memory: what the agent remembers, without a screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import which_agent

if TYPE_CHECKING:
    from travel_tui.agent import SessionSummary
    from travel_tui.cli.headless import Seat
    from travel_tui.cli.which import Which
    from travel_tui.tui.setting import Setting

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON, one object a line.")
WAIT_S = 300.0
"""As long as a summary may take before it is overdue, where none was seen yet."""


@click.group(short_help="What the agent remembers.")
def memory() -> None:
    """What the agent remembers: list it, wait for it, delete it, export it."""


@memory.command("list", short_help="List the summaries of a memory.")
@as_json_option
@which_agent
def list_command(as_json: bool, which: Which) -> None:
    """List the summaries of a memory, newest first."""
    from travel_tui.cli.headless import print_json, progress, run, seated
    from travel_tui.cli.memory_text import as_data, paragraphs

    async def work(setting: Setting) -> list[SessionSummary]:
        async with seated(setting) as seat:
            return await look(seat)

    setting = _setting(which)
    found = run(work(setting))
    for summary in found:
        if as_json:
            print_json(as_data(summary))
        else:
            click.echo("\n".join(paragraphs(summary, setting.clock)))
    if not found:
        progress(f"Memory {setting.memory_id}: nothing is remembered yet. A memory is made when a session ends.")


@memory.command(short_help="Wait for the memory of a session.")
@click.option("--session", metavar="ID", required=True, help="Whose summary: a session's id, or `last`.")
@click.option(
    "--timeout", "timeout_s", type=click.FloatRange(min=0.1), default=WAIT_S, show_default=True, metavar="SECONDS",
    help="How long to wait.",
)  # fmt: skip
@as_json_option
@which_agent
def wait(session: str, timeout_s: float, as_json: bool, which: Which) -> None:
    """Wait for the memory of a session that has ended, and print it.

    Waiting longer than allowed is exit status 3: a summary that failed and one that is not there yet look alike.
    """
    from travel_tui.cli.headless import UNDECIDED, print_json, run, warn
    from travel_tui.cli.memory_text import as_data, paragraphs
    from travel_tui.cli.memory_wait import wait_for_session

    setting = _setting(which)
    waited = run(wait_for_session(setting, session, which.memory_id, timeout_s), stopped="Stopped waiting.")
    if waited.summary is None:
        why = f" The last look failed: {waited.trouble}" if waited.trouble else ""
        warn(
            f"Undecided: no memory of session {waited.session_id} after {timeout_s:g} s.{why} It may still come; "
            "wait longer with --timeout."
        )
        raise SystemExit(UNDECIDED)
    if as_json:
        print_json({**as_data(waited.summary), "latency_s": waited.latency_s})
    else:
        click.echo("\n".join(paragraphs(waited.summary, setting.clock)))


@memory.command(short_help="Delete a memory.")
@click.option("--session", metavar="ID", help="Delete that session's summary alone; `last` is the newest session.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
@which_agent
def delete(session: str | None, yes: bool, as_json: bool, which: Which) -> None:
    """Delete a memory, or one session's part of it, after a question."""
    from travel_tui.cli.headless import answered, print_json, run
    from travel_tui.cli.memory_delete import forget, to_be_forgotten
    from travel_tui.tui.text import count, safe

    setting = _setting(which)
    doomed = run(to_be_forgotten(setting, session, which.memory_id))
    many = count(len(doomed.summaries), "summary", "summaries")
    what = f"the summary of session {doomed.session_id}" if doomed.session_id else f"all of it ({many})"
    if doomed.summaries:
        question = f"Memory {doomed.memory_id}: delete {what}? The service keeps no copy."
        if not answered(question, yes=yes):
            raise click.ClickException("Nothing was deleted.")
        run(forget(setting, doomed))
    if as_json:
        deleted = [summary.session_id for summary in doomed.summaries]
        print_json({"memory_id": doomed.memory_id, "session_id": doomed.session_id, "deleted": deleted})
    elif doomed.summaries:
        click.echo(safe(f"Memory {doomed.memory_id}: deleted {what}."))
    else:
        click.echo(safe(f"Memory {doomed.memory_id}: nothing is remembered, so there was nothing to delete."))


@memory.command(short_help="Print all that was ever seen of a memory.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, whole or not at all."
)
@as_json_option
@which_agent
def export(output: Path | None, as_json: bool, which: Which) -> None:
    """Print all that was ever seen of a memory as Markdown, also what the service has forgotten."""
    from travel_tui.cli.headless import progress, run
    from travel_tui.cli.memory_export import exported
    from travel_tui.paths import write_whole
    from travel_tui.tui.text import safe

    setting = _setting(which)
    text = run(exported(setting, as_json=as_json))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(output, text)
    except OSError as error:
        where = output.absolute().parent
        raise click.ClickException(
            safe(f"{output} could not be written: {error.strerror}. Check `ls -ld {where}` and `df {where}`.")
        ) from error
    progress(f"Written to {output}.")


def _setting(which: Which) -> Setting:
    from travel_tui.cli.chat import setting
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file

    return setting(which.needed(), Clock(), Ids(), archive_file())


async def look(seat: Seat, memory_id: str | None = None) -> list[SessionSummary]:
    """The summaries of a memory, newest first; the archive keeps what was seen. Raises AgentError, ArchiveError."""
    from travel_tui.cli.headless import keep_seen

    memory_id = memory_id or seat.setting.memory_id
    found = await (await seat.agent()).memories(memory_id)
    await seat.archive.run(keep_seen, seat, memory_id, found)
    return found
