"""travel-tui ask: one turn without a screen, kept in the same archive."""

from __future__ import annotations

import sys
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import same_every_time, which_agent

if TYPE_CHECKING:
    from travel_tui.cli.ask_show import Show
    from travel_tui.cli.headless import Seat
    from travel_tui.cli.which import Which
    from travel_tui.conversation import Conversation
    from travel_tui.tui.setting import Setting


@click.command(short_help="Ask the agent one thing and print its answer.")
@click.argument("text", required=False)
@click.option("--session", metavar="ID", help="Go on with that session, or with the `last`.  [default: a new one]")
@click.option("--end", is_flag=True, help="End the session after the answer; with --session and no TEXT, at once.")
@click.option("--trace", is_flag=True, help="Tell what the agent did on the way to its answer.")
@click.option("--json", "as_json", is_flag=True, help="Print all that comes as JSON, one object a line.")
@which_agent
@same_every_time
def ask(
    text: str | None,
    session: str | None,
    end: bool,
    trace: bool,
    as_json: bool,
    which: Which,
    seed: int | None,
    now: datetime | None,
) -> None:
    """Send TEXT to the agent and print its answer as it comes.

    TEXT comes from standard input where it is - or is left out in a pipe. Ctrl+c stops the answer. The memory of a
    session that --end ends is not waited for: `travel-tui memory wait` does that.
    """
    message = _message(text, can_end=end and session is not None)
    from travel_tui.cli.ask_show import JsonLines, Plain
    from travel_tui.cli.chat import setting
    from travel_tui.cli.headless import run
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids
    from travel_tui.paths import archive_file

    common = setting(which.needed(), Clock(now), Ids(seed), archive_file())
    show = JsonLines(common.clock, trace=trace) if as_json else Plain(trace=trace)
    work = _ask(common, show, message, session, which.memory_id, end=end)
    if not run(work, stopped="Stopped. What had arrived is kept, and the session is still open."):
        raise SystemExit(1)


def _message(text: str | None, *, can_end: bool) -> str | None:
    """What to say; None where nothing is said and there is a session that can be ended instead."""
    if text == "-" or (text is None and not sys.stdin.isatty()):
        try:
            text = sys.stdin.read()
        except UnicodeDecodeError as error:
            raise click.UsageError(f"Standard input is not text: {error.reason} at byte {error.start}.") from error
    text = (text or "").strip("\n")
    if text.strip():
        return text
    if can_end:
        return None
    raise click.UsageError('There is nothing to ask. Write it behind the command, travel-tui ask "…", or pipe it in.')


async def _ask(
    setting: Setting, show: Show, message: str | None, session: str | None, memory_id: str | None, *, end: bool
) -> bool:
    """Have the turn, and end the session where that is asked for; whether all went well."""
    from travel_tui.cli.headless import seated

    async with seated(setting) as seat:
        conversation = _conversation(seat, session, memory_id)
        show.begins(conversation, new=session is None)
        whole = message is None or await _turn(conversation, message, show)
        if whole and end:
            await conversation.end()
            show.ended(conversation)
        if conversation.unsaved is not None:
            show.unsaved(conversation.unsaved)
    return whole


async def _turn(conversation: Conversation, message: str, show: Show) -> bool:
    from travel_tui.agent import TurnCompleted

    whole = False
    try:
        async with aclosing(conversation.send(message)) as events:
            async for event in events:
                show.take(event)
                whole = isinstance(event, TurnCompleted)
    finally:
        show.done()
    return whole


def _conversation(seat: Seat, session: str | None, memory_id: str | None) -> Conversation:
    """The session to talk in: a new one, or the one that is named, with its own memory."""
    from travel_tui.conversation import Conversation

    setting = seat.setting
    record = seat.session(session, memory_id) if session else None
    if record and record.ended_at:
        raise click.ClickException(
            f"Session {record.session_id} has ended and takes no more turns. Leave --session out to begin a new one."
        )
    return Conversation(
        seat.agent,
        seat.archive,
        agent_key=setting.agent_key,
        memory_id=record.memory_id if record else setting.memory_id,
        clock=setting.clock,
        ids=setting.ids,
        session_id=record.session_id if record else session,
        begun=session is not None,
    )
