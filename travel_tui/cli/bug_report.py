"""travel-tui bug-report: a file to send with a bug report, without anything private."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import GivenPath, agent_options

if TYPE_CHECKING:
    from travel_tui.cli.agent_options import AgentSelection

LOG_LINES = 300
"""Last lines of a log that a report has."""
LEFT_OUT = (
    "what was said, to agents and by them; memories; the archive",
    "keys, tokens and passwords",
    "numbers of AWS accounts, and names of role sessions",
    "the path of the home folder",
    "values of the config that name or describe something of yours, and of environment variables but the terminal's",
)


@click.command("bug-report", short_help="Write a file for a bug report.")
@click.option("--out", type=GivenPath(dir_okay=False, path_type=Path), metavar="FILE", help="The file to write.")
@click.option(
    "--include-log",
    type=GivenPath(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Add the last {LOG_LINES} lines of a log that --log wrote.",
)
@agent_options
def bug_report(out: Path | None, include_log: Path | None, which: AgentSelection) -> None:
    """Write a file with what a bug report needs: what `doctor` finds, versions, the terminal, the config and a log.

    It can be shared: nothing that was said is in it, no keys, no account numbers and no home folder, and of the config
    only what tells nothing about you. Nothing is sent; read it before you send it.
    """
    from travel_tui.cli.bug_report_parts import config, environment, terminal, versions
    from travel_tui.cli.redaction import without_accounts, without_home, without_secrets
    from travel_tui.text import safe

    now = datetime.now(UTC)
    path = out or Path(f"travel-tui-bug-report-{now:%Y%m%d-%H%M%S}.txt")
    if path.exists():
        raise click.UsageError(f"{path} exists and is left as it is. Name another file with --out.")
    log, left_out = _log(include_log)
    parts = {
        "Checks (travel-tui doctor)": _checks(which),
        "Versions": versions(),
        "Terminal": terminal(),
        "Environment": environment(),
        "Config": config(which.path),
        "Log": log,
    }
    head = [f"travel-tui bug report, {now:%Y-%m-%d %H:%M} UTC", "", "Left out:", *(f"- {each}" for each in left_out)]
    lines = [*head, *(line for title, body in parts.items() for line in ("", f"== {title} ==", "", *body))]
    text = without_home(without_accounts(without_secrets(safe("\n".join(lines)))))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{text}\n")
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written: {error.strerror}. Name a file in another folder with --out."
        ) from error
    click.echo(f"{path} is written. It holds:")
    click.echo("\n".join(f"- {title[0].lower()}{title[1:]}" for title in parts))
    click.echo("It leaves out:")
    click.echo("\n".join(f"- {each}" for each in left_out))
    click.echo("Nothing was sent. Read it before you send it.")


def _checks(which: AgentSelection) -> list[str]:
    import asyncio

    from travel_tui.cli.command_context import status_line
    from travel_tui.cli.doctor import check_all
    from travel_tui.cli.doctor_output import screen

    status_line("Checking…")
    try:
        sections = asyncio.run(check_all(which))
    except click.ClickException as error:
        return [f"Not done: {error.format_message()}"]
    except Exception as error:  # noqa: BLE001 - it may be the bug that is reported
        from travel_tui.cli.log_file import places_of

        return [f"The checks failed: {places_of(error)}"]
    finally:
        status_line()
    return [click.unstyle(line) for line in screen(sections)]


def _log(path: Path | None) -> tuple[list[str], list[str]]:
    """Return the lines of the log, and what the report leaves out."""
    if path is None:
        return ["None. Do what fails again with --log FILE, then `travel-tui bug-report --include-log FILE`."], [
            *LEFT_OUT
        ]
    from travel_tui.cli.log_file import shareable_tail

    try:
        lines, reason = shareable_tail(path, LOG_LINES)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}. Check `ls -l {path}`.") from error
    if reason:
        return [f"Left out: {reason}."], [*LEFT_OUT, f"the log {path.name}: {reason}"]
    return lines, [*LEFT_OUT]
