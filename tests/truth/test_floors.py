"""The development part of the labelled sessions and the acceptance cases hold their floors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.truth.scoring import FRESH, PUBLIC, SCRIPTS, SESSIONS, by_kind, cases


@pytest.mark.parametrize("file", [SESSIONS, FRESH], ids=["development", "fresh"])
def test_the_development_parts_hold_the_floors_and_the_aims(file: Path) -> None:
    scores = by_kind(each for each in cases(file) if each.get("part") != "set-aside")["all"]
    precision, recall, lost_precision, lost_recall = scores.figures
    assert precision >= 0.95, scores.wrong
    assert recall >= 0.90, scores.wrong
    assert lost_precision >= 0.90, scores.wrong
    assert lost_recall >= 0.85, scores.wrong


def test_the_command_explains_the_acceptance_cases() -> None:
    explain = [sys.executable, "-m", "travel_tui", "explain", "-", "--json"]
    floors = ["--min-ap", "0.95", "--min-ar", "0.9", "--min-lp", "0.9", "--min-lr", "0.85"]
    script = [sys.executable, str(SCRIPTS / "score_truth.py"), "--file", str(PUBLIC), *floors, "-v", "--", *explain]
    done = subprocess.run(script, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
