"""Validation against the service models, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import Shape

from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.validate import check, walk

GOOD: dict[str, Any] = {"agentId": "TRAVELDEMO", "agentAliasId": "TSTALIASID", "sessionId": "s-1"}


def invoke_agent() -> Any:
    return service_model("bedrock-agent-runtime").operation_model("InvokeAgent").input_shape


def faults(**params: Any) -> list[str]:
    return list(walk(invoke_agent(), {**GOOD, **params}, ""))


def test_good_input_passes() -> None:
    assert faults(inputText="hello", memoryId="anna:1", sessionState={"sessionAttributes": {"a": "b"}}) == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"sessionId": None}, "Value null at 'sessionId' failed to satisfy constraint: Member must not be null"),
        ({"sessionId": "x"}, "'sessionId' failed to satisfy constraint: Member must have length greater than or equal"),
        ({"agentId": "A" * 11}, "Member must have length less than or equal to 10"),
        (
            {"memoryId": "a b"},
            r"Value 'a b' at 'memoryId' failed to satisfy constraint: Member must satisfy regular ex",
        ),
        ({"memoryId": "ab\n"}, "regular expression"),
        ({"enableTrace": "yes"}, "'enableTrace' failed to satisfy constraint: Member must be of type boolean"),
        ({"inputText": 7}, "of type string"),
        (
            {"streamingConfigurations": {"applyGuardrailInterval": 0}},
            "'streamingConfigurations.applyGuardrailInterval' failed to satisfy constraint: Member must have value gre",
        ),
        ({"streamingConfigurations": {"applyGuardrailInterval": True}}, "of type integer"),
        ({"streamingConfigurations": {"applyGuardrailInterval": 2**31}}, "of type integer"),
        (
            {"bedrockModelConfigurations": {"performanceConfig": {"latency": "fast"}}},
            "Member must satisfy enum value set: [standard, optimized]",
        ),
        (
            {"sessionState": {"conversationHistory": {"messages": [{"role": "user"}]}}},
            "Value null at 'sessionState.conversationHistory.messages.1.member.content'",
        ),
        (
            {"sessionState": {"returnControlInvocationResults": [{"apiResult": {}, "functionResult": {}}]}},
            "have exactly one of the members",
        ),
        ({"sessionState": {"sessionAttributes": {"k": 1}}}, "'sessionState.sessionAttributes.k.member'"),
        ({"inputText": "half a pair: \ud83d"}, "valid Unicode"),
        ({"sessionState": {"sessionAttributes": [None, True]}}, "Value '[null, true]' at"),
        ({"sessionState": {"sessionAttributes": {"k": {"a": None}}}}, """Value '{"a": null}' at"""),
        ({"streamingConfigurations": {"applyGuardrailInterval": True}}, "Value 'true' at"),
    ],
)
def test_each_constraint_is_named(params: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults(**params)), faults(**params)


def test_sensitive_text_is_not_repeated() -> None:
    (fault,) = faults(inputText=7)
    assert "Value ***" in fault


def test_all_faults_are_counted_in_one_error() -> None:
    with pytest.raises(ServiceError, match=r"2 validation errors detected: .*; .*") as error:
        check(invoke_agent(), {"agentId": "!", "agentAliasId": "TSTALIASID", "sessionId": "!!"})
    assert error.value.code == "ValidationException"


SERVICES = ("bedrock-agent-runtime", "bedrock-agent", "lambda", "iam", "sts", "logs", "dynamodb")


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_of_the_models_can_be_tried(service: str) -> None:
    """No pattern, Java's character classes included, breaks the walk."""
    model = service_model(service)
    shapes: list[Shape] = [model.shape_for(name) for name in model.shape_names]
    patterned = [shape for shape in shapes if "pattern" in shape.metadata and shape.type_name == "string"]
    for shape in patterned:
        list(walk(shape, "x", "member"))


def test_a_tag_with_accents_is_a_tag() -> None:
    assert list(walk(service_model("lambda").shape_for("TagKey"), "Größe 1", "key")) == []


@pytest.mark.parametrize("document", ["\ud800", {"a": ["\ud800"]}, {"\ud800": 1}])
def test_a_document_is_valid_unicode_in_all_of_its_parts(document: Any) -> None:
    shape = service_model("bedrock-agent").shape_for("AdditionalModelRequestFieldsValue")
    assert list(walk(shape, document, "fields")) == [
        "Value at 'fields' failed to satisfy constraint: Member must be valid Unicode"
    ]
    assert list(walk(shape, {"a": ["\U0001f600", None, 1.5]}, "fields")) == []
