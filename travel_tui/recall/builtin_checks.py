"""The checks included in travel-tui, and the schema of their files."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

SCHEMA = "recall.schema.json"


def names() -> list[str]:
    """Return the names of the built-in checks."""
    return sorted(file.name.removesuffix(".yaml") for file in _folder().iterdir() if file.name.endswith(".yaml"))


def text_of(name: str) -> str:
    """Return the text of a built-in check; `name` is one of `names()`."""
    return (_folder() / f"{name}.yaml").read_text(encoding="utf-8")


def schema() -> str:
    """Return the JSON Schema (draft 2020-12) of recall check files."""
    return (_folder() / SCHEMA).read_text(encoding="utf-8")


def template() -> str:
    """Return the template of a new file."""
    return (files("travel_tui.recall") / "template.yaml").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files("travel_tui.recall") / "checks"
