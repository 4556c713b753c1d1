"""The agents that recall checks run on: of the config, or of an endpoint of the run's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, Union

import click

from travel_tui.cli.agent_options import AgentSelection, built_in

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig
    from travel_tui.recall.scenario import Scenario, Test

BEDROCK_AGENTS = "bedrock-agents"
"""The backend of an endpoint of the run's own, unless another is chosen."""


@dataclass(frozen=True, slots=True)
class OwnEndpoint:
    """The run's own local endpoint, with its built-in agent of this service."""

    backend: str

    @property
    def title(self) -> str:
        """The name of it in results."""
        return "the local endpoint" if self.backend == BEDROCK_AGENTS else f"the local endpoint, {self.backend}"


Address: TypeAlias = Union["AgentConfig", OwnEndpoint]


def addresses_of(
    which: AgentSelection, scenarios: Sequence[Scenario], local: bool, backend: str | None = None
) -> tuple[Address, ...]:
    """Return the agent of each scenario; `backend` is the service that a resumed run chose. Raises UsageError."""
    if which.memory_id is not None:
        raise click.UsageError("--memory cannot be used here: each session of a file has its memory_id.")
    chosen = backend or which.backend
    return tuple(
        OwnEndpoint(chosen or scenario.backend or BEDROCK_AGENTS)
        if local or scenario.local
        else _configured(which, scenario)
        for scenario in scenarios
    )


def _configured(which: AgentSelection, scenario: Scenario) -> AgentConfig:
    """Return the agent that the options name, else the scenario's. Raises UsageError."""
    named = which.agent or (None if which.agent_id else scenario.agent)
    try:
        found = replace(which, agent=named).require()
    except click.ClickException as error:
        raise click.UsageError(f"{error.message} `recall run --target local` needs no agent.") from error
    if scenario.backend not in (None, found.backend) and not (which.agent or which.agent_id or which.backend):
        raise click.UsageError(
            f"The target of {scenario.source} is an agent of {scenario.backend}, and {found.name} in the config is one "
            f"of {found.backend}. Correct the target or leave it out, or choose an agent with --agent."
        )
    return found


def all_own(addresses: Sequence[Address]) -> bool:
    return all(isinstance(each, OwnEndpoint) for each in addresses)


def title_of(address: Address) -> str:
    if isinstance(address, OwnEndpoint):
        return address.title
    from travel_tui.cli.app_context import agent_key

    return agent_key(address)


def check_test(source: str, test: Test, address: Address) -> None:
    """Raise UsageError if an agent cannot do what a test of the file `source` needs: nothing has been sent then."""
    from travel_tui.backends.factory import capabilities_of

    own = isinstance(address, OwnEndpoint)
    config = built_in("local", address.backend) if isinstance(address, OwnEndpoint) else address
    capabilities, agent = capabilities_of(config), "The local endpoint's agent" if own else config.name
    if test.moves_time and not own:
        raise _refused(
            source,
            test,
            "has advance_days, which needs the endpoint that --target local starts. Run it there, or leave it out with "
            "--filter.",
        )
    if test.needs_records and not capabilities.has_namespaces:
        raise _refused(
            source,
            test,
            f"asks for kinds, namespaces or queries. {agent} is one of {config.backend}, whose memory has summaries "
            "alone. Run it on an agent of agentcore, or leave it out with --filter.",
        )
    if test.needs_attributes and not capabilities.session_attributes:
        raise _refused(
            source,
            test,
            f"sends attributes. {agent} is one of {config.backend}, which takes none. Leave it out with --filter.",
        )
    if test.has_turns and config.agentcore and config.agentcore.harness_arn is None:
        raise _refused(
            source,
            test,
            f"has turns. {agent} is a memory without a harness, so nobody would answer. Choose a harness with --agent, "
            "or check the memory as it is with existing_memory.",
        )


def _refused(source: str, test: Test, why: str) -> click.UsageError:
    return click.UsageError(f"Test {test.name} in {source} {why}")
