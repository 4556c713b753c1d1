"""The config file that a command is to read: where it is, and its reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from travel_tui.cli.failures import refused

if TYPE_CHECKING:
    from travel_tui.config import Config

_WARNED = "travel_tui.config.warned"
"""In the context's `meta`: the keys that nothing reads have been named."""


def place_of(config: str | None) -> Path:
    """The config file that was asked for, else the usual one."""
    from travel_tui import paths

    return Path(config) if config else paths.config_file()


def loaded_from(path: Path) -> Config | None:
    """The config at `path`, None where there is none; of keys that nothing reads it warns once a command.

    Raises a ClickException.
    """
    from travel_tui.config import ConfigError, load

    try:
        loaded = load(path)
    except ConfigError as error:
        raise refused(error) from error
    if loaded:
        warn_of_unknown(loaded)
    return loaded


def warn_of_unknown(loaded: Config) -> None:
    """Name the keys that nothing reads on standard error, once a command."""
    from travel_tui.cli.command_context import warn

    context = click.get_current_context(silent=True)
    if loaded.warning and (context is None or not context.meta.get(_WARNED)):
        warn(f"Warning: {loaded.warning}")
        if context:
            context.meta[_WARNED] = True
