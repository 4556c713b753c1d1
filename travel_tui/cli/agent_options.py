"""Agent selection: the agent and the memory id of a command, from its options, the config, or both."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig, Config

DEMO_AGENT, TEST_ALIAS = "TRAVELDEMO", "TSTALIASID"
"""Agent of every local endpoint; the alias is the working draft, which every agent has."""
DEMO_HARNESS = "travel_demo-TRAVELDEMO"
"""Harness of every local endpoint; its ARN has the account that the endpoint was started with."""
DEMO_MEMORY = "anna"
"""The memory id of `travel-tui demo`."""


class WrongEndpointError(click.ClickException):
    """AWS_ENDPOINT_URL is not a valid URL."""


@dataclass(frozen=True, slots=True)
class AgentSelection:
    """Agent selection options; None means that the option was not given."""

    config: str | None = None
    agent: str | None = None
    agent_id: str | None = None
    alias_id: str | None = None
    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None
    memory_id: str | None = None
    demo: bool = False
    """Use the agent of `travel-tui demo`; its endpoint is started if none is running."""
    backend: str | None = None
    """Service of the demo's agent, or of the built-in agent of an endpoint on this machine."""

    @property
    def options(self) -> str:
        """Command-line options that select the same agent, each with a leading space, without the memory id."""
        backend = f" --backend {self.backend}" if self.backend else ""
        if self.demo:
            return f" --demo{backend}"
        return "".join(f" {option} {shlex.quote(value)}" for option, value in self._place() if value) + backend

    def _place(self) -> tuple[tuple[str, str | None], ...]:
        """Options that identify the agent and its location."""
        return (
            ("--agent", self.agent),
            ("--agent-id", self.agent_id),
            ("--alias-id", self.alias_id),
            ("--profile", self.profile),
            ("--region", self.region),
            ("--endpoint-url", self.endpoint_url),
            ("--config", self.config),
        )

    @property
    def path(self) -> Path:
        """The requested config file, else the default one."""
        from travel_tui.paths import config_file

        return Path(self.config) if self.config else config_file()

    def loaded(self) -> Config | None:
        """The config; None where there is none. Raises a ClickException."""
        from travel_tui.cli.config_file import loaded_from

        return loaded_from(self.path)

    def require(self, without: str = "`travel-tui demo` needs none") -> AgentConfig:
        """Return the agent; raise a ClickException that lists the ways to choose one if none is selected.

        `without` is the command that works without a config, for the error's text.
        """
        if (found := self.resolve()) is None:
            raise click.ClickException(
                f"No config at {self.path}, so no agent is selected. `travel-tui connect` and `travel-tui provision` "
                f"write one; --agent-id ID selects an agent without one; {without}."
            )
        return found

    def resolve(self) -> AgentConfig | None:
        """Return the agent; None if there is no config and no option names one. Raises click's exceptions.

        With --agent-id, the config is ignored. Without a config, an endpoint on this machine is used with its built-in
        agent.
        """
        self._check()
        if self.demo:
            return self._demo()
        chosen = self._named() or self._configured() or self._local()
        if chosen is None:
            return None
        if self.backend not in (None, chosen.backend):
            raise click.UsageError(
                f"--backend chooses the built-in agent of an endpoint on this machine; {chosen.name} is an agent of "
                f"{chosen.backend}. Leave out --backend, or name another agent with --agent."
            )
        if self.alias_id and chosen.agentcore:
            raise click.UsageError(
                f"--alias-id is for agents of Bedrock; {chosen.name} has harness_endpoint in the config."
            )
        return replace(
            chosen,
            alias_id=self.alias_id or chosen.alias_id,
            endpoint_url=self.endpoint_url or chosen.endpoint_url,
            region=self.region or chosen.region,
            profile=self.profile or chosen.profile,
            memory_id=self.memory_id or chosen.memory_id or own_memory_id(),
        )

    def _check(self) -> None:
        if self.agent and self.agent_id:
            raise click.UsageError(
                "--agent selects an agent of the config, --agent-id an agent by its id: use only one of them."
            )
        if self.demo and (others := [option for option, value in self._place() if value]):
            raise click.UsageError(f"--demo selects the demo's own agent: leave out {' and '.join(others)}.")

    def _demo(self) -> AgentConfig:
        return replace(built_in("demo", self.backend), region="us-east-1", memory_id=self.memory_id or DEMO_MEMORY)

    def _named(self) -> AgentConfig | None:
        from travel_tui.config import AgentConfig

        if not self.agent_id:
            return None
        return AgentConfig(self.agent_id, self.agent_id, TEST_ALIAS, endpoint_url=self._local_url())

    def _configured(self) -> AgentConfig | None:
        from travel_tui.cli.failures import refused
        from travel_tui.config import ConfigError

        try:
            loaded = self.loaded()
            chosen = loaded.chosen(self.agent) if loaded else None
        except ConfigError as error:
            raise refused(error) from error
        if chosen is None and (self.config or self.agent):
            raise click.ClickException(f"No config at {self.path}. `travel-tui demo` needs none.")
        return chosen

    def _local(self) -> AgentConfig | None:
        url = self._local_url()
        return replace(built_in(DEMO_AGENT, self.backend), endpoint_url=url) if url else None

    def _local_url(self) -> str | None:
        """Return the endpoint on this machine that an option or AWS_ENDPOINT_URL names; None if neither does.

        Raises WrongEndpointError if the variable is not a URL.
        """
        import os

        from travel_tui.config import is_http_url
        from travel_tui.endpoint_url import shown_refused, without_userinfo

        url = self.endpoint_url
        ignored = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
        if url is None and not ignored and (url := os.environ.get("AWS_ENDPOINT_URL")) and not is_http_url(url):
            raise WrongEndpointError(
                f"AWS_ENDPOINT_URL is {shown_refused(url)!r}. Expected: a URL such as http://127.0.0.1:4571. "
                "Correct it or remove it; nothing was sent."
            )
        return without_userinfo(url) if url and on_this_machine(url) else None


def built_in(name: str, backend: str | None = None) -> AgentConfig:
    """Return the built-in agent of every local endpoint: of AgentCore with that backend, else of Bedrock Agents."""
    from travel_tui.agentcore_config import AGENTCORE, HERE, AgentCoreConfig
    from travel_tui.config import AgentConfig

    if backend != AGENTCORE:
        return AgentConfig(name, DEMO_AGENT, TEST_ALIAS)
    target = AgentCoreConfig(DEMO_HARNESS, run_functions=HERE)
    return AgentConfig(name, target.agent_id, target.alias_id, backend=backend, agentcore=target)


def demo_key(backend: str | None) -> str:
    """Return the key of the demo's sessions in the archive."""
    from travel_tui.tui.demo_script import DEMO_KEY

    demo = built_in("demo", backend)
    return f"{demo.agent_id}/{demo.alias_id}@demo" if demo.agentcore else DEMO_KEY


def endpoint_of_environment(service: str = "BEDROCK_AGENT_RUNTIME") -> str | None:
    """Return the endpoint URL that AWS's variables set for agents without one of their own; None if unset."""
    import os

    from travel_tui.endpoint_url import without_userinfo

    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    url = os.environ.get(f"AWS_ENDPOINT_URL_{service}") or os.environ.get("AWS_ENDPOINT_URL")
    return without_userinfo(url) if url else None


def on_this_machine(url: str | None) -> bool:
    """Whether calls to `url` stay on this machine."""
    from urllib.parse import urlsplit

    host = urlsplit(url or "").hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def own_memory_id() -> str:
    """Return the default memory id, derived from the login name."""
    import getpass
    import re

    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # user id without a name, as in containers; the exception depends on Python's version
        return "default"
    name = re.sub(r"[^0-9a-zA-Z._:-]+", "-", login)[:100]
    return name if len(name) >= 2 else "default"
