"""What a probe of a harness found, point by point. Pure: it takes what was seen and returns sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from travel_tui.agent import MemoryKind, MemoryRecord
from travel_tui.memory_store import AddedRecord
from travel_tui.text import count

TOWN = "Longyearbyen"
"""Stands in the record that is added, and in nothing that is said."""
FIRST_NAME, SECOND_NAME = "Wilson", "Harper"
IMPORTED = f"The user lives in {TOWN}."
QUESTION = "Where do I live? Answer with the town alone."
FACT = f"Please remember: my dentist is called {FIRST_NAME}."
CORRECTION = f"Correction: my dentist is called {SECOND_NAME}, not {FIRST_NAME}."
"""Everything that a probe says."""
STOPPED = "stopped"
"""Stands for the answer of a StopRuntimeSession that succeeded."""


class Answer(StrEnum):
    """Answer to a question of the probe."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Point:
    """One question about the service, and what was found."""

    name: str
    question: str
    answer: Answer
    found: str
    evidence: dict[str, Any] = field(default_factory=dict)
    """Plain data that the answer rests on: of the probe's own texts, ids and counts."""


QUESTIONS = {
    "import": "Does BatchCreateMemoryRecords add a record to a strategy's namespace, once for a clientToken?",
    "recall": "Is what RetrieveMemoryRecords finds with the harness's settings in the prompt?",
    "summaries": "Is a session's summary one record for each part of it?",
    "consolidation": "Does a corrected fact replace its record under a new id?",
    "cancel": "Does StopRuntimeSession take a harness's ARN?",
}
"""The points that are inferred or were seen once, in the order in which they are told."""


def undecided(name: str, why: str) -> Point:
    """Return a point that could not be decided."""
    return Point(name, QUESTIONS[name], Answer.UNDECIDED, why)


def about_import(first: AddedRecord, again: AddedRecord, listed: Sequence[MemoryRecord]) -> Point:
    """Judge a record that was added twice under one token, by what is listed afterwards."""
    evidence = {"record_ids": [first.record_id, again.record_id], "listed": len(listed)}
    if first.reason:
        return _point("import", Answer.NO, f"It was refused: {first.reason}", evidence)
    if not listed:
        return _point("import", Answer.UNDECIDED, "The record was taken, and is not listed yet.", evidence)
    once = len(listed) == 1 and first.record_id == again.record_id
    if once:
        return _point("import", Answer.YES, "Sent twice under one token, there is one record, under one id.", evidence)
    told = f"Sent twice under one token, {count(len(listed), 'record')} are listed"
    ids = "under one id in both answers" if first.record_id == again.record_id else "under two ids"
    return _point("import", Answer.PARTLY, f"{told}, {ids}.", evidence)


def about_recall(found: Sequence[MemoryRecord] | None, answer: str) -> Point:
    """Judge whether what would be recalled was in the prompt, by the answer to the question."""
    would = found is not None and any(TOWN in each.text for each in found)
    said = TOWN.lower() in answer.lower()
    evidence = {"would_be_recalled": would, "answer": answer[:500]}
    if found is None:
        return _point("recall", Answer.UNDECIDED, "The harness has no retrieval settings to compare with.", evidence)
    if would and said:
        return _point("recall", Answer.YES, "The record was found, and the answer has its words.", evidence)
    if would:
        return _point("recall", Answer.NO, "The record was found, but the answer does not have its words.", evidence)
    if said:
        told = "The answer has the record's words, though the retrieval did not find it: more is in the prompt."
        return _point("recall", Answer.PARTLY, told, evidence)
    return _point("recall", Answer.UNDECIDED, "Neither the retrieval nor the answer has the record.", evidence)


def about_summaries(records: Sequence[MemoryRecord], session_id: str) -> Point:
    """Judge the summary records of a session of two turns."""
    texts = [each.text for each in records if each.kind is MemoryKind.SESSION_SUMMARY and each.session_id == session_id]
    topics = [len(_TOPIC.findall(each)) for each in texts]
    evidence = {"turns": 2, "records": len(texts), "topics": topics, "texts": texts}
    if not texts:
        return _point("summaries", Answer.UNDECIDED, "No summary of the session came in time.", evidence)
    shape = ", ".join(f"{count(number, 'topic')}" for number in topics)
    root = " Some have a root element." if any(_ROOT.match(each) for each in texts) else " None has a root element."
    told = f"{count(len(texts), 'record')} of two turns, with {shape}.{root}"
    return _point("summaries", Answer.YES if len(texts) > 1 else Answer.NO, told, evidence)


def about_consolidation(before: Sequence[MemoryRecord], after: Sequence[MemoryRecord]) -> Point:
    """Judge the facts before and after a correction."""
    first, second = _facts(before), _facts(after)
    old = {each.record_id: each.text for each in first if FIRST_NAME in each.text}
    new = {each.record_id: each.text for each in second if SECOND_NAME in each.text}
    kept = {each.record_id for each in second} & old.keys()
    evidence = {"before": old, "after": {each.record_id: each.text for each in second}}
    if not old:
        return _point("consolidation", Answer.UNDECIDED, "No fact came of the first message in time.", evidence)
    if not new:
        return _point("consolidation", Answer.UNDECIDED, "No fact came of the correction in time.", evidence)
    if new.keys() & old.keys():
        return _point("consolidation", Answer.NO, "The record has the new text under its old id.", evidence)
    if kept:
        told = "The corrected fact has a record of its own, and the old one is still there."
        return _point("consolidation", Answer.NO, told, evidence)
    return _point("consolidation", Answer.YES, "The old record is gone, and another one has the correction.", evidence)


def about_cancel(tried: dict[str, str]) -> Point:
    """Judge StopRuntimeSession by what it answered for each kind of ARN: STOPPED, or an error."""
    if tried.get("harness") == STOPPED:
        return _point("cancel", Answer.YES, "The session was stopped by the harness's ARN.", dict(tried))
    told = "; ".join(f"by the ARN of the {kind}: {answer.rstrip('.')}" for kind, answer in tried.items())
    answered = tried.get("runtime") == STOPPED
    return _point("cancel", Answer.NO if answered else Answer.UNDECIDED, f"{told}.", dict(tried))


_TOPIC, _ROOT = re.compile(r"<topic\b"), re.compile(r"\s*<(?!topic\b)\w+")


def _facts(records: Sequence[MemoryRecord]) -> list[MemoryRecord]:
    return [each for each in records if each.kind is MemoryKind.FACT]


def _point(name: str, answer: Answer, found: str, evidence: dict[str, Any]) -> Point:
    return Point(name, QUESTIONS[name], answer, found, evidence)
