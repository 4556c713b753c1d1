"""Optional members of bedrock-agent-runtime's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Members, effective, refused, without_effect

_STATE = "sessionState"
_RESULTS = f"{_STATE}.returnControlInvocationResults"

MEMBERS: dict[str, Members] = {
    "InvokeAgent": {
        **effective(
            "enableTrace",
            "endSession",
            "inputText",
            "memoryId",
            "promptCreationConfigurations.previousConversationTurnsToInclude",
            f"{_STATE}.conversationHistory.messages.content.text",
            f"{_STATE}.invocationId",
            f"{_STATE}.promptSessionAttributes",
            f"{_RESULTS}.apiResult.apiPath",
            f"{_RESULTS}.apiResult.confirmationState",
            f"{_RESULTS}.apiResult.httpMethod",
            f"{_RESULTS}.apiResult.httpStatusCode",
            f"{_RESULTS}.apiResult.responseBody.body",
            f"{_RESULTS}.apiResult.responseState",
            f"{_RESULTS}.functionResult.confirmationState",
            f"{_RESULTS}.functionResult.function",
            f"{_RESULTS}.functionResult.responseBody.body",
            f"{_RESULTS}.functionResult.responseState",
            f"{_STATE}.sessionAttributes",
            "streamingConfigurations.streamFinalResponse",
        ),
        **without_effect("no model is called", "bedrockModelConfigurations"),
        **without_effect(
            "the script has no thinking steps", "promptCreationConfigurations.excludePreviousThinkingSteps"
        ),
        **without_effect("there are no guardrails", "streamingConfigurations.applyGuardrailInterval"),
        **without_effect("there are no collaborators", f"{_RESULTS}.apiResult.agentId"),
        **without_effect("there are no collaborators", f"{_RESULTS}.functionResult.agentId"),
        **without_effect("every caller is the account itself", "sourceArn"),
        **refused("reads no files and has no code interpreter", f"{_STATE}.files"),
        **refused("has no knowledge bases", f"{_STATE}.knowledgeBaseConfigurations"),
        **refused("reads no images", f"{_RESULTS}.apiResult.responseBody.images"),
        **refused("reads no images", f"{_RESULTS}.functionResult.responseBody.images"),
    },
    "GetAgentMemory": effective("maxItems", "nextToken"),
    "DeleteAgentMemory": effective("memoryId", "sessionId"),
}

REASONS: dict[str, str] = {}
