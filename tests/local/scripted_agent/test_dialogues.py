"""Run every dialogue of the files in this process, with either style of summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.local.scripted_agent.dialogues import load_dialogues, run_dialogue
from tests.parts import rows_in_part

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "tests" / "acceptance" / "scripts" / "dialogues.yaml"
FILES = (SAMPLE, *sorted((ROOT / "tests" / "dialogues").glob("*.yaml")))
PLANS = {
    f"{path.stem}: {name} ({style})": (sessions, style)
    for path in FILES
    for name, sessions in load_dialogues(path)
    for style in ("topics", "prose")[: len(sessions)]
}
"""Each dialogue; with prose for a summary too where a later session reads one."""


@pytest.mark.parametrize(("sessions", "style"), rows_in_part(PLANS.values(), 4), ids=PLANS)
def test_it_holds(sessions: list[list[dict[str, Any]]], style: str) -> None:
    wrong = run_dialogue(sessions, style)
    assert not wrong, "\n".join(wrong)
