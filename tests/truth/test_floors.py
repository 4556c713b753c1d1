"""The development part of the labelled sessions and the acceptance cases hold their floors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.truth.scoring import AUTHOR, FRESH, PUBLIC, REWORDINGS, SCRIPTS, SESSIONS, by_kind, cases


@pytest.mark.parametrize(
    ("file", "lost_floor", "lost_recall_floor"),
    [(SESSIONS, 0.97, 0.80), (FRESH, 0.97, 0.67), (AUTHOR, 0.95, 0.60), (REWORDINGS, 0.83, 0.60)],
    ids=["development", "fresh", "author", "rewordings"],
)
def test_the_development_parts_hold_their_floors(file: Path, lost_floor: float, lost_recall_floor: float) -> None:
    scores = by_kind(each for each in cases(file) if each.get("part") != "set-aside")["all"]
    precision, recall, lost_precision, lost_recall = scores.figures
    assert precision >= 0.95, scores.wrong
    assert recall >= 0.90, scores.wrong
    assert lost_precision >= lost_floor, scores.wrong
    assert lost_recall >= lost_recall_floor, scores.wrong


def test_the_command_explains_the_acceptance_cases() -> None:
    explain = [sys.executable, "-m", "travel_tui", "explain", "-", "--json"]
    floors = ["--min-ap", "0.95", "--min-ar", "0.9", "--min-lp", "0.9", "--min-lr", "0.85"]
    script = [sys.executable, str(SCRIPTS / "score_truth.py"), "--file", str(PUBLIC), *floors, "-v", "--", *explain]
    done = subprocess.run(script, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
