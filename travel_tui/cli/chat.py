"""travel-tui chat: the client for the configured agent, or the welcome screen if none is configured."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import agent_options, reproducible_options

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from travel_tui.cli.agent_options import AgentSelection


@click.command(short_help="Chat with the configured agent.")
@agent_options
@reproducible_options
@click.pass_context
def chat(
    ctx: click.Context, which: AgentSelection, seed: int | None, now: datetime | None, tz: ZoneInfo | None
) -> None:
    """Chat with the agent in the config; without a config, a welcome screen offers the demo."""
    from dataclasses import replace

    from travel_tui.cli.app_context import app_context, ui_options
    from travel_tui.cli.run_tui import run_client
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file

    chosen = which.resolve()
    if chosen is None:
        if run_client(None, config_file=str(which.path)) == "demo":
            from travel_tui.cli.demo import demo

            ctx.invoke(demo, fresh=False, backend=None, seed=seed, now=now, tz=tz)
        return
    found = app_context(chosen, Clock(now, tz), Ids(seed), archive_file())
    run_client(
        replace(found, options=which.options, recall_options=which.options, ui_options=ui_options(which.loaded()))
    )
