"""Detection of recall files among all YAML files of a folder; reads a file at most once and parses none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

SUFFIXES = (".yaml", ".yml")
PATTERNS = ("*.recall.yaml", "*.recall.yml")
"""File names that are recall files whatever they contain."""
_MAX_CHARACTERS = 1_000_000
"""Larger than any recall file may be; a longer file is looked at up to here."""
_SCHEMA = re.compile(r"^#\s*yaml-language-server:\s*\$schema=\S*recall\.schema\.json\s*$", re.MULTILINE)
"""The line that `recall new` and `/save` write."""
_TOP_KEY = re.compile(r"^([^\s#\-%&!|>@`'\"\[\]{},][^:\n]*):(?:\s|$)", re.MULTILINE)
_KEYS = frozenset({"target", "description", "vars", "tests"})
"""All keys that a recall file may have at its top."""
_SESSIONS = re.compile(r"^\s+(?:.*[{\s,])?sessions:(?:\s|$)", re.MULTILINE)


def is_recall_file(path: Path, root: Path, patterns: Sequence[str]) -> bool:
    """Whether a file is a recall file: by its name, by the line that names the schema, or by its keys.

    `patterns` match the name, or the path below `root`. By its keys it is one if it has `tests`, no key at its top that
    recall files do not have, and `sessions` below. A file that cannot be read is one by its name alone.
    """
    below = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    if any(fnmatch(path.name, pattern) or fnmatch(below, pattern) for pattern in patterns):
        return True
    if path.suffix not in SUFFIXES or not path.is_file():
        return False
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(_MAX_CHARACTERS)
    except (OSError, UnicodeDecodeError):
        return False
    return bool(_SCHEMA.search(text)) or _has_its_keys(text)


def _has_its_keys(text: str) -> bool:
    keys = set(_TOP_KEY.findall(text))
    return "tests" in keys and keys <= _KEYS and bool(_SESSIONS.search(text))
