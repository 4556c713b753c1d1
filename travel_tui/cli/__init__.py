"""The command-line interface: each command is a module of its own, imported when it runs."""

from __future__ import annotations

import sys

if sys.platform == "win32":  # checked first: modules imported below and by the commands are missing on Windows
    sys.stderr.write("Error: travel-tui needs a POSIX system; on Windows it runs under WSL (`wsl --install`).\n")
    raise SystemExit(1)

import errno
import importlib
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "ask": "Ask the agent one question and print its answer; no screen.",
    "chat": "Chat with the configured agent (the default command).",
    "bug-report": "Write a file for a bug report: checks, versions, terminal, config and log, redacted.",
    "completion": "Print a shell completion script.",
    "connect": "Use an existing agent: check it and write it to the config.",
    "provision": "Create an agent with memory in your AWS account and write the config.",
    "explain": "Explain where the facts of an answer come from, and what a summary lacks.",
    "destroy": "Remove everything provision created: agent, function, table, roles.",
    "recall": "Test what an agent remembers between sessions, with checks in YAML files.",
    "config": "Show or edit the config, or choose its default agent.",
    "demo": "Chat with a travel agent on this machine; no AWS needed.",
    "doctor": "Check your setup and suggest fixes.",
    "local": "Run the local endpoint: the same API on loopback.",
    "migrate": "Write an agent's summaries as records of an AgentCore memory.",
    "serve": "Serve the client as a web page; needs the extra [serve].",
    "memory": "List, search, wait for, delete or export what the agent remembers.",
    "sessions": "List or delete the sessions in this machine's archive.",
    "shot": "Write a screenshot of the client in a given state, as SVG or text.",
}
"""Command names and their help, so that --help imports no command module."""
UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""Errors of writing to a full disk, a disconnected terminal or a closed standard output."""


class Commands(click.Group):
    """A click group that imports a command's module when it is called; without a command it runs chat."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        if cmd_name not in COMMANDS:
            return None
        from travel_tui.cli.log_options import add_log_options

        module = importlib.import_module(f"travel_tui.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        add_log_options(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of that name; the error for an unknown one suggests similar names."""
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; report an OSError that the command did not handle as one sentence."""
        try:
            return super().invoke(ctx)
        except EOFError as error:  # click takes any for the end of the input, and says "Aborted!"
            if "marshal" not in str(error):
                raise
            folder = sys.pycache_prefix or os.path.dirname(os.path.dirname(os.path.dirname(__file__)))  # noqa: PTH120
            raise click.ClickException(
                f"One of Python's compiled files in {folder} is cut off, as a full disk leaves it. Delete the "
                "`__pycache__` folders there, or install travel-tui again."
            ) from error
        except OSError as error:
            # Either the reader closed the pipe (click exits quietly) or the output cannot be written (`main` reports
            # it).
            if error.errno == errno.EPIPE or (error.errno in UNWRITTEN and not error.filename):
                raise
            from travel_tui.text import safe

            why = error.strerror or str(error) or type(error).__name__
            if isinstance(error.filename, str | bytes):
                words = f"{os.fsdecode(error.filename)}: {why}. Check that file or folder, and try again."
            else:
                words = f"Reading or writing failed: {why}. Check the input and output, and try again."
            raise click.ClickException(safe(words)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        alone = {"--help", "-h", "--version"}
        completing = ctx.resilient_parsing and not args  # a command name is being completed
        if not completing and (not args or (args[0].startswith("-") and args[0] not in alone)):
            args = ["chat", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = super().shell_complete(ctx, incomplete)
        chat = self.get_command(ctx, "chat") if incomplete.startswith("-") else None
        return found + (chat.shell_complete(click.Context(chat), incomplete) if chat else [])


def _help_width() -> int:
    """Return the columns that help is wrapped at, as click does, which would import shutil with its compressors."""
    wanted = os.environ.get("COLUMNS", "")
    columns = int(wanted) if wanted.isdecimal() else 0
    with suppress(OSError):
        columns = columns or os.get_terminal_size(1).columns
    columns = columns or 80
    return max(min(columns, 80) - 2, 50)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "terminal_width": _help_width()})
@click.version_option(package_name="travel-tui")
def travel_tui() -> None:
    """Chat with an agent that has long-term memory, end the session, and watch the memory appear."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; exit status 0 done, 1 failed, 2 used wrongly, 3 undecided."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):  # characters missing from the encoding must not abort the command
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        travel_tui.main(args=list(sys.argv[1:] if args is None else args), prog_name="travel-tui")
    except OSError as error:
        raise SystemExit(_failed(error)) from None


def _open_closed_streams() -> None:
    """Open every standard stream that the caller closed; otherwise the next opened file would get its number.

    Writing to a closed standard output still fails, since data would be lost; messages to standard error are dropped.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = os.O_RDONLY if name == "stdout" else os.O_RDWR
            nothing = os.open(os.devnull, mode)  # gets the lowest free descriptor, which is the stream's
            stream = open(number, "w" if number else "r", closefd=False) if nothing == number else None  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _failed(error: OSError) -> int:
    """Report the read or write error as far as possible and return the exit status."""
    if error.errno == errno.EBADF:
        words = "Standard output is closed. Send it to a file, a pipe or /dev/null."
    else:
        what = error.filename or ("Standard output" if error.errno in UNWRITTEN else "Input or output")
        advice = " Check the output's destination, and the disk with `df`." if error.errno in UNWRITTEN else ""
        words = f"{what}: {error.strerror or error}.{advice}"
    _drop_unwritten(sys.stdout)
    with suppress(OSError):  # the terminal is gone, so nobody can be told
        click.echo(f"Error: {words}", err=True)
    _drop_unwritten(sys.stderr)
    return 1


def _drop_unwritten(stream: TextIO) -> None:
    """Prevent the interpreter from flushing unwritable output again at exit and reporting it."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
