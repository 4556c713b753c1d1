"""travel-tui demo: the client with its own local endpoint."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from travel_tui.cli.model_options import model_options
from travel_tui.cli.options import backend_option, reproducible_options
from travel_tui.cli.terminal import need_terminal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from travel_tui.local.models.choice import ModelChoice


@click.command(short_help="Chat with a travel agent on this machine; no AWS needed.")
@click.option(
    "--fresh",
    is_flag=True,
    help="Delete what the agent of earlier demos has first; this machine's archive keeps its copy.",
)
@backend_option
@reproducible_options
@model_options
def demo(
    fresh: bool,
    backend: str | None,
    seed: int | None,
    now: datetime | None,
    tz: ZoneInfo | None,
    model: ModelChoice | None,
) -> None:
    """Open the client on a local endpoint that starts and stops with it.

    The agent remembers across runs; --fresh starts with an empty memory and no bookings. The archive keeps what was
    said and seen, marked as removed: `sessions --demo` lists it, and `sessions delete` deletes it. With --seed or
    --now, a demo has its own memory and archive, empty at each start, so that the same input gives the same screen.
    With a language model, it has a memory and an archive for that model.
    """
    from dataclasses import replace

    from travel_tui.archive import ArchiveError, DeletedBy, note_removal
    from travel_tui.cli.agent_options import AgentSelection, demo_key
    from travel_tui.cli.app_context import ui_options
    from travel_tui.cli.demo_context import check_state, demo_context, own_config
    from travel_tui.cli.demo_state import lock_state
    from travel_tui.cli.run_tui import run_client
    from travel_tui.clock import Clock
    from travel_tui.config import BACKENDS
    from travel_tui.ids import Ids
    from travel_tui.local.models.choice import announcement, digest_of, flags_of
    from travel_tui.paths import archive_file, local_state

    repeatable = seed is not None or now is not None
    # What a model remembers is another memory than the script's, and the archive knows one of each name.
    state = local_state() / ("demo-repeatable" if repeatable else f"demo-{digest_of(model)}" if model else "demo")
    archive = state / "archive.sqlite3" if repeatable else state.with_suffix(".sqlite3") if model else archive_file()
    check_state(state)
    need_terminal()
    flags = flags_of(model)
    if model:
        click.echo(announcement(model), err=True)
    if seed is not None:
        flags += ("--seed", str(seed))
    if now is not None:
        flags += ("--now", now.isoformat())
    if tz is not None:
        flags += ("--tz", tz.key)
    context = demo_context(AgentSelection(demo=True, backend=backend), Clock(now, tz), Ids(seed), archive, state, flags)

    def note_reset() -> None:
        """Record the deletion of sessions and memories in the archive; a repeatable demo's archive is deleted too."""
        try:
            if not repeatable:
                for each in BACKENDS:
                    note_removal(archive, demo_key(each), DeletedBy.DEMO_RESET, Clock().now())
        except ArchiveError as error:
            raise click.ClickException(f"{error} Nothing was removed.") from error

    with lock_state(state, emptied=fresh or repeatable, before_emptying=note_reset):
        # How long a model takes for a summary is not known before its first one.
        usual_s = None if model else context.usual_summary_s
        run_client(replace(context, ui_options=ui_options(own_config()), usual_summary_s=usual_s))
