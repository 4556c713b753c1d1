"""travel-tui shot: a reproducible picture of the client in a given state."""

from __future__ import annotations

import asyncio
import os
import re
from difflib import get_close_matches
from pathlib import Path

import click

from travel_tui.cli.options import GivenPath

_SIZE = re.compile(r"(\d{1,4})x(\d{1,4})")


class Size(click.ParamType[tuple[int, int]]):
    """Columns and rows, as 80x24."""

    name = "size"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if not isinstance(value, str):
            return value
        if (found := _SIZE.fullmatch(value)) is None:
            self.fail(f"{value!r} is not a size such as 80x24 (columns and rows).", param, ctx)
        return int(found[1]), int(found[2])


@click.command(short_help="Write a screenshot of the client in a given state.")
@click.argument("state", required=False)
@click.option("--size", type=Size(), default="120x40", show_default=True, metavar="COLUMNSxROWS", help="Screen size.")
@click.option("--theme", metavar="NAME", help="A Textual theme, such as textual-light.")
@click.option("--text", "as_text", is_flag=True, help="Write the screen's text instead of an SVG.")
@click.option(
    "--out",
    type=GivenPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Output file; a name that ends with .txt gets the text.  [default: standard output]",
)
def shot(state: str | None, size: tuple[int, int], theme: str | None, as_text: bool, out: Path | None) -> None:
    """Write the screen in STATE as SVG or as text; without STATE, list them all.

    No agent or network is used: answers are played from a recording, so a picture is the same each time.
    """
    # Textual reads these variables at import. They belong to the caller's terminal and must not affect the picture.
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        os.environ.pop(name, None)
    os.environ |= {"TEXTUAL_ANIMATIONS": "none", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
    from travel_tui.screenshots.capture import LEAST, MOST, UnknownTheme, picture
    from travel_tui.screenshots.states import STATES

    if state is None:
        width = max(map(len, STATES))
        click.echo("\n".join(f"{name:<{width}}  {each.about}" for name, each in STATES.items()))
        return
    if state not in STATES:
        near = get_close_matches(state, STATES, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise click.UsageError(f"Unknown state {state!r}.{hint} `travel-tui shot` lists all states.")
    if not all(least <= given <= most for least, given, most in zip(LEAST, size, MOST, strict=True)):
        raise click.UsageError(f"A size is from {LEAST[0]}x{LEAST[1]} to {MOST[0]}x{MOST[1]}.")
    try:
        taken = asyncio.run(picture(STATES[state], size, theme))
    except UnknownTheme as error:
        raise click.UsageError(str(error)) from error
    except TimeoutError as error:
        raise click.ClickException(f"{state} cannot be shown at {size[0]}x{size[1]}: {error}") from error
    text = taken.text if as_text or (out is not None and out.suffix == ".txt") else taken.svg
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} could not be written: {error.strerror}.") from error
