"""docs/recall.md: its example runs and holds, and it names all that a file may have and a run may say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from travel_tui.cli import travel_tui
from travel_tui.recall import builtin_checks
from travel_tui.recall.scenario import ASSERTIONS, CATEGORIES
from travel_tui.recall.verdict import RecallVerdict

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recall.md").read_text()


def fields(schema: Any) -> Iterator[str]:
    """The names of all fields in a JSON Schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields(part)


def test_the_example_holds(tmp_path: Path) -> None:
    found = re.search(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
    assert found
    file = tmp_path / "example.yaml"
    file.write_text(found[1])
    done = CliRunner().invoke(travel_tui, ["recall", "run", str(file), "--target", "local", "--json"])
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    keys = {*result, *result["sessions"][0], *result["sessions"][2]["turns"][0]}
    keys |= set(result["sessions"][2]["turns"][0]["checks"][0])
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()


def test_every_field_assertion_category_and_verdict_is_named() -> None:
    names = {*fields(json.loads(builtin_checks.schema())), *ASSERTIONS, *CATEGORIES, *RecallVerdict}
    prose = re.sub(r"^```.*?^```$", "", PAGE, flags=re.M | re.S)
    told = set(re.findall(r"`([^`]+)`", prose)) | set(re.findall(r"\b(\w+):", prose))
    assert {name for name in names if name not in told} == set()
