"""The client's setting for a configured agent, and the names that go with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from travel_tui.agentcore_config import NO_HARNESS
from travel_tui.cli.agent_options import (
    AgentSelection,
    demo_key,
    endpoint_of_environment,
    on_this_machine,
    own_memory_id,
)
from travel_tui.tui.terminal.driver_choice import paints_on_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from travel_tui.agent import Agent
    from travel_tui.archive import Archive
    from travel_tui.clock import Clock
    from travel_tui.config import AgentConfig, Config
    from travel_tui.ids import Ids
    from travel_tui.tui.context import AppContext, UiOptions


def app_context(config: AgentConfig, clock: Clock, ids: Ids, archive: Path | None) -> AppContext:
    """The client's setting for a configured agent; nothing is opened yet. Without `archive` none is kept on disk.

    Raises click's exceptions if the backend does not take its memory id.
    """
    from travel_tui.backends.factory import capabilities_of
    from travel_tui.cli.local_tool import FUNCTIONS, call_answerer, call_local_function
    from travel_tui.tui.context import AppContext

    async def open_agent() -> Agent:
        from travel_tui.backends.factory import open_agent_in_thread

        return await open_agent_in_thread(config)

    def open_archive() -> Archive:
        from travel_tui.archive import Archive

        return Archive(archive, clock)

    capabilities, memory_id = capabilities_of(config), config.memory_id or own_memory_id()
    if problem := capabilities.check_id("memory", memory_id):
        raise click.BadParameter(str(problem), param_hint="'--memory'")
    return AppContext(
        title=config.title or config.name,
        place_label=place_label(config),
        address=f"{config.agent_id} / {config.alias_id}",
        capabilities=capabilities,
        agent_key=agent_key(config),
        memory_id=memory_id,
        open_agent=open_agent,
        open_archive=open_archive,
        clock=clock,
        ids=ids,
        memory_days=config.memory_days,
        keeps_drafts=paints_on_terminal(os.environ.get("TEXTUAL_DRIVER")),  # in a browser the next user is a visitor
        call_local_function=call_local_function,
        answer_call=call_answerer(config),
        no_chat=NO_HARNESS if config.agentcore and config.agentcore.harness_arn is None else None,
        local_functions=FUNCTIONS,
    )


def ui_options(config: Config | None) -> UiOptions:
    """How the config wants the client to look."""
    from travel_tui.tui.context import UiOptions

    if config is None:
        return UiOptions()
    return UiOptions(config.keys, config.theme, config.stage, config.path, config.warning)


def agent_key(config: AgentConfig) -> str:
    """What the archive files the sessions with this agent under: who it is, and where its calls go."""
    service = "BEDROCK_AGENTCORE" if config.agentcore else "BEDROCK_AGENT_RUNTIME"
    where = config.endpoint_url or endpoint_of_environment(service) or config.region or "default"
    return f"{config.agent_id}/{config.alias_id}@{where}"


def archive_key(which: AgentSelection, *, of_all: bool = False) -> str | None:
    """What the archive files the sessions of the chosen agent under; None where those of all agents are meant.

    Raises click's exceptions, also where both the demo's and all agents' are asked for.
    """
    if of_all and which.demo:
        raise click.UsageError("--all lists the sessions with every agent: leave out --demo.")
    agent = None if of_all else which.resolve()
    return demo_key(which.backend) if which.demo else agent_key(agent) if agent else None


def place_label(config: AgentConfig) -> str:
    """LOCAL for an endpoint on this machine, else the Region."""
    return "LOCAL" if on_this_machine(config.endpoint_url) else config.region or "AWS"
