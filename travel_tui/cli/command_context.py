"""Shared parts of the commands without a full-screen interface: running coroutines and writing output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from travel_tui.text import safe

if TYPE_CHECKING:
    from travel_tui.agent import Agent, MemoryRecord
    from travel_tui.archive import Archive, SessionRecord
    from travel_tui.tui.context import AppContext

T = TypeVar("T")

LAST = "last"
"""A session id that stands for the session with the newest turn."""


class CommandContext:
    """An agent and the archive, for one command."""

    def __init__(self, context: AppContext, archive: Archive) -> None:
        self.app_context = context
        self.archive = archive
        self._agent: Agent | None = None

    async def agent(self) -> Agent:
        """Return the agent, opened on first use. Raises AgentError."""
        if self._agent is None:
            self._agent = await self.app_context.open_agent()
        return self._agent

    def session_ids(self, memory_id: str | None = None) -> list[str]:
        """Return the ids of this agent's archived sessions; only those of the memory id if it has any."""
        records = self.archive.sessions(self.app_context.agent_key)
        of_memory = [each.session_id for each in records if memory_id in (None, each.memory_id)]
        return of_memory or [each.session_id for each in records]

    def session(self, wanted: str, memory_id: str | None = None) -> SessionRecord | None:
        """Return the archived session with that full id, or the last one, optionally of one memory id.

        None if the archive has no such session. Raises click's exceptions and ArchiveError.
        """
        key = self.app_context.agent_key
        if wanted == LAST:
            records = self.archive.sessions(key, memory_id, limit=1)
            if not records:
                whose = f" with the memory {memory_id}" if memory_id else ""
                raise click.ClickException(
                    f"No session with this agent{whose} yet; `travel-tui ask{self.app_context.options}` starts one."
                )
            return records[0]
        if problem := self.app_context.capabilities.check_id("session", wanted):
            raise click.UsageError(str(problem))
        found = [each for each in self.archive.sessions(key) if each.session_id == wanted]
        of_memory = [each for each in found if memory_id in (None, each.memory_id)]
        if found and not of_memory:
            raise click.UsageError(f"Session {wanted} belongs to the memory {found[0].memory_id}, not to {memory_id}.")
        return next(iter(of_memory), None)


def archive_records(
    opened: CommandContext,
    memory_id: str,
    records: Sequence[MemoryRecord],
    latency_s: Mapping[str, float | None] | None = None,
) -> None:
    """Archive the records found by a poll, and mark their sessions as stored, with the latency in seconds.

    Runs in the archive's thread.
    """
    archive, key, now = opened.archive, opened.app_context.agent_key, opened.app_context.clock.now()
    archive.record_memory(key, memory_id, records, now)
    seen = {record.session_id for record in records}
    for session in archive.sessions(key, memory_id):
        if session.session_id in seen and session.ended_at and session.stored_at is None:
            archive.store_session(session.key, now, (latency_s or {}).get(session.session_id))


async def fetch_memories(opened: CommandContext, memory_id: str | None = None) -> list[MemoryRecord]:
    """Return the records of a memory, newest first; the archive keeps them. Raises AgentError, ArchiveError."""
    memory_id = memory_id or opened.app_context.memory_id
    found = await (await opened.agent()).list_memories(memory_id)
    await opened.archive.run(archive_records, opened, memory_id, found)
    return found


@asynccontextmanager
async def open_context(context: AppContext) -> AsyncIterator[CommandContext]:
    """Open the archive and close it afterwards, with everything the context started; print its notice as a warning."""
    archive = await asyncio.to_thread(context.open_archive)
    try:
        if archive.notice:
            warn(archive.notice)
        yield CommandContext(context, archive)
    finally:
        await asyncio.to_thread(archive.close)
        if context.close is not None:
            await context.close()


def run(work: Coroutine[Any, Any, T], *, stopped: str = "Stopped.") -> T:
    """Run `work` and return its result; failures become click's, and ctrl+c cancels it with the message `stopped`."""
    from travel_tui.agent import AgentError
    from travel_tui.archive import ArchiveError

    try:
        return asyncio.run(work)
    except (AgentError, ArchiveError) as error:
        raise click.ClickException(safe(str(error))) from error
    except KeyboardInterrupt:
        raise click.ClickException(stopped) from None


def print_json(data: object) -> None:
    """Print an object as one line of JSON, in ASCII only, so that it contains no terminal control sequences."""
    click.echo(json.dumps(data, default=str))


def iso(moment: datetime | None) -> str | None:
    """Format a time as ISO 8601 in UTC, for JSON."""
    from datetime import UTC

    return moment.astimezone(UTC).isoformat() if moment else None


def warn(text: str) -> None:
    """Print a warning on standard error."""
    click.echo(safe(text), err=True)


def progress(text: str) -> None:
    """Print a dimmed line on standard error if that is a terminal."""
    if sys.stderr.isatty():
        click.echo(click.style(safe(text), dim=True), err=True)


def status_line(text: str = "") -> None:
    """Replace the current status line on standard error; does nothing if that is not a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{click.style(safe(text), dim=True) if text else ''}", nl=False, err=True)


def confirm(question: str, *, yes: bool, also: str = "") -> str:
    """Ask for confirmation: return "yes", "both" (includes the thing named in `also`), or "" if declined.

    Without a terminal, --yes is required. Raises UsageError.
    """
    if yes:
        return "yes"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("Not a TTY: pass --yes to confirm.")
    if not also:
        return "yes" if click.confirm(safe(question), default=False, err=True) else ""
    answers = {"y": "yes", "yes": "yes", "n": "", "no": "", "b": "both", "both": "both"}
    said = click.prompt(
        safe(f"{question} [y/N], or both: {also} too"),
        default="n", show_default=False, err=True,
        type=click.Choice(list(answers), case_sensitive=False), show_choices=False,
    )  # fmt: skip
    return answers[said]
