"""Every failure says what happened, why in AWS's words, and names a command that helps."""

from __future__ import annotations

import pytest
from botocore import exceptions as boto
from botocore.eventstream import ChecksumMismatch
from botocore.exceptions import ClientError, EventStreamError
from urllib3 import exceptions as http

from travel_tui.agent import Cause
from travel_tui.bedrock.errors import Place, explain

PLACE = Place("AGENT", "ALIAS", "us-east-1", "work", None)
CODES = {
    "ThrottlingException": Cause.THROTTLED,
    "ServiceQuotaExceededException": Cause.THROTTLED,
    "AccessDeniedException": Cause.DENIED,
    "ResourceNotFoundException": Cause.NOT_FOUND,
    "ValidationException": Cause.INVALID,
    "ConflictException": Cause.CONFLICT,
    "DependencyFailedException": Cause.DEPENDENCY,
    "BadGatewayException": Cause.DEPENDENCY,
    "ModelNotReadyException": Cause.DEPENDENCY,
    "InternalServerException": Cause.SERVICE,
    "ExpiredToken": Cause.CREDENTIALS,
    "ExpiredTokenException": Cause.CREDENTIALS,
    "UnrecognizedClientException": Cause.CREDENTIALS,
    "InvalidSignatureException": Cause.CREDENTIALS,
    "SomethingNewException": Cause.UNKNOWN,
}


@pytest.mark.parametrize(("code", "cause"), CODES.items())
@pytest.mark.parametrize("inside", [False, True])
def test_a_code_has_the_same_cause_before_the_stream_and_inside_it(code: str, cause: Cause, inside: bool) -> None:
    written = code[0].lower() + code[1:] if inside else code
    kind = EventStreamError if inside else ClientError
    trouble = explain(kind({"Error": {"Code": written, "Message": "In AWS's words"}}, "InvokeAgent"), PLACE)
    assert trouble.cause is cause
    assert trouble.why == f"{written}: In AWS's words."
    assert trouble.what
    assert trouble.advice


@pytest.mark.parametrize(
    ("error", "cause", "named"),
    [
        (boto.NoCredentialsError(), Cause.CREDENTIALS, "aws sso login --profile work"),
        (boto.PartialCredentialsError(provider="env", cred_var="key"), Cause.CREDENTIALS, "aws configure"),
        (boto.ProfileNotFound(profile="work"), Cause.CREDENTIALS, "aws configure list-profiles"),
        (boto.SSOTokenLoadError(error_msg="none"), Cause.CREDENTIALS, "aws sso login --profile work"),
        (boto.UnauthorizedSSOTokenError(), Cause.CREDENTIALS, "aws sso login --profile work"),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), Cause.CREDENTIALS, "aws sso login"),
        (boto.ConfigParseError(path="config"), Cause.CREDENTIALS, "AWS_CONFIG_FILE"),
        (boto.NoRegionError(), Cause.INVALID, "AWS_REGION"),
        (boto.EndpointConnectionError(endpoint_url="https://x"), Cause.UNREACHABLE, "network"),
        (boto.ConnectTimeoutError(endpoint_url="https://x"), Cause.UNREACHABLE, "network"),
        (boto.ProxyConnectionError(proxy_url="http://p"), Cause.UNREACHABLE, "NO_PROXY"),
        (boto.SSLError(endpoint_url="https://x", error=ValueError("x")), Cause.UNREACHABLE, "AWS_CA_BUNDLE"),
        (boto.ReadTimeoutError(endpoint_url="https://x"), Cause.STALLED, "ask the agent"),
        (http.ReadTimeoutError(None, "", "Read timed out."), Cause.STALLED, "ask the agent"),  # type: ignore[arg-type]
        (http.ProtocolError("Connection broken"), Cause.DROPPED, "ask the agent"),
        (boto.ConnectionClosedError(endpoint_url="https://x"), Cause.DROPPED, "ask the agent"),
        (ChecksumMismatch(1, 2), Cause.CORRUPT, "ask the agent"),
        (boto.ParamValidationError(report="bad"), Cause.INVALID, "Nothing was sent"),
        (RuntimeError("never seen"), Cause.UNKNOWN, "ask the agent"),
    ],
)
def test_what_boto3_and_the_network_raise_has_a_cause_and_an_advice(error: Exception, cause: Cause, named: str) -> None:
    trouble = explain(error, PLACE)
    assert trouble.cause is cause
    assert named in trouble.advice
    assert trouble.why


def test_an_advice_names_the_place_in_full() -> None:
    error = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "InvokeAgent")
    advice = explain(error, PLACE).advice
    assert "aws bedrock-agent list-agent-aliases --agent-id AGENT --profile work --region us-east-1" in advice
