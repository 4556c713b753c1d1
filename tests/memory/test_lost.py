"""What a summary lost, held against fifty sessions that were labelled by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.memory.labelled import FIRST, SECOND, Session
from travel_tui.memory.lost import Exchange, lost

TODAY = date(2026, 12, 1)


def found(session: Session) -> set[str]:
    turns: list[Exchange] = []
    for text in session[0]:
        if text.startswith("id:") and turns:
            turns[-1] = Exchange(turns[-1].text, f"Done. Your booking id is {text.removeprefix('id:')}.")
        else:
            turns.append(Exchange(text))
    return {each.fact.text for each in lost(turns, session[1], TODAY)}


def scores(sessions: list[Session]) -> tuple[float, float, list[tuple[str, set[str], set[str]]]]:
    """Precision, recall, and the sessions that were read otherwise: summary, too much, too little."""
    right = told = labelled = 0
    misses = []
    for session in sessions:
        mine, wanted = found(session), session[2]
        right, told, labelled = right + len(mine & wanted), told + len(mine), labelled + len(wanted)
        if mine != wanted:
            misses.append((session[1], mine - wanted, wanted - mine))
    return right / max(told, 1), right / max(labelled, 1), misses


@pytest.mark.parametrize(
    ("sessions", "precision", "recall"), [(FIRST, 1.0, 1.0), (SECOND, 0.92, 0.92)], ids=["usual", "unusual"]
)
def test_fifty_labelled_sessions(sessions: list[Session], precision: float, recall: float) -> None:
    assert len(sessions) == 25
    got_precision, got_recall, misses = scores(sessions)
    assert got_precision >= precision, misses
    assert got_recall >= recall, misses
