"""travel-tui chat: the client on the configured agent, or on a choice where there is none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import same_every_time, which_agent
from travel_tui.cli.which import Which, on_this_machine, own_memory_id

if TYPE_CHECKING:
    from travel_tui.agent import Agent
    from travel_tui.archive import Archive
    from travel_tui.clock import Clock
    from travel_tui.config import AgentConfig, Config
    from travel_tui.ids import Ids
    from travel_tui.tui.setting import Look, Setting


@click.command(short_help="Talk with the configured agent.")
@which_agent
@same_every_time
@click.pass_context
def chat(ctx: click.Context, which: Which, seed: int | None, now: datetime | None) -> None:
    """Talk with the agent that the config names; without a config, choose from what there is."""
    from dataclasses import replace

    from travel_tui.clock import Clock
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file

    from .client import run

    chosen = which.found()
    if chosen is None:
        if run(None, config_file=str(which.path)) == "demo":
            from travel_tui.cli.demo import demo

            ctx.invoke(demo, fresh=False, seed=seed, now=now)
        return
    run(replace(setting(chosen, Clock(now), Ids(seed), archive_file()), look=look(which.loaded())))


def look(config: Config | None) -> Look:
    """How the config wants the client to look."""
    from travel_tui.tui.setting import Look

    return Look(config.keys, config.theme, config.stage, config.path) if config else Look()


def setting(config: AgentConfig, clock: Clock, ids: Ids, archive: Path | None) -> Setting:
    """The client's setting for a configured agent; nothing is opened yet. Without `archive` none is kept on disk."""
    from travel_tui.cli.here import call_here
    from travel_tui.tui.setting import Setting

    async def open_agent() -> Agent:
        from travel_tui.bedrock.client import open_agent_in_thread

        return await open_agent_in_thread(config)

    def open_archive() -> Archive:
        from travel_tui.archive import Archive

        return Archive(archive, clock)

    return Setting(
        title=config.title or config.name,
        place=place(config),
        address=f"{config.agent_id} / {config.alias_id}",
        agent_key=agent_key(config),
        memory_id=config.memory_id or own_memory_id(),
        open_agent=open_agent,
        open_archive=open_archive,
        clock=clock,
        ids=ids,
        call_here=call_here,
    )


def agent_key(config: AgentConfig) -> str:
    """What the archive files the sessions with this agent under."""
    return f"{config.agent_id}/{config.alias_id}@{config.endpoint_url or config.region or 'default'}"


def place(config: AgentConfig) -> str:
    """LOCAL for an endpoint on this machine, else the Region."""
    return "LOCAL" if on_this_machine(config.endpoint_url) else config.region or "AWS"
