"""Descriptions of all AWS, boto3 and network errors: what happened, why, and what to do next."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from botocore import exceptions as boto
from botocore.eventstream import ParserError
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from urllib3 import exceptions as http

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.backends.shared.aws_settings import AwsSettings
from travel_tui.endpoint_url import hide_userinfo, is_loopback


class CutOffError(Exception):
    """The stream ended, according to HTTP, before the answer did."""


class CorruptError(Exception):
    """A frame of the stream arrived damaged."""


class NotSentError(Exception):
    """A call failed before its request was sent; its argument is the cause."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class AgentLocation:
    """Location of the agent, as needed in advice."""

    agent_id: str
    alias_id: str
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None

    @property
    def options(self) -> str:
        """Return the AWS CLI's options for this location, each with a leading space."""
        pairs = (("profile", self.profile), ("region", self.region), ("endpoint-url", self.endpoint_url))
        return "".join(f" --{name} {value}" for name, value in pairs if value)

    @property
    def login(self) -> str:
        """Return the advice to log in again."""
        return (
            f"Log in again with `aws sso login{self.profile_option}` or renew the keys with "
            f"`aws configure{self.profile_option}`."
        )

    @property
    def who(self) -> str:
        """Return the advice to check the caller's identity."""
        return f"Check which identity you are using with `aws sts get-caller-identity{self.profile_option}`"

    @property
    def profile_option(self) -> str:
        """Return the AWS CLI's option for the profile, with a leading space."""
        return f" --profile {self.profile}" if self.profile else ""


_ANY_KEYS = (
    "An endpoint on this machine takes any keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to anything, or name "
    "it with --endpoint-url instead of AWS_ENDPOINT_URL."
)

_CODES: dict[str, tuple[ErrorKind, str]] = {
    "throttlingexception": (ErrorKind.THROTTLED, "Throttled."),
    "throttledexception": (ErrorKind.THROTTLED, "Throttled."),
    "toomanyrequestsexception": (ErrorKind.THROTTLED, "Throttled."),
    "servicequotaexceededexception": (ErrorKind.THROTTLED, "A quota of the account is exhausted."),
    "accessdeniedexception": (ErrorKind.DENIED, "Access denied."),
    "accessdenied": (ErrorKind.DENIED, "Access denied."),  # spelling of STS and IAM
    "resourcenotfoundexception": (ErrorKind.NOT_FOUND, "Agent, alias or session not found."),
    "unknownoperationexception": (
        ErrorKind.UNKNOWN,
        "The endpoint does not support this operation: check the path of its URL.",
    ),
    "validationexception": (ErrorKind.INVALID, "The service rejected the request."),
    "invalidinputexception": (ErrorKind.INVALID, "The service rejected the request."),
    "conflictexception": (ErrorKind.CONFLICT, "The agent is busy or not prepared."),
    "dependencyfailedexception": (ErrorKind.DEPENDENCY, "A dependency of the agent failed."),
    "badgatewayexception": (ErrorKind.DEPENDENCY, "A dependency of the agent returned an invalid response."),
    "modelnotreadyexception": (ErrorKind.DEPENDENCY, "The agent's model is not ready."),
    "runtimeclienterror": (ErrorKind.DEPENDENCY, "The harness's runtime failed."),
    "internalserverexception": (ErrorKind.SERVICE, "The service failed."),
    "serviceexception": (ErrorKind.SERVICE, "The service failed."),
    "internalfailure": (ErrorKind.SERVICE, "The service failed."),
    "serviceunavailable": (ErrorKind.SERVICE, "The service is unavailable."),
    "serviceunavailableexception": (ErrorKind.SERVICE, "The service is unavailable."),
    "expiredtoken": (ErrorKind.CREDENTIALS, "Your AWS credentials have expired."),
    "expiredtokenexception": (ErrorKind.CREDENTIALS, "Your AWS credentials have expired."),
    "requestexpired": (ErrorKind.CREDENTIALS, "Your AWS credentials have expired."),
    "unrecognizedclientexception": (ErrorKind.CREDENTIALS, "Invalid credentials."),
    "invalidclienttokenid": (ErrorKind.CREDENTIALS, "Invalid credentials."),
    "incompletesignatureexception": (ErrorKind.CREDENTIALS, "AWS could not verify the request signature."),
    "missingauthenticationtokenexception": (ErrorKind.CREDENTIALS, "AWS could not verify the request signature."),
    "invalidsignatureexception": (
        ErrorKind.CREDENTIALS,
        "The secret key is wrong, or this machine's clock is.",
    ),
    "signaturedoesnotmatch": (
        ErrorKind.CREDENTIALS,
        "The secret key is wrong, or this machine's clock is.",
    ),
}
"""Keyed by the code in lower case: AWS writes throttlingException in a stream, ThrottlingException before it."""


def describe_error(error: Exception, place: AgentLocation) -> Problem:
    """Describe `error` for the user; `why` has AWS's own message."""
    if isinstance(error, AgentError):  # of another call that this one needed first
        return error.problem
    if isinstance(error, NotSentError):
        return _not_sent(error.error, place)
    if _in_credentials(error):
        return _credentials(error, place) or _no_credentials(error, place)
    if isinstance(error, ClientError):
        return _service(error, place)
    return _stream(error) or _credentials(error, place) or _network(error, place) or _other(error)


def outside_a_turn(problem: Problem) -> Problem:
    """Return the problem of a call that is no turn, so that no action can have run: it can be tried again."""
    advice = "Wait a moment and try again." if problem.advice in {_CHECK_FIRST, _AGAIN} else problem.advice
    return replace(problem, advice=advice)


def not_made(error: Exception, place: AgentLocation, settings: AwsSettings) -> Problem:
    """Describe why a client could not be created, naming the setting. Nothing was sent."""
    known = _credentials(error, place) or _region(error)
    if known and not isinstance(error, boto.CredentialRetrievalError):
        return known
    if setting := settings.quoted_in(str(error)):
        what = f"{setting.place} is {setting.shown}."
        return Problem(ErrorKind.INVALID, what, _sentence(error), "Correct it or remove it; nothing was sent.")
    if _in_credentials(error):
        problem, source = _no_credentials(error, place), settings.credential_source()
        return replace(problem, advice=f"Check {source}. {problem.advice}") if source else problem
    why = f"{type(error).__name__}: {_sentence(error)}"
    advice = f"Check {settings.set_here()}; nothing was sent."
    return Problem(ErrorKind.INVALID, "An AWS setting is invalid.", why, advice)


def _not_sent(error: Exception, place: AgentLocation) -> Problem:
    """Describe the failure of a call before its request was sent."""
    problem = describe_error(error, place)
    if problem.cause is not ErrorKind.UNKNOWN:
        return problem
    advice = f"Check the AWS settings with `aws configure list{place.profile_option}`; nothing was sent."
    return replace(problem, cause=ErrorKind.INVALID, what="The request could not be made.", advice=advice)


def _service(error: ClientError, place: AgentLocation) -> Problem:
    details = error.response.get("Error", {})
    code = details.get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    known = _CODES.get(code.lower())
    if known is None:
        known = (
            (ErrorKind.SERVICE, "The service failed.")
            if status >= 500
            else (ErrorKind.UNKNOWN, "The service rejected the request.")
        )
    cause, what = known
    why = details.get("Message") or ""
    named = f"{code}: {why}".strip(": ") if code else why
    return Problem(cause, what, named if named.endswith((".", "!", "?", ".)")) else f"{named}.", _advice(cause, place))


def _advice(cause: ErrorKind, place: AgentLocation) -> str:
    agent = f"--agent-id {place.agent_id}"
    match cause:
        case ErrorKind.THROTTLED:
            return "Wait a moment and try again; nothing was sent twice."
        case ErrorKind.DENIED:
            return (
                f"{place.who}, and ask for bedrock:InvokeAgent, bedrock:GetAgentMemory and bedrock:DeleteAgentMemory "
                f"on agent {place.agent_id}, alias {place.alias_id}."
            )
        case ErrorKind.NOT_FOUND:
            return (
                f"Compare agent_id, alias_id and region in the config with `aws bedrock-agent list-agent-aliases "
                f"{agent}{place.options}`."
            )
        case ErrorKind.CONFLICT:
            return (
                f"Wait until `aws bedrock-agent get-agent {agent}{place.options}` says PREPARED, or prepare it with "
                f"`aws bedrock-agent prepare-agent {agent}{place.options}`, then send it again."
            )
        case ErrorKind.DEPENDENCY if place.endpoint_url and is_loopback(place.endpoint_url):
            return (
                "Check the function or the model that the message names. Actions may already have run; check before "
                "retrying."
            )
        case ErrorKind.DEPENDENCY:
            return (
                "Check the log of the agent's Lambda with `aws logs tail /aws/lambda/NAME`, and access to its model. "
                "Actions may already have run; check before retrying."
            )
        case ErrorKind.SERVICE:
            return _CHECK_FIRST
        case ErrorKind.CREDENTIALS:
            return place.login
        case ErrorKind.INVALID:
            return "Correct the named value and send it again."
        case _:
            return f"{place.who}."


_CHECK_FIRST = "Actions may already have run; check before retrying."
_CORRUPT = (CorruptError, ParserError, ResponseParserError, boto.ChecksumError)
_STALLED = (http.ReadTimeoutError, boto.ReadTimeoutError)
_DROPPED = (http.ProtocolError, boto.ConnectionClosedError, boto.ResponseStreamingError, boto.IncompleteReadError)
_AGAIN = f"Partial answer kept. {_CHECK_FIRST}"


def _stream(error: Exception) -> Problem | None:
    """Describe an error while the answer arrives, or before its first byte on an open connection."""
    if isinstance(error, CutOffError):
        return Problem(ErrorKind.CUT_OFF, "The answer was cut off.", str(error), _AGAIN)
    if isinstance(error, _CORRUPT):
        return Problem(ErrorKind.CORRUPT, "The answer arrived damaged.", _sentence(error), _AGAIN)
    if isinstance(error, _STALLED):
        what = "No answer arrived." if isinstance(error, boto.ReadTimeoutError) else "The answer stalled."
        return Problem(ErrorKind.STALLED, what, _sentence(error), _AGAIN)
    if isinstance(error, _DROPPED):
        return Problem(ErrorKind.DROPPED, "The connection broke.", _sentence(error), _AGAIN)
    return None


_SIGNED_OUT = (
    boto.UnauthorizedSSOTokenError,
    boto.SSOTokenLoadError,
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.NoAuthTokenError,
    boto.MetadataRetrievalError,
    boto.RefreshWithMFAUnsupportedError,
)
_INCOMPLETE = (boto.NoCredentialsError, boto.UnknownCredentialError)
_FINDS_CREDENTIALS = frozenset({"botocore.credentials", "botocore.tokens"})


def _in_credentials(error: BaseException) -> bool:
    """Whether it was raised while resolving credentials, which may run other commands and services."""
    return any(name in _FINDS_CREDENTIALS for name in _modules(error))


def _modules(error: BaseException) -> Iterator[str]:
    step = error.__traceback__
    while step is not None:
        yield str(step.tb_frame.f_globals.get("__name__", ""))
        step = step.tb_next


def _no_credentials(error: Exception, place: AgentLocation) -> Problem:
    why = _sentence(error) if isinstance(error, boto.BotoCoreError) else f"{type(error).__name__}: {_sentence(error)}"
    advice = f"Diagnose it with `aws sts get-caller-identity{place.profile_option}`; nothing was sent."
    return Problem(ErrorKind.CREDENTIALS, "The AWS credentials could not be loaded.", why, advice)


def _credentials(error: Exception, place: AgentLocation) -> Problem | None:
    if isinstance(error, boto.ProfileNotFound):
        advice = (
            "List them with `aws configure list-profiles`, and correct --profile, AWS_PROFILE, or profile in "
            "the config."
        )
        return Problem(ErrorKind.CREDENTIALS, "Unknown AWS profile.", _sentence(error), advice)
    if isinstance(error, boto.ConfigParseError):
        own = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
        broken = os.path.expanduser(str(error.kwargs.get("path", "")))  # noqa: PTH111 - as botocore writes it
        credentials = broken == os.path.expanduser(own)  # noqa: PTH111
        file, name = ("credentials", "AWS_SHARED_CREDENTIALS_FILE") if credentials else ("config", "AWS_CONFIG_FILE")
        advice = f"Correct that file, or name another in {name}."
        return Problem(ErrorKind.CREDENTIALS, f"The AWS {file} file cannot be read.", _sentence(error), advice)
    if isinstance(error, boto.PartialCredentialsError):
        advice = f"Set the missing one too, or remove the other. {place.login}"
        return Problem(ErrorKind.CREDENTIALS, "The AWS credentials are incomplete.", _sentence(error), advice)
    if isinstance(error, boto.CredentialRetrievalError):
        return _no_credentials(error, place)
    if isinstance(error, _INCOMPLETE):
        local = place.endpoint_url is not None and is_loopback(place.endpoint_url)
        return Problem(
            ErrorKind.CREDENTIALS, "No AWS credentials found.", _sentence(error), _ANY_KEYS if local else place.login
        )
    login = getattr(boto, "LoginError", None)  # newer than the oldest supported botocore
    if isinstance(error, _SIGNED_OUT) or (login and isinstance(error, login)):
        return Problem(ErrorKind.CREDENTIALS, "You are not logged in to AWS.", _sentence(error), place.login)
    return None


def _network(error: Exception, place: AgentLocation) -> Problem | None:
    where = place.endpoint_url or (f"Region {place.region}" if place.region else "AWS")
    if isinstance(error, boto.ProxyConnectionError):
        advice = "Correct HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY."
        return Problem(ErrorKind.UNREACHABLE, "The proxy does not answer.", _sentence(error), advice)
    if plain := _plain_http(error):
        return plain
    if isinstance(error, boto.SSLError | http.SSLError):
        advice = "If a proxy intercepts TLS, set AWS_CA_BUNDLE to its certificate."
        return Problem(ErrorKind.UNREACHABLE, f"No secure connection to {where}.", _sentence(error), advice)
    if isinstance(error, boto.ConnectTimeoutError | boto.EndpointConnectionError | boto.ConnectionError):
        if place.endpoint_url:
            advice = (
                "Check that the endpoint is running; `travel-tui local` starts one on this machine. Then send it again."
            )
        else:
            advice = "Check the network and the config's region, and send it again."
        return Problem(ErrorKind.UNREACHABLE, f"Could not connect to {where}.", _sentence(error), advice)
    return _region(error) or _unsendable(error)


_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "record layer failure")
"""OpenSSL's messages for a response that is not TLS; they depend on its version."""
_AWS_HOST = re.compile(r"\.(amazonaws\.com(\.cn)?|api\.aws)$")


def _plain_http(error: Exception) -> Problem | None:
    """Describe an https URL used for an endpoint that speaks HTTP; for AWS itself, a proxy answers this way."""
    if not isinstance(error, boto.SSLError) or not any(each in str(error) for each in _NO_TLS):
        return None
    url = urlsplit(str(error.kwargs.get("endpoint_url", "")))
    if _AWS_HOST.search(url.hostname or ""):
        return None
    where = url.netloc.rpartition("@")[2]
    what = f"The endpoint at {where} speaks plain HTTP, not https."
    return Problem(ErrorKind.INVALID, what, advice=f"Use http://{where} as its URL; nothing was sent.")


def _region(error: Exception) -> Problem | None:
    if isinstance(error, boto.NoRegionError):
        advice = 'Pass --region, set AWS_REGION, or add region = "us-east-1" to the agent in the config.'
        return Problem(ErrorKind.INVALID, "No AWS Region is set.", _sentence(error), advice)
    if isinstance(error, boto.InvalidRegionError | boto.UnknownRegionError):
        advice = "Correct --region, AWS_REGION, or region in the config; nothing was sent."
        return Problem(ErrorKind.INVALID, "Unknown Region.", _sentence(error), advice)
    return None


_UNREADABLE = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError, ssl.SSLError)


def _unsendable(error: Exception) -> Problem | None:
    """Describe a request that was never sent: its address, header, proxy or certificates cannot be used."""
    inner = error.kwargs.get("error") if isinstance(error, boto.HTTPClientError) else None
    if isinstance(inner, _UNREADABLE):
        advice = "Correct AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or ca_bundle in the AWS config; nothing was sent."
        return Problem(ErrorKind.INVALID, "The CA bundle cannot be read.", _sentence(error), advice)
    if isinstance(inner, ValueError):
        advice = "Correct the endpoint, the proxy (HTTPS_PROXY) or the AWS credentials; nothing was sent."
        return Problem(ErrorKind.INVALID, "The request cannot be sent.", _sentence(error), advice)
    return None


def _other(error: Exception) -> Problem:
    if isinstance(error, boto.ParamValidationError):
        return Problem(ErrorKind.INVALID, "The request is not valid.", _sentence(error), "Nothing was sent.")
    return Problem(
        ErrorKind.UNKNOWN, "Something unexpected failed.", f"{type(error).__name__}: {_sentence(error)}", _AGAIN
    )


def _sentence(error: Exception) -> str:
    text = hide_userinfo(" ".join(str(error).split())).rstrip(": ") or type(error).__name__
    return text if text.endswith((".", "!", "?", ".)")) else f"{text}."
