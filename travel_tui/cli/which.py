"""Which agent a command speaks to, and whose memory: from its options, the config, or both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from travel_tui.config import AgentConfig, Config

DEMO_AGENT, TEST_ALIAS = "TRAVELDEMO", "TSTALIASID"
"""What every local endpoint has from its start; the alias is the working draft, which every agent has."""


@dataclass(frozen=True, slots=True)
class Which:
    """What the options of `which_agent` say; None is what was left out."""

    config: str | None = None
    agent: str | None = None
    agent_id: str | None = None
    alias_id: str | None = None
    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None
    memory_id: str | None = None

    @property
    def path(self) -> Path:
        """The config file that was asked for, else the usual one."""
        from travel_tui.paths import config_file

        return Path(self.config) if self.config else config_file()

    def loaded(self) -> Config | None:
        """The config; None where there is none. Raises a ClickException."""
        from travel_tui.cli.config import refused
        from travel_tui.config import ConfigError, load

        try:
            return load(self.path)
        except ConfigError as error:
            raise refused(error) from error

    def needed(self) -> AgentConfig:
        """The agent; a ClickException that names the ways to one where nothing says which."""
        if (found := self.found()) is None:
            raise click.ClickException(
                f"There is no config at {self.path}, so the agent is not known. `travel-tui connect` and "
                "`travel-tui provision` write one; --agent-id ID names an agent without it; `travel-tui demo` "
                "needs none."
            )
        return found

    def found(self) -> AgentConfig | None:
        """The agent; None where there is no config and no option names one. Raises click's exceptions.

        With --agent-id nothing is taken from the config. Without a config an endpoint on this machine is asked for the
        agent that it has from the start.
        """
        self._check()
        chosen = self._named() or self._configured() or self._local()
        if chosen is None:
            return None
        return replace(
            chosen,
            alias_id=self.alias_id or chosen.alias_id,
            endpoint_url=self.endpoint_url or chosen.endpoint_url,
            region=self.region or chosen.region,
            profile=self.profile or chosen.profile,
            memory_id=self.memory_id or chosen.memory_id or own_memory_id(),
        )

    def _check(self) -> None:
        from travel_tui.agent import refused_id
        from travel_tui.config import is_http_url

        if self.memory_id is not None and (trouble := refused_id("memory", self.memory_id)):
            raise click.UsageError(str(trouble))
        if self.endpoint_url is not None and not is_http_url(self.endpoint_url):
            raise click.UsageError(f"{self.endpoint_url!r} is not a URL such as http://127.0.0.1:4571.")
        if self.agent and self.agent_id:
            raise click.UsageError(
                "--agent names an agent of the config, --agent-id one by its id: choose one of them."
            )

    def _named(self) -> AgentConfig | None:
        from travel_tui.config import AgentConfig

        if not self.agent_id:
            return None
        return AgentConfig(self.agent_id, self.agent_id, TEST_ALIAS, endpoint_url=self._local_url())

    def _configured(self) -> AgentConfig | None:
        from travel_tui.cli.config import refused
        from travel_tui.config import ConfigError

        try:
            loaded = self.loaded()
            chosen = loaded.chosen(self.agent) if loaded else None
        except ConfigError as error:
            raise refused(error) from error
        if chosen is None and (self.config or self.agent):
            raise click.ClickException(f"There is no config at {self.path}. `travel-tui demo` needs none.")
        return chosen

    def _local(self) -> AgentConfig | None:
        from travel_tui.config import AgentConfig

        url = self._local_url()
        return AgentConfig(DEMO_AGENT, DEMO_AGENT, TEST_ALIAS, endpoint_url=url) if url else None

    def _local_url(self) -> str | None:
        """The endpoint on this machine that an option or AWS's variable names; None where none does."""
        import os

        url = self.endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
        return url if on_this_machine(url) else None


def on_this_machine(url: str | None) -> bool:
    """Whether calls to `url` stay on this machine."""
    from urllib.parse import urlsplit

    host = urlsplit(url or "").hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


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
