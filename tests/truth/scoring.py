"""Scores of the attribution engine on labelled sessions, per kind, by the rules of score_truth.py."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.memory.labelled import FIRST, SECOND
from travel_tui.attribution.attribute import explain_answer
from travel_tui.attribution.lost import find_lost
from travel_tui.attribution.types import Turn

SESSIONS = Path(__file__).with_name("sessions.jsonl")
FRESH = Path(__file__).with_name("fresh.jsonl")
AUTHOR = Path(__file__).with_name("author.jsonl")
REWORDINGS = Path(__file__).with_name("rewordings.jsonl")
SCRIPTS = Path(__file__).resolve().parents[1] / "acceptance" / "scripts"
PUBLIC = SCRIPTS / "truth_public.jsonl"
Case = dict[str, Any]


@dataclass(slots=True)
class Score:
    """Counts of one kind, and lines on what is wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, counts: dict[str, int], wrong: Iterable[str] = ()) -> None:
        for key, number in counts.items():
            self.counts[key] = self.counts.get(key, 0) + number
        self.wrong += wrong

    def share(self, part: str, whole: str) -> float:
        """Return a share; 1 if there is nothing to share."""
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 1.0

    @property
    def figures(self) -> tuple[float, float, float, float]:
        """Precision and recall of the attribution, then of what was lost."""
        return (
            self.share("ok", "pred"),
            self.share("right", "gold"),
            self.share("lok", "lpred"),
            self.share("lright", "lgold"),
        )


@cache
def _script() -> Any:
    spec = importlib.util.spec_from_file_location("score_truth", SCRIPTS / "score_truth.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases(file: Path) -> Iterator[Case]:
    """Yield the cases of a file."""
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def former() -> Iterator[Case]:
    """Yield the fifty sessions of tests/memory as cases; their labels are names, days, ids, places and amounts only."""
    for number, (texts, summary, lost) in enumerate([*FIRST, *SECOND], 1):
        turns: list[dict[str, Any]] = []
        for text in texts:
            if text.startswith("id:") and turns:
                turns[-1]["agent"] = f"Done. Your booking id is {text.removeprefix('id:')}."
            else:
                turns.append({"user": text, "agent": ""})
        yield {
            "id": f"former-{number}",
            "kind": "former",
            "labels": "names and values",
            "input": {"today": "2026-12-01", "turns": turns, "memory": [], "summary": summary},
            "gold": {"claims": [], "must_not": [], "lost": sorted(lost), "kept": []},
        }


def score(case: Case) -> tuple[dict[str, int], list[str]]:
    """Explain one case and score it. A source "not-injected" counts as unknown, as in the script."""
    given, gold = case["input"], json.loads(json.dumps(case["gold"]))
    turns = [Turn(each["user"], each.get("agent", ""), tuple(each.get("tools", ()))) for each in given["turns"]]
    today = date.fromisoformat(given["today"])
    memory = {each["session_id"]: each["text"] for each in given["memory"]}
    claims = explain_answer(turns, memory, given.get("injected"), today)
    lost = find_lost(turns, given["summary"], today) if "summary" in given else []
    if "labels" in case:
        lost = [each for each in lost if re.search(r"\d|\b[A-Z]", each.text)]
    for label in gold["claims"]:
        label.setdefault("session_id", None)
        if label["source"] == "not-injected":
            label |= {"source": "unknown", "session_id": None}
    found = {
        "claims": [
            {
                "text": each.text,
                "start": each.start,
                "end": each.end,
                "source": str(each.source).replace("not-injected", "unknown"),
                "session_id": each.record_id,
            }
            for each in claims
        ],
        "lost": [{"text": each.text, "turn": each.turn} for each in lost],
    }
    counts, wrong = _script().score({"input": given, "gold": gold}, found)
    return {**counts, "cases": 1}, [f"{case['id']} {each}" for each in wrong]


def by_kind(some: Iterable[Case]) -> dict[str, Score]:
    """Return the scores by kind, and under "all" their sum."""
    found: dict[str, Score] = {}
    for case in some:
        counts, wrong = score(case)
        for kind in (case["kind"], "all"):
            found.setdefault(kind, Score()).add(counts, wrong)
    return found


def matches(item: str, phrase: str) -> bool:
    """Whether an item shares at least half of a labelled phrase's content words."""
    return bool(_script().lost_match(item, phrase))
