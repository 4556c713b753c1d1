"""travel-tui ask: one turn without a full-screen interface, saved in the same archive."""

from __future__ import annotations

import sys
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from travel_tui.cli.options import SessionId, agent_or_demo_options, reproducible_options
from travel_tui.cli.terminal import need_output

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from travel_tui.agent import Problem
    from travel_tui.archive import SessionRecord
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.cli.ask_output import AnswerPrinter
    from travel_tui.cli.command_context import CommandContext
    from travel_tui.conversation.session import Conversation
    from travel_tui.tui.context import AppContext


@click.command(short_help="Ask the agent one question and print its answer.")
@click.argument("text", required=False)
@click.option(
    "--session",
    type=SessionId(),
    help="Resume this session: its id, the first 8 characters of it, or `last`.  [default: a new one]",
)
@click.option("--end", is_flag=True, help="End the session after the answer; with --session and no TEXT, at once.")
@click.option("--trace", is_flag=True, help="Show the steps of the agent.")
@click.option("--json", "as_json", is_flag=True, help="Print all events as JSON, one object per line.")
@agent_or_demo_options
@reproducible_options
def ask(
    text: str | None,
    session: str | None,
    end: bool,
    trace: bool,
    as_json: bool,
    which: AgentSelection,
    seed: int | None,
    now: datetime | None,
    tz: ZoneInfo | None,
) -> None:
    """Send TEXT to the agent and stream its answer.

    TEXT is read from standard input if it is - or left out in a pipe. Ctrl+c stops the answer. --end does not wait for
    the session's memory; `travel-tui memory wait` does.
    """
    message = _message(text, can_end=end and session is not None)
    need_output()
    from travel_tui.cli.ask_output import JsonLines, PlainPrinter
    from travel_tui.cli.chosen_context import chosen_context
    from travel_tui.cli.command_context import run
    from travel_tui.clock import Clock
    from travel_tui.ids import Ids

    common = chosen_context(which, Clock(now, tz), Ids(seed))
    show = JsonLines(common.clock, trace=trace) if as_json else PlainPrinter(which.options, trace=trace)
    work = _ask(common, show, message, session, which.memory_id, end=end)
    if not run(work, stopped="Stopped. The partial answer is kept, and the session is still open."):
        raise SystemExit(1)


def _message(text: str | None, *, can_end: bool) -> str | None:
    """Return the message to send; None if there is none but a session can be ended instead."""
    from travel_tui.backends.factory import all_capabilities
    from travel_tui.cli.plain_text import plain_text

    longest = max(each.max_text for each in all_capabilities())
    if sys.stdin is not None and (text == "-" or (text is None and not sys.stdin.isatty())):
        text = plain_text(sys.stdin.buffer.read(4 * longest + 1), "Standard input")
    text = (text or "").strip("\n")
    if len(text) > longest:
        raise click.UsageError(f"The message is longer than the {longest:,} characters that the service accepts.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise click.UsageError("The message is not UTF-8 text; nothing was sent.") from error
    if text.strip():
        return text
    if can_end:
        return None
    raise click.UsageError('No message to send. Pass it as an argument, travel-tui ask "…", or pipe it in.')


async def _ask(
    context: AppContext,
    show: AnswerPrinter,
    message: str | None,
    session: str | None,
    memory_id: str | None,
    *,
    end: bool,
) -> bool:
    """Run the turn, end the session if requested, and return whether everything succeeded."""
    from travel_tui.agent import AgentError
    from travel_tui.cli.command_context import LAST, open_context, warn
    from travel_tui.cli.session_ids import similar_id

    if context.no_chat is not None:
        raise AgentError(context.no_chat)
    async with open_context(context) as opened:
        record = _record(opened, session, memory_id, begins=message is not None) if session else None
        conversation, known = _conversation(opened, session, record), record is not None
        await opened.agent()  # reports invalid settings before a session is started
        ids = opened.session_ids(memory_id)
        if session is not None and record is None and session not in ids:  # else another process has just begun it
            what = "so only its end is requested" if message is None else "so a new session with this id starts"
            similar = similar_id(session, ids)
            hint = f" Did you mean {similar}?" if similar else ""
            warn(f"No session {session} on this machine, {what}.{hint}")
        elif record is not None and session not in (LAST, record.session_id):
            warn(f"session {record.session_id}")
        show.session_started(conversation, new=not known and message is not None)
        whole = message is None or await _turn(conversation, message, show, opened)
        if whole and end:
            await conversation.end()
            show.session_ended(conversation)
        await conversation.flush()  # no later turn of this command retries
        if conversation.unsaved is not None:
            show.save_failed(_unsaved(conversation, conversation.unsaved, answered=message is not None and whole))
            return False
    return whole


def _unsaved(conversation: Conversation, problem: Problem, *, answered: bool) -> Problem:
    """Return the error for a turn, or a session's end, that took place but is not in the archive."""
    what = "The answer was received" if answered else "This took place"
    advice = "Do not send it again." if answered else ""
    if answered and conversation.ended_at is None:
        advice = f"Do not send it again; --session {conversation.session_id} resumes the session."
    return replace(problem, what=f"{what}, but could not be saved.", advice=advice)


async def _turn(conversation: Conversation, message: str, show: AnswerPrinter, opened: CommandContext) -> bool:
    """Send the message, run returned calls where nobody has to be asked, and return whether the answer is whole."""
    from travel_tui.agent import ReturnControl, TurnCompleted, TurnEvent
    from travel_tui.conversation.returned_calls import results_of, tool_result

    answer_call = opened.app_context.answer_call
    last: TurnEvent | None = None
    stream = conversation.send(message)
    try:
        while True:
            async with aclosing(stream) as events:
                async for last in events:
                    if not (isinstance(last, ReturnControl) and answer_call):
                        show.handle_event(last)
            if not isinstance(last, ReturnControl) or answer_call is None:
                break
            results = await results_of(last, await opened.agent(), answer_call)
            for call, result in zip(last.calls, results, strict=True):
                show.handle_event(call)
                show.handle_event(tool_result(call, result))
            stream = conversation.send("", invocation_id=last.invocation_id, returned=results)
    finally:
        show.finish()
    return isinstance(last, TurnCompleted)


def _record(opened: CommandContext, session: str, memory_id: str | None, *, begins: bool) -> SessionRecord | None:
    """Return the open session given by its id, an id prefix, or `last`; None if the archive has none.

    If `begins`, a missing session is created, and a prefix of a user-chosen name counts as a new name. Raises click's
    exceptions and ArchiveError.
    """
    from travel_tui.cli.session_ids import full_id, is_generated
    from travel_tui.conversation.memory_labels import deleted

    record = opened.session(session, memory_id)
    if record is None:
        seen = opened.archive.memory_history(opened.app_context.agent_key, memory_id or opened.app_context.memory_id)
        ended = {each.record.session_id for each in seen if each.record.session_id is not None} - {session}
        known = [each for each in (*opened.session_ids(memory_id), *ended) if is_generated(each) or not begins]
        found = full_id(session, known)
        record = opened.session(found, memory_id) if found else None
        if found and record is None:
            raise _has_ended(found)
    if record and record.removed_by:
        raise click.ClickException(
            f"Session {record.session_id} was {deleted(record.removed_by)} and accepts no more turns. Leave out "
            "--session to start a new one."
        )
    if record and record.ended_at:
        raise _has_ended(record.session_id)
    return record


def _has_ended(session_id: str) -> click.ClickException:
    return click.ClickException(
        f"Session {session_id} has ended and accepts no more turns. Leave out --session to start a new one."
    )


def _conversation(opened: CommandContext, session: str | None, record: SessionRecord | None) -> Conversation:
    """Return the conversation of `record` with its own memory id, else a new one."""
    from travel_tui.conversation.session import Conversation

    context = opened.app_context
    return Conversation(
        opened.agent,
        opened.archive,
        capabilities=context.capabilities,
        agent_key=context.agent_key,
        memory_id=record.memory_id if record else context.memory_id,
        clock=context.clock,
        ids=context.ids,
        session_id=record.session_id if record else session,
        begun=session is not None,
        opened_at=record.opened_at if record else None,
        turns=record.turns if record else 0,
    )
