"""Patterns of the whole project are written so that they can match."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [p for folder in ("travel_tui", "provision", "lambda", "bench") for p in sorted((ROOT / folder).rglob("*.py"))]
DOUBLED = re.compile(r"\\{2}[bBdDsSwW]")


def doubled_escapes(source: str) -> list[str]:
    """Return the strings that hold two backslashes before a class of characters: a raw string that meant one."""
    if not DOUBLED.search(source):
        return []
    return [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOUBLED.search(node.value)
    ]


@pytest.mark.parametrize(
    "source",
    [r'''A = r"\\bword"''', r'''A = rf"[\\w-]{B}"''', r"""A = ("one " rf"{B}(?:\\s.*)?")"""],
)
def test_a_doubled_escape_is_found(source: str) -> None:
    assert doubled_escapes(source)


@pytest.mark.parametrize("source", [r'''A = r"\bword"''', r'''A = "\\bword"''', r'''A = rf"[\w\\-]{B}"'''])
def test_a_single_escape_is_not_found(source: str) -> None:
    assert not doubled_escapes(source)


def test_no_raw_string_doubles_an_escape() -> None:
    found = {str(p.relative_to(ROOT)): doubled_escapes(p.read_text(encoding="utf-8")) for p in FILES}
    assert {name: lines for name, lines in found.items() if lines} == {}
