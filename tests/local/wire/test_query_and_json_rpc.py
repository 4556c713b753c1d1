"""Requests that botocore writes in the query and json protocols, read here; and outputs and errors, read back by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.protocol import guess_protocol, protocol_of

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc")), max_size=30)
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What the production Char of XML 1.0 leaves out."""
VALUE = st.recursive(
    st.one_of(
        st.builds(lambda s: {"S": s}, TEXT),
        st.builds(lambda n: {"N": str(n)}, st.integers()),
        st.builds(lambda b: {"B": b}, st.binary(max_size=9)),
        st.builds(lambda b: {"BOOL": b}, st.booleans()),
    ),
    lambda inner: st.one_of(
        st.builds(lambda items: {"L": items}, st.lists(inner, max_size=3)),
        st.builds(lambda items: {"M": items}, st.dictionaries(TEXT, inner, max_size=3)),
    ),
    max_leaves=6,
)


def request_of(service: str, operation: str, params: dict[str, Any]) -> Request:
    """The request that a botocore client would send."""
    model = service_model(service)
    serializer = create_serializer(model.metadata["protocol"], include_validation=False)
    written = serializer.serialize_to_request(params, model.operation_model(operation))
    prepare_request_dict(written, endpoint_url="http://127.0.0.1:1")
    request = create_request_object(written).prepare()
    headers = {k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in request.headers.items()}
    body = request.body.encode() if isinstance(request.body, str) else request.body
    return Request(request.method, "/", "", headers, body)


def read(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    """The operation and its input, as they are read here."""
    model = service_model(service)
    protocol = protocol_of(model)
    assert guess_protocol(request) is protocol
    found = protocol.find(request, model)
    assert found
    return found[0], protocol.parse(request, model.operation_model(found[0]), found[1])


def read_back(service: str, operation: str, response: Response) -> dict[str, Any]:
    """What botocore makes of a response."""
    model = service_model(service)
    shape: Any = model.operation_model(operation).output_shape
    raw = {"status_code": response.status, "headers": response.headers, "body": response.body}
    parsed: dict[str, Any] = create_parser(model.metadata["protocol"]).parse(raw, shape)
    return parsed


@given(TEXT, st.lists(st.fixed_dictionaries({"Key": TEXT, "Value": TEXT}), max_size=3), st.integers(0, 9999))
def test_forms_are_read_as_they_were_meant(name: str, tags: list[dict[str, str]], seconds: int) -> None:
    params = {"RoleName": name, "AssumeRolePolicyDocument": "{}", "Tags": tags, "MaxSessionDuration": seconds}
    assert read("iam", request_of("iam", "CreateRole", params)) == ("CreateRole", params)


@given(TEXT, st.lists(st.fixed_dictionaries({"Key": TEXT, "Value": TEXT}), max_size=3), st.booleans())
def test_xml_is_read_back_as_it_was_meant(name: str, tags: list[dict[str, str]], attachable: bool) -> None:
    made = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    policy = {"PolicyName": name, "Tags": tags, "IsAttachable": attachable, "CreateDate": made, "AttachmentCount": 7}
    model = service_model("iam")
    operation = model.operation_model("GetPolicy")
    found = read_back("iam", "GetPolicy", protocol_of(model).respond(operation, {"Policy": policy}, "r-1"))
    assert found["Policy"] == policy
    assert found["ResponseMetadata"]["RequestId"] == "r-1"


@given(st.dictionaries(TEXT, VALUE, max_size=3))
def test_items_are_read_and_read_back_as_they_were_meant(item: dict[str, Any]) -> None:
    params = {"TableName": "table", "Item": item}
    assert read("dynamodb", request_of("dynamodb", "PutItem", params)) == ("PutItem", params)
    model = service_model("dynamodb")
    response = protocol_of(model).respond(model.operation_model("GetItem"), {"Item": item}, "r-1")
    assert read_back("dynamodb", "GetItem", response)["Item"] == item


@pytest.mark.parametrize(
    ("service", "operation", "raised", "code", "status"),
    [
        ("iam", "GetRole", "NoSuchEntity", "NoSuchEntity", 404),
        ("iam", "CreateRole", "EntityAlreadyExists", "EntityAlreadyExists", 409),
        ("iam", "GetRole", "ValidationException", "ValidationError", 400),
        ("iam", "GetRole", "InternalServerException", "InternalFailure", 500),
        ("sts", "GetCallerIdentity", "InvalidSignatureException", "InvalidSignatureException", 403),
        ("dynamodb", "PutItem", "ConditionalCheckFailedException", "ConditionalCheckFailedException", 400),
        ("dynamodb", "PutItem", "ValidationException", "ValidationException", 400),
        ("logs", "DeleteLogGroup", "ValidationException", "InvalidParameterException", 400),
    ],
)
def test_errors_are_read_back_by_their_codes(service: str, operation: str, raised: str, code: str, status: int) -> None:
    model = service_model(service)
    response = protocol_of(model).fail(ServiceError(raised, "a <b> & c"), model, "r-1")
    found = read_back(service, operation, response)
    assert (found["Error"]["Code"], found["Error"]["Message"]) == (code, "a <b> & c")
    assert response.status == status


@given(st.text(st.characters(codec=None), max_size=20))
def test_errors_in_xml_can_be_read_whatever_they_repeat(text: str) -> None:
    model = service_model("iam")
    response = protocol_of(model).fail(ServiceError("NoSuchEntity", f"The role {text} is gone"), model, "r-1")
    message = str(read_back("iam", "GetRole", response)["Error"]["Message"])
    assert message == "The role " + NO_XML.sub("\N{REPLACEMENT CHARACTER}", text) + " is gone"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "ends too early, at line 1, column 2"),
        (b'{"a": 1,\n  b}', "line 2, column 3"),
        (b"[]", "not an object"),
        (b'{"a": "\xff"}', "byte 8 is not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": ' + b"1" * 5_000 + b"}", "more than 4,000 digits"),
    ],
)
@pytest.mark.parametrize("service", ["dynamodb", "logs"])
def test_a_body_that_is_no_json_object_is_refused_with_the_place(service: str, body: bytes, words: str) -> None:
    target = {"dynamodb": "DynamoDB_20120810.PutItem", "logs": "Logs_20140328.DeleteLogGroup"}[service]
    with pytest.raises(ServiceError, match=f"SerializationException: .*{words}"):
        read(service, Request("POST", "/", "", {"x-amz-target": target}, body))


@pytest.mark.parametrize("number", ["3_600", "\u0663", " 3600", "3600.0", "0x10", "", "1" * 200])
def test_a_number_is_written_in_digits_alone(number: str) -> None:
    form = urlencode({"Action": "CreateRole", "Version": "2010-05-08", "MaxSessionDuration": number}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert read("iam", Request("POST", "/", "", headers, form))[1] == {"MaxSessionDuration": number}


@given(st.binary(max_size=60))
def test_any_form_is_read_or_belongs_to_nobody(noise: bytes) -> None:
    model = service_model("iam")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    asked = Request("POST", "/", "", headers, b"Version=2010-05-08&Action=CreateRole&" + noise)
    protocol = protocol_of(model)
    found = protocol.find(asked, model)
    if found:
        params: object
        try:
            params = protocol.parse(asked, model.operation_model(found[0]), found[1])
        except ServiceError as error:
            params = error.code
        assert isinstance(params, dict) or params == "MalformedInput"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Tags", "5"),
        ("Tags.member.x.Key", "1"),
        ("Tags.member.1", "5"),
        ("Tags.member.2.Key", "1"),
        ("Tags.member.0.Key", "1"),
        ("Tags.1.Key", "1"),
        ("RoleName.member.1", "x"),
    ],
)
def test_a_list_that_is_none_is_refused_by_its_field(field: str, value: str) -> None:
    form = urlencode({"Action": "CreateRole", "Version": "2010-05-08", "RoleName": "r", field: value}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    with pytest.raises(ServiceError, match=f"MalformedInput: The field {field} is no part of"):
        read("iam", Request("POST", "/", "", headers, form))


def test_an_empty_list_is_one() -> None:
    form = urlencode({"Action": "CreateRole", "Version": "2010-05-08", "Tags": "", "Other": "x"}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert read("iam", Request("POST", "/", "", headers, form))[1] == {"Tags": []}
