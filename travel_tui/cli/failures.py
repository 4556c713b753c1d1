"""Failures of commands, as click shows them and ends with."""

from __future__ import annotations

import click

UNDECIDED = 3
"""The exit status where waiting took longer than allowed, or no test failed and at least one has no result."""


class UndecidedException(click.ClickException):
    """The run has no result."""

    exit_code = UNDECIDED


def refused(error: Exception) -> click.ClickException:
    """What `error` says, for the terminal; status 1."""
    from travel_tui.text import safe

    return click.ClickException(safe(str(error)))
