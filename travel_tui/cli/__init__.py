"""The commands. Each is a module of its own, imported when it runs."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "ask": "Ask the agent one thing and print its answer; no screen.",
    "chat": "Talk with the configured agent (what travel-tui does on its own).",
    "completion": "Print what makes a shell complete travel-tui's commands.",
    "connect": "Use an agent that exists already: check it, and write it to the config.",
    "provision": "Build an agent with memory in your AWS account, and write the config.",
    "destroy": "Remove what provision built: agent, function, table, roles.",
    "recall": "Check what an agent remembers: tests of several sessions, written as files.",
    "config": "Show the local config, or choose the default agent in it.",
    "demo": "Talk with a travel agent on this machine; no AWS needed.",
    "doctor": "Look at what there is on this machine and on AWS, and say what to do.",
    "local": "Serve the local endpoint: the same API on loopback.",
    "memory": "What the agent remembers: list, wait for, delete, export.",
    "sessions": "List the sessions that were held from here.",
    "shot": "Write a picture of the client in a state, as SVG or text.",
}
"""Names and their help, so that --help imports none of them."""


class Commands(click.Group):
    """Imports a command's module when it is called; with none named, runs chat."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"travel_tui.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        alone = {"--help", "-h", "--version"}
        completing = ctx.resilient_parsing and not args  # what comes next is the name of a command
        if not completing and (not args or (args[0].startswith("-") and args[0] not in alone)):
            args = ["chat", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = super().shell_complete(ctx, incomplete)
        chat = self.get_command(ctx, "chat") if incomplete.startswith("-") else None
        return found + (chat.shell_complete(click.Context(chat), incomplete) if chat else [])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="travel-tui")
def travel_tui() -> None:
    """Chat with an agent that has long-term memory, end the session, and watch the memory appear."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; exit status 0 done, 1 failed, 2 used wrongly, 3 undecided."""
    for stream in (sys.stdout, sys.stderr):  # what a terminal's encoding lacks is no reason to stop
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    travel_tui.main(args=list(sys.argv[1:] if args is None else args), prog_name="travel-tui")
