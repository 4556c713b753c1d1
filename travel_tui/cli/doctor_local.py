"""Checks of doctor on this machine: versions, config, terminal, archive."""

from __future__ import annotations

import asyncio
import errno
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provision.doctor_result import CheckResult, CheckStatus

if TYPE_CHECKING:
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.config import AgentConfig

SMALLEST = (80, 24)
"""Minimum columns and rows that the screen is designed for."""

_PROBE_BYTES = 65_536
"""What a turn adds to the archive at least, in pages of its log."""
_SPACE = "Make the folder writable, or free some space (`df -h`); XDG_DATA_HOME chooses another place."

ARCHIVE_S = 8.0
"""Timeout in seconds for reading the whole archive."""


def versions() -> list[CheckResult]:
    """Check the installed versions."""
    names = {"travel-tui": "travel-tui", "Textual": "textual", "boto3": "boto3", "botocore": "botocore"}
    programs = ", ".join(f"{name} {version(package)}" for name, package in names.items())
    return [
        CheckResult(
            "versions", CheckStatus.GOOD, f"{programs}, Python {platform.python_version()}, {platform.system()}"
        )
    ]


def config(which: AgentSelection) -> tuple[list[CheckResult], AgentConfig | None]:
    """Check the config; return its results and the selected agent. Raises UsageError for wrong options."""
    from travel_tui.cli.agent_options import WrongEndpointError
    from travel_tui.config import ConfigError, load

    try:
        loaded = load(which.path)
        agent = which.resolve()  # also warns of unknown keys
    except click.UsageError:
        raise
    except WrongEndpointError:
        return [CheckResult("config", CheckStatus.SKIPPED, "Not used: AWS_ENDPOINT_URL is wrong, see below.")], None
    except (ConfigError, click.ClickException) as error:
        return [CheckResult("config", CheckStatus.BROKEN, str(error))], None
    if loaded is None:
        if agent:
            return [
                CheckResult("config", CheckStatus.SKIPPED, f"None at {which.path}; the options select the agent.")
            ], agent
        advice = (
            "`travel-tui connect` writes one for an existing agent, `travel-tui provision` for a new one. "
            "`travel-tui demo` needs neither a config nor AWS."
        )
        return [CheckResult("config", CheckStatus.BROKEN, f"None at {which.path}.", advice)], None
    private = not which.path.stat().st_mode & 0o077
    names = ", ".join(loaded.agents)
    chosen = f"default {loaded.default}" if loaded.default else "no default"
    advice = "" if private else f"Other users can read it: `chmod 600 {which.path}`."
    verdict = CheckStatus.GOOD if private else CheckStatus.LIMITED
    return [CheckResult("config", verdict, f"{which.path}: {names}; {chosen}", advice)], agent


def terminal() -> list[CheckResult]:
    """Check the terminal on standard output: size, colours, and whether it distinguishes modified keys."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        return [CheckResult("terminal", CheckStatus.SKIPPED, "Skipped: not a terminal.")]
    return [_size(), _colours(), _keys()]


def _size() -> CheckResult:
    columns, rows = shutil.get_terminal_size()
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        advice = f"Enlarge it to at least {SMALLEST[0]} × {SMALLEST[1]}."
        return CheckResult("size", CheckStatus.LIMITED, f"{columns} × {rows}, too small", advice)
    return CheckResult("size", CheckStatus.GOOD, f"{columns} × {rows}")


def _colours() -> CheckResult:
    from rich.console import Console

    kinds = {"truecolor": "16 million", "256": "256", "standard": "16", "windows": "16"}
    console = Console()
    found = kinds.get(console.color_system or "")
    if console.no_color:
        return CheckResult("colours", CheckStatus.LIMITED, "none: NO_COLOR is set")
    if found is None:
        return CheckResult("colours", CheckStatus.LIMITED, "none, by this terminal's TERM", "Set TERM=xterm-256color.")
    if found != "16 million":
        return CheckResult("colours", CheckStatus.LIMITED, found, "Set COLORTERM=truecolor if the terminal has more.")
    return CheckResult("colours", CheckStatus.GOOD, found)


def _keys() -> CheckResult:
    from travel_tui.cli.terminal_probe import supports_kitty_keyboard

    match supports_kitty_keyboard():
        case True:
            return CheckResult("keys", CheckStatus.GOOD, "distinguishes Shift+Enter from Enter (kitty protocol)")
        case False:
            return CheckResult(
                "keys", CheckStatus.LIMITED, "cannot distinguish Shift+Enter from Enter", "Use ^J for a new line."
            )
        case None:
            return CheckResult("keys", CheckStatus.UNKNOWN, "The terminal does not report which keys it distinguishes.")


async def archive() -> list[CheckResult]:
    """Check the archive's file."""
    from travel_tui.archive import ArchiveError
    from travel_tui.archive.health import NEWEST, examine
    from travel_tui.backends.shared.threads import in_thread
    from travel_tui.paths import archive_file
    from travel_tui.text import count

    try:
        path = archive_file()
        async with asyncio.timeout(ARCHIVE_S):
            health = await in_thread(lambda: examine(path))
    except TimeoutError:
        return [
            CheckResult("archive", CheckStatus.UNKNOWN, f"{path}: checking it takes longer than {ARCHIVE_S:.0f} s.")
        ]
    except ArchiveError as error:
        return [CheckResult("archive", CheckStatus.BROKEN, str(error))]
    except OSError as error:
        advice = f"Check `ls -l {error.filename}`."
        return [
            CheckResult("archive", CheckStatus.BROKEN, f"{error.filename} cannot be read: {error.strerror}.", advice)
        ]
    unwritable = why_unwritable(path)
    if health is None:
        if unwritable:
            return [CheckResult("archive", CheckStatus.BROKEN, f"{path} cannot be created: {unwritable}.", _SPACE)]
        return [CheckResult("archive", CheckStatus.GOOD, f"none yet; it will be created as {path}")]
    size = f"{health.size / 1e6:.1f} MB"
    if health.damage:
        advice = "The next start renames it and creates a new one; the old data stay in the renamed file."
        return [CheckResult("archive", CheckStatus.BROKEN, f"{path}, {size}: {health.damage}", advice)]
    if unwritable:
        return [CheckResult("archive", CheckStatus.BROKEN, f"{path}, {size}, cannot be written: {unwritable}.", _SPACE)]
    older = f" (upgraded to {NEWEST} at the next start)" if health.version < NEWEST else ""
    found = f"{path}, version {health.version}{older}, intact, {size}, {count(health.sessions, 'session')}"
    if not health.private:
        return [CheckResult("archive", CheckStatus.LIMITED, found, f"Other users can read it: `chmod 600 {path}`.")]
    return [CheckResult("archive", CheckStatus.GOOD, found)]


def demo() -> list[CheckResult]:
    """Check the state of `travel-tui demo`, if there is any."""
    from travel_tui.local.state.database import StateError
    from travel_tui.local.state.folder import check_is_state
    from travel_tui.paths import local_state

    try:
        folder = local_state() / "demo"
        if not check_is_state(folder):
            return []
    except StateError as error:
        return [CheckResult("demo", CheckStatus.BROKEN, str(error))]
    except OSError as error:
        advice = f"Check `ls -ld {error.filename}`."
        return [CheckResult("demo", CheckStatus.BROKEN, f"{error.filename} cannot be read: {error.strerror}.", advice)]
    if unwritable := why_unwritable(folder / "state"):
        return [CheckResult("demo", CheckStatus.BROKEN, f"{folder} cannot be written: {unwritable}.", _SPACE)]
    return [CheckResult("demo", CheckStatus.GOOD, f"its state is in {folder}")]


def why_unwritable(path: Path) -> str | None:
    """Return why the file at `path` could not be created or grow, as on a read-only or full disk; None if it could.

    Tries it with a file that has no name where the file system has such files, and leaves nothing.
    """
    try:
        if path.exists() and not os.access(path, os.W_OK):
            return os.strerror(errno.EACCES)
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_PROBE_BYTES))
    except OSError as error:
        return error.strerror or str(error)
    return None
