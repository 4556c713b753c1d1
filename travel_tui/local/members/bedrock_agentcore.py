"""Optional members of bedrock-agentcore's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Member, Members, effective, without_effect

_PAGE = effective("maxResults", "nextToken")
_FILTERS = (
    "left.metadataKey",
    "right.metadataValue.dateTimeValue",
    "right.metadataValue.numberValue",
    "right.metadataValue.stringListValue",
    "right.metadataValue.stringValue",
)
_METADATA = ("stringValue", "stringListValue", "numberValue", "dateTimeValue")
_UNTRACED = "nothing is traced here"

_EXPIRY: dict[str, Member] = effective(
    "recordExpirySpecification.action", "recordExpirySpecification.recordExpiryDurationDays"
)
_OVERRIDES: dict[str, Member] = {
    **effective("allowedTools", "maxIterations", "maxTokens", "systemPrompt.text", "timeoutSeconds"),
    **effective("tools.name", "tools.config.inlineFunction"),
    **effective(*(f"model.{name}ModelConfig.maxTokens" for name in ("bedrock", "openAi", "gemini", "liteLlm"))),
    **effective(*(f"model.{name}ModelConfig.additionalParams" for name in ("bedrock", "openAi", "gemini", "liteLlm"))),
    **without_effect("`--model` says what answers", "model"),
    **without_effect(
        "inline functions alone are called", *(f"tools.config.{name}" for name in ("remoteMcp", "agentCoreBrowser"))
    ),
    **without_effect(
        "inline functions alone are called",
        *(f"tools.config.{name}" for name in ("agentCoreGateway", "agentCoreCodeInterpreter")),
    ),
    **without_effect("no skills are loaded", "skills"),
}

MEMBERS: dict[str, Members] = {
    "InvokeHarness": {
        **effective("actorId", "qualifier"),
        **effective("messages.content.text", "messages.content.toolResult"),
        **effective("messages.content.toolResult.content.json", "messages.content.toolResult.content.text"),
        **effective("messages.content.toolResult.status"),
        **without_effect("the function's name is known", "messages.content.toolResult.type"),
        **without_effect("the session knows its calls", "messages.content.toolUse"),
        **without_effect("the model's own reasoning counts", "messages.content.reasoningContent"),
        **without_effect("no container is passed it", "runtimeUserId"),
        **without_effect(_UNTRACED, "baggage", "traceId", "traceParent", "traceState"),
        **_OVERRIDES,
    },
    "CreateEvent": effective(
        "branch.rootEventId",
        "clientToken",
        "extractionConfig.namespaceVariables",
        "extractionMode",
        "metadata.stringValue",
        "payload.blob",
        "payload.conversational.content.text",
        "payload.json",
        "sessionId",
    ),
    "ListEvents": {
        **_PAGE,
        **effective("filter.branch.includeParentBranches", "includePayloads"),
        **effective("filter.eventMetadata.left.metadataKey", "filter.eventMetadata.right.metadataValue.stringValue"),
    },
    "ListActors": _PAGE,
    "ListSessions": {**_PAGE, **effective("filter.eventFilter")},
    "ListMemoryRecords": {
        **_PAGE,
        **effective("memoryStrategyId", "namespace", "namespacePath"),
        **effective(*(f"metadataFilters.{path}" for path in _FILTERS)),
    },
    "RetrieveMemoryRecords": {
        **_PAGE,
        **effective("namespace", "namespacePath", "searchCriteria.memoryStrategyId", "searchCriteria.topK"),
        **effective(*(f"searchCriteria.metadataFilters.{path}" for path in _FILTERS)),
    },
    "GetMemoryRecord": effective("namespace"),
    "DeleteMemoryRecord": effective("namespace"),
    "BatchCreateMemoryRecords": {
        **effective("clientToken", "records.content.text", "records.memoryStrategyId"),
        **effective(*(f"records.metadata.{name}" for name in _METADATA)),
        **effective("recordExpirySpecification.recordExpiryDurationDays"),
        **without_effect("it does not apply to new records, as on AWS", "recordExpirySpecification.action"),
    },
    "BatchUpdateMemoryRecords": {
        **effective("records.content.text", "records.memoryStrategyId", "records.namespaces"),
        **effective("records.sourceNamespaces"),
        **effective(*(f"records.metadata.{name}" for name in _METADATA)),
        **_EXPIRY,
    },
    "BatchDeleteMemoryRecords": effective("records.namespace"),
    "ListMemoryExtractionJobs": {
        **_PAGE,
        **effective("filter.actorId", "filter.sessionId", "filter.strategyId"),
        **without_effect("failed jobs alone are listed, as on AWS", "filter.status"),
    },
    "StartMemoryExtractionJob": effective("clientToken"),
}

REASONS: dict[str, str] = {"GetMemoryRecord": "to see when a record expires"}
