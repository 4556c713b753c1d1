"""`travel-tui local`: the local endpoint."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from travel_tui.cli.model_options import model_options
from travel_tui.cli.options import AccountId, FaultText, FiniteRange, GivenPath, reproducible_options
from travel_tui.local.settings import (
    ACCOUNT,
    DEFAULT_EXTRACTION_DELAY,
    DEFAULT_PACE,
    DEFAULT_PORT,
    DEFAULT_SUMMARY_DELAY,
    Settings,
)

if TYPE_CHECKING:
    import asyncio
    from zoneinfo import ZoneInfo

    from travel_tui.local.agent_model import SummaryStyle
    from travel_tui.local.faults import Fault
    from travel_tui.local.models.choice import ModelChoice

_SECONDS = FiniteRange(min=0)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="Port; 0 picks a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; other than loopback requires the key.")
@click.option("--state", type=GivenPath(file_okay=False, path_type=Path), help="Folder for the state.")
@click.option("--in-memory", is_flag=True, help="Keep the state in memory only.")
@click.option(
    "--summary-delay",
    type=_SECONDS,
    help=f"Seconds from session end to summary.  [default: {DEFAULT_SUMMARY_DELAY:g}; 20 to 60 with --realistic]",
)
@click.option(
    "--extraction-delay",
    type=_SECONDS,
    help="Seconds from an event of an AgentCore memory to its records; episodes take five times as long.  "
    f"[default: {DEFAULT_EXTRACTION_DELAY:g}; 60 to 80 with --realistic]",
)
@click.option("--summary-format", type=click.Choice(["topics", "prose"]), default="topics", show_default=True)
@click.option(
    "--pace", type=_SECONDS, default=DEFAULT_PACE, show_default=True, help="Tokens per second of answers; 0: no delay."
)
@reproducible_options
@click.option(
    "--account",
    type=AccountId(),
    default=ACCOUNT,
    show_default=True,
    help="The account that all requests belong to; another one has resources of its own.",
)
@click.option("--realistic", is_flag=True, help="Take as long as AWS does.")
@click.option(
    "--fault",
    "faults",
    type=FaultText(),
    multiple=True,
    metavar="OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%]",
    help="Make calls of an operation fail; repeatable.",
)
@click.option("--latency", type=_SECONDS, default=0.0, help="Seconds of delay before every answer.")
@click.option(
    "--allow-uploads", is_flag=True, help="Accept Lambda code even if the key is required; it runs on this machine."
)
@click.option("--require-key", is_flag=True, help="Accept only requests signed with the key in endpoint.json.")
@model_options
@click.option("--until-stdin-closes", is_flag=True, help="Exit when standard input closes.")
def local(
    port: int,
    host: str,
    state: Path | None,
    in_memory: bool,
    summary_delay: float | None,
    extraction_delay: float | None,
    summary_format: str,
    pace: float,
    seed: int | None,
    now: datetime | None,
    tz: ZoneInfo | None,
    account: str,
    realistic: bool,
    faults: tuple[Fault, ...],
    latency: float,
    allow_uploads: bool,
    require_key: bool,
    until_stdin_closes: bool,
    model: ModelChoice | None,
) -> None:
    """Run an endpoint on this machine that answers like Agents for Amazon Bedrock, and like AgentCore.

    Point a client at it with AWS_ENDPOINT_URL; it comes with agent TRAVELDEMO and alias TSTALIASID.
    """
    if state and in_memory:
        raise click.UsageError("--state and --in-memory exclude each other.")
    if not host.strip() or not host.isprintable():
        raise click.UsageError(f"--host is {host!r}. Expected: an address of this machine, such as 127.0.0.1.")
    import asyncio

    from travel_tui.listener import ListenError
    from travel_tui.local.server import ServerError
    from travel_tui.local.state.database import StateError
    from travel_tui.paths import local_state

    settings = Settings(
        host=host,
        port=port,
        state=None if in_memory else (state or local_state()).absolute(),
        summary_delay=summary_delay,
        extraction_delay=extraction_delay,
        summary_format=cast("SummaryStyle", summary_format),
        pace=pace,
        seed=seed,
        now=now,
        tz=tz,
        account=account,
        require_key=require_key,
        allow_uploads=allow_uploads,
        realistic=realistic,
        faults=faults,
        latency=latency,
        model=model,
    )
    try:
        asyncio.run(_run(settings, until_stdin_closes))
    except StateError as error:
        # A demo that started this endpoint shows the message, and has no such options.
        how = "" if until_stdin_closes else " --state DIR names a folder; --in-memory needs none."
        raise click.ClickException(f"{error}{how}") from error
    except (ListenError, ServerError) as error:
        raise click.ClickException(str(error)) from error


async def _run(settings: Settings, until_stdin_closes: bool) -> None:
    import asyncio
    import signal

    from travel_tui.local.models.choice import announcement
    from travel_tui.local.server import Running, serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it goes on
        loop.add_signal_handler(signal.SIGHUP, stop.set)

    unwritten: list[OSError] = []

    def ready(running: Running) -> None:
        try:
            click.echo(f"listening on {running.announced.url}")
            if settings.key_required:
                click.echo(f"its key is in {running.file}")
            if settings.model:
                click.echo(announcement(settings.model))
        except OSError as error:  # about the output; `serve` would take it for an error of the state
            unwritten.append(error)
            stop.set()
        if until_stdin_closes:
            _watch_stdin(loop, stop, running.file.parent)

    await serve(settings, stop, ready)
    if unwritten:
        raise unwritten[0]


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, state: Path) -> None:
    """Set `stop` once standard input has ended and no client uses the endpoint; the input itself is discarded."""
    import os
    import threading

    from travel_tui.local.state.users import wait_until_unused

    def watch() -> None:
        while os.read(0, 4096):
            pass
        wait_until_unused(state)
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True, name="stdin").start()
