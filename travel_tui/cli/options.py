"""Options shared by several commands."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, tzinfo
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.shell_completion import CompletionItem

from travel_tui.cli.agent_options import AgentSelection

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from travel_tui.local.faults import Fault

_FIRST_YEAR, _LAST_YEAR = 1971, 9000
"""Limits of --now, so that earlier days and later centuries can be computed in every time zone."""
F = TypeVar("F", bound=Callable[..., Any])


class MomentParam(click.ParamType[datetime]):
    """An ISO date and time; without an offset it is in the zone of --tz, else in the machine's."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an ISO date and time such as 2027-07-01T16:03:00+00:00", param, ctx)
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            self.fail(f"{value!r} is outside the years {_FIRST_YEAR} to {_LAST_YEAR}", param, ctx)
        if moment.tzinfo:
            return moment
        zone = ctx.params.get("tz") if ctx else None
        return moment.replace(tzinfo=zone) if isinstance(zone, tzinfo) else moment.astimezone()


class ZoneParam(click.ParamType["ZoneInfo"]):
    """A time zone by its name in the IANA database."""

    name = "ZONE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        from zoneinfo import ZoneInfo

        if isinstance(value, ZoneInfo):
            return value
        try:
            return zone_named(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 click's
        from zoneinfo import available_timezones

        return [CompletionItem(name) for name in sorted(available_timezones()) if name.startswith(incomplete)]


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name. Raises ValueError with the problem and similar names."""
    from difflib import get_close_matches
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, invalid, or a folder of the database
        known = {each.casefold(): each for each in available_timezones()}
    if not known:
        raise ValueError(
            "This machine has no time zone database. Install the system's tzdata package, or `pip install tzdata` "
            "into the environment of travel-tui."
        )
    city = f"/{name.casefold().replace(' ', '_')}"
    meant = [zone for each, zone in sorted(known.items()) if each.endswith(city)]
    meant = meant or [known[each] for each in get_close_matches(name.casefold(), known, 1)]
    hint = f" Did you mean {meant[0]}?" if meant else ""
    raise ValueError(f"{name!r} is not a time zone such as America/Los_Angeles or UTC.{hint}")


class AgentId(click.ParamType[str]):
    """An agent or alias id."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.config import is_agent_id

        if not is_agent_id(str(value)):
            self.fail(f"{value!r} is not 1 to 10 letters and digits.", param, ctx)
        return str(value)


class MemoryId(click.ParamType[str]):
    """A user-chosen memory id that at least one backend takes; which one it is for is not known yet."""

    name = "ID"
    of = "memory"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.backends.factory import all_capabilities

        problems = [each.check_id(self.of, str(value)) for each in all_capabilities()]
        if all(problems):
            self.fail(str(problems[0]), param, ctx)
        return str(value)


def check_memory_id(value: str | None, backend: str) -> None:
    """Raise BadParameter if the memory id of --memory is none of this backend."""
    from travel_tui.backends.factory import capabilities_of
    from travel_tui.config import AgentConfig

    capabilities = capabilities_of(AgentConfig("", "", "", backend=backend))
    if value is not None and (problem := capabilities.check_id("memory", value)):
        raise click.BadParameter(str(problem), param_hint="'--memory'")


class SessionId(MemoryId):
    """A session id, or `last`. With `any_service` also a session that other clients named, of any length."""

    of = "session"

    def __init__(self, *, any_service: bool = False) -> None:
        self._any_service = any_service

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if self._any_service and str(value).strip() and len(str(value)) <= 100:
            return str(value)
        return super().convert(value, param, ctx)


class FaultText(click.ParamType["Fault"]):
    """A fault of the local endpoint, as OPERATION=ERROR."""

    name = "FAULT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fault:
        from travel_tui.local.faults import FaultError, read_fault

        try:
            return read_fault(str(value))
        except FaultError as error:
            self.fail(str(error), param, ctx)


class FiniteRange(click.FloatRange):
    """A number in a range, excluding infinity and NaN."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found: float = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return found


class EndpointUrl(click.ParamType[str]):
    """A URL to use instead of AWS; a name and password in it are never sent, so they are removed."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.config import is_http_url
        from travel_tui.endpoint_url import shown_refused, without_userinfo

        if not is_http_url(str(value)):
            self.fail(f"{shown_refused(str(value))!r} is not a URL such as http://127.0.0.1:4571.", param, ctx)
        return without_userinfo(str(value))


class Region(click.ParamType[str]):
    """An AWS Region."""

    name = "REGION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from travel_tui.config import is_region

        if not is_region(str(value)):
            self.fail(f"{value!r} is not a Region such as us-east-1.", param, ctx)
        return str(value)


class AccountId(click.ParamType[str]):
    """The id of an AWS account."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not (len(str(value)) == 12 and str(value).isascii() and str(value).isdecimal()):
            self.fail(f"{value!r} is not the id of an account: twelve digits, such as 123456789012.", param, ctx)
        return str(value)


class GivenPath(click.Path):
    """A path that is not empty, as that of an unset variable would be."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value):
            self.fail("the path is empty.", param, ctx)
        return super().convert(value, param, ctx)


class Name(click.ParamType[str]):
    """A one-line name: of a profile, or of an agent in the config."""

    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip() or not str(value).isprintable():
            self.fail(f"{value!r} is not a valid name.", param, ctx)
        return str(value)


def reproducible_options(command: F) -> F:
    """Add --seed, --now and --tz, which make runs reproducible."""
    command = time_zone(command)
    command = click.option("--now", type=MomentParam(), help="Freeze the clock at this time.")(command)
    return click.option("--seed", type=int, help="Seed for reproducible ids.")(command)


def time_zone(command: F) -> F:
    """Add --tz, the time zone of displayed times and of "today"."""
    return click.option(
        "--tz",
        type=ZoneParam(),
        is_eager=True,  # parsed first, because --now without an offset is in this zone
        help="Time zone for dates and times, such as Europe/Oslo.  [default: that of --now, else the machine's]",
    )(command)


def config_file(command: F) -> F:
    """Add --config, the path of a config file other than the default."""
    return click.option("--config", "config", type=GivenPath(dir_okay=False), help="The config file.")(command)


def location_options(command: F) -> F:
    """Add the options of every command that calls AWS, and --config."""
    for option in (
        config_file,
        click.option("--endpoint-url", type=EndpointUrl(), help="Endpoint URL to call instead of AWS."),
        click.option("--region", type=Region(), help="The AWS Region."),
        click.option("--profile", type=Name(), metavar="PROFILE", help="The AWS profile."),
    ):
        command = option(command)
    return command


def agent_options(command: F) -> F:
    """Add the agent selection options; the command receives them as one argument, `which`."""

    @wraps(command)
    def with_which(*arguments: Any, **options: Any) -> Any:
        given = {field.name: options.pop(field.name) for field in fields(AgentSelection) if field.name in options}
        which = AgentSelection(**given)
        return command(*arguments, which=which, **options)

    for option in (
        location_options,
        backend_option,
        click.option("--alias-id", type=AgentId(), help="Alias id.  [default: TSTALIASID, the working draft]"),
        click.option("--agent-id", type=AgentId(), help="Agent id; the config is not used."),
        click.option("--agent", type=Name(), shell_complete=_agent_names, help="Name of an agent in the config."),
        click.option("--memory", "memory_id", type=MemoryId(), help="Memory id, of your choice."),
    ):
        with_which = option(with_which)
    return cast("F", with_which)


def agent_or_demo_options(command: F) -> F:
    """Add the agent selection options, and --demo as an alternative to them."""
    with_which = agent_options(command)
    return click.option(
        "--demo", is_flag=True, help="The agent of `travel-tui demo`; its endpoint is started if needed."
    )(with_which)


def backend_option(command: F) -> F:
    """Add --backend, the service of the demo's agent or of an endpoint's built-in one."""
    from travel_tui.config import BACKENDS

    help_text = "Service of the demo's agent, or of the built-in agent of an endpoint on this machine."
    return click.option("--backend", type=click.Choice(BACKENDS), help=help_text)(command)


def _agent_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 click's
    """Complete agent names from the config; returns none if it cannot be read."""
    from travel_tui.config import ConfigError, load

    try:
        loaded = load(AgentSelection(config=ctx.params.get("config")).path)
    except (ConfigError, OSError):
        return []
    return [name for name in (loaded.agents if loaded else ()) if name.startswith(incomplete)]
