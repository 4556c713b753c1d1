"""Writing of report files: atomically, and readable only for their owner."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from travel_tui.paths import is_written_in_place, write_whole
from travel_tui.recall.report.html import page
from travel_tui.recall.report.junit import junit
from travel_tui.recall.report.markdown import markdown
from travel_tui.recall.results import Run, to_json


def jsonl(run: Run) -> str:
    """Format one test result per line; recall.md describes the object."""
    return "".join(f"{json.dumps(to_json(result))}\n" for result in run.tests)


FORMATS: Mapping[str, tuple[str, Callable[[Run], str]]] = {
    "junit": ("junit.xml", junit),
    "jsonl": ("results.jsonl", jsonl),
    "markdown": ("report.md", markdown),
    "html": ("report.html", page),
}
"""For each format, the file name in a folder of reports, and the function that generates its text."""


class ReportPathError(Exception):
    """A report cannot be written to that path; the message says why."""


def report_paths(out: Path | None, formats: Mapping[str, Path | None]) -> dict[str, Path]:
    """Return the file of each format: all formats in the folder `out`, and those with an explicit path."""
    paths = {name: out / FORMATS[name][0] for name in FORMATS} if out else {}
    return paths | {name: path for name, path in formats.items() if path}


def check_paths(paths: Mapping[str, Path], sources: Collection[Path] = ()) -> None:
    """Raise ReportPathError if a report could not be written, or would replace another or one of `sources`."""
    taken = {source.resolve(): "would be replaced by a report" for source in sources}
    for path in paths.values():
        try:
            target = path.resolve()
            if target in taken:
                raise ReportPathError(f"{path} {taken[target]}. Choose another file.")
            taken[target] = "is named for two reports"
            _check_path(path, target)
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
            why = error.strerror if isinstance(error, OSError) else "it is a loop of symbolic links"
            raise ReportPathError(f"{path} cannot be written: {why}.") from error


def _check_path(path: Path, target: Path) -> None:
    """Raise OSError where `path`, which resolves to `target`, cannot be written."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if is_written_in_place(path):
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return
    folder = next(parent for parent in target.parents if parent.exists())
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=folder)  # access rights alone are no proof
    os.close(handle)
    Path(name).unlink()


def write_reports(run: Run, paths: Mapping[str, Path]) -> Iterator[Path]:
    """Write each format to its file (0600), and yield the file. Raises OSError."""
    for name, path in paths.items():
        text = FORMATS[name][1](run)
        write_whole(path, text)
        yield path
