"""Requests that botocore writes, read by the endpoint's rest-json; and outputs, read back by botocore."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.parsers import RestJSONParser
from botocore.serialize import create_serializer
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.wire import rest_json
from travel_tui.local.wire.errors import ServiceError, status_of
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.jsonvalue import encode
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.routing import route, signed_as

RUNTIME = service_model("bedrock-agent-runtime")
IDS = st.from_regex(r"[0-9a-zA-Z._:-]{2,100}", fullmatch=True)
TEXT = st.text(st.characters(codec="utf-8"), max_size=50)


def request_of(service: str, operation: str, params: dict[str, Any]) -> Request:
    """The request that a botocore client would send."""
    model = service_model(service).operation_model(operation)
    written = create_serializer("rest-json").serialize_to_request(params, model)
    prepare_request_dict(written, endpoint_url="http://127.0.0.1:1")
    request = create_request_object(written).prepare()
    path, _, query = request.url.removeprefix("http://127.0.0.1:1").partition("?")
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    return Request(request.method, path, query, headers, request.body or b"")


def read(request: Request, service: str = "bedrock-agent-runtime") -> tuple[str, dict[str, Any]]:
    model = service_model(service)
    found = rest_json.find(request, model)
    assert found
    return found[0], rest_json.parse(request, model.operation_model(found[0]), found[1])


def read_back(response: Response, operation: str) -> dict[str, Any]:
    """What botocore makes of a response."""
    assert isinstance(response.body, bytes)
    shape: Any = RUNTIME.operation_model(operation).output_shape
    raw = {"status_code": response.status, "headers": response.headers, "body": response.body}
    parsed: dict[str, Any] = RestJSONParser().parse(raw, shape)
    return parsed


@given(
    session=IDS,
    memory=IDS,
    text=TEXT,
    trace=st.booleans(),
    attributes=st.dictionaries(TEXT, TEXT, max_size=3),
)
def test_an_input_comes_back_as_it_was(
    session: str, memory: str, text: str, trace: bool, attributes: dict[str, str]
) -> None:
    params = {
        "agentId": "TRAVELDEMO",
        "agentAliasId": "TSTALIASID",
        "sessionId": session,
        "memoryId": memory,
        "inputText": text,
        "enableTrace": trace,
        "sessionState": {"sessionAttributes": attributes},
    }
    assert read(request_of("bedrock-agent-runtime", "InvokeAgent", params)) == ("InvokeAgent", params)


def test_query_values_have_their_types() -> None:
    params = {"agentId": "A", "agentAliasId": "B", "memoryId": "m:1", "memoryType": "SESSION_SUMMARY", "maxItems": 7}
    assert read(request_of("bedrock-agent-runtime", "GetAgentMemory", params)) == ("GetAgentMemory", params)


def test_blobs_travel_in_the_body_as_base64() -> None:
    file = {
        "name": "a",
        "source": {"sourceType": "BYTE_CONTENT", "byteContent": {"data": b"\x00\xff", "mediaType": "text/plain"}},
        "useCase": "CHAT",
    }
    params = {"agentId": "A", "agentAliasId": "B", "sessionId": "cc", "sessionState": {"files": [file]}}
    assert read(request_of("bedrock-agent-runtime", "InvokeAgent", params))[1] == params


@pytest.mark.parametrize(
    ("path", "operation"), [("/agents/AAAAAAAAAA/", "PrepareAgent"), ("/agents/AAAAAAAAAA", "InvokeInlineAgent")]
)
def test_the_last_slash_decides(path: str, operation: str) -> None:
    assert route(Request("POST", path)).operation.name == operation


def test_the_signing_name_chooses_the_service() -> None:
    scope = "AWS4-HMAC-SHA256 Credential=AK/20261123/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"
    request = Request("GET", "/x", headers={"authorization": scope.format("kinesis")})
    assert signed_as(request) == "kinesis"
    with pytest.raises(ServiceError, match="'kinesis'"):
        route(request)


def test_an_unknown_path_is_named() -> None:
    with pytest.raises(ServiceError, match="DELETE /nothing/here") as error:
        route(Request("DELETE", "/nothing/here"))
    assert status_of(error.value.code, None) == 404


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ServiceError) as error:
        read(Request("POST", "/agents/A/agentAliases/B/sessions/cc/text", body=body))
    assert error.value.code == "SerializationException"


@given(TEXT, st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_output_comes_back_as_it_was(text: str, moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    record = {"memoryId": "m:1", "sessionId": "s-1", "summaryText": text, "sessionStartTime": moment}
    output = {"memoryContents": [{"sessionSummary": record}], "nextToken": None}
    response = rest_json.respond(RUNTIME.operation_model("GetAgentMemory"), output, "id")
    assert read_back(response, "GetAgentMemory")["memoryContents"] == output["memoryContents"]


def test_an_operation_answers_with_its_own_status() -> None:
    assert rest_json.respond(RUNTIME.operation_model("DeleteAgentMemory"), {}, "id").status == 202


@pytest.mark.parametrize(
    ("code", "status"), [("ThrottlingException", 429), ("ConflictException", 409), ("DependencyFailedException", 424)]
)
def test_a_modelled_error_has_its_status_and_its_code(code: str, status: int) -> None:
    response = rest_json.fail(ServiceError(code, "why"), RUNTIME, "id-1")
    assert response.status == status
    assert response.headers["x-amzn-errortype"] == code
    assert isinstance(response.body, bytes)
    assert json.loads(response.body) == {"message": "why"}
    assert read_back(response, "InvokeAgent")["Error"] == {"Message": "why", "Code": code}


def test_members_that_the_model_does_not_have_are_left_out() -> None:
    """An older botocore's model lacks members that a newer one has, such as a trace's eventTime."""
    shape = service_model("bedrock-agent-runtime").shape_for("TracePart")
    assert encode(shape, {"agentId": "A", "inventedLater": {"x": 1}, "sessionId": None}) == {"agentId": "A"}
