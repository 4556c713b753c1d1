"""Turns that were held before, as widgets of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from travel_tui.archive import Note, TurnRecord
from travel_tui.clock import Clock
from travel_tui.tui.text import clock_time
from travel_tui.tui.widgets.agent_turn import AgentTurn
from travel_tui.tui.widgets.turn import UserTurn


def past_turns(
    turns: Sequence[TurnRecord], clock: Clock, notes: Mapping[int, Sequence[Note]] | None = None
) -> list[tuple[UserTurn, AgentTurn]]:
    """Each message and its answer as they were, with the notes on it, by the turn's number."""
    shown = []
    for turn in turns:
        at = clock_time(clock.shown(turn.sent_at))
        answer = AgentTurn(turn.text, at, clock.counter)
        for event in turn.events:
            answer.take(event)
        if answer.answering:
            answer.cancelled()
        answer.took(turn.first_text_s, turn.total_s)
        for kind, group in groupby((notes or {}).get(turn.number, ()), key=lambda note: note.kind):
            answer.note(str(kind), [note.text for note in group])
        shown.append((UserTurn(turn.text, at), answer))
    return shown
