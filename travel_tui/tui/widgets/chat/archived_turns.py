"""Turns from the archive as widgets of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from travel_tui.agent import MemoryRecord
from travel_tui.archive import MemoryHistoryEntry, Note, TurnRecord
from travel_tui.attribution.types import Turn
from travel_tui.clock import Clock
from travel_tui.conversation.memory_insights import memory_use, more_complete, said_turn
from travel_tui.text import clock_time
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.turn import TurnPlace, UserTurn

if TYPE_CHECKING:
    from travel_tui.conversation.memory_use import MemoryUse
    from travel_tui.tui.widgets.chat.chat import Chat
    from travel_tui.tui.widgets.chat.turn_state import TurnState


def archived_turns(
    turns: Sequence[TurnRecord], clock: Clock, notes: Mapping[int, Sequence[Note]] | None = None
) -> list[tuple[UserTurn, AgentTurn]]:
    """Return each message and answer as widgets; `notes` are by turn number.

    The memory use of complete answers is pending until `explain_archived_turns` finds it: in a long session, that takes
    a second.
    """
    shown = []
    for turn in turns:
        at = clock_time(clock.shown(turn.sent_at))
        answer = AgentTurn(turn.text, at, clock.counter)
        for event in turn.events:
            answer.handle_event(event)
        if answer.answering and turn.problem is not None:  # the end of the answer was not received
            answer.fail(turn.problem)
        elif answer.answering:
            answer.cancelled()
        if turn.state == "answered":
            answer.await_use()
        answer.set_durations(turn.first_text_s, turn.total_s)
        for kind, group in groupby((notes or {}).get(turn.number, ()), key=lambda note: note.kind):
            answer.note(str(kind), [note.text for note in group])
        shown.append((UserTurn(turn.text, at, TurnPlace(turn.session_id, turn.number)), answer))
    return shown


async def explain_archived_turns(
    chat: Chat,
    turns: Sequence[TurnRecord],
    answers: Sequence[AgentTurn],
    before: Iterable[Turn],
    records: Sequence[MemoryRecord],
    clock: Clock,
    history: Sequence[MemoryHistoryEntry] = (),
) -> None:
    """Show the memory use of each restored answer as soon as it is found, that of the newest first.

    `answers` belong to `turns`, mounted or not; `before` holds the turns of the session before these, `records` those
    that may have been in their prompts, and `history` the observed changes of the memory, oldest first.
    """
    states = [each.turn_state for each in answers]
    said = list(before)
    first = len(said)
    said += await asyncio.to_thread(lambda: [said_turn(turn, clock) for turn in turns])
    for number in range(len(turns) - 1, -1, -1):
        if (explained := states[number].explained) is not None:
            so_far = said[: first + number]
            use = await asyncio.to_thread(memory_use, turns[number], so_far, records, clock, history)
            await _show_use(chat, states[number], use)
            explained.set()


async def _show_use(chat: Chat, held: TurnState, use: MemoryUse) -> None:
    """Show the memory use of an answer, without moving what the user reads."""
    held.quotes = more_complete(held.quotes, use.quotes)
    held.use = replace(use, quotes=held.quotes)  # also for an answer that is not mounted
    for turn in chat.query(AgentTurn):
        if turn.turn_state is held:
            async with chat.keep_view(turn):
                await turn.mark()
