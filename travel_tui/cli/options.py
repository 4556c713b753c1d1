"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[datetime]):
    """An ISO date and time; without an offset it is meant in the machine's zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an ISO date and time such as 2027-07-01T16:03:00+00:00", param, ctx)
        return moment if moment.tzinfo else moment.astimezone()


def same_every_time(command: F) -> F:
    """--seed and --now: what makes two runs alike."""
    command = click.option("--now", type=Moment(), help="Let the clock stand at this moment.")(command)
    return click.option("--seed", type=int, help="Make the same ids every time.")(command)


def config_file(command: F) -> F:
    """--config: the config file, where it is another than the usual one."""
    return click.option("--config", "config", type=click.Path(dir_okay=False), help="The config file.")(command)


def which_place(command: F) -> F:
    """The options of every command that speaks to AWS, and the config."""
    for option in (
        config_file,
        click.option("--endpoint-url", metavar="URL", help="Where to send the calls instead of AWS."),
        click.option("--region", metavar="REGION", help="The AWS Region."),
        click.option("--profile", metavar="PROFILE", help="The AWS profile."),
    ):
        command = option(command)
    return command


def which_agent(command: F) -> F:
    """The options of every command that speaks to a configured agent."""
    return which_place(
        click.option("--agent", "agent", metavar="NAME", help="The agent of that name in the config.")(command)
    )
