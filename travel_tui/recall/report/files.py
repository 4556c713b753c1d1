"""Writes reports: readable for their owner alone, whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from travel_tui.paths import private_folder
from travel_tui.recall.report.junit import junit
from travel_tui.recall.report.markdown import markdown
from travel_tui.recall.report.page import page
from travel_tui.recall.results import Run, to_json


def jsonl(run: Run) -> str:
    """One test's result a line; recall.md describes the object."""
    return "".join(f"{json.dumps(to_json(result))}\n" for result in run.tests)


FORMATS: Mapping[str, tuple[str, Callable[[Run], str]]] = {
    "junit": ("junit.xml", junit),
    "jsonl": ("results.jsonl", jsonl),
    "markdown": ("report.md", markdown),
    "html": ("report.html", page),
}
"""Of each format, the file's name in a folder of reports, and what makes its text."""


def write_reports(run: Run, files: Mapping[str, Path]) -> Iterator[Path]:
    """Write each format to its file, and yield the file. Raises OSError."""
    for name, path in files.items():
        write_whole(path, FORMATS[name][1](run))
        yield path


def write_whole(path: Path, text: str) -> None:
    """Write a file (0600) in one step. Raises OSError."""
    folder = private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
