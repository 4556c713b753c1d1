"""travel-tui chat: the client on the configured agent, or on a choice where there is none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import same_every_time, which_agent

if TYPE_CHECKING:
    from travel_tui.agent import Agent
    from travel_tui.archive import Archive
    from travel_tui.clock import Clock
    from travel_tui.config import AgentConfig, Config
    from travel_tui.ids import Ids
    from travel_tui.tui.setting import Look, Setting


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
    from dataclasses import replace

    from travel_tui.agent import refused_id
    from travel_tui.clock import Clock
    from travel_tui.config import ConfigError, load
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file, config_file

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
    if memory_id is not None and (trouble := refused_id("memory", memory_id)):
        raise click.UsageError(str(trouble))
    chosen = replace(
        chosen,
        endpoint_url=endpoint_url or chosen.endpoint_url,
        region=region or chosen.region,
        profile=profile or chosen.profile,
        memory_id=memory_id or chosen.memory_id or own_memory_id(),
    )
    run(replace(setting(chosen, Clock(now), Ids(seed), archive_file()), look=look(loaded)))


def look(config: Config | None) -> Look:
    """How the config wants the client to look."""
    from travel_tui.tui.setting import Look

    return Look(config.keys, config.theme, config.stage, config.path) if config else Look()


def setting(config: AgentConfig, clock: Clock, ids: Ids, archive: Path | None) -> Setting:
    """The client's setting for a configured agent; nothing is opened yet. Without `archive` none is kept on disk."""
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
        agent_key=f"{config.agent_id}/{config.alias_id}@{config.endpoint_url or config.region or 'default'}",
        memory_id=config.memory_id or own_memory_id(),
        open_agent=open_agent,
        open_archive=open_archive,
        clock=clock,
        ids=ids,
    )


def own_memory_id() -> str:
    """A memory id made of the login name, for those who chose none."""
    import getpass
    import re

    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in containers; which of the two depends on the Python
        return "default"
    name = re.sub(r"[^0-9a-zA-Z._:-]+", "-", login)[:100]
    return name if len(name) >= 2 else "default"


def place(config: AgentConfig) -> str:
    """LOCAL for an endpoint on this machine, else the Region."""
    from urllib.parse import urlsplit

    host = urlsplit(config.endpoint_url or "").hostname or ""
    if host in ("localhost", "::1") or host.startswith("127."):
        return "LOCAL"
    return config.region or "AWS"
