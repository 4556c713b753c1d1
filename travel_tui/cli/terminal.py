"""Terminal checks, and the errors of commands that need one."""

from __future__ import annotations

import errno
import fcntl
import os
import sys

import click

from travel_tui.tui.terminal.driver_choice import paints_on_terminal


class NeedsTerminal(click.ClickException):
    """A full-screen command was called without a terminal: a usage error."""

    exit_code = 2

    def __init__(self, why: str) -> None:
        command = click.get_current_context().command_path
        super().__init__(f'{command} needs a terminal; {why}. Without one, use `travel-tui ask "TEXT"`.')


def need_terminal() -> None:
    """Raise NeedsTerminal if a full-screen command cannot show its screen."""
    if paints_on_terminal(os.environ.get("TEXTUAL_DRIVER")):
        for name, stream in (("standard input", sys.stdin), ("standard output", sys.stdout)):
            if not stream.isatty():
                raise NeedsTerminal(f"{name} is not one")
        if os.environ.get("TERM") == "dumb":
            raise NeedsTerminal("TERM=dumb cannot show a full screen")


def need_output() -> None:
    """Raise OSError if standard output is closed: for commands that would change something before they print."""
    try:
        number = sys.stdout.fileno()
    except OSError:  # a stream without a file descriptor, as in tests
        return
    if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def can_show_screen() -> bool:
    """Whether a full-screen command can show its screen."""
    try:
        need_terminal()
    except NeedsTerminal:
        return False
    return True
