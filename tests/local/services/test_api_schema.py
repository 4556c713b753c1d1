"""Action groups with an OpenAPI schema: their calls, returned control, and what is wrong with a schema."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.endpoint import text_of
from tests.local.services.clients import Aws, refused
from tests.local.services.weather import allow, prepare
from travel_tui.local.openapi import functions_of
from travel_tui.local.openapi_checks import check_schema
from travel_tui.local.openapi_document import SchemaError

NewId = Callable[[str], str]

SCHEMA: dict[str, Any] = {
    "openapi": "3.0.0",
    "info": {"title": "Claims", "version": "1.0.0"},
    "paths": {
        "/claims/{claim_id}/status": {
            "parameters": [{"$ref": "#/components/parameters/Claim"}],
            "get": {
                "operationId": "getClaimStatus",
                "description": "get the status of an insurance claim",
                "responses": {"200": {"description": "its status"}},
            },
        },
        "/reminders": {
            "post": {
                "operationId": "sendReminder",
                "description": "send a reminder to a customer",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Reminder"}}},
                },
                "responses": {"201": {"description": "it was sent"}},
                "x-requireConfirmation": "ENABLED",
            }
        },
    },
    "components": {
        "parameters": {
            "Claim": {
                "name": "claim_id",
                "in": "path",
                "description": "the id of the claim",
                "schema": {"type": "string"},
            }
        },
        "schemas": {
            "Reminder": {
                "type": "object",
                "required": ["email"],
                "properties": {"email": {"type": "string", "description": "the email address of the customer"}},
            }
        },
    },
}
LAMBDA = """
import json
def handler(event, context):
    print(json.dumps(event))
    return {'messageVersion': '1.0', 'response': {
        'actionGroup': event['actionGroup'], 'apiPath': event['apiPath'], 'httpMethod': event['httpMethod'],
        'httpStatusCode': 404 if event['parameters'] and event['parameters'][0]['value'] == 'c0' else 200,
        'responseBody': {'application/json': {'body': json.dumps({'status': 'paid', 'of': event['apiPath']})}}}}
"""
STATUS = "What is the status of claim c77?"


def with_schema(aws: Aws, agent: str, payload: str, **more: Any) -> None:
    aws.bedrock_agent.create_agent_action_group(
        agentId=agent, agentVersion="DRAFT", actionGroupName="Claims", apiSchema={"payload": payload}, **more
    )


def events_of(aws: Aws, agent: str, session: str, **asked: Any) -> list[dict[str, Any]]:
    answer = aws.bedrock_agent_runtime.invoke_agent(
        agentId=agent, agentAliasId="TSTALIASID", sessionId=session, enableTrace=True, **asked
    )
    with closing(answer["completion"]) as events:
        return list(events)


def steps(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    traces = [event["trace"]["trace"].get("orchestrationTrace", {}) for event in events if "trace" in event]
    return [trace[kind] for trace in traces if kind in trace]


def test_an_operation_is_called_through_the_lambda_function(aws: Aws, new_id: NewId) -> None:
    agent, function = aws.agent(new_id("agent")), aws.function(new_id("claims"), LAMBDA)
    with_schema(aws, agent, json.dumps(SCHEMA), actionGroupExecutor={"lambda": function["FunctionArn"]})
    allow(aws, function["FunctionName"], agent)
    prepare(aws, agent)
    session = uuid.uuid4().hex
    events = events_of(aws, agent, session, inputText=STATUS)
    assert "status: paid" in text_of(events)
    (call,) = steps(events, "invocationInput")
    assert call["actionGroupInvocationInput"] == {
        "actionGroupName": "Claims",
        "apiPath": "/claims/{claim_id}/status",
        "verb": "get",
        "parameters": [{"name": "claim_id", "type": "string", "value": "c77"}],
        "executionType": "LAMBDA",
    }
    logged = aws.logs.filter_log_events(logGroupName=f"/aws/lambda/{function['FunctionName']}")["events"]
    event = json.loads(logged[1]["message"])
    assert (event["apiPath"], event["httpMethod"]) == ("/claims/{claim_id}/status", "GET")
    assert event["parameters"] == [{"name": "claim_id", "type": "string", "value": "c77"}]
    assert "function" not in event
    assert "requestBody" not in event
    failed = text_of(events_of(aws, agent, session, inputText="What is the status of claim c0?"))
    assert failed.startswith("That did not work")
    control = events_of(aws, agent, session, inputText="Send a reminder to the customer anna@example.org")[-1]
    asked = control["returnControl"]["invocationInputs"][0]["apiInvocationInput"]
    assert asked["actionInvocationType"] == "USER_CONFIRMATION"
    result = {"actionGroup": "Claims", "apiPath": "/reminders", "httpMethod": "POST", "confirmationState": "CONFIRM"}
    state = {
        "invocationId": control["returnControl"]["invocationId"],
        "returnControlInvocationResults": [{"apiResult": result}],
    }
    events_of(aws, agent, session, sessionState=state)
    logged = aws.logs.filter_log_events(logGroupName=f"/aws/lambda/{function['FunctionName']}")["events"]
    properties = [{"name": "email", "type": "string", "value": "anna@example.org"}]
    event = json.loads(logged[-3]["message"])
    assert event["requestBody"] == {"content": {"application/json": {"properties": properties}}}


def test_an_operation_is_returned_to_the_caller(aws: Aws, new_id: NewId) -> None:
    agent, session = aws.agent(new_id("agent")), uuid.uuid4().hex
    with_schema(aws, agent, yaml.safe_dump(SCHEMA), actionGroupExecutor={"customControl": "RETURN_CONTROL"})
    prepare(aws, agent)
    control = events_of(aws, agent, session, inputText=STATUS)[-1]["returnControl"]
    (asked,) = control["invocationInputs"]
    assert asked["apiInvocationInput"] == {
        "actionGroup": "Claims",
        "apiPath": "/claims/{claim_id}/status",
        "httpMethod": "GET",
        "parameters": [{"name": "claim_id", "type": "string", "value": "c77"}],
        "actionInvocationType": "RESULT",
        "agentId": agent,
    }

    def answer(**result: Any) -> str:
        told = {"actionGroup": "Claims", "apiPath": "/claims/{claim_id}/status", "httpMethod": "get", **result}
        state = {
            "invocationId": control["invocationId"],
            "returnControlInvocationResults": [{"apiResult": told}],
        }
        return text_of(events_of(aws, agent, session, sessionState=state))

    body = {"application/json": {"body": '{"status": "open"}'}}
    with refused("ValidationException", "GET /claims/{claim_id}/status in action group Claims"):
        answer(apiPath="/claims", responseBody=body)
    with refused("ValidationException", 'responseBody needs a body, such as {"application/json"'):
        answer(responseBody={})
    for status in (-5, 10_000):
        with refused("ValidationException", f"httpStatusCode {status} is no HTTP status"):
            answer(httpStatusCode=status, responseBody=body)
    with refused("ValidationException", "needs a body"):
        answer(httpStatusCode=200, responseBody={"application/json": {"body": ""}})
    assert "status: open" in answer(httpStatusCode=200, responseBody=body)
    control = events_of(aws, agent, session, inputText=STATUS)[-1]["returnControl"]
    assert answer(httpStatusCode=503, responseBody=body).startswith("That did not work")


def test_values_of_a_result_are_shown_as_json(aws: Aws, new_id: NewId) -> None:
    agent, session = aws.agent(new_id("agent")), uuid.uuid4().hex
    with_schema(aws, agent, json.dumps(SCHEMA), actionGroupExecutor={"customControl": "RETURN_CONTROL"})
    prepare(aws, agent)
    control = events_of(aws, agent, session, inputText=STATUS)[-1]["returnControl"]
    body = json.dumps({"status": "open", "paid": None, "late": True, "of": {"name": "Zoë", "parts": [1, None]}})
    told = {
        "actionGroup": "Claims",
        "apiPath": "/claims/{claim_id}/status",
        "httpMethod": "GET",
        "responseBody": {"application/json": {"body": body}},
    }
    state = {"invocationId": control["invocationId"], "returnControlInvocationResults": [{"apiResult": told}]}
    shown = 'status: open, paid: null, late: true, of: {"name": "Zoë", "parts": [1, null]}'
    assert text_of(events_of(aws, agent, session, sessionState=state)) == shown


def spoiled(change: Callable[[dict[str, Any]], object]) -> str:
    schema = json.loads(json.dumps(SCHEMA))
    change(schema)
    return json.dumps(schema)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ("}{", "neither JSON nor YAML"),
        ("[]", "not an object"),
        ("openapi: 3.0.0", "no paths"),
        (spoiled(lambda s: s.update(openapi="2.0")), 'openapi is "2.0"'),
        (spoiled(lambda s: s.update(openapi=3.0)), "openapi is 3.0; it must be a text"),
        (spoiled(lambda s: s["paths"]["/reminders"]["post"].pop("operationId")), "POST /reminders has no operationId"),
        (spoiled(lambda s: s["paths"]["/reminders"]["post"].update(tags="x")), 'tags of POST /reminders is "x"'),
        (
            spoiled(lambda s: s["components"]["parameters"]["Claim"].update(required="yes")),
            "required of parameter claim_id",
        ),
        (spoiled(lambda s: s["components"]["parameters"]["Claim"].update({"in": "url"})), 'is "url", none of cookie'),
        (
            spoiled(lambda s: s["components"]["parameters"]["Claim"]["schema"].update(allOf="x")),
            "allOf of parameter claim_id",
        ),
        (spoiled(lambda s: s["components"]["schemas"]["Reminder"].update(required=[1])), "has 1, which is no name"),
        (
            spoiled(lambda s: s["components"]["schemas"]["Reminder"].update(items={"minLength": True})),
            "minLength of the",
        ),
        (
            spoiled(lambda s: s["paths"]["/reminders"]["post"]["requestBody"].update(required="yes")),
            "required of the requestBody of POST /reminders",
        ),
        (
            spoiled(
                lambda s: s["paths"]["/reminders"]["post"]["responses"]["201"].update(
                    content={"application/json": {"schema": {"properties": []}}}
                )
            ),
            "properties of the response 201 of POST /reminders is a list, not an object",
        ),
        (spoiled(lambda s: s["paths"].update(claims={})), 'path "claims" does not start with a slash'),
        (spoiled(lambda s: s["paths"]["/reminders"]["post"].pop("description")), "POST /reminders has no description"),
        (spoiled(lambda s: s["paths"]["/reminders"]["post"].pop("responses")), "POST /reminders has no responses"),
        (spoiled(lambda s: s["paths"]["/reminders"]["post"].update(operationId="a b")), 'is "a b"'),
        (spoiled(lambda s: s["paths"]["/reminders"]["post"].update(operationId="getClaimStatus")), "Two operations"),
        (spoiled(lambda s: s["components"].pop("schemas")), "points at nothing"),
        (
            spoiled(lambda s: s["components"]["schemas"]["Reminder"]["properties"]["email"].update(type=["string"])),
            "a list",
        ),
        (spoiled(lambda s: s["components"]["parameters"]["Claim"]["schema"].update(type="date")), 'is "date"'),
        (
            spoiled(lambda s: s["components"]["parameters"]["Claim"]["schema"].update(enum=5)),
            "enum of parameter claim_id of /claims/{claim_id}/status is 5",
        ),
        (
            spoiled(lambda s: s["components"]["schemas"]["Reminder"]["properties"]["email"].update(enum=[])),
            "enum of property email of POST /reminders has no values",
        ),
    ],
)
def test_a_wrong_schema_is_refused_as_aws_does(aws: Aws, payload: str, why: str) -> None:
    agent = aws.bedrock_agent.create_agent(agentName=f"a{uuid.uuid4().hex}", agentResourceRoleArn=role(aws))["agent"]
    with refused("ValidationException", "Failed to create OpenAPI 3 model from the JSON/YAML object") as caught:
        with_schema(aws, agent["agentId"], payload)
    assert why in str(caught.value)


def test_a_schema_from_before_is_read_as_it_was() -> None:
    old = spoiled(lambda s: (s.update(openapi=3.0), s["paths"]["/reminders"]["post"].pop("operationId")))
    assert [function.name for function in functions_of(old, "Claims")] == ["getClaimStatus", "POST /reminders"]


ENDLESS = "a: &a [x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghij")
)


IN_SCHEMA = """
openapi: 3.0.0
paths:
  /a:
    get:
      {operationId: a, description: d, responses: {}, parameters: [{name: x, in: query, schema: {allOf: *j}}]}
"""


@pytest.mark.parametrize(
    "where", ["openapi: *j", "openapi: 3.0.0\npaths: {/a: {get: *j}}", "openapi: 3.0.0\npaths: *j", IN_SCHEMA]
)
def test_a_schema_that_yaml_makes_endless_is_refused_at_once(where: str) -> None:
    with pytest.raises(SchemaError):
        check_schema(f"{ENDLESS}{where}", "Group")


def test_a_schema_in_s3_is_refused(aws: Aws, new_id: NewId) -> None:
    agent = aws.agent(new_id("agent"))
    with refused("ValidationException", "has no S3"):
        aws.bedrock_agent.create_agent_action_group(
            agentId=agent,
            agentVersion="DRAFT",
            actionGroupName="Claims",
            apiSchema={"s3": {"s3BucketName": "bucket", "s3ObjectKey": "schema.json"}},
        )


def role(aws: Aws) -> str:
    return aws.role(f"r{uuid.uuid4().hex}", "bedrock.amazonaws.com")


WORDS = "openapi paths /a get parameters $ref requestBody content schema name type description required properties"
KEYS = [*WORDS.split(), "application/json", "operationId", "responses", "x-requireConfirmation"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


OPERATION = st.fixed_dictionaries(
    {"description": st.just("d"), "responses": st.just({})},
    optional=dict.fromkeys(("parameters", "requestBody", "operationId", "x-requireConfirmation"), JSON),
)


@given(JSON, OPERATION)
def test_any_schema_is_read_or_refused(content: Any, operation: Any) -> None:
    whole = {"openapi": "3.0.1", "paths": {"/a": {"get": operation}}, "components": content}
    for payload in (json.dumps(content), yaml.safe_dump(whole)):
        with suppress(SchemaError):
            assert all(function.api for function in functions_of(payload, "Group"))
            check_schema(payload, "Group")
