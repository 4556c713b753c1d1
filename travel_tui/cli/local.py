"""`travel-tui local`: the local endpoint."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from travel_tui.cli.options import same_every_time
from travel_tui.local.settings import DEFAULT_PACE, DEFAULT_PORT, DEFAULT_SUMMARY_DELAY, Settings

if TYPE_CHECKING:
    import asyncio

    from travel_tui.local.faults import Fault
    from travel_tui.local.settings import SummaryFormat

_SECONDS = click.FloatRange(min=0)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0 picks a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Others than this machine's need the key.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="The folder that keeps the state.")
@click.option("--in-memory", is_flag=True, help="Keep nothing after the end.")
@click.option(
    "--summary-delay",
    type=_SECONDS,
    help=f"Seconds from end to summary.  [default: {DEFAULT_SUMMARY_DELAY:g}; 20 to 60 with --realistic]",
)
@click.option("--summary-format", type=click.Choice(["topics", "prose"]), default="topics", show_default=True)
@click.option(
    "--pace", type=_SECONDS, default=DEFAULT_PACE, show_default=True, help="Tokens a second of answers; 0: at once."
)
@same_every_time
@click.option("--realistic", is_flag=True, help="Let things take as long as on AWS.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="OPERATION=ERROR[@MOMENT][:COUNT|:PERCENT%]",
    help="Let calls of an operation go wrong; can be given several times.",
)
@click.option("--latency", type=_SECONDS, default=0.0, help="Seconds that every answer waits before it begins.")
@click.option("--allow-uploads", is_flag=True, help="Take Lambda code though the key is required; it is run here.")
@click.option("--require-key", is_flag=True, help="Take only requests signed with the key in endpoint.json.")
@click.option("--until-stdin-closes", is_flag=True, help="End when standard input does.")
def local(
    port: int,
    host: str,
    state: Path | None,
    in_memory: bool,
    summary_delay: float | None,
    summary_format: str,
    pace: float,
    seed: int | None,
    now: datetime | None,
    realistic: bool,
    faults: tuple[str, ...],
    latency: float,
    allow_uploads: bool,
    require_key: bool,
    until_stdin_closes: bool,
) -> None:
    """Run an endpoint on this machine that answers as Agents for Amazon Bedrock do.

    Point a client at it with AWS_ENDPOINT_URL; agent TRAVELDEMO with alias TSTALIASID is there from the start.
    """
    if state and in_memory:
        raise click.UsageError("--state and --in-memory exclude each other.")
    import asyncio

    from travel_tui.local.server import ServerError
    from travel_tui.local.state.database import StateError
    from travel_tui.paths import local_state

    settings = Settings(
        host=host,
        port=port,
        state=None if in_memory else (state or local_state()).absolute(),
        summary_delay=summary_delay,
        summary_format=cast("SummaryFormat", summary_format),
        pace=pace,
        seed=seed,
        now=now,
        require_key=require_key,
        allow_uploads=allow_uploads,
        realistic=realistic,
        faults=tuple(_fault(text) for text in faults),
        latency=latency,
    )
    try:
        asyncio.run(_run(settings, until_stdin_closes))
    except (ServerError, StateError) as error:
        raise click.ClickException(str(error)) from error


def _fault(text: str) -> Fault:
    from travel_tui.local.faults import FaultError, read_fault

    try:
        return read_fault(text)
    except FaultError as error:
        raise click.UsageError(str(error)) from error


async def _run(settings: Settings, until_stdin_closes: bool) -> None:
    import asyncio
    import signal

    from travel_tui.local.server import Running, serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def ready(running: Running) -> None:
        click.echo(f"listening on {running.announced.url}")
        if settings.key_required:
            click.echo(f"its key is in {running.file}")
        if until_stdin_closes:
            _watch_stdin(loop, stop)

    await serve(settings, stop, ready)


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set `stop` once standard input ends. Whatever comes over it is dropped."""
    import os
    import threading

    def watch() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True, name="stdin").start()
