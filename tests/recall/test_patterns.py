"""Patterns in files of recall checks."""

from __future__ import annotations

import json

import pytest

from travel_tui.recall.parser import read_text
from travel_tui.recall.yaml_nodes import ScenarioError


@pytest.mark.parametrize(
    ("pattern", "usable"),
    [
        (r"\d{4}-\d{2}-\d{2}", True),
        (r"(?:a{,1000}b){1,1000}", True),
        (r"a{1000001}", False),
        (r"(?:a{1000}b{2,}){1001}", False),
        (r"a{99999999999999999999}", False),
        ("x" * 100_001, False),
        ("(" * 5000 + ")" * 5000, False),
        (r"\1", False),
    ],
)
def test_a_pattern_that_takes_long_to_compile_is_refused(pattern: str, usable: bool) -> None:
    text = f"tests: {{a: {{sessions: [{{turns: [{{user: hi, save: {{x: {json.dumps(pattern)}}}}}]}}]}}}}"
    if usable:
        assert read_text(text, "f.yaml").tests
    else:
        with pytest.raises(ScenarioError, match=r"is not a usable regular expression \("):
            read_text(text, "f.yaml")
