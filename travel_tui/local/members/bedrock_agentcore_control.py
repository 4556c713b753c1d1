"""Optional members of bedrock-agentcore-control's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Member, Members, effective, refused, stored, without_effect

_LABEL = "it is a label"
_UNENCRYPTED = "nothing is encrypted"
_LIST = effective("maxResults", "nextToken")
_BY_RULES = "records are made by rules, or by prompts of the endpoint's own"
_ELSEWHERE = "no topic is told; write its records with BatchCreateMemoryRecords"
_ONCE = "it is deleted once"
_NO_CONTAINER = "no container runs here"


def _under(path: str, members: Members) -> dict[str, Member]:
    return {f"{path}.{name}" if path else name: member for name, member in members.items()}


_VALIDATION = "extractionConfig.llmExtractionConfig.validation"
_SCHEMA: dict[str, Member] = _under(
    "memoryRecordSchema.metadataSchema",
    {
        **effective("extractionType", "type"),
        **effective(f"{_VALIDATION}.stringValidation", f"{_VALIDATION}.stringListValidation.allowedValues"),
        **effective(f"{_VALIDATION}.numberValidation.minValue", f"{_VALIDATION}.numberValidation.maxValue"),
        **stored("an event brings one value", f"{_VALIDATION}.stringListValidation.maxItems"),
        **stored(
            "values come from events; no model infers them",
            "extractionConfig.llmExtractionConfig.llmExtractionInstruction",
        ),
    },
)
_NAMESPACES = effective("namespaceTemplates", "namespaces")
_STRATEGY: dict[str, Member] = {**_NAMESPACES, **stored(_LABEL, "description"), **_SCHEMA}
_EXPIRING: dict[str, Member] = {
    **effective("recordExpirySpecification.recordExpiryDurationDays"),
    **without_effect("there is nothing to remove yet", "recordExpirySpecification.action"),
}
_REFLECTION: dict[str, Member] = {**_NAMESPACES, **_SCHEMA}
_OVERRIDES: dict[str, Member] = {
    **stored(_BY_RULES, *(f"{kind}Override.extraction" for kind in ("semantic", "userPreference", "episodic"))),
    **stored(
        _BY_RULES,
        *(f"{kind}Override.consolidation" for kind in ("semantic", "summary", "userPreference", "episodic")),
    ),
    **_under("episodicOverride.reflection", _REFLECTION),
    **stored(_ELSEWHERE, "selfManagedConfiguration"),
}
_NEW_STRATEGIES: dict[str, Member] = {
    **_under("semanticMemoryStrategy", {**_STRATEGY, **_EXPIRING}),
    **_under("summaryMemoryStrategy", {**_STRATEGY, **_EXPIRING}),
    **_under("userPreferenceMemoryStrategy", {**_STRATEGY, **_EXPIRING}),
    **_under("episodicMemoryStrategy", {**_STRATEGY, **_EXPIRING, **_under("reflectionConfiguration", _REFLECTION)}),
    **_under("customMemoryStrategy", {**_STRATEGY, **_EXPIRING, **_under("configuration", _OVERRIDES)}),
}
_CHANGED_STRATEGY: dict[str, Member] = {
    **_STRATEGY,
    **effective("recordExpirySpecification.action", "recordExpirySpecification.recordExpiryDurationDays"),
    **stored(_BY_RULES, "configuration.extraction", "configuration.consolidation"),
    **_under("configuration.reflection.episodicReflectionConfiguration", _REFLECTION),
    **_under("configuration.reflection.customReflectionConfiguration.episodicReflectionOverride", _REFLECTION),
    **stored(_ELSEWHERE, "configuration.selfManagedConfiguration"),
}
_MEMORY: dict[str, Member] = {
    **effective("clientToken", "memoryExecutionRoleArn"),
    **effective("namespaceKeys.validation.allowedValues", "namespaceKeys.validation.regexPattern"),
    **stored(_LABEL, "description"),
    **refused("has no streams", "streamDeliveryResources"),
}

_HOOKS: dict[str, Member] = {
    f"hooks.{kind}.target.{name}": member
    for kind in ("beforeInvocation", "afterInvocation", "beforeToolCall", "afterToolCall")
    for name, member in {
        **effective("lambda", "lambda.failureMode", "lambda.timeoutSeconds"),
        **stored("nobody is told; the stream says that the hook ran", "eventBridge", "sns"),
    }.items()
}
_MODELS = ("bedrock", "openAi", "gemini", "liteLlm")
_AGENTCORE_MEMORY = "agentCoreMemoryConfiguration"
_OWN_MEMORY: dict[str, Member] = {
    **effective("disabled", f"{_AGENTCORE_MEMORY}.actorId", f"{_AGENTCORE_MEMORY}.messagesCount"),
    **effective(*(f"{_AGENTCORE_MEMORY}.retrievalConfig.{name}" for name in ("relevanceScore", "strategyId", "topK"))),
    **effective("managedMemoryConfiguration.eventExpiryDuration", "managedMemoryConfiguration.strategies"),
    **without_effect("the service gives it", "managedMemoryConfiguration.arn"),
    **stored(_UNENCRYPTED, "managedMemoryConfiguration.encryptionKeyArn"),
}
_HARNESS: dict[str, Member] = {
    **effective("allowedTools", "clientToken", "maxIterations", "maxTokens", "systemPrompt.text", "timeoutSeconds"),
    **effective("tools.name", "tools.config.inlineFunction"),
    **effective(*(f"model.{name}ModelConfig.{key}" for name in _MODELS for key in ("maxTokens", "additionalParams"))),
    **stored("`--model` says what answers", "model"),
    **stored(
        "inline functions alone are called",
        *(
            f"tools.config.{name}"
            for name in ("remoteMcp", "agentCoreBrowser", "agentCoreGateway", "agentCoreCodeInterpreter")
        ),
    ),
    **stored("no skills are loaded", "skills"),
    **stored(_NO_CONTAINER, "environment", "environmentVariables"),
    **effective("truncation.config.slidingWindow.messagesCount"),
    **stored("the messages of a session are not summarised", "truncation.config.summarization"),
    **_HOOKS,
}
_NO_CONTAINERS = "runs no containers"
_NO_TOKENS = "checks no JSON web tokens; it takes signed requests"

MEMBERS: dict[str, Members] = {
    "CreateMemory": {
        **_MEMORY,
        **effective("indexedKeys", "tags"),
        **stored(_UNENCRYPTED, "encryptionKeyArn"),
        **_under("memoryStrategies", _NEW_STRATEGIES),
    },
    "GetMemory": without_effect("nothing is encrypted", "view"),
    "ListMemories": _LIST,
    "UpdateMemory": {
        **_MEMORY,
        **effective("addIndexedKeys", "eventExpiryDuration", "memoryStrategies.deleteMemoryStrategies"),
        **_under("memoryStrategies.addMemoryStrategies", _NEW_STRATEGIES),
        **_under("memoryStrategies.modifyMemoryStrategies", _CHANGED_STRATEGY),
    },
    "DeleteMemory": without_effect(_ONCE, "clientToken"),
    "CreateHarness": {
        **_HARNESS,
        **effective("tags"),
        **_under("memory", _OWN_MEMORY),
        **refused(_NO_CONTAINERS, "environmentArtifact"),
        **refused(_NO_TOKENS, "authorizerConfiguration"),
    },
    "GetHarness": effective("harnessVersion"),
    "ListHarnesses": _LIST,
    "UpdateHarness": {
        **_HARNESS,
        **effective("executionRoleArn"),
        **_under("memory.optionalValue", _OWN_MEMORY),
        **refused(_NO_CONTAINERS, "environmentArtifact.optionalValue"),
        **refused(_NO_TOKENS, "authorizerConfiguration.optionalValue"),
    },
    "DeleteHarness": {**effective("deleteManagedMemory"), **without_effect(_ONCE, "clientToken")},
    "ListHarnessVersions": _LIST,
    "CreateHarnessEndpoint": {**effective("clientToken", "tags", "targetVersion"), **stored(_LABEL, "description")},
    "ListHarnessEndpoints": _LIST,
    "UpdateHarnessEndpoint": {**effective("clientToken", "targetVersion"), **stored(_LABEL, "description")},
    "DeleteHarnessEndpoint": without_effect(_ONCE, "clientToken"),
}

REASONS: dict[str, str] = {
    "CreateHarnessEndpoint": "to keep callers on a version",
    "ListHarnessEndpoints": "to see which version callers get",
    "GetHarnessEndpoint": "to wait until an endpoint is READY",
    "ListHarnessVersions": "to choose the version that an endpoint leads to",
    "UpdateHarnessEndpoint": "to lead an endpoint to another version",
    "DeleteHarnessEndpoint": "to undo CreateHarnessEndpoint",
    "UntagResource": "to undo TagResource",
}
