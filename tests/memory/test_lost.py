"""What a summary lost, held against fifty sessions that were labelled by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.memory.labelled import FIRST, SECOND, Session
from travel_tui.facts import Fact, Kind
from travel_tui.memory.claims import Claim, claim
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


def test_twenty_five_sessions_that_another_hand_labelled_before_there_were_rules() -> None:
    right = told = labelled = 0
    misses = []
    for session in yaml.safe_load(Path(__file__).with_name("before.yaml").read_text(encoding="utf-8")):
        answers = session["agent"] + [""] * len(session["user"])
        turns = [Exchange(text, answer) for text, answer in zip(session["user"], answers, strict=False)]
        mine = {claim(each.fact) for each in lost(turns, session["summary"], date(2027, 6, 1))}
        wanted = {_claim(label) for label in session["lost"]}
        right, told, labelled = right + len(mine & wanted), told + len(mine), labelled + len(wanted)
        misses += [(session["summary"], mine ^ wanted)] if mine != wanted else []
    assert right / told >= 0.95, misses
    assert right / labelled >= 0.9, misses


def _claim(label: str) -> Claim:
    kind, _, value = label.partition(" ")
    known: dict[str, Kind] = {"place": "place", "date": "date", "id": "id", "name": "name", "amount": "amount"}
    return claim(Fact(known[kind], 0, 0, value, value))
