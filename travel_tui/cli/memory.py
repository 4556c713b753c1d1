"""travel-tui memory: list, wait for, delete and export memories without a full-screen interface."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.memory_query import as_json_option, events, memory_context, record_options, retrieve
from travel_tui.cli.options import FiniteRange, GivenPath, SessionId, agent_or_demo_options
from travel_tui.cli.terminal import need_output

if TYPE_CHECKING:
    from travel_tui.agent import MemoryRecord
    from travel_tui.archive import DeletedBy
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.cli.command_context import CommandContext
    from travel_tui.tui.context import AppContext

WAIT_S = 300.0
"""Seconds after which a summary is overdue, if none was seen before."""


@click.group(short_help="Work with the agent's memory.")
def memory() -> None:
    """List, search, wait for, delete or export what the agent remembers."""


memory.add_command(events)
memory.add_command(retrieve)


@memory.command("list", short_help="List the records of a memory.")
@record_options
@as_json_option
@agent_or_demo_options
def list_command(kind: str | None, namespace: str | None, as_json: bool, which: AgentSelection) -> None:
    """List the records of a memory, newest first: the summaries, and for AgentCore facts, preferences and episodes.

    With --namespace all records there are listed, whoever's they are.
    """
    from travel_tui.cli.command_context import fetch_memories, open_context, print_json, progress, run
    from travel_tui.cli.memory_output import as_data, paragraphs
    from travel_tui.conversation.memory_labels import none_left
    from travel_tui.conversation.memory_words import memory_words

    async def work(context: AppContext) -> tuple[list[MemoryRecord], DeletedBy | None]:
        async with open_context(context) as opened:
            archive = opened.archive
            found = await fetch_memories(opened) if namespace is None else await _under(opened, namespace)
            found = [each for each in found if kind in (None, each.kind)]
            return found, await archive.run(archive.last_deleted_by, context.agent_key, context.memory_id)

    context = memory_context(which)
    found, deleted_by = run(work(context))
    for record in found:
        if as_json:
            print_json(as_data(record))
        else:
            click.echo("\n".join(paragraphs(record, context.clock)))
    if not found and kind is None and namespace is None:
        progress(f"Memory {context.memory_id}: {none_left(deleted_by, memory_words(context.capabilities).made)}")
    elif not found:
        progress(f"Memory {context.memory_id}: no such records.")


@memory.command(short_help="Wait for the memory of a session.")
@click.option(
    "--session",
    type=SessionId(),
    required=True,
    help="The session: its id, the first 8 characters of it, or `last`.",
)
@click.option(
    "--timeout", "timeout_s", type=FiniteRange(min=0.1), default=WAIT_S, show_default=True, metavar="SECONDS",
    help="Maximum time to wait.",
)  # fmt: skip
@as_json_option
@agent_or_demo_options
def wait(session: str, timeout_s: float, as_json: bool, which: AgentSelection) -> None:
    """Wait for the memory of an ended session, and print it.

    A timeout is exit status 3: a memory that failed and a late one look the same.
    """
    from travel_tui.cli.command_context import print_json, run, warn
    from travel_tui.cli.failures import UNDECIDED
    from travel_tui.cli.memory_output import as_data, paragraphs
    from travel_tui.cli.memory_wait import wait_for_session

    context = memory_context(which)
    waited = run(wait_for_session(context, session, which.memory_id, timeout_s), stopped="Stopped waiting.")
    if waited.record is None:
        why = f" The last poll failed: {waited.problem}" if waited.problem else ""
        warn(
            f"Undecided: no memory of session {waited.session_id} after {timeout_s:g} s.{why} It may still come; "
            "wait longer with --timeout."
        )
        raise SystemExit(UNDECIDED)
    if as_json:
        print_json({**as_data(waited.record), "latency_s": waited.latency_s})
    else:
        click.echo("\n".join(paragraphs(waited.record, context.clock)))


@memory.command(short_help="Delete a memory.")
@click.option(
    "--session",
    type=SessionId(),
    help="Delete only what is stored of this session: its id, the first 8 characters of it, or `last`.",
)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation; keep the copy on this machine.")
@click.option(
    "--local-copy/--keep-local-copy", "copy_too", default=None,
    help="Delete this machine's copy of it too, or keep it.  [default: ask]",
)  # fmt: skip
@as_json_option
@agent_or_demo_options
def delete(session: str | None, yes: bool, copy_too: bool | None, as_json: bool, which: AgentSelection) -> None:
    """Delete a memory, or what is stored of one session, after confirmation.

    Facts and preferences of AgentCore name no session, so they stay with --session. The archive on this machine keeps
    its copy of conversations and memories unless you delete that too.
    """
    from travel_tui.cli.command_context import confirm, print_json, run, warn
    from travel_tui.cli.memory_delete import delete_local_copy, delete_memories, plan_deletion
    from travel_tui.conversation.memory_words import memory_words
    from travel_tui.text import count, safe

    need_output()
    context = memory_context(which)
    doomed = run(plan_deletion(context, session, which.memory_id, copy_too=copy_too is True))
    copy = doomed.copy if copy_too is not False else ""
    words = memory_words(context.capabilities)
    many = words.count(len(doomed.records))
    one = "the summary" if context.capabilities.ends_sessions else many
    what = f"{one} of session {doomed.session_id}" if doomed.session_id else f"all of it ({many})"
    here = f"the copy on this machine ({copy})"
    parts = [*([what] if doomed.records else []), *([here] if copy and copy_too else [])]
    if parts:
        question = f"Memory {doomed.memory_id}: delete {' and '.join(parts)}? The service keeps no copy."
        also = here if copy and copy_too is None else ""
        answer = confirm(question, yes=yes, also=also)
        if not answer:
            raise click.ClickException("Nothing was deleted.")
        if answer == "both":
            parts.append(here)
        if doomed.records:
            run(delete_memories(context, doomed))
        if here in parts:
            run(delete_local_copy(context, doomed))
    if as_json:
        deleted = [record.session_id for record in doomed.records]
        gone = {"local_sessions": doomed.sessions} if here in parts else {}
        print_json({"memory_id": doomed.memory_id, "session_id": doomed.session_id, "deleted": deleted, **gone})
    elif parts:
        click.echo(safe(f"Memory {doomed.memory_id}: deleted {' and '.join(parts)}."))
    else:
        click.echo(safe(f"Memory {doomed.memory_id}: it is empty, so nothing was deleted."))
    if doomed.session_id is None and doomed.summarising:
        first, more = doomed.summarising[0], len(doomed.summarising) - 1
        others = f" and of {count(more, 'other')}" if more else ""
        memory = "summary" if context.capabilities.ends_sessions else "memory"
        warn(
            f"The {memory} of session {first}{others} is still to come, and was not deleted. Wait for it with "
            f"`travel-tui memory wait --session {first}{which.options}`, then delete again."
        )


@memory.command(short_help="Print the full history of a memory.")
@click.option("-o", "--output", type=GivenPath(dir_okay=False, path_type=Path), help="Write to this file, atomically.")
@as_json_option
@agent_or_demo_options
def export(output: Path | None, as_json: bool, which: AgentSelection) -> None:
    """Print the full history of a memory as Markdown, including what was deleted and who deleted it."""
    from travel_tui.cli.command_context import progress, run
    from travel_tui.cli.memory_export import export_memory
    from travel_tui.paths import write_whole
    from travel_tui.text import safe

    context = memory_context(which)
    text, problem = run(export_memory(context, as_json=as_json))
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            write_whole(output, text)
        except OSError as error:
            where = output.absolute().parent
            raise click.ClickException(
                safe(f"{output} could not be written: {error.strerror}. Check `ls -ld {where}` and `df {where}`.")
            ) from error
        progress(f"Written to {output}.")
    if problem is not None:
        raise click.ClickException(safe(f"{problem} The export has what the archive last saw of this memory."))


async def _under(opened: CommandContext, namespace: str) -> list[MemoryRecord]:
    """Return the records under a namespace; they are not archived, since they need not be this user's."""
    from travel_tui.agent import AgentError, ErrorKind, Problem
    from travel_tui.memory_store import RecordQuery, memory_store

    if (store := memory_store(await opened.agent())) is None:
        advice = "Leave out --namespace."
        raise AgentError(Problem(ErrorKind.INVALID, "The records of this agent have no namespaces.", "", advice))
    return await store.list_records(opened.app_context.memory_id, RecordQuery(namespace=namespace))
