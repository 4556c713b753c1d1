"""--log, --log-level and --log-content, which every command takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

LEVELS = ("error", "warning", "info", "debug")
_LEVEL, _CONTENT = "travel_tui.log.level", "travel_tui.log.content"
"""In the context's `meta`: the other two options, which are read before --log."""


def add_log_options(command: click.Command) -> None:
    """Add the options to a command, and to those of a group."""
    for each in _runnable(command):
        if not any(param.name == "log" for param in each.params):
            each.params += _options()


def _runnable(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _runnable(each)
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield command


def _options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--log"],
            type=click.Path(dir_okay=False),
            metavar="FILE",
            expose_value=False,
            callback=_open,
            help="Append a log to this file; it never holds keys, and what was said only with --log-content.",
        ),
        click.Option(
            ["--log-level"],
            type=click.Choice(LEVELS),
            expose_value=False,
            is_eager=True,
            callback=_noting(_LEVEL),
            help="Least level of what is logged.  [default: info]",
        ),
        click.Option(
            ["--log-content"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_noting(_CONTENT),
            help="Log what was said, too.",
        ),
    ]


def _noting(key: str) -> Callable[[click.Context, click.Parameter, object], None]:
    def note(ctx: click.Context, param: click.Parameter, value: object) -> None:  # noqa: ARG001 click's signature
        ctx.meta[key] = value

    return note


def _open(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    level, content = ctx.meta.pop(_LEVEL, None), bool(ctx.meta.pop(_CONTENT, False))
    if ctx.resilient_parsing:
        return
    if value is None:
        if level or content:
            option = "--log-level" if level else "--log-content"
            raise click.UsageError(f"{option} is for a log: add --log FILE.", ctx)
        return
    if not value:
        raise click.BadParameter("the path is empty.", ctx, param)
    import logging
    from pathlib import Path

    from travel_tui.cli.log_file import open_log

    try:
        close = open_log(Path(value), level or "info", content=content)
    except OSError as error:
        raise click.ClickException(
            f"The log {value} cannot be written: {error.strerror or error}. Check its folder, or name another file."
        ) from error

    logging.getLogger(__name__).info("command: %s", ctx.command_path)

    def end() -> None:
        if failure := close():
            from travel_tui.cli.command_context import warn

            warn(f"Warning: the log {value} is incomplete: {failure}.")

    # The outermost context ends last, after what the command leaves to its own.
    ctx.find_root().call_on_close(end)
