"""Every failure says what happened, why in AWS's words, and names a command that helps."""

from __future__ import annotations

import pytest
from botocore import exceptions as boto
from botocore.eventstream import ChecksumMismatch
from botocore.exceptions import ClientError, EventStreamError
from urllib3 import exceptions as http

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.backends.shared.errors import AgentLocation, NotSentError, describe_error

PLACE = AgentLocation("AGENT", "ALIAS", "us-east-1", "work", None)
CODES = {
    "ThrottlingException": ErrorKind.THROTTLED,
    "ServiceQuotaExceededException": ErrorKind.THROTTLED,
    "AccessDeniedException": ErrorKind.DENIED,
    "ResourceNotFoundException": ErrorKind.NOT_FOUND,
    "ValidationException": ErrorKind.INVALID,
    "ConflictException": ErrorKind.CONFLICT,
    "DependencyFailedException": ErrorKind.DEPENDENCY,
    "BadGatewayException": ErrorKind.DEPENDENCY,
    "ModelNotReadyException": ErrorKind.DEPENDENCY,
    "InternalServerException": ErrorKind.SERVICE,
    "ExpiredToken": ErrorKind.CREDENTIALS,
    "ExpiredTokenException": ErrorKind.CREDENTIALS,
    "UnrecognizedClientException": ErrorKind.CREDENTIALS,
    "InvalidSignatureException": ErrorKind.CREDENTIALS,
    "SomethingNewException": ErrorKind.UNKNOWN,
}


@pytest.mark.parametrize(("code", "cause"), CODES.items())
@pytest.mark.parametrize("inside", [False, True])
def test_a_code_has_the_same_cause_before_the_stream_and_inside_it(code: str, cause: ErrorKind, inside: bool) -> None:
    written = code[0].lower() + code[1:] if inside else code
    kind = EventStreamError if inside else ClientError
    problem = describe_error(kind({"Error": {"Code": written, "Message": "In AWS's words"}}, "InvokeAgent"), PLACE)
    assert problem.cause is cause
    assert problem.why == f"{written}: In AWS's words."
    assert problem.what
    assert problem.advice


def test_what_failed_on_this_machine_is_not_looked_for_in_awss_logs() -> None:
    error = EventStreamError({"Error": {"Code": "dependencyFailedException", "Message": "No model"}}, "InvokeAgent")
    here = AgentLocation("AGENT", "ALIAS", "us-east-1", None, "http://127.0.0.1:4571")
    assert "aws logs" in describe_error(error, PLACE).advice
    assert "aws" not in describe_error(error, here).advice


def test_an_endpoint_on_this_machine_needs_no_login() -> None:
    here = AgentLocation("AGENT", "ALIAS", "us-east-1", None, "http://127.0.0.1:4571")
    advice = describe_error(boto.NoCredentialsError(), here).advice
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to anything" in advice
    assert "aws sso" not in advice


def test_what_a_call_needed_first_is_told_in_its_own_words() -> None:
    problem = Problem(ErrorKind.NOT_FOUND, "Harness not found.", "Its words", "Compare the config.")
    assert describe_error(NotSentError(AgentError(problem)), PLACE) == problem


@pytest.mark.parametrize(
    ("error", "cause", "named"),
    [
        (boto.NoCredentialsError(), ErrorKind.CREDENTIALS, "aws sso login --profile work"),
        (boto.PartialCredentialsError(provider="env", cred_var="key"), ErrorKind.CREDENTIALS, "aws configure"),
        (boto.ProfileNotFound(profile="work"), ErrorKind.CREDENTIALS, "aws configure list-profiles"),
        (boto.SSOTokenLoadError(error_msg="none"), ErrorKind.CREDENTIALS, "aws sso login --profile work"),
        (boto.UnauthorizedSSOTokenError(), ErrorKind.CREDENTIALS, "aws sso login --profile work"),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), ErrorKind.CREDENTIALS, "aws sso login"),
        (boto.ConfigParseError(path="config"), ErrorKind.CREDENTIALS, "AWS_CONFIG_FILE"),
        (boto.NoRegionError(), ErrorKind.INVALID, "AWS_REGION"),
        (boto.EndpointConnectionError(endpoint_url="https://x"), ErrorKind.UNREACHABLE, "network"),
        (boto.ConnectTimeoutError(endpoint_url="https://x"), ErrorKind.UNREACHABLE, "network"),
        (boto.ProxyConnectionError(proxy_url="http://p"), ErrorKind.UNREACHABLE, "NO_PROXY"),
        (boto.SSLError(endpoint_url="https://x", error=ValueError("x")), ErrorKind.UNREACHABLE, "AWS_CA_BUNDLE"),
        (boto.ReadTimeoutError(endpoint_url="https://x"), ErrorKind.STALLED, "check before retrying"),
        (http.ReadTimeoutError(None, "", "Read timed out."), ErrorKind.STALLED, "check before retrying"),  # type: ignore[arg-type]
        (http.ProtocolError("Connection broken"), ErrorKind.DROPPED, "check before retrying"),
        (boto.ConnectionClosedError(endpoint_url="https://x"), ErrorKind.DROPPED, "check before retrying"),
        (ChecksumMismatch(1, 2), ErrorKind.CORRUPT, "check before retrying"),
        (boto.ParamValidationError(report="bad"), ErrorKind.INVALID, "Nothing was sent"),
        (RuntimeError("never seen"), ErrorKind.UNKNOWN, "check before retrying"),
    ],
)
def test_what_boto3_and_the_network_raise_has_a_cause_and_an_advice(
    error: Exception, cause: ErrorKind, named: str
) -> None:
    problem = describe_error(error, PLACE)
    assert problem.cause is cause
    assert named in problem.advice
    assert problem.why


def test_an_advice_names_the_place_in_full() -> None:
    error = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "InvokeAgent")
    advice = describe_error(error, PLACE).advice
    assert "aws bedrock-agent list-agent-aliases --agent-id AGENT --profile work --region us-east-1" in advice
