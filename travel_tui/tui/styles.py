"""Styles that stand in a file beside the module they belong to, read when that module is imported."""

from __future__ import annotations

from pathlib import Path


def beside(module_file: str) -> str:
    """The text of the .tcss file of a module's own name."""
    return Path(module_file).with_suffix(".tcss").read_text(encoding="utf-8")
