"""What the commands without a screen share: running them, and writing to standard output and error."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from travel_tui.tui.text import safe

if TYPE_CHECKING:
    from travel_tui.agent import Agent, SessionSummary
    from travel_tui.archive import Archive, SessionRecord
    from travel_tui.tui.setting import Setting

T = TypeVar("T")

LAST = "last"
"""A session id that stands for the newest session with the agent."""
UNDECIDED = 3
"""The exit status where waiting took longer than allowed."""


class Seat:
    """An agent and the archive, for one command."""

    def __init__(self, setting: Setting, archive: Archive) -> None:
        self.setting = setting
        self.archive = archive
        self._agent: Agent | None = None

    async def agent(self) -> Agent:
        """The agent, opened at its first use. Raises AgentError."""
        if self._agent is None:
            self._agent = await self.setting.open_agent()
        return self._agent

    def session(self, wanted: str, memory_id: str | None = None) -> SessionRecord | None:
        """The session of that id as the archive has it, or the last one, of that memory where one is named.

        None where it began elsewhere. Raises click's exceptions, and ArchiveError.
        """
        from travel_tui.agent import refused_id

        key = self.setting.agent_key
        if wanted == LAST:
            records = self.archive.sessions(key, memory_id, limit=1)
            if not records:
                whose = f" with the memory {memory_id}" if memory_id else ""
                raise click.ClickException(
                    f"There is no session with this agent{whose} yet; `travel-tui ask` begins one."
                )
            return records[0]
        if trouble := refused_id("session", wanted):
            raise click.UsageError(str(trouble))
        found = next((each for each in self.archive.sessions(key) if each.session_id == wanted), None)
        if found and memory_id not in (None, found.memory_id):
            raise click.UsageError(f"Session {wanted} is one of the memory {found.memory_id}, not of {memory_id}.")
        return found


def keep_seen(
    seat: Seat,
    memory_id: str,
    summaries: Sequence[SessionSummary],
    latency_s: Mapping[str, float | None] | None = None,
) -> None:
    """In the archive's thread: keep what a look at a memory found, and whose summary it was that came."""
    archive, key, now = seat.archive, seat.setting.agent_key, seat.setting.clock.now()
    archive.record_memory(key, memory_id, summaries, now)
    seen = {summary.session_id for summary in summaries}
    for record in archive.sessions(key, memory_id):
        if record.session_id in seen and record.ended_at and record.stored_at is None:
            archive.store_session(record.session_id, now, (latency_s or {}).get(record.session_id))


@asynccontextmanager
async def seated(setting: Setting) -> AsyncIterator[Seat]:
    """The archive opened, and closed afterwards; what it has to say about itself is a warning."""
    archive = await asyncio.to_thread(setting.open_archive)
    try:
        if archive.notice:
            warn(archive.notice)
        yield Seat(setting, archive)
    finally:
        await asyncio.to_thread(archive.close)


def run(work: Coroutine[Any, Any, T], *, stopped: str = "Stopped.") -> T:
    """What `work` returns. Its failures become click's; ctrl+c cancels it, and `stopped` is what is said then."""
    from travel_tui.agent import AgentError
    from travel_tui.archive import ArchiveError

    try:
        return asyncio.run(work)
    except (AgentError, ArchiveError) as error:
        raise click.ClickException(safe(str(error))) from error
    except KeyboardInterrupt:
        raise click.ClickException(stopped) from None


def print_json(data: object) -> None:
    """One object on a line of its own; ASCII alone, so there is nothing in it that a terminal would obey."""
    click.echo(json.dumps(data, default=str))


def iso(moment: datetime | None) -> str | None:
    """A moment as JSON has it: ISO 8601 in UTC."""
    from datetime import UTC

    return moment.astimezone(UTC).isoformat() if moment else None


def warn(text: str) -> None:
    """Something to know, on standard error."""
    click.echo(safe(text), err=True)


def progress(text: str) -> None:
    """A quiet line on standard error, where that is a terminal."""
    if sys.stderr.isatty():
        click.echo(click.style(safe(text), dim=True), err=True)


def passing(text: str = "") -> None:
    """What goes on, in place of what was said so before; on standard error, where that is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{click.style(safe(text), dim=True) if text else ''}", nl=False, err=True)


def answered(question: str, *, yes: bool) -> bool:
    """Whether the person wants that; without a terminal to ask on --yes is needed."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("There is no terminal to ask on, so nothing was done. --yes says that you mean it.")
    return click.confirm(safe(question), default=False, err=True)
