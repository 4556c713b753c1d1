"""What doctor looks at on this machine: programs, config, terminal, archive."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from provision.finding import Finding, Verdict

if TYPE_CHECKING:
    from travel_tui.cli.which import Which
    from travel_tui.config import AgentConfig

SMALLEST = (80, 24)
"""Columns and rows that the screen is made for; below it is cramped."""

ARCHIVE_S = 8.0
"""When reading all of the archive is given up."""


def versions() -> list[Finding]:
    """The programs, as they are installed."""
    names = {"travel-tui": "travel-tui", "Textual": "textual", "boto3": "boto3", "botocore": "botocore"}
    programs = ", ".join(f"{name} {version(package)}" for name, package in names.items())
    return [Finding("versions", Verdict.GOOD, f"{programs}, Python {platform.python_version()}, {platform.system()}")]


def config(which: Which) -> tuple[list[Finding], AgentConfig | None]:
    """The config, and the agent that it and the options choose. Raises UsageError where the options are wrong."""
    from travel_tui.config import ConfigError, load

    try:
        loaded = load(which.path)
        agent = which.found()
    except click.UsageError:
        raise
    except (ConfigError, click.ClickException) as error:
        return [Finding("config", Verdict.BROKEN, str(error))], None
    if loaded is None:
        if agent:
            return [
                Finding("config", Verdict.SKIPPED, f"There is none at {which.path}; the options name the agent.")
            ], agent
        advice = (
            "`travel-tui connect` writes one for an agent that exists, `travel-tui provision` for a new one. "
            "`travel-tui demo` needs neither a config nor AWS."
        )
        return [Finding("config", Verdict.BROKEN, f"There is none at {which.path}.", advice)], None
    private = not which.path.stat().st_mode & 0o077
    names = ", ".join(loaded.agents)
    chosen = f"default {loaded.default}" if loaded.default else "no default"
    advice = "" if private else f"Others can read it: `chmod 600 {which.path}`."
    verdict = Verdict.GOOD if private else Verdict.LIMITED
    return [Finding("config", verdict, f"{which.path}: {names}; {chosen}", advice)], agent


def terminal() -> list[Finding]:
    """The terminal on standard output: its size, its colours, and whether it tells keys apart."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        return [Finding("terminal", Verdict.SKIPPED, "Not looked at: standard input or output is none.")]
    return [_size(), _colours(), _keys()]


def _size() -> Finding:
    columns, rows = shutil.get_terminal_size()
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        advice = f"Make it {SMALLEST[0]} × {SMALLEST[1]} or larger."
        return Finding("size", Verdict.LIMITED, f"{columns} × {rows}, which is cramped", advice)
    return Finding("size", Verdict.GOOD, f"{columns} × {rows}")


def _colours() -> Finding:
    from rich.console import Console

    kinds = {"truecolor": "16 million", "256": "256", "standard": "16", "windows": "16"}
    console = Console()
    found = kinds.get(console.color_system or "")
    if console.no_color:
        return Finding("colours", Verdict.LIMITED, "none: NO_COLOR is set")
    if found is None:
        return Finding("colours", Verdict.LIMITED, "none that this terminal's TERM names", "Set TERM=xterm-256color.")
    if found != "16 million":
        return Finding("colours", Verdict.LIMITED, found, "Set COLORTERM=truecolor if the terminal has more.")
    return Finding("colours", Verdict.GOOD, found)


def _keys() -> Finding:
    from travel_tui.cli.keyboard import tells_keys_apart

    match tells_keys_apart():
        case True:
            return Finding("keys", Verdict.GOOD, "tells Shift+Enter from Enter (kitty's protocol)")
        case False:
            return Finding("keys", Verdict.LIMITED, "Shift+Enter looks like Enter here", "^J makes a new line.")
        case None:
            return Finding("keys", Verdict.UNKNOWN, "The terminal does not say which keys it tells apart.")


async def archive() -> list[Finding]:
    """The archive's file."""
    from travel_tui.archive.health import NEWEST, examine
    from travel_tui.bedrock.threads import in_thread
    from travel_tui.paths import archive_file
    from travel_tui.tui.text import count

    path = archive_file()
    try:
        async with asyncio.timeout(ARCHIVE_S):
            health = await in_thread(lambda: examine(path))
    except TimeoutError:
        return [Finding("archive", Verdict.UNKNOWN, f"{path}: reading all of it takes longer than {ARCHIVE_S:.0f} s.")]
    except OSError as error:
        advice = f"Check `ls -ld {path.parent}`."
        return [Finding("archive", Verdict.BROKEN, f"{path} cannot be read: {error.strerror}.", advice)]
    if health is None:
        return [Finding("archive", Verdict.GOOD, f"none yet; it will be {path}")]
    size = f"{health.size / 1e6:.1f} MB"
    if health.damage:
        advice = "The next start sets it aside under another name and begins a new one; look at that file for the old."
        return [Finding("archive", Verdict.BROKEN, f"{path}, {size}: {health.damage}", advice)]
    if health.version > NEWEST:
        return [
            Finding(
                "archive",
                Verdict.BROKEN,
                f"{path} has version {health.version}; this travel-tui knows {NEWEST}.",
                "Upgrade with `pip install --upgrade travel-tui`.",
            )
        ]
    older = f" (becomes {NEWEST} at the next start)" if health.version < NEWEST else ""
    found = f"{path}, version {health.version}{older}, sound, {size}, {count(health.sessions, 'session')}"
    if not health.private:
        return [Finding("archive", Verdict.LIMITED, found, f"Others can read it: `chmod 600 {path}`.")]
    return [Finding("archive", Verdict.GOOD, found)]
