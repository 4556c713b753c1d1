"""Every dialogue of the files holds, in this process, with either style of summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.local.brain.stage import hold, plans

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT.parent / "shared" / "acceptance" / "dialogues.yaml"
FILES = [p for p in (SAMPLE, *sorted((ROOT / "tests" / "dialogues").glob("*.yaml"))) if p.exists()]
PLANS = [pytest.param(sessions, id=f"{path.stem}: {name}") for path in FILES for name, sessions in plans(path)]


def test_the_sample_is_there() -> None:
    if not SAMPLE.exists():
        pytest.skip("the acceptance dialogues are not beside this checkout")
    assert plans(SAMPLE)


@pytest.mark.parametrize("style", ["topics", "prose"])
@pytest.mark.parametrize("sessions", PLANS)
def test_it_holds(sessions: list[list[dict[str, Any]]], style: str) -> None:
    if style == "prose" and len(sessions) == 1:
        style = "topics"
    wrong = hold(sessions, style)
    assert not wrong, "\n".join(wrong)
