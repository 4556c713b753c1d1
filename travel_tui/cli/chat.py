"""travel-tui chat: the client on the configured agent, or on a choice where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import same_every_time, which_agent

if TYPE_CHECKING:
    from travel_tui.agent import Agent
    from travel_tui.archive import Archive
    from travel_tui.config import AgentConfig


@click.command(short_help="Talk with the configured agent.")
@which_agent
@click.option("--memory", "memory_id", metavar="ID", help="Whose memory: a memory id of your choice.")
@same_every_time
@click.pass_context
def chat(
    ctx: click.Context,
    config: str | None,
    agent: str | None,
    endpoint_url: str | None,
    region: str | None,
    profile: str | None,
    memory_id: str | None,
    seed: int | None,
    now: datetime | None,
) -> None:
    """Talk with the agent that the config names; without a config, choose from what there is."""
    from travel_tui.clock import Clock
    from travel_tui.config import ConfigError, load
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file, config_file
    from travel_tui.tui.setting import Setting

    from .client import run

    path = Path(config) if config else config_file()
    try:
        loaded = load(path)
        chosen = loaded.chosen(agent) if loaded else None
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if chosen is None:
        if config or agent:
            raise click.ClickException(f"There is no config at {path}. `travel-tui demo` needs none.")
        if run(None, config_file=str(path)) == "demo":
            from travel_tui.cli.demo import demo

            ctx.invoke(demo, fresh=False, seed=seed, now=now)
        return
    chosen = replace(
        chosen,
        endpoint_url=endpoint_url or chosen.endpoint_url,
        region=region or chosen.region,
        profile=profile or chosen.profile,
        memory_id=memory_id or chosen.memory_id or own_memory_id(),
    )
    clock = Clock(now)

    async def open_agent() -> Agent:
        from travel_tui.bedrock.client import open_agent_in_thread

        return await open_agent_in_thread(chosen)

    def open_archive() -> Archive:
        from travel_tui.archive import Archive

        return Archive(archive_file(), clock)

    run(
        Setting(
            title=chosen.title or chosen.name,
            place=place(chosen),
            address=f"{chosen.agent_id} / {chosen.alias_id}",
            agent_key=f"{chosen.agent_id}/{chosen.alias_id}@{chosen.endpoint_url or chosen.region or 'default'}",
            memory_id=chosen.memory_id or own_memory_id(),
            open_agent=open_agent,
            open_archive=open_archive,
            clock=clock,
            ids=Ids(seed),
        )
    )


def own_memory_id() -> str:
    """A memory id made of the login name, for those who chose none."""
    import getpass
    import re

    name = re.sub(r"[^0-9a-zA-Z._:-]+", "-", getpass.getuser())[:100]
    return name if len(name) >= 2 else "default"


def place(config: AgentConfig) -> str:
    """LOCAL for an endpoint on this machine, else the Region."""
    from urllib.parse import urlsplit

    host = urlsplit(config.endpoint_url or "").hostname or ""
    if host in ("localhost", "::1") or host.startswith("127."):
        return "LOCAL"
    return config.region or "AWS"
