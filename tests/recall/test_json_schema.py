"""Reading of JSON Schemas in recall checks: each is used, or refused with its place."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recall.test_parser import FILE
from travel_tui.recall.json_schema import SchemaError, check_schema, conforms
from travel_tui.recall.parser import read_text
from travel_tui.recall.patterns import search


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (
            "{type: object, required: [id], maxProperties: 2}",
            {"type": "object", "required": ["id"], "maxProperties": 2},
        ),
        ("{enum: [1, -1.5, 1e3, true, ~, 'no', no, '2']}", {"enum": [1, -1.5, 1000.0, True, None, "no", "no", "2"]}),
        ('\'{"type": "object"}\'', {"type": "object"}),
        ('"type: object"', {"type": "object"}),
        ("true", True),
        ("'false'", False),
        ("{properties: {format: {const: '{{city}}'}, $ref: true}, enum: [format]}", None),
    ],
)
def test_a_json_schema_is_written_as_promptfoo_has_it(value: str, schema: object) -> None:
    text = FILE.replace("icontains, value: Oslo", f"is-json, value: {value}")
    (assertion,) = read_text(text, "f.yaml").tests[0].sessions[1].turns[0].asserts
    assert schema is None or json.loads(assertion.value) == schema


KEYWORDS = (
    "$schema", "$id", "id", "$ref", "$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "$defs",
    "definitions", "type", "enum", "const", "pattern", "format", "properties", "items", "required", "dependencies",
    "allOf", "not", "if", "then", "multipleOf", "patternProperties", "extends", "disallow", "contains", "minItems",
)  # fmt: skip
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_VALUES = st.recursive(
    st.sampled_from((None, True, 0, 5, -1, 0.5, "", "x", "[", "http://[x", "#", "#/a", "#/a/x", "#x", "#/%zz", DRAFT)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("a", *KEYWORDS)), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYWORDS), SCHEMA_VALUES, max_size=4), SCHEMA_VALUES)
def test_any_schema_is_refused_or_can_be_used(schema: Any, answer: Any) -> None:
    try:
        check_schema(schema)
    except SchemaError:
        return
    assert conforms(json.dumps(answer), json.dumps(schema)) in (True, False)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$schema": DRAFT, "$dynamicRef": "#x"}, "$dynamicRef '#x' points to nothing"),
        ({"$ref": "#x"}, "$ref '#x' points to nothing"),
        ({"patternProperties": {"(?<n>a)": {}}}, "patternProperties '(?<n>a)'"),
        ({"not": {"patternProperties": {"[": {}}}}, "not/patternProperties: '[' is not a 'regex'"),
        ({"$schema": "nonsense"}, '"nonsense", which names no draft'),
    ],
)
def test_what_a_schema_lacks_is_named(schema: Any, words: str) -> None:
    with pytest.raises(SchemaError, match=re.escape(words)):
        check_schema(schema)


@pytest.mark.parametrize("pattern", ["(?<n>a)", r"\p{L}", "(?i)A"])
def test_patterns_of_schemas_and_of_regex_are_read_alike(pattern: str) -> None:
    schema = {"pattern": pattern}
    check_schema(schema)
    assert conforms('"a"', json.dumps(schema))
    assert search(pattern, "a")
    assert conforms(json.dumps(pattern), '{"format": "regex"}')
