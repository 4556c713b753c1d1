"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

import click

from travel_tui.cli.which import Which

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


class AgentId(click.ParamType[str]):
    """An agent's or alias' id."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.config import is_agent_id

        if not is_agent_id(str(value)):
            self.fail(f"{value!r} is not 1 to 10 letters and digits.", param, ctx)
        return str(value)


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
    """The options of every command that speaks to an agent; it gets them as one argument, `which`."""

    @wraps(command)
    def with_which(*arguments: Any, **options: Any) -> Any:
        which = Which(**{field.name: options.pop(field.name) for field in fields(Which)})
        return command(*arguments, which=which, **options)

    for option in (
        which_place,
        click.option(
            "--alias-id", type=AgentId(), help="The alias by its id.  [default: TSTALIASID, the working draft]"
        ),
        click.option("--agent-id", type=AgentId(), help="The agent by its id, without the config."),
        click.option(
            "--agent", metavar="NAME", shell_complete=_agent_names, help="The agent of that name in the config."
        ),
        click.option("--memory", "memory_id", metavar="ID", help="Whose memory: a memory id of your choice."),
    ):
        with_which = option(with_which)
    return cast("F", with_which)


def _agent_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 click's
    """The names in the config that begin so; none where it cannot be read."""
    from travel_tui.config import ConfigError, load

    try:
        loaded = load(Which(config=ctx.params.get("config")).path)
    except ConfigError:
        return []
    return [name for name in (loaded.agents if loaded else ()) if name.startswith(incomplete)]
