"""The two ends of a migration, and whose memory is migrated, from the options, the config and the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import click

from travel_tui.agentcore_config import AGENTCORE, AgentCoreConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.config import AgentConfig
    from travel_tui.memory_store import RecordImporter, Strategy

_MAX_BYTES = 10_000_000
"""Maximum size of a file with memory ids."""


def source_of(which: AgentSelection) -> AgentConfig:
    """Return the agent whose summaries are written: the chosen one, else the config's only one of Bedrock.

    Raises click's exceptions.
    """
    from dataclasses import replace

    agent = which.require("--agent-id TRAVELDEMO with --endpoint-url names that of `travel-tui local`")
    if agent.backend == AGENTCORE and not which.agent and (loaded := which.loaded()):
        others = [each.name for each in loaded.agents.values() if each.backend != AGENTCORE]
        if len(others) == 1:
            return replace(which, agent=others[0]).require()
    if agent.backend == AGENTCORE:
        raise click.UsageError(
            f"{agent.name} is an agent of AgentCore: what it remembers are records already. Name the agent of Bedrock "
            "whose summaries are to be written, with --agent or --agent-id."
        )
    return agent


def target_of(which: AgentSelection, source: AgentConfig, name: str | None, memory_id: str | None) -> AgentConfig:
    """Return the agent of AgentCore, or the memory alone, that gets the records. Raises click's exceptions."""
    from dataclasses import replace

    from travel_tui.config import AgentConfig

    if name and memory_id:
        raise click.UsageError("--to names an agent of the config, --to-memory-id a memory: use only one of them.")
    if memory_id:
        target = AgentCoreConfig(agentcore_memory_id=memory_id)
        alone = AgentConfig(target.agent_id, target.agent_id, target.alias_id, backend=AGENTCORE, agentcore=target)
        return replace(alone, region=source.region, profile=source.profile, endpoint_url=source.endpoint_url)
    loaded = which.loaded()
    agents = loaded.agents if loaded else {}
    suitable = [each for each in agents.values() if each.backend == AGENTCORE]
    listed = ", ".join(each.name for each in suitable) or "none"
    if name is None:
        if len(suitable) == 1:
            return suitable[0]
        raise click.UsageError(
            f"Which memory gets the records? Pass --to NAME, an agent of AgentCore in the config ({listed}), or "
            "--to-memory-id ID. `travel-tui provision --backend agentcore` builds one."
        )
    if name not in agents:
        raise click.ClickException(f"{which.path} has no agent called {name!r}. Its agents of AgentCore: {listed}.")
    if agents[name].backend != AGENTCORE:
        raise click.UsageError(f"{name} is an agent of Bedrock, and takes no records. Agents of AgentCore: {listed}.")
    return agents[name]


def memory_ids_of(
    which: AgentSelection, source: AgentConfig, given: Sequence[str], file: BinaryIO | None
) -> tuple[str, ...]:
    """Return the memory ids that were given, else all that the archive and the config know for the source.

    Raises click's exceptions, also for an id that the source does not take.
    """
    from travel_tui.backends.factory import capabilities_of

    ids = [*given, *(_of_file(file) if file else ())] or _known(which, source)
    if not ids:
        raise click.UsageError(
            "No call of the service lists memory ids, and this machine knows none of this agent. Pass --memory ID, or "
            "--memories FILE with one a line."
        )
    for each in ids:
        if problem := capabilities_of(source).check_id("memory", each):
            raise click.UsageError(str(problem))
    return tuple(dict.fromkeys(ids))


def chosen_strategy(strategies: Sequence[Strategy], name: str | None) -> Strategy:
    """Return the strategy of that name, else the one that makes summaries. Raises click's exceptions."""
    from travel_tui.agent import MemoryKind

    listed = ", ".join(f"{each.name} ({each.kind})" for each in strategies) or "none"
    if name is not None:
        if found := [each for each in strategies if each.name == name]:
            return found[0]
        raise click.ClickException(f"The memory has no strategy {name!r}. Its strategies: {listed}.")
    found = [each for each in strategies if each.kind is MemoryKind.SESSION_SUMMARY]
    if len(found) == 1:
        return found[0]
    why = "has no strategy that makes summaries" if not found else "has several strategies that make summaries"
    raise click.ClickException(f"The memory {why}. Its strategies: {listed}. Choose one with --strategy NAME.")


async def opened_target(config: AgentConfig) -> RecordImporter:
    """Open the target. Raises AgentError."""
    from travel_tui.agent import AgentError, ErrorKind, Problem
    from travel_tui.backends.factory import open_agent_in_thread
    from travel_tui.memory_store import record_importer

    if (target := record_importer(await open_agent_in_thread(config))) is None:
        raise AgentError(Problem(ErrorKind.INVALID, f"{config.name} takes no records.", "", "Choose another target."))
    return target


def _known(which: AgentSelection, source: AgentConfig) -> list[str]:
    from travel_tui.archive import Archive, ArchiveError, UserStore
    from travel_tui.cli.app_context import agent_key
    from travel_tui.cli.failures import refused
    from travel_tui.clock import Clock
    from travel_tui.paths import archive_file

    loaded = which.loaded()
    entry = loaded.agents.get(source.name) if loaded and not which.agent_id else None
    try:
        archive = Archive(archive_file(), Clock())
        ids = [each.memory_id for each in UserStore(archive, agent_key(source)).users()]
        archive.close()
    except ArchiveError as error:
        raise refused(error) from error
    return [*ids, *([entry.memory_id] if entry and entry.memory_id else [])]


def _of_file(file: BinaryIO) -> list[str]:
    from travel_tui.cli.plain_text import plain_text

    content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise click.UsageError(f"The file of --memories has over {_MAX_BYTES:,} bytes. Split it.")
    if not (
        ids := [line.strip() for line in plain_text(content, "The file of --memories").splitlines() if line.strip()]
    ):
        raise click.UsageError("The file of --memories names nobody. It has one memory id a line.")
    return ids
