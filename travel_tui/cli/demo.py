"""travel-tui demo: the client on an endpoint of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import same_every_time

if TYPE_CHECKING:
    from travel_tui.agent import Agent
    from travel_tui.config import Config


@click.command(short_help="Talk with a travel agent on this machine; no AWS needed.")
@click.option("--fresh", is_flag=True, help="Forget what earlier demos left behind.")
@same_every_time
def demo(fresh: bool, seed: int | None, now: datetime | None) -> None:
    """Open the client on a local endpoint that starts and ends with it.

    The agent remembers across runs; --fresh begins with an empty memory. With --seed or --now a demo has a memory and
    an archive of its own, empty at each start, so that the same input gives the same screen.
    """
    from dataclasses import replace

    from travel_tui.clock import Clock
    from travel_tui.config import AgentConfig
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file, local_state
    from travel_tui.tui.story import with_story

    from .chat import look, setting
    from .client import run
    from .endpoint import DemoAgent, DemoEndpoint

    repeatable = seed is not None or now is not None
    state = local_state() / ("demo-repeatable" if repeatable else "demo")
    archive = state / "archive.sqlite3" if repeatable else archive_file()
    if fresh or repeatable:
        forget(state)
    flags: tuple[str, ...] = ()
    if seed is not None:
        flags += ("--seed", str(seed))
    if now is not None:
        flags += ("--now", now.isoformat())
    endpoint = DemoEndpoint(state, flags)
    agent = DemoAgent(endpoint)

    async def open_agent() -> Agent:
        return await agent.ready()

    config = AgentConfig("demo", "TRAVELDEMO", "TSTALIASID", region="us-east-1")
    common = with_story(setting(config, Clock(now), Ids(seed), archive), "anna")
    run(replace(common, open_agent=open_agent, close=endpoint.close, look=look(own_config())))


def own_config() -> Config | None:
    """The config, for how the client looks; the demo runs without one, so also with one that cannot be read."""
    from contextlib import suppress

    from travel_tui.config import ConfigError, load
    from travel_tui.paths import config_file

    with suppress(ConfigError):
        return load(config_file())
    return None


def forget(state: Path) -> None:
    """Remove what earlier demos left; refuses while one runs on it."""
    from .endpoint import running

    if running(state) is not None:
        raise click.ClickException(
            "A demo is running on this memory. Quit it first, or leave out --fresh, --seed and --now."
        )
    if state.is_dir():
        for file in state.iterdir():
            if file.is_file():
                file.unlink()
