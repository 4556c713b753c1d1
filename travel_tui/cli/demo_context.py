"""The demo's setting: its agent on an endpoint of its own, its state, and how the config wants it to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from travel_tui.cli.agent_options import DEMO_MEMORY, demo_key

if TYPE_CHECKING:
    from pathlib import Path

    from travel_tui.agent import Agent
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.clock import Clock
    from travel_tui.config import Config
    from travel_tui.ids import Ids
    from travel_tui.tui.context import AppContext


def demo_context(
    which: AgentSelection, clock: Clock, ids: Ids, archive: Path, state: Path, flags: tuple[str, ...] = ()
) -> AppContext:
    """The setting of the demo's agent on an endpoint with this state, which is started with `flags` where none runs."""
    from dataclasses import replace

    from travel_tui.cli.app_context import app_context
    from travel_tui.cli.demo_endpoint import DemoAgent, DemoEndpoint
    from travel_tui.cli.demo_harness import DemoHarness
    from travel_tui.tui.demo_script import with_demo_script

    endpoint, config = DemoEndpoint(state, flags), which.require()
    agent = DemoHarness(endpoint, config) if config.agentcore else DemoAgent(endpoint, config)

    async def open_agent() -> Agent:
        return await agent.ready()

    common = replace(
        app_context(config, clock, ids, archive),
        open_agent=open_agent,
        close=endpoint.close,
        options=which.options,
        recall_options=f" --target local --backend {which.backend}" if which.backend else " --target local",
    )
    return with_demo_script(common, config.memory_id or DEMO_MEMORY, demo_key(which.backend))


def check_state(state: Path) -> None:
    """Refuse a state that is none or a newer travel-tui's, before it is joined or emptied."""
    from contextlib import suppress

    from travel_tui.archive.file import ArchiveError, check_is_archive
    from travel_tui.local.state.database import StateError
    from travel_tui.local.state.folder import check_is_state

    try:
        check_is_state(state)
        with suppress(OSError):  # who opens it says why it cannot be read
            check_is_archive(state / "archive.sqlite3")
    except StateError as error:
        raise click.ClickException(f"{error} XDG_DATA_HOME chooses where all data of travel-tui is.") from error
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error


def own_config() -> Config | None:
    """The config, for how the client looks; the demo runs without one, so also with one that cannot be read."""
    from contextlib import suppress

    from travel_tui.config import ConfigError, load
    from travel_tui.paths import config_file

    with suppress(ConfigError):
        return load(config_file())
    return None
