"""travel-tui sessions delete: delete sessions from the archive on this machine, after confirmation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from travel_tui.cli.options import agent_or_demo_options
from travel_tui.cli.terminal import need_output

if TYPE_CHECKING:
    from travel_tui.archive import Archive, SessionRecord
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.clock import Clock

SHOWN = 20
"""Maximum sessions listed one by one before the question."""
_OLDEST = 36_500


def _known_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 click's
    """Complete ids of archived sessions; returns none if the archive cannot be read."""
    from travel_tui.archive import ArchiveError
    from travel_tui.archive.health import session_ids
    from travel_tui.paths import archive_file

    try:
        found = session_ids(archive_file())
    except (ArchiveError, OSError):
        return []
    return [CompletionItem(each) for each in found if each.startswith(incomplete)]


@click.command("delete", short_help="Delete sessions from the archive on this machine.")
@click.argument("session_id", metavar="[ID]", required=False, shell_complete=_known_ids)
@click.option(
    "--older-than", "days", type=click.IntRange(0, _OLDEST), metavar="DAYS",
    help="Delete the sessions last used DAYS ago or longer.",
)  # fmt: skip
@click.option("--all", "of_all", is_flag=True, help="Include sessions with every agent, not only this one.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--json", "as_json", is_flag=True, help="Print what was deleted as JSON.")
@agent_or_demo_options
def delete(
    session_id: str | None, days: int | None, of_all: bool, yes: bool, as_json: bool, which: AgentSelection
) -> None:
    """Delete session ID, or all sessions --older-than DAYS, from the archive on this machine.

    The first 8 characters of an ID are enough if they are unique. Turns, traces, notes and recorded summaries are
    deleted, and the file is rewritten without them. Nothing is deleted on AWS: `travel-tui memory delete` does that.
    Without a config, sessions with all agents are included.
    """
    from travel_tui.archive import Archive, ArchiveError, delete_sessions, size_of
    from travel_tui.cli.app_context import archive_key
    from travel_tui.cli.command_context import confirm, print_json, warn
    from travel_tui.cli.failures import refused
    from travel_tui.clock import Clock
    from travel_tui.paths import archive_file
    from travel_tui.text import count

    if (session_id is None) == (days is None):
        raise click.UsageError("Give a session ID or --older-than DAYS; `travel-tui sessions` lists the sessions.")
    need_output()
    if session_id is not None:
        _check_given(session_id)
    key = archive_key(which, of_all=of_all)
    clock = Clock()
    try:
        archive = Archive(archive_file(), clock)
        try:
            if archive.notice:
                warn(archive.notice)
            every = archive.sessions(None, which.memory_id)
            mine = [each for each in every if key in (None, each.agent)]
            if session_id is None:
                before = clock.now() - timedelta(days=days or 0)
                chosen = [each for each in mine if _last_used(each) <= before]
            else:
                chosen = _named(session_id, mine, every, of_all=of_all)
            size = size_of(archive, [each.key for each in chosen])
            turns = count(sum(each.turns for each in chosen), "turn")
            what = f"{count(len(chosen), 'session')} ({turns}, {_bytes(size)})"
            if chosen:
                _show(archive, chosen, clock)
                question = f"Delete {what} from this machine's archive?"
                if not confirm(question, yes=yes):
                    raise click.ClickException("Nothing was deleted.")
                delete_sessions(archive, [each.key for each in chosen])
        finally:
            archive.close()
    except ArchiveError as error:
        raise refused(error) from error
    if as_json:
        print_json({"deleted": [_as_data(each) for each in chosen], "bytes": size})
    elif chosen:
        click.echo(f"Deleted {what}.")
    else:
        click.echo(f"No session is {count(days or 0, 'day')} old or older, so nothing was deleted.")
    if chosen:
        _report_other_copies(chosen, [each for each in every if each not in chosen])


def _check_given(session_id: str) -> None:
    """Raise UsageError for an empty id and for `last`, which too easily names another session."""
    from travel_tui.cli.command_context import LAST

    if not session_id.strip():
        raise click.UsageError("The session ID is empty, so nothing was deleted. `travel-tui sessions` lists the ids.")
    if session_id == LAST:
        raise click.UsageError(
            "`last` does not name a session to delete; nothing was deleted. Give its ID: `travel-tui sessions -n 1` "
            "prints the last one."
        )


def _named(
    session_id: str, mine: list[SessionRecord], every: list[SessionRecord], *, of_all: bool
) -> list[SessionRecord]:
    """Return the sessions among `mine` that the id or prefix names.

    Raises click's exceptions if there is none, or if there are several and --all was not given.
    """
    from travel_tui.cli.session_ids import full_id, similar_id
    from travel_tui.text import one_line

    whole = any(each.session_id == session_id for each in every)
    in_order = (full_id(session_id, [each.session_id for each in those]) for those in (mine, every))
    wanted = session_id if whole else next(filter(None, in_order), session_id)
    chosen = [each for each in mine if each.session_id == wanted]
    if not chosen:
        elsewhere = sorted({one_line(each.agent) for each in every if each.session_id == wanted})
        similar = None if elsewhere else similar_id(wanted, [each.session_id for each in every])
        where = f" {', '.join(elsewhere)} has one; --all includes it." if elsewhere else ""
        where += f" Did you mean {one_line(similar)}?" if similar else ""
        raise click.ClickException(
            f"The archive has no session {one_line(wanted)}{' with this agent' if elsewhere else ''}.{where} "
            "`travel-tui sessions --all` lists all sessions."
        )
    if len(chosen) > 1 and not of_all:
        them = "; ".join(f"{one_line(each.agent)}, memory {one_line(each.memory_id or '–')}" for each in chosen)
        raise click.UsageError(
            f"{len(chosen)} sessions have the id {one_line(wanted)}: {them}. Choose with --agent-id, --region or "
            "--endpoint-url, and --memory, or delete all of them with --all."
        )
    return chosen


def _last_used(session: SessionRecord) -> datetime:
    return max(filter(None, (session.opened_at, session.last_sent_at, session.ended_at)))


def _show(archive: Archive, sessions: list[SessionRecord], clock: Clock) -> None:
    """List the selected sessions on standard error."""
    from travel_tui.cli.command_context import warn
    from travel_tui.cli.sessions_output import rows, states_of
    from travel_tui.text import count

    shown = sessions[:SHOWN]
    for row in rows(shown, states_of(archive, shown, clock.now()), clock, with_agent=True):
        warn(row)
    if len(sessions) > SHOWN:
        warn(f"and {len(sessions) - SHOWN:,} more")
    if still_open := sum(each.ended_at is None for each in sessions):
        ended = f"{count(still_open, 'session')} not ended yet"
        warn(f"{ended}; a client that is using one starts it again with its next turn.")


def _report_other_copies(sessions: list[SessionRecord], left: list[SessionRecord]) -> None:
    """List the other places that may have the same text: remaining sessions, the service, quarantined archives."""
    from travel_tui.archive import set_aside
    from travel_tui.cli.command_context import progress, warn
    from travel_tui.paths import archive_file
    from travel_tui.text import count

    for (agent, memory_id), since in _earliest_prompt_use(sessions).items():
        of_it = [each for each in left if (each.agent, each.memory_id) == (agent, memory_id)]
        if later := sum(_last_used(each) >= since for each in of_it):
            its, them = ("its", "it") if later == 1 else ("their", "them")
            warn(
                f"{count(later, 'later session')} with the memory {memory_id} may quote it in {its} recorded prompts. "
                f"Delete {them} too if that matters."
            )
    if any(each.memory_id is not None and each.ended_at is not None for each in sessions):
        progress(
            "The service still has their memories, and the next poll archives them again. "
            "`travel-tui memory delete` deletes them there."
        )
    for file in set_aside(archive_file()):
        warn(f"{file}, a damaged archive that was set aside, may contain them too. Delete it if you no longer need it.")


def _earliest_prompt_use(sessions: list[SessionRecord]) -> dict[tuple[str, str], datetime]:
    """Return, by agent and memory id, the earliest time at which these sessions' memory may have been in a prompt."""
    found: dict[tuple[str, str], datetime] = {}
    for each in sessions:
        if each.memory_id is not None and each.ended_at is not None:
            of_it = (each.agent, each.memory_id)
            found[of_it] = min(each.ended_at, found.get(of_it, each.ended_at))
    return found


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB" if size >= 1000 else f"{size} bytes"


def _as_data(session: SessionRecord) -> dict[str, object]:
    return {
        "session_id": session.session_id,
        "memory_id": session.memory_id,
        "agent": session.agent,
        "turns": session.turns,
    }
