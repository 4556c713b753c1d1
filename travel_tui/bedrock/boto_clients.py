"""Makes the boto3 clients: one for turns, which are never sent twice, one for reads, which are."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.loaders import Loader

from travel_tui import __version__
from travel_tui.bedrock.client import Credentials
from travel_tui.config import AgentConfig

SERVICE: Final = "bedrock-agent-runtime"
CONNECT_S = 10
ANSWER_S = 300
"""How long a turn may be silent: agents call models and Lambdas before their first word; boto3's 60 s cut them off."""
READ_S = 30
READ_ATTEMPTS = 4
LOCAL_REGION = "us-east-1"

_AWS_HOST = re.compile(r"\.(amazonaws\.com(\.cn)?|api\.aws)$")


@dataclass(frozen=True, slots=True)
class Clients:
    """`turns` makes one attempt: InvokeAgent has no client token, and a second attempt can book twice.

    `reads` is for what may be repeated: reading, and deleting.

    boto3 makes the classes of its clients when it runs, so they have no type here.
    """

    turns: Any
    reads: Any

    @property
    def region(self) -> str:
        """The Region that boto3 has resolved."""
        return str(self.turns.meta.region_name)

    @property
    def own_endpoint(self) -> str | None:
        """The endpoint that boto3 has resolved, where it is not AWS's."""
        url = str(self.turns.meta.endpoint_url)
        return None if _AWS_HOST.search(urlsplit(url).hostname or "") else url


def make_clients(config: AgentConfig, isolated: Credentials | None = None) -> Clients:
    """Clients for the agent's place; nothing is sent. Raises what boto3 raises."""
    if isolated is None and config.profile is None and config.endpoint_url and is_loopback(config.endpoint_url):
        isolated = _local_keys()
    session = _isolated_session(isolated) if isolated else boto3.Session(profile_name=config.profile)
    region = config.region or (LOCAL_REGION if isolated else None)

    def make(*, direct: bool) -> Clients:
        return Clients(
            *(
                session.client(SERVICE, region_name=region, endpoint_url=config.endpoint_url, config=settings)
                for settings in (
                    _settings(ANSWER_S, 1, direct=direct, isolated=isolated is not None),
                    _settings(READ_S, READ_ATTEMPTS, direct=direct, isolated=isolated is not None),
                )
            )
        )

    clients = make(direct=isolated is not None)
    if isolated is None and is_loopback(clients.own_endpoint or ""):  # AWS_ENDPOINT_URL or the AWS config says so
        clients = make(direct=True)
    return clients


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine itself, where no proxy has a place."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _settings(read_s: int, attempts: int, *, direct: bool, isolated: bool) -> Config:
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_S,
        "read_timeout": read_s,
        "retries": {"mode": "standard", "total_max_attempts": attempts},
        "tcp_keepalive": True,
        "user_agent_extra": f"travel-tui/{__version__}",
    }
    if direct:
        options["proxies"] = {}
    if isolated:
        options["signature_version"] = "v4"  # else a token in AWS_BEARER_TOKEN_BEDROCK would be sent instead
        options["ignore_configured_endpoint_urls"] = True
    return Config(**options)


def _local_keys() -> Credentials:
    """Keys for an endpoint on this machine: those in the environment, for one that checks them, else any."""
    access_key, secret_key = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    return Credentials(access_key, secret_key) if access_key and secret_key else Credentials("local", "local")


def _isolated_session(credentials: Credentials) -> boto3.Session:
    """A session that reads no profile, no AWS files and no AWS variables: a broken AWS set-up must not break a demo."""
    variables = {
        name: (None, None, default, convert)
        for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    for name in ("config_file", "credentials_file"):
        variables[name] = (None, None, os.devnull, None)
    session = botocore.session.Session(session_vars=variables)
    loader = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)  # not ~/.aws/models
    session.register_component("data_loader", loader)
    session.set_credentials(credentials.access_key, credentials.secret_key)
    return boto3.Session(botocore_session=session)
