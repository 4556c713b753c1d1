"""travel-tui config edit: edit a copy of the config, and put it in place once it can be read."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from travel_tui.config import Config, ConfigError

_TEMPLATE = """\
# Config of travel-tui. `travel-tui config show` prints it, `travel-tui connect` adds an agent.
version = 1
# default = "travel"

# [agents.travel]
# agent_id = "TRAVELDEMO"
# alias_id = "TSTALIASID"
# region = "us-east-1"
# memory_id = "anna"      # profile, endpoint_url, memory_days, title and backend may stand here too

# [keys]
# "session.end" = "f6"    # `travel-tui config keys` lists the names

# [screen]
# theme = "textual-light"
"""


def edit_config(path: Path) -> Config | None:
    """Let the user edit the config at `path` until it can be read, and replace it; None if nothing was changed.

    Other programs read the old config until then. An edit that is not put in place stays in the file that was edited,
    which the error names. Raises click's exceptions.
    """
    from travel_tui.config import ConfigError, load
    from travel_tui.paths import write_whole

    _need_editor()
    before = _content(path)
    draft = _draft(path, before)
    try:
        while True:
            _run_editor(draft, path, before)
            text = draft.read_bytes()
            if text == before or (before is None and text == _TEMPLATE.encode()):
                draft.unlink()
                return None
            if before and not text.strip():
                draft.unlink()
                raise click.ClickException(
                    f"The edited config is empty. {path} is unchanged. To start again without one, delete it."
                )
            try:
                found = load(path, text)
            except ConfigError as error:
                _ask_again(error, draft, path)
                continue
            if _content(path) != before:
                raise click.ClickException(
                    f"{path} was changed by another program meanwhile, and is left as it is. Your edit is in {draft}."
                )
            write_whole(path, text.decode())
            draft.unlink()
            return found
    except OSError as error:
        raise click.ClickException(
            f"{error.filename or draft}: {error.strerror or error}. The config is unchanged; your edit is in {draft}."
        ) from error


def _need_editor() -> None:
    if not any(os.environ.get(name) for name in ("VISUAL", "EDITOR")) and not sys.stdin.isatty():
        raise click.UsageError("Not a TTY: set VISUAL or EDITOR to an editor that needs none, or edit the file itself.")


def _content(path: Path) -> bytes | None:
    """Return the config as it is, whether it can be read or not; None if there is none. Raises a ClickException."""
    from travel_tui.file_kind import not_a_file

    try:
        if kind := not_a_file(path):
            raise click.ClickException(f"{path} {kind}. Move it away, or name another config with --config.")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}. Check `ls -l {path}`.") from error


def _draft(path: Path, content: bytes | None) -> Path:
    """Write the copy to edit beside the config, readable for its owner alone. Raises a ClickException."""
    from travel_tui.paths import private_folder

    try:
        folder = private_folder(Path(os.path.realpath(path)).parent)
        handle, name = tempfile.mkstemp(prefix=f"{path.stem}-edit-", suffix=".toml", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(_TEMPLATE.encode() if content is None else content)
    except OSError as error:
        raise click.ClickException(
            f"{error.filename or path.parent}: {error.strerror}. Check `ls -ld {path.parent}`; nothing was changed."
        ) from error
    return Path(name)


def _run_editor(draft: Path, path: Path, before: bytes | None) -> None:
    """Open the copy in $VISUAL, $EDITOR or the system's editor, and wait. Raises a ClickException."""
    try:
        click.edit(filename=str(draft))
    except (click.ClickException, ValueError) as error:  # ValueError: a quotation mark without its other half
        why = error.message if isinstance(error, click.ClickException) else f"$VISUAL or $EDITOR: {error}"
        changed = draft.read_bytes() != (_TEMPLATE.encode() if before is None else before)
        if not changed:
            draft.unlink()
        kept = f" Your edit is in {draft}." if changed else ""
        raise click.ClickException(
            f"{why}. {path} is unchanged.{kept} VISUAL or EDITOR names the editor, as in `EDITOR=nano`."
        ) from error


def _ask_again(error: ConfigError, draft: Path, path: Path) -> None:
    """Show what is wrong, and ask whether to edit again. Raises a ClickException if not."""
    from travel_tui.text import safe

    kept = f"{path} is unchanged; your edit is in {draft}."
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.ClickException(safe(f"{error} {kept}"))
    click.echo(safe(f"Error: {error}"), err=True)
    try:
        again = click.confirm("Edit again?", default=True, err=True)
    except click.Abort:
        again = False
    if not again:
        raise click.ClickException(safe(kept))
