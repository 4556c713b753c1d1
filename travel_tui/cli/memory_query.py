"""travel-tui memory events and memory retrieve: short-term memory, and what a query finds, of a memory of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from travel_tui.agent import MemoryKind
from travel_tui.cli.options import SessionId, agent_or_demo_options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.memory_store import MemoryStore, StoredEvent
    from travel_tui.tui.context import AppContext

    C = TypeVar("C", bound=Callable[..., object])

T = TypeVar("T")
MOST_FOUND = 100
"""Most records that one retrieval returns (topK of RetrieveMemoryRecords)."""


def record_options(command: C) -> C:
    """Add --kind and --namespace, which records are meant."""
    for option in (
        click.option("--namespace", metavar="PATH", help="Only records under this path, such as /facts/anna/."),
        click.option(
            "--kind", type=click.Choice([each.value for each in MemoryKind]), help="Only records of this kind."
        ),
    ):
        command = option(command)
    return command


as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per line.")


@click.command(short_help="List the events of the short-term memory.")
@click.option("--session", type=SessionId(any_service=True), help="Only the events of this session.")
@as_json_option
@agent_or_demo_options
def events(session: str | None, as_json: bool, which: AgentSelection) -> None:
    """List what was said, as the service keeps it: sessions and their events, newest first."""
    from travel_tui.cli.command_context import iso, print_json, progress
    from travel_tui.cli.memory_query_output import event_lines, session_line

    context = memory_context(which)

    async def read(store: MemoryStore) -> list[tuple[str, list[StoredEvent]]]:
        sessions = [session] if session else [each.session_id for each in await store.list_sessions(context.memory_id)]
        return [(each, await store.list_events(context.memory_id, each)) for each in sessions]

    found = _with_store(context, read)
    for session_id, its_events in found:
        if not as_json:
            click.echo(session_line(session_id, its_events))
        for event in its_events:
            if as_json:
                parts = [{"role": part.role, "text": part.text} for part in event.parts]
                told = {"event_id": event.event_id, "at": iso(event.at), "parts": parts}
                print_json({"session_id": session_id, **told, "metadata": dict(event.metadata)})
            else:
                click.echo("\n".join(event_lines(event, context.clock)))
    if not any(its_events for _, its_events in found):
        progress(f"Memory {context.memory_id}: no events.")


@click.command(short_help="Find the records that fit a query best.")
@click.argument("query")
@record_options
@click.option(
    "--most", type=click.IntRange(1, MOST_FOUND), default=10, show_default=True, help="Number of records to find."
)
@as_json_option
@agent_or_demo_options
def retrieve(
    query: str, kind: str | None, namespace: str | None, most: int, as_json: bool, which: AgentSelection
) -> None:
    """Find the records that fit QUERY best, best first, with their scores from 0 to 1."""
    from travel_tui.cli.command_context import print_json, progress
    from travel_tui.cli.memory_output import as_data
    from travel_tui.cli.memory_query_output import found_lines
    from travel_tui.memory_store import RecordQuery

    if not query.strip():
        raise click.UsageError("The query is empty.")
    context = memory_context(which)
    wanted = RecordQuery(MemoryKind(kind) if kind else None, namespace)
    found = _with_store(context, lambda store: store.retrieve(context.memory_id, query, wanted, most))
    for record in found:
        if as_json:
            print_json({**as_data(record), "score": record.score})
        else:
            click.echo("\n".join(found_lines(record)))
    if not found:
        progress(f"Memory {context.memory_id}: nothing found.")


def _with_store(context: AppContext, work: Callable[[MemoryStore], Awaitable[T]]) -> T:
    """Return the result of `work` on the agent's memory store. Raises click's exceptions."""
    from travel_tui.agent import AgentError, ErrorKind, Problem
    from travel_tui.cli.command_context import run
    from travel_tui.memory_store import memory_store

    async def opened() -> T:
        try:
            if (store := memory_store(await context.open_agent())) is None:
                advice = "`travel-tui memory list` lists its memory."
                raise AgentError(
                    Problem(ErrorKind.INVALID, "This agent's service has no events and no search.", "", advice)
                )
            return await work(store)
        finally:
            if context.close is not None:
                await context.close()

    return run(opened())


def memory_context(which: AgentSelection) -> AppContext:
    """Return the setting of the agent whose memory it is. Raises click's exceptions."""
    from travel_tui.cli.chosen_context import chosen_context
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids

    return chosen_context(which, Clock(), Ids())
