"""Creation of boto3 clients: one for turns, which are never retried, one for reads, which are.

Any AWS setting that prevents creating a client raises an AgentError that names the setting; all commands create their
clients here.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.loaders import Loader
from botocore.utils import parse_timestamp

from travel_tui import __version__
from travel_tui.agent import AgentError
from travel_tui.backends.shared.aws_settings import AwsSettings, session_variables
from travel_tui.backends.shared.call_log import log_calls
from travel_tui.backends.shared.credentials import Credentials
from travel_tui.backends.shared.errors import AgentLocation, not_made
from travel_tui.config import AgentConfig
from travel_tui.endpoint_url import is_loopback, without_userinfo

SERVICE: Final = "bedrock-agent-runtime"
CONNECT_S = 10
ANSWER_S = 300
"""Seconds a turn may be silent: agents call models and Lambdas before the first text; boto3's 60 s are too short."""
READ_S = 30
READ_ATTEMPTS = 4
LOCAL_REGION = "us-east-1"

_AWS_HOST = re.compile(r"\.(amazonaws\.com(\.cn)?|api\.aws)$")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Number of attempts per call, with connect and read timeouts."""

    read_s: float = READ_S
    attempts: int = READ_ATTEMPTS
    connect_s: float = CONNECT_S


PATIENT_RETRIES: Final = RetryPolicy()


class Sent(threading.local):
    """Whether the call running in this thread has begun to send its request."""

    began = False


@dataclass(frozen=True, slots=True)
class Clients:
    """`turns` makes one attempt: InvokeAgent has no client token, and a second attempt can book twice.

    `reads` is for idempotent calls: reading and deleting.
    boto3 creates the classes of its clients at run time, so they have no type here.
    """

    turns: Any
    reads: Any
    sent: Sent = field(default_factory=Sent)

    def __post_init__(self) -> None:
        for client in (self.turns, self.reads):
            client.meta.events.register("before-send", self._begin)

    def _begin(self, **_: Any) -> None:
        self.sent.began = True

    @property
    def region(self) -> str:
        """Region resolved by boto3."""
        return str(self.turns.meta.region_name)

    @property
    def own_endpoint(self) -> str | None:
        """Endpoint resolved by boto3, or None for AWS's own."""
        return own_endpoint(self.turns)


@dataclass(frozen=True, slots=True)
class ClientFactory:
    """Creates clients of AWS services for one profile, Region and endpoint; nothing is sent."""

    session: boto3.Session
    settings: AwsSettings
    place: AgentLocation
    """The requested location; its Region is resolved by boto3 if none was requested."""
    isolated: bool

    @property
    def region(self) -> str | None:
        """The requested Region, else the one resolved by boto3."""
        return self.place.region

    def client(self, service: str, patience: RetryPolicy = PATIENT_RETRIES) -> Any:
        """Create a client for `service`. Raises AgentError if AWS's settings prevent that."""
        with _named(self.place, self.settings):
            if not self.isolated and self.place.endpoint_url is None:
                self.settings.check_endpoint(service)
            client = self._client(service, _settings(patience, direct=self.isolated, isolated=self.isolated))
            if str(client.meta.endpoint_url).startswith("https:"):
                self.settings.check_certificates()
            if self.isolated or not is_loopback(str(client.meta.endpoint_url)):
                return client
            # AWS_ENDPOINT_URL or the AWS config points to this machine
            return self._client(service, _settings(patience, direct=True, isolated=False))

    def _client(self, service: str, settings: Config) -> Any:
        make: Any = self.session.client  # its types require the service name as a literal
        client = make(service, region_name=self.region, endpoint_url=self.place.endpoint_url, config=settings)
        log_calls(client)
        return client


def client_factory(place: AgentLocation, isolated: Credentials | None = None) -> ClientFactory:
    """Return the factory for a location; boto3 resolves fields that are None. Raises AgentError.

    For an endpoint on this machine no profile, AWS file or proxy setting is read, unless a profile is requested; with
    the keys in `isolated`, no AWS variable either.
    """
    ignores_variables = isolated is not None
    if isolated is None and place.profile is None and place.endpoint_url and is_loopback(place.endpoint_url):
        isolated = _local_keys()
    core = _isolated_session(isolated) if isolated else _session(place.profile)
    settings = AwsSettings(core)
    with _named(place, settings):
        session = _reading_moments_fast(core)
        found = place.region or (None if ignores_variables else settings.region())
        if found is None and isolated is not None:
            found = LOCAL_REGION
        return ClientFactory(session, settings, replace(place, region=found), isolated is not None)


@contextmanager
def _named(place: AgentLocation, settings: AwsSettings) -> Iterator[None]:
    """Convert boto3's errors on creating a client to an AgentError that names the setting."""
    try:
        yield
    except AgentError:
        raise
    except Exception as error:
        raise AgentError(not_made(error, place, settings)) from error


def make_clients(config: AgentConfig, isolated: Credentials | None = None) -> Clients:
    """Create clients for the agent's location; nothing is sent. Raises AgentError."""
    place = AgentLocation(config.agent_id, config.alias_id, config.region, config.profile, config.endpoint_url)
    maker = client_factory(place, isolated)
    return Clients(turns=maker.client(SERVICE, RetryPolicy(read_s=ANSWER_S, attempts=1)), reads=maker.client(SERVICE))


def own_endpoint(client: Any) -> str | None:
    """Return the endpoint that boto3 resolved for a client, or None for AWS's own."""
    url = str(client.meta.endpoint_url)
    return None if _AWS_HOST.search(urlsplit(url).hostname or "") else without_userinfo(url)


def _settings(patience: RetryPolicy, *, direct: bool, isolated: bool) -> Config:
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
        options["signature_version"] = "v4"  # otherwise a token in AWS_BEARER_TOKEN_BEDROCK would be sent
        options["ignore_configured_endpoint_urls"] = True
    return Config(**options)


def _local_keys() -> Credentials:
    """Return keys for an endpoint on this machine: those in the environment, in case it checks them, else dummies."""
    access_key, secret_key = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    return Credentials(access_key, secret_key) if access_key and secret_key else Credentials("local", "local")


def _session(profile: str | None) -> botocore.session.Session:
    core = botocore.session.Session(session_vars=session_variables())
    if profile is not None:
        core.set_config_variable("profile", profile)
    return core


def _reading_moments_fast(core: botocore.session.Session) -> boto3.Session:
    """Create a session with a faster timestamp parser: botocore's own takes most of the time to read a large memory."""
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=read_timestamp)
    return boto3.Session(botocore_session=core)


def read_timestamp(value: Any) -> datetime:
    """Parse a timestamp: seconds since 1970 and ISO 8601 with a zone directly, others with botocore.

    Raises ValueError.
    """
    if type(value) in (int, float):
        with suppress(OverflowError, OSError, ValueError):
            return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            if read.tzinfo is not None:
                return read
    return parse_timestamp(value)


def _isolated_session(credentials: Credentials) -> botocore.session.Session:
    """Create a session without profile, AWS files and AWS variables: a broken AWS set-up must not break the demo."""
    variables = {
        name: (None, None, default, convert)
        for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    for name in ("config_file", "credentials_file"):
        variables[name] = (None, None, os.devnull, None)
    session = botocore.session.Session(session_vars=variables)
    loader = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)  # excludes ~/.aws/models
    session.register_component("data_loader", loader)
    session.set_credentials(credentials.access_key, credentials.secret_key)
    return session
