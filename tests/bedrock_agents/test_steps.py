"""What the steps of a trace mean, in AWS's shapes and in shapes that nobody expects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.agent import TraceStep
from travel_tui.archive.records import event_from_json, event_to_json
from travel_tui.backends.bedrock_agents.steps import UNIONS, parse_step
from travel_tui.timeline import timeline


def step(kind: str, body: Any, at: str | None = None) -> TraceStep:
    """A step of that kind; a kind with a dot is one inside a union."""
    outer, _, inner = kind.partition(".")
    return parse_step({"trace": {outer: {inner: body} if inner else body}, **({"eventTime": at} if at else {})})


def test_a_model_is_called_and_answers() -> None:
    asked = step("orchestrationTrace.modelInvocationInput", {"traceId": "t", "foundationModel": "nova", "text": "{}"})
    metadata = {"totalTimeMs": 420, "usage": {"inputTokens": 120, "outputTokens": 7}}
    said = step(
        "orchestrationTrace.modelInvocationOutput",
        {"traceId": "t", "rawResponse": {"content": "Hi"}, "metadata": metadata},
    )
    (found,) = timeline([asked, said])
    assert (found.title, found.note, found.took_s, found.tokens) == ("Model", "nova", 0.42, 127)
    assert [(part.name, part.body["traceId"]) for part in found.parts] == [("Input", "t"), ("Output", "t")]
    assert not found.open


def test_a_call_is_named_by_its_function_and_takes_as_long_as_the_trace_says() -> None:
    given = [{"name": "origin", "type": "string", "value": "Boston"}, {"name": "to", "value": "NYC"}]
    call = {"actionGroupName": "travel", "function": "book_trip", "executionType": "LAMBDA", "parameters": given}
    result = {
        "text": "Booked",
        "metadata": {"startTime": "2027-06-01T16:00:00+00:00", "endTime": "2027-06-01T16:00:02Z"},
    }
    (found,) = timeline(
        [
            step("orchestrationTrace.invocationInput", {"traceId": "t", "actionGroupInvocationInput": call}),
            step("orchestrationTrace.observation", {"traceId": "t", "actionGroupInvocationOutput": result}),
        ]
    )
    assert (found.title, found.note, found.took_s) == ("book_trip", "Boston  NYC", 2.0)


@pytest.mark.parametrize(
    ("called", "answered", "title", "failed"),
    [
        ({"knowledgeBaseLookupInput": {"text": "fares"}}, {"knowledgeBaseLookupOutput": {"retrievedReferences": [{}]}},
         "Knowledge base", False),
        ({"codeInterpreterInvocationInput": {"code": "1/0"}},
         {"codeInterpreterInvocationOutput": {"executionError": "ZeroDivisionError"}}, "Code interpreter", True),
        ({"codeInterpreterInvocationInput": {"code": "1"}},
         {"codeInterpreterInvocationOutput": {"executionTimeout": True}}, "Code interpreter", True),
        ({"agentCollaboratorInvocationInput": {"agentCollaboratorName": "hotels"}},
         {"agentCollaboratorInvocationOutput": {"output": {"text": "none"}}}, "Agent hotels", False),
        ({"actionGroupInvocationInput": {"verb": "get", "apiPath": "/trips"}},
         {"repromptResponse": {"text": "Which day?"}}, "GET /trips", False),
    ],
)  # fmt: skip
def test_other_calls(called: dict[str, Any], answered: dict[str, Any], title: str, failed: bool) -> None:
    (found,) = timeline(
        [
            step("orchestrationTrace.invocationInput", {"traceId": "t", **called}),
            step("orchestrationTrace.observation", {"traceId": "t", **answered}),
        ]
    )
    assert (found.title, found.failed) == (title, failed)


@pytest.mark.parametrize(
    ("kind", "body", "title", "failed"),
    [
        ("failureTrace", {"failureReason": "no Lambda"}, "Failure", True),
        ("guardrailTrace", {"action": "INTERVENED"}, "Guardrail", True),
        ("guardrailTrace", {"action": "NONE"}, "Guardrail", False),
        ("preProcessingTrace.modelInvocationOutput", {"parsedResponse": {"isValid": False}},
         "Pre-processing: Model", True),
        ("orchestrationTrace.rationale", {"text": "because"}, "Rationale", False),
        ("orchestrationTrace.observation", {"finalResponse": {"text": "Hi"}}, "Final response", False),
        ("customOrchestrationTrace", {"event": {"text": "step 1"}}, "Custom orchestration", False),
    ],
)  # fmt: skip
def test_failures_stand_out(kind: str, body: dict[str, Any], title: str, failed: bool) -> None:
    (found,) = timeline([step(kind, body)])
    assert (found.title, found.failed) == (title, failed)


def test_a_kind_that_is_not_known_is_kept_as_it_came() -> None:
    payload = {"trace": {"SDK_UNKNOWN_MEMBER": {"name": "newTrace"}}}
    (found,) = timeline([parse_step(payload)])
    assert found.title == "SDK_UNKNOWN_MEMBER"
    assert found.parts[0].raw == payload


NAMES = (
    *("traceId", "text", "metadata", "usage", "totalTimeMs", "startTime", "inputTokens", "parameters"),
    *("actionGroupInvocationInput", "finalResponse", "event", "parsedResponse", "rawResponse", "code"),
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES) | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
KINDS = st.sampled_from([*UNIONS, "failureTrace", "guardrailTrace", "customOrchestrationTrace"]) | st.text(max_size=9)
INNER = st.sampled_from(
    ["modelInvocationInput", "modelInvocationOutput", "invocationInput", "observation", "rationale"]
) | st.text(max_size=9)
PARTS = st.fixed_dictionaries(
    {"trace": st.dictionaries(KINDS, ANY | st.dictionaries(INNER, ANY, max_size=2), max_size=2)},
    optional={"eventTime": ANY},
) | st.fixed_dictionaries({"trace": ANY})


@given(st.lists(PARTS, max_size=6))
def test_no_payload_is_lost_and_none_breaks_the_reading(parts: list[dict[str, Any]]) -> None:
    steps = [parse_step(part) for part in parts]
    shown = [part.raw for each in timeline(steps) for part in each.parts]
    assert sorted(map(json.dumps, shown)) == sorted(map(json.dumps, parts))
    assert [event_from_json(event_to_json(each)) for each in steps] == steps
