"""Memory strategies: their documents, from the inputs of CreateMemory and UpdateMemory."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.agentcore.lookups import new_id, quota_error, validation_error
from travel_tui.local.state.resources import Document

_MAX_STRATEGIES = 6
"""Maximum strategies of a memory (AgentCore quotas)."""
_TYPES = {
    "semanticMemoryStrategy": "SEMANTIC",
    "summaryMemoryStrategy": "SUMMARIZATION",
    "userPreferenceMemoryStrategy": "USER_PREFERENCE",
    "episodicMemoryStrategy": "EPISODIC",
    "customMemoryStrategy": "CUSTOM",
}
_OVERRIDES = {
    "semanticOverride": ("SEMANTIC_OVERRIDE", "semantic"),
    "summaryOverride": ("SUMMARY_OVERRIDE", "summary"),
    "userPreferenceOverride": ("USER_PREFERENCE_OVERRIDE", "userPreference"),
    "episodicOverride": ("EPISODIC_OVERRIDE", "episodic"),
    "selfManagedConfiguration": ("SELF_MANAGED", ""),
}
_ACTOR = "/strategies/{memoryStrategyId}/actors/{actorId}/"
_SESSION = f"{_ACTOR}sessions/{{sessionId}}/"
_WINDOW = 4
"""Messages of history that a self-managed strategy gets by default."""


def strategies_from(endpoint: RegionalEndpoint, inputs: list[dict[str, Any]], now: str) -> list[Document]:
    """Return the documents of new strategies."""
    return [_strategy(endpoint, each, now) for each in inputs]


def check_strategies(strategies: list[Document]) -> None:
    """Raise the error for too many strategies, or several with one name."""
    names = [strategy["name"] for strategy in strategies]
    if len(strategies) > _MAX_STRATEGIES:
        raise quota_error(f"A memory can have up to {_MAX_STRATEGIES} strategies.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise validation_error(f"Strategy names must be unique in a memory: {', '.join(twice)}.")


def namespace_of(given: dict[str, Any], default: str) -> list[str]:
    """Return the namespace templates of an input; `namespaces` is the deprecated name of `namespaceTemplates`."""
    templates, older = given.get("namespaceTemplates"), given.get("namespaces")
    if templates and older and templates != older:
        raise validation_error("namespaces and namespaceTemplates exclude each other; use namespaceTemplates.")
    found: list[str] = templates or older or [default]
    return found


def with_templates(reflection: dict[str, Any], default: str = _ACTOR) -> Document:
    """Return a configuration of reflections with its namespace templates under both names."""
    templates = namespace_of(reflection, default)
    return {**reflection, "namespaces": templates, "namespaceTemplates": templates}


def _strategy(endpoint: RegionalEndpoint, given: dict[str, Any], now: str) -> Document:
    ((member, content),) = given.items()
    kind = _TYPES[member]
    override = content.get("configuration", {})
    by_session = kind in {"SUMMARIZATION", "EPISODIC"} or bool({"summaryOverride", "episodicOverride"} & set(override))
    templates = namespace_of(content, _SESSION if by_session else _ACTOR)
    document: Document = {
        "strategyId": new_id(endpoint, content["name"]),
        "name": content["name"],
        "type": kind,
        "namespaces": templates,
        "namespaceTemplates": templates,
        "createdAt": now,
        "updatedAt": now,
        "status": "CREATING",
    }
    for name in ("description", "memoryRecordSchema"):
        if name in content:
            document[name] = content[name]
    expiry = content.get("recordExpirySpecification", {}).get("recordExpiryDurationDays")
    if expiry:
        document["recordExpiryDurationDays"] = expiry
    configuration = _configuration(kind, content)
    if configuration:
        document["configuration"] = configuration
    return document


def _configuration(kind: str, content: dict[str, Any]) -> Document | None:
    if kind == "EPISODIC":
        reflection = with_templates(content.get("reflectionConfiguration", {}))
        return {"reflection": {"episodicReflectionConfiguration": reflection}}
    override = content.get("configuration")
    if not override:
        return None
    ((member, parts),) = override.items()
    override_type, prefix = _OVERRIDES[member]
    if override_type == "SELF_MANAGED":
        window = {"historicalContextWindowSize": parts.get("historicalContextWindowSize", _WINDOW)}
        triggers = {"triggerConditions": parts.get("triggerConditions", [{"messageBasedTrigger": {"messageCount": 1}}])}
        return {"type": override_type, "selfManagedConfiguration": {**triggers, **parts, **window}}
    found: Document = {"type": override_type}
    for stage in ("extraction", "consolidation"):
        if stage in parts:
            name = stage.title()
            found[stage] = {f"custom{name}Configuration": {f"{prefix}{name}Override": parts[stage]}}
    if prefix == "episodic":
        reflection = {"appendToPrompt": " ", "modelId": "", **with_templates(parts.get("reflection", {}))}
        found["reflection"] = {"customReflectionConfiguration": {"episodicReflectionOverride": reflection}}
    return found
