"""AWS settings as boto3 resolves them: variables and the AWS files, validated, with the source of each value."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import BotoCoreError
from botocore.utils import ensure_boolean

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.config import is_http_url, is_region
from travel_tui.endpoint_url import hide_userinfo, shown_refused

REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Same as in the AWS CLI and the other SDKs; botocore alone uses only the second."""
_ENDPOINT = "a URL such as http://127.0.0.1:4571"
_REGION = "a Region such as us-east-1"
_MAX_SHOWN = 80
_CREDENTIAL_VARIABLES = (
    "AWS_ROLE_",
    "AWS_WEB_IDENTITY_",
    "AWS_CONTAINER_",
    "AWS_METADATA_",
    "AWS_EC2_METADATA_SERVICE_",
)
_CREDENTIAL_KEYS = frozenset(
    {"credential_process", "role_arn", "source_profile", "credential_source", "web_identity_token_file", "sso_session",
     "sso_start_url", "login_session"}
)  # fmt: skip
_HAVE_THEIR_OWN_ERRORS = frozenset({"region", "profile", "config_file", "credentials_file"})


@dataclass(frozen=True, slots=True)
class Setting:
    """Value of an AWS setting and its source."""

    place: str
    value: str

    @property
    def shown(self) -> str:
        """Return the value quoted and shortened, without a password in a URL."""
        value = shown_refused(self.value) if "endpoint" in self.place.lower() else hide_userinfo(self.value)
        return repr(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}…")


def invalid(setting: Setting, expected: str) -> AgentError:
    """Return the AgentError for an unusable setting."""
    return AgentError(
        Problem(
            ErrorKind.INVALID,
            f"{setting.place} is {setting.shown}.",
            f"Expected: {expected}.",
            "Correct it or remove it; nothing was sent.",
        )
    )


class AwsSettings:
    """Settings resolved by a botocore session.

    `check_endpoint` and `region` raise AgentError for an invalid value, and botocore's errors for unreadable files.
    """

    def __init__(self, core: botocore.session.Session) -> None:
        self._core: Any = core  # botocore's stubs lack half of the attributes used here

    def check_endpoint(self, service: str) -> None:
        """Raise AgentError if the endpoint configured for `service` is invalid."""
        if (found := self.endpoint(service)) and not is_http_url(found.value):
            raise invalid(found, _ENDPOINT)

    def check_certificates(self) -> None:
        """Raise AgentError if a CA bundle is configured and cannot be loaded."""
        found = self._setting("ca_bundle", ("AWS_CA_BUNDLE",)) or self._setting(None, ("REQUESTS_CA_BUNDLE",))
        if found is None:
            return
        try:
            ssl.create_default_context(cafile=found.value)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            why = getattr(error, "strerror", None) or str(error)
            raise invalid(found, f"a file of certificates in PEM ({why})") from error

    def region(self) -> str | None:
        """Return the configured Region, or None. Raises AgentError if it is invalid."""
        found = self._setting("region", REGION_VARIABLES)
        if found and not is_region(found.value):
            raise invalid(found, _REGION)
        return found.value if found else None

    def endpoint(self, service: str) -> Setting | None:
        """Return the endpoint configured for `service`, or None for AWS's own; in botocore's order of precedence."""
        if self._ignores_endpoints():
            return None
        own = str(self._core.get_service_model(service).service_id.hyphenize()).replace("-", "_")
        for name in (f"AWS_ENDPOINT_URL_{own.upper()}", "AWS_ENDPOINT_URL"):
            if value := os.environ.get(name):
                return Setting(name, value)
        profile = self._core.get_scoped_config()
        if (section := profile.get("services")) is not None:
            of_service = self._core.full_config.get("services", {}).get(section, {}).get(own, {})
            place = f"{own} in [services {section}] of {self.file}"
            if not isinstance(of_service, Mapping):
                raise invalid(Setting(place, str(of_service)), "lines below it such as `  endpoint_url = http://…`")
            if value := of_service.get("endpoint_url"):
                return Setting(f"endpoint_url of {place}", str(value))
        value = profile.get("endpoint_url")
        return Setting(f"endpoint_url of the profile {self.profile} in {self.file}", str(value)) if value else None

    @property
    def profile(self) -> str:
        """Name of the profile."""
        return str(self._core.get_config_variable("profile") or "default")

    @property
    def file(self) -> str:
        """Path of the AWS config file."""
        return str(Path(str(self._core.get_config_variable("config_file"))).expanduser())

    def quoted_in(self, words: str) -> Setting | None:
        """Return the setting quoted in a botocore error message; None if it is ambiguous."""
        flat = " ".join(words.split())
        try:
            found = [each for each in self._all() if " ".join(each.value.split()) in flat]
        except (BotoCoreError, OSError, ValueError):  # the AWS files cannot be read
            return None
        return max(found, key=lambda each: len(each.value), default=None)

    def credential_source(self) -> str:
        """Describe where the credentials are configured, so that the user can check there."""
        variables = [name for name in os.environ if name.startswith(_CREDENTIAL_VARIABLES)]
        keys = [key for key in self._core.get_scoped_config() if key in _CREDENTIAL_KEYS]
        in_file = f"{', '.join(keys)} of the profile {self.profile} in {self.file}" if keys else ""
        return " and ".join(part for part in (", ".join(sorted(variables)), in_file) if part)

    def set_here(self) -> str:
        """Describe where settings are defined, so that the user can check them."""
        names = sorted(name for name in os.environ if name.startswith("AWS_"))
        variables = f"the variables {', '.join(names)} and " if names else ""
        return f"{variables}the profile {self.profile} in {self.file}"

    def _ignores_endpoints(self) -> bool:
        return ensure_boolean(self._core.get_config_variable("ignore_configured_endpoint_urls"))

    def _all(self) -> Iterator[Setting]:
        for key, (in_file, variables, _, _) in self._core.session_var_map.items():
            if key in _HAVE_THEIR_OWN_ERRORS:
                continue
            if found := self._setting(in_file, _names(variables)):
                yield found

    def _setting(self, in_file: str | None, variables: Iterable[str]) -> Setting | None:
        for name in variables:
            if os.environ.get(name):
                return Setting(name, os.environ[name])
        value = self._core.get_scoped_config().get(in_file) if in_file else None
        if isinstance(value, str) and value:
            return Setting(f"{in_file} of the profile {self.profile} in {self.file}", value)
        return None


def session_variables() -> dict[str, Any]:
    """Return botocore's session variables, but with AWS_REGION supported and empty variables treated as unset."""
    variables: dict[str, Any] = {}
    for key, (in_file, names, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        every = REGION_VARIABLES if key == "region" else _names(names)
        variables[key] = (in_file, [name for name in every if os.environ.get(name)] or None, default, convert)
    return variables


def _names(variables: Any) -> tuple[str, ...]:
    """Normalize botocore's variable names of one setting: none, one or a list."""
    if variables is None:
        return ()
    return (variables,) if isinstance(variables, str) else tuple(variables)
