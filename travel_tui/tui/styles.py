"""Styles that stand in a file beside the module they belong to, read when that module is imported."""

from __future__ import annotations

from pathlib import Path


def beside(module_file: str, name: str | None = None) -> str:
    """The text of the .tcss file beside a module, of the module's own name unless another is given."""
    path = Path(module_file)
    return (path.with_name(name) if name else path.with_suffix(".tcss")).read_text(encoding="utf-8")
