"""The checks that come with travel-tui, and the schema of their files."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

SCHEMA = "recall.schema.json"


def names() -> list[str]:
    """The names of the ready checks."""
    return sorted(file.name.removesuffix(".yaml") for file in _folder().iterdir() if file.name.endswith(".yaml"))


def text_of(name: str) -> str:
    """The file of a ready check; `name` is one of `names()`."""
    return (_folder() / f"{name}.yaml").read_text(encoding="utf-8")


def schema() -> str:
    """The JSON Schema (draft 2020-12) of files of recall checks."""
    return (_folder() / SCHEMA).read_text(encoding="utf-8")


def template() -> str:
    """A file to begin with."""
    return (files("travel_tui.recall") / "template.yaml").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files("travel_tui.recall") / "checks"
