"""Every way in which AWS, boto3 and the network fail, as what happened, why, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from botocore import exceptions as boto
from botocore.eventstream import ParserError
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from urllib3 import exceptions as http

from travel_tui.agent import Cause, Trouble


class CutOffError(Exception):
    """The stream ended, as HTTP has it, before the answer did."""


class CorruptError(Exception):
    """A frame of the stream arrived damaged."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the agent is: what an advice needs to name."""

    agent_id: str
    alias_id: str
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None

    @property
    def options(self) -> str:
        """The AWS CLI's options for this place, each with a leading space."""
        pairs = (("profile", self.profile), ("region", self.region), ("endpoint-url", self.endpoint_url))
        return "".join(f" --{name} {value}" for name, value in pairs if value)

    @property
    def login(self) -> str:
        """How to log in again."""
        profile = f" --profile {self.profile}" if self.profile else ""
        return f"Log in again with `aws sso login{profile}` or renew the keys with `aws configure{profile}`."

    @property
    def who(self) -> str:
        """How to see as whom AWS sees the caller."""
        profile = f" --profile {self.profile}" if self.profile else ""
        return f"See who AWS takes you for with `aws sts get-caller-identity{profile}`"


_CODES: dict[str, tuple[Cause, str]] = {
    "throttlingexception": (Cause.THROTTLED, "The service has too many requests right now."),
    "toomanyrequestsexception": (Cause.THROTTLED, "The service has too many requests right now."),
    "servicequotaexceededexception": (Cause.THROTTLED, "A quota of the account is used up."),
    "accessdeniedexception": (Cause.DENIED, "You may not do this."),
    "accessdenied": (Cause.DENIED, "You may not do this."),  # as STS and IAM have it
    "resourcenotfoundexception": (Cause.NOT_FOUND, "There is no such agent, alias or session."),
    "validationexception": (Cause.INVALID, "The service refuses the request."),
    "conflictexception": (Cause.CONFLICT, "The agent is busy or not prepared."),
    "dependencyfailedexception": (Cause.DEPENDENCY, "What the agent called has failed."),
    "badgatewayexception": (Cause.DEPENDENCY, "What the agent called gave no usable answer."),
    "modelnotreadyexception": (Cause.DEPENDENCY, "The agent's model is not ready."),
    "internalserverexception": (Cause.SERVICE, "The service failed."),
    "internalfailure": (Cause.SERVICE, "The service failed."),
    "serviceunavailable": (Cause.SERVICE, "The service is not available."),
    "serviceunavailableexception": (Cause.SERVICE, "The service is not available."),
    "expiredtoken": (Cause.CREDENTIALS, "Your AWS credentials have expired."),
    "expiredtokenexception": (Cause.CREDENTIALS, "Your AWS credentials have expired."),
    "requestexpired": (Cause.CREDENTIALS, "Your AWS credentials have expired."),
    "unrecognizedclientexception": (Cause.CREDENTIALS, "AWS does not know these credentials."),
    "invalidclienttokenid": (Cause.CREDENTIALS, "AWS does not know these credentials."),
    "incompletesignatureexception": (Cause.CREDENTIALS, "AWS could not check who you are."),
    "missingauthenticationtokenexception": (Cause.CREDENTIALS, "AWS could not check who you are."),
    "invalidsignatureexception": (
        Cause.CREDENTIALS,
        "The secret key does not match, or this machine's clock is wrong.",
    ),
    "signaturedoesnotmatch": (Cause.CREDENTIALS, "The secret key does not match, or this machine's clock is wrong."),
}
"""By the code in small letters: inside a stream AWS writes throttlingException, before it ThrottlingException."""


def explain(error: Exception, place: Place) -> Trouble:
    """What a person needs to know of `error`; `why` has AWS's own words."""
    if isinstance(error, ClientError):
        return _service(error, place)
    return _stream(error) or _credentials(error, place) or _network(error, place) or _other(error)


def _service(error: ClientError, place: Place) -> Trouble:
    details = error.response.get("Error", {})
    code = details.get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    known = _CODES.get(code.lower())
    if known is None:
        known = (
            (Cause.SERVICE, "The service failed.") if status >= 500 else (Cause.UNKNOWN, "The service refused this.")
        )
    cause, what = known
    why = details.get("Message") or ""
    named = f"{code}: {why}".strip(": ") if code else why
    return Trouble(cause, what, named if named.endswith((".", "!", "?")) else f"{named}.", _advice(cause, place))


def _advice(cause: Cause, place: Place) -> str:
    agent = f"--agent-id {place.agent_id}"
    match cause:
        case Cause.THROTTLED:
            return "Wait a moment and try again; nothing was sent twice."
        case Cause.DENIED:
            return (
                f"{place.who}, and ask for bedrock:InvokeAgent, bedrock:GetAgentMemory and bedrock:DeleteAgentMemory "
                f"on agent {place.agent_id}, alias {place.alias_id}."
            )
        case Cause.NOT_FOUND:
            return (
                f"Compare agent_id, alias_id and region in the config with `aws bedrock-agent list-agent-aliases "
                f"{agent}{place.options}`."
            )
        case Cause.CONFLICT:
            return (
                f"Wait until `aws bedrock-agent get-agent {agent}{place.options}` says PREPARED, or prepare it with "
                f"`aws bedrock-agent prepare-agent {agent}{place.options}`, then send it again."
            )
        case Cause.DEPENDENCY:
            return (
                "Look into the log of the agent's Lambda with `aws logs tail /aws/lambda/NAME` and at access to its "
                "model. Something may have been done already: ask before you send it again."
            )
        case Cause.SERVICE:
            return "Something may have been done already: ask the agent before you send it again."
        case Cause.CREDENTIALS:
            return place.login
        case Cause.INVALID:
            return "Change what the service names and send it again."
        case _:
            return f"{place.who}."


_CORRUPT = (CorruptError, ParserError, ResponseParserError, boto.ChecksumError)
_STALLED = (http.ReadTimeoutError, boto.ReadTimeoutError)
_DROPPED = (http.ProtocolError, boto.ConnectionClosedError, boto.ResponseStreamingError, boto.IncompleteReadError)
_AGAIN = "What had arrived stands. Something may have been done already: ask the agent before you send it again."


def _stream(error: Exception) -> Trouble | None:
    """What goes wrong while an answer comes, or before its first byte on a connection that stands."""
    if isinstance(error, CutOffError):
        return Trouble(Cause.CUT_OFF, "The answer was cut off.", str(error), _AGAIN)
    if isinstance(error, _CORRUPT):
        return Trouble(Cause.CORRUPT, "The answer arrived damaged.", _sentence(error), _AGAIN)
    if isinstance(error, _STALLED):
        what = "No answer came." if isinstance(error, boto.ReadTimeoutError) else "The answer stopped coming."
        return Trouble(Cause.STALLED, what, _sentence(error), _AGAIN)
    if isinstance(error, _DROPPED):
        return Trouble(Cause.DROPPED, "The connection broke.", _sentence(error), _AGAIN)
    return None


_SIGNED_OUT = (
    boto.UnauthorizedSSOTokenError,
    boto.SSOTokenLoadError,
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.NoAuthTokenError,
    boto.CredentialRetrievalError,
    boto.MetadataRetrievalError,
    boto.RefreshWithMFAUnsupportedError,
)
_INCOMPLETE = (boto.NoCredentialsError, boto.PartialCredentialsError, boto.UnknownCredentialError)


def _credentials(error: Exception, place: Place) -> Trouble | None:
    if isinstance(error, boto.ProfileNotFound):
        advice = (
            "See which there are with `aws configure list-profiles`, and correct AWS_PROFILE or the config's profile."
        )
        return Trouble(Cause.CREDENTIALS, "There is no such AWS profile.", _sentence(error), advice)
    if isinstance(error, boto.ConfigParseError):
        advice = "Correct that file, or name another in AWS_CONFIG_FILE."
        return Trouble(Cause.CREDENTIALS, "The AWS config file cannot be read.", _sentence(error), advice)
    if isinstance(error, _INCOMPLETE):
        return Trouble(Cause.CREDENTIALS, "There are no AWS credentials.", _sentence(error), place.login)
    login = getattr(boto, "LoginError", None)  # newer than the oldest botocore that this project takes
    if isinstance(error, _SIGNED_OUT) or (login and isinstance(error, login)):
        return Trouble(Cause.CREDENTIALS, "You are not logged in to AWS.", _sentence(error), place.login)
    return None


def _network(error: Exception, place: Place) -> Trouble | None:
    where = place.endpoint_url or (f"Region {place.region}" if place.region else "AWS")
    if isinstance(error, boto.ProxyConnectionError):
        advice = "Correct HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY."
        return Trouble(Cause.UNREACHABLE, "The proxy does not answer.", _sentence(error), advice)
    if isinstance(error, boto.SSLError | http.SSLError):
        advice = "If a proxy signs in between, name its certificate in AWS_CA_BUNDLE."
        return Trouble(Cause.UNREACHABLE, f"No safe connection to {where}.", _sentence(error), advice)
    if isinstance(error, boto.ConnectTimeoutError | boto.EndpointConnectionError | boto.ConnectionError):
        if place.endpoint_url:
            advice = (
                "Look whether the endpoint runs; `travel-tui local` starts one on this machine. Then send it again."
            )
        else:
            advice = "Check the network and the config's region, and send it again."
        return Trouble(Cause.UNREACHABLE, f"Nothing answers at {where}.", _sentence(error), advice)
    if isinstance(error, boto.NoRegionError):
        advice = 'Write region = "us-east-1" (or yours) to the agent in the config, or set AWS_REGION.'
        return Trouble(Cause.INVALID, "No AWS Region is chosen.", _sentence(error), advice)
    return None


def _other(error: Exception) -> Trouble:
    if isinstance(error, boto.ParamValidationError):
        return Trouble(Cause.INVALID, "The request is not valid.", _sentence(error), "Nothing was sent.")
    if isinstance(error, boto.InvalidRegionError | boto.UnknownRegionError):
        return Trouble(Cause.INVALID, "There is no such Region.", _sentence(error), "Correct region in the config.")
    return Trouble(Cause.UNKNOWN, "Something unexpected failed.", f"{type(error).__name__}: {_sentence(error)}", _AGAIN)


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if text.endswith((".", "!", "?")) else f"{text}."
