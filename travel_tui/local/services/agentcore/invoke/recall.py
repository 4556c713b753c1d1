"""What a harness remembers for a turn: the records that it retrieves and puts into the prompt."""

from __future__ import annotations

import json
from dataclasses import dataclass

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import MEMORY
from travel_tui.local.runtime.memory_search import search
from travel_tui.local.runtime.memory_strategies import active_strategies, namespace_for
from travel_tui.local.state.memory_records import RecordScope, StoredRecord
from travel_tui.local.state.resources import Document
from travel_tui.local.unicode import well_formed

_DEFAULT_TOP_K, _DEFAULT_MIN_SCORE = 10, 0.2
"""What a harness retrieves of each strategy unless told otherwise (AgentCore developer guide, harness memory)."""
_MAX_QUERY = 10_000
_QUOTATIONS = ('The user said: "', 'The user asked: "', 'The assistant answered: "')
"""Lines that tell how a session went; the scripted agent would take them for facts."""
_OWN_LINES = ("<", "The user", "Trip ", "The trip ", "The assistant ")
_GROUP = ("The user's group", "The user's party")
"""Us, in records and in the scripted agent's own words."""


@dataclass(frozen=True, slots=True)
class _Retrieval:
    template: str
    top: int
    least_score: float
    strategy_id: str | None


def find_memory(endpoint: RegionalEndpoint, arn: str) -> Document | None:
    """Return the memory with an ARN, if it takes events."""
    memory = endpoint.control.resources.get(MEMORY, arn.rpartition("/")[2])
    return memory if memory and memory["arn"] == arn and memory["status"] in {"ACTIVE", "UPDATING"} else None


def recall(
    endpoint: RegionalEndpoint, harness: Document, memory: Document, actor: str, session_id: str, query: str
) -> list[str]:
    """Return the texts for a turn's prompt, those of the newest records first; as stored for a language model."""
    if endpoint.faults.happens("RetrieveMemoryRecords", "retrieval-empty"):
        return []
    found: dict[int, StoredRecord] = {}
    for retrieval in _retrievals(harness, memory):
        path = namespace_for(retrieval.template, actor, session_id, retrieval.strategy_id or "")
        scope = RecordScope(memory["arn"], path, True, retrieval.strategy_id)
        records = endpoint.agentcore.records
        for record, score in search(records, scope, query[:_MAX_QUERY], retrieval.top, endpoint.clock.now()):
            if score >= retrieval.least_score:
                found[record.row] = record
    if found and endpoint.faults.happens("InvokeHarness", "memory-not-injected"):
        return []
    texts = [found[row].text for row in sorted(found, reverse=True)]
    return texts if endpoint.model.is_language_model else [readable_record(text) for text in texts]


def _retrievals(harness: Document, memory: Document) -> list[_Retrieval]:
    setting = harness["memory"].get("agentCoreMemoryConfiguration", {}).get("retrievalConfig")
    if setting:
        return [
            _Retrieval(
                template,
                config.get("topK", _DEFAULT_TOP_K),
                config.get("relevanceScore", _DEFAULT_MIN_SCORE),
                config.get("strategyId"),
            )
            for template, config in setting.items()
        ]
    return [
        _Retrieval(s.template, _DEFAULT_TOP_K, _DEFAULT_MIN_SCORE, s.strategy_id) for s in active_strategies(memory)
    ]


def readable_record(text: str) -> str:
    """Return a record in the scripted agent's words: a preference as a sentence, summaries without quotations."""
    if not text.startswith("{"):
        return "\n".join(_line(line) for line in text.split("\n") if not line.startswith(_QUOTATIONS))
    try:
        preference = well_formed(json.loads(text).get("preference", ""))
    except (ValueError, AttributeError, RecursionError):
        return text
    return f"The user {preference[:1].lower()}{preference[1:]}." if preference else ""


def _line(line: str) -> str:
    """Return a line so that nobody that it names is taken for the user."""
    if not line or line.startswith(_OWN_LINES):
        return line.replace(*_GROUP)
    return f'The user said: "{line.rstrip(".").replace(chr(34), chr(39))}"'
