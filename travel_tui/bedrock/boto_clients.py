"""Makes the boto3 clients: one for turns, which are never sent twice, one for reads, which are."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.loaders import Loader
from botocore.utils import parse_timestamp

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
class Patience:
    """How many attempts a call makes, how long each tries to connect, and how long it may then be silent."""

    read_s: float = READ_S
    attempts: int = READ_ATTEMPTS
    connect_s: float = CONNECT_S


PATIENT: Final = Patience()


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
        return own_endpoint(self.turns)


@dataclass(frozen=True, slots=True)
class ClientMaker:
    """Makes clients of AWS's services for one profile, Region and endpoint; nothing is sent."""

    session: boto3.Session
    region: str | None
    """The Region that was asked for, else the one that boto3 has resolved."""
    endpoint_url: str | None
    isolated: bool

    def client(self, service: str, patience: Patience = PATIENT) -> Any:
        """A client of that service. Raises what boto3 raises."""
        client = self._client(service, _settings(patience, direct=self.isolated, isolated=self.isolated))
        if self.isolated or not is_loopback(str(client.meta.endpoint_url)):
            return client
        # AWS_ENDPOINT_URL or the AWS config leads to this machine
        return self._client(service, _settings(patience, direct=True, isolated=False))

    def _client(self, service: str, settings: Config) -> Any:
        make: Any = self.session.client  # its types want the service's name as a literal
        return make(service, region_name=self.region, endpoint_url=self.endpoint_url, config=settings)


def client_maker(
    profile: str | None, region: str | None, endpoint_url: str | None, isolated: Credentials | None = None
) -> ClientMaker:
    """What makes the clients for a place, None being what boto3 finds by itself. Raises what boto3 raises.

    For an endpoint on this machine no profile, no AWS file and no proxy is read, unless a profile is asked for.
    """
    if isolated is None and profile is None and endpoint_url and is_loopback(endpoint_url):
        isolated = _local_keys()
    session = _isolated_session(isolated) if isolated else _session(profile)
    found = region or (LOCAL_REGION if isolated else session.region_name)
    return ClientMaker(session, found, endpoint_url, isolated is not None)


def make_clients(config: AgentConfig, isolated: Credentials | None = None) -> Clients:
    """Clients for the agent's place; nothing is sent. Raises what boto3 raises."""
    maker = client_maker(config.profile, config.region, config.endpoint_url, isolated)
    return Clients(turns=maker.client(SERVICE, Patience(read_s=ANSWER_S, attempts=1)), reads=maker.client(SERVICE))


def own_endpoint(client: Any) -> str | None:
    """The endpoint that boto3 has resolved for a client, where it is not AWS's."""
    url = str(client.meta.endpoint_url)
    return None if _AWS_HOST.search(urlsplit(url).hostname or "") else url


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine itself, where no proxy has a place."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _settings(patience: Patience, *, direct: bool, isolated: bool) -> Config:
    options: dict[str, Any] = {
        "connect_timeout": patience.connect_s,
        "read_timeout": patience.read_s,
        "retries": {"mode": "standard", "total_max_attempts": patience.attempts},
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


def _session(profile: str | None) -> boto3.Session:
    core = botocore.session.get_session()
    if profile is not None:
        core.set_config_variable("profile", profile)
    return _reading_moments_fast(core)


def _reading_moments_fast(core: botocore.session.Session) -> boto3.Session:
    """botocore's own reading of moments takes most of the time that a large memory's summaries take."""
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
    return boto3.Session(botocore_session=core)


def moment(value: Any) -> datetime:
    """A moment in an answer: ISO 8601 with its zone at once, all else as botocore reads it. Raises ValueError."""
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            if read.tzinfo is not None:
                return read
    return parse_timestamp(value)


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
    return _reading_moments_fast(session)
