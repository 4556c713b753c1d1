"""Memory strategies: their documents, from the inputs of CreateMemory and UpdateMemory."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.memory_strategies import variables_in
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
_BUILT_IN_VARIABLES = {"actorId", "sessionId", "memoryStrategyId"}
_WINDOW = 4
"""Messages of history that a self-managed strategy gets by default."""


def strategies_from(
    endpoint: RegionalEndpoint, inputs: list[dict[str, Any]], namespace_keys: list[dict[str, Any]], now: str
) -> list[Document]:
    """Return the documents of new strategies. Raises ValidationException for a template with an unknown variable."""
    return [_strategy(endpoint, each, {key["key"] for key in namespace_keys}, now) for each in inputs]


def check_strategies(strategies: list[Document]) -> None:
    """Raise the error for too many strategies, or several with one name."""
    names = [strategy["name"] for strategy in strategies]
    if len(strategies) > _MAX_STRATEGIES:
        raise quota_error(f"A memory can have up to {_MAX_STRATEGIES} strategies.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise validation_error(f"Strategy names must be unique in a memory: {', '.join(twice)}.")


def namespace_of(given: dict[str, Any], known: set[str], default: str) -> list[str]:
    """Return the namespace templates of an input; `namespaces` is the deprecated name of `namespaceTemplates`."""
    templates, older = given.get("namespaceTemplates"), given.get("namespaces")
    if templates and older and templates != older:
        raise validation_error("namespaces and namespaceTemplates exclude each other; use namespaceTemplates.")
    found: list[str] = templates or older or [default]
    for template in found:
        unknown = variables_in(template) - _BUILT_IN_VARIABLES - known
        if unknown:
            raise validation_error(
                f"The namespace template {template} has the unknown variable {{{min(unknown)}}}. Use "
                "{actorId}, {sessionId}, {memoryStrategyId} or a key of namespaceKeys."
            )
    return found


def _strategy(endpoint: RegionalEndpoint, given: dict[str, Any], known: set[str], now: str) -> Document:
    ((member, content),) = given.items()
    kind = _TYPES[member]
    override = content.get("configuration", {})
    by_session = kind in {"SUMMARIZATION", "EPISODIC"} or bool({"summaryOverride", "episodicOverride"} & set(override))
    templates = namespace_of(content, known, _SESSION if by_session else _ACTOR)
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
    configuration = _configuration(kind, content, known)
    if configuration:
        document["configuration"] = configuration
    return document


def _configuration(kind: str, content: dict[str, Any], known: set[str]) -> Document | None:
    if kind == "EPISODIC":
        reflection = content.get("reflectionConfiguration", {})
        templates = namespace_of(reflection, known, _ACTOR)
        return {
            "reflection": {
                "episodicReflectionConfiguration": {
                    **reflection,
                    "namespaces": templates,
                    "namespaceTemplates": templates,
                }
            }
        }
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
        reflection = parts.get("reflection", {})
        templates = namespace_of(reflection, known, _ACTOR)
        found["reflection"] = {
            "customReflectionConfiguration": {
                "episodicReflectionOverride": {
                    "appendToPrompt": " ",
                    "modelId": "",
                    **reflection,
                    "namespaces": templates,
                    "namespaceTemplates": templates,
                }
            }
        }
    return found
