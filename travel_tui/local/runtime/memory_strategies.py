"""Strategies of a memory as extraction runs them: which records they make of messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from travel_tui.local.memory_extraction.drafts import REFLECTION
from travel_tui.local.memory_extraction.messages import Message
from travel_tui.local.memory_extraction.strategy_kinds import EPISODES, FACTS, PREFERENCES, SUMMARIES
from travel_tui.local.runtime.record_metadata import SchemaKey, schema_keys
from travel_tui.local.state.resources import Document

_OVERRIDES = {
    "SEMANTIC_OVERRIDE": FACTS,
    "USER_PREFERENCE_OVERRIDE": PREFERENCES,
    "SUMMARY_OVERRIDE": SUMMARIES,
    "EPISODIC_OVERRIDE": EPISODES,
}
BUILT_IN_VARIABLES = frozenset({"actorId", "sessionId", "memoryStrategyId"})
_VARIABLE = re.compile(r"\{(\w+)\}")
_FORGOTTEN = "Something was said."
"""What the fault extraction-forgets leaves of a message."""


@dataclass(frozen=True, slots=True)
class ActiveStrategy:
    """A strategy that extracts: its kind and its namespace templates."""

    strategy_id: str
    kind: str
    template: str
    reflection_template: str
    record_expiry_days: int | None
    schema: tuple[SchemaKey, ...] = ()
    """Keys of the records' metadata."""
    reflection_schema: tuple[SchemaKey, ...] = ()

    def schema_for(self, record_type: str) -> tuple[SchemaKey, ...]:
        """Return the keys of the metadata of records of a type."""
        return self.reflection_schema if record_type == REFLECTION else self.schema

    def template_for(self, record_type: str) -> str:
        """Return the template for records of a type."""
        return self.reflection_template if record_type == REFLECTION else self.template


def variables_in(template: str) -> set[str]:
    """Return the names of a namespace template's variables."""
    return set(_VARIABLE.findall(template))


def namespace_for(
    template: str, actor_id: str, session_id: str, strategy_id: str, own: Mapping[str, str] | None = None
) -> str:
    """Return the namespace of a template; `own` are the values of the memory's own variables."""
    values = {**(own or {}), "actorId": actor_id, "sessionId": session_id, "memoryStrategyId": strategy_id}
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template)


def active_strategies(memory: Document) -> list[ActiveStrategy]:
    """Return the strategies of a memory that extract here; self-managed ones do so elsewhere."""
    found = []
    for strategy in memory["strategies"]:
        configuration = strategy.get("configuration", {})
        kind = _OVERRIDES.get(configuration.get("type", ""), strategy["type"])
        if strategy["status"] == "ACTIVE" and kind in {FACTS, PREFERENCES, SUMMARIES, EPISODES}:
            template = strategy["namespaceTemplates"][0]
            reflection = configuration.get("reflection", {})
            content = (
                reflection.get("episodicReflectionConfiguration")
                or reflection.get("customReflectionConfiguration", {}).get("episodicReflectionOverride")
                or {}
            )
            found.append(
                ActiveStrategy(
                    strategy["strategyId"],
                    kind,
                    template,
                    content.get("namespaceTemplates", [template])[0],
                    strategy.get("recordExpiryDurationDays"),
                    schema_keys(strategy.get("memoryRecordSchema")),
                    schema_keys(content.get("memoryRecordSchema")),
                )
            )
    return found


def forget_facts(messages: Sequence[Message]) -> list[Message]:
    """Return messages without anything worth remembering."""
    return [replace(message, text=_FORGOTTEN if message.text else "", uses=(), results=()) for message in messages]
