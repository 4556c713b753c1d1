"""Loader of stylesheets stored beside the module they belong to, read when that module is imported."""

from __future__ import annotations

from pathlib import Path


def load_css(module_file: str) -> str:
    """Return the text of the .tcss file with the module's name."""
    return Path(module_file).with_suffix(".tcss").read_text(encoding="utf-8")
