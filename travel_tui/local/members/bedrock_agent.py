"""Optional members of bedrock-agent's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Member, Members, effective, refused, stored

_PROMPTS = "promptOverrideConfiguration.promptConfigurations"
_MEMORY = "memoryConfiguration"
_FUNCTIONS = "functionSchema.functions"
_NO_PARSERS = "runs no parser Lambda functions"
_LABEL = "it is a label"
_LIST = effective("maxResults", "nextToken")
_IN_USE = effective("skipResourceInUseCheck")

_AGENT: dict[str, Member] = {
    **effective("instruction", "foundationModel", "idleSessionTTLInSeconds", _MEMORY),
    **effective(f"{_MEMORY}.storageDays", f"{_MEMORY}.sessionSummaryConfiguration.maxRecentSessions"),
    **effective(f"{_PROMPTS}.promptType", f"{_PROMPTS}.promptCreationMode", f"{_PROMPTS}.promptState"),
    **effective(f"{_PROMPTS}.basePromptTemplate", f"{_PROMPTS}.foundationModel"),
    **stored(_LABEL, "description"),
    **stored("nothing is encrypted", "customerEncryptionKeyArn"),
    **stored("no model is called; traces show it", f"{_PROMPTS}.inferenceConfiguration"),
    **stored("no model is called", f"{_PROMPTS}.additionalModelRequestFields"),
    **refused(_NO_PARSERS, "promptOverrideConfiguration.overrideLambda"),
    **refused(_NO_PARSERS, f"{_PROMPTS}.parserMode", accepted=("DEFAULT",)),
    **refused("runs no orchestration Lambda functions", "customOrchestration"),
    **refused("runs no orchestration Lambda functions", "orchestrationType", accepted=("DEFAULT",)),
    **refused("has no guardrails", "guardrailConfiguration"),
    **refused("has no collaborators", "agentCollaboration", accepted=("DISABLED",)),
}
_GROUP: dict[str, Member] = {
    **effective("actionGroupExecutor.customControl", "actionGroupExecutor.lambda", "actionGroupState"),
    **effective("apiSchema.payload", _FUNCTIONS, f"{_FUNCTIONS}.description", f"{_FUNCTIONS}.requireConfirmation"),
    **effective(f"{_FUNCTIONS}.parameters", f"{_FUNCTIONS}.parameters.description"),
    **effective(f"{_FUNCTIONS}.parameters.required"),
    **stored(_LABEL, "description"),
    **refused("has no S3; give the schema as apiSchema.payload", "apiSchema.s3"),
    **refused(
        "has no code interpreter and no computer tools; an agent asks its user for what is missing without "
        "AMAZON.UserInput too",
        "parentActionGroupSignature",
        accepted=("AMAZON.UserInput",),
    ),
    **refused("has no computer tools", "parentActionGroupSignatureParams"),
}
_ALIAS: dict[str, Member] = {
    **effective("routingConfiguration", "routingConfiguration.agentVersion"),
    **stored(_LABEL, "description"),
    **refused("has no provisioned throughput", "routingConfiguration.provisionedThroughput"),
}

MEMBERS: dict[str, Members] = {
    "CreateAgent": {**effective("clientToken", "agentResourceRoleArn", "tags"), **_AGENT},
    "UpdateAgent": _AGENT,
    "ListAgents": _LIST,
    "DeleteAgent": _IN_USE,
    "CreateAgentActionGroup": {**effective("clientToken"), **_GROUP},
    "UpdateAgentActionGroup": _GROUP,
    "ListAgentActionGroups": _LIST,
    "DeleteAgentActionGroup": _IN_USE,
    "CreateAgentAlias": {**effective("clientToken", "tags"), **_ALIAS},
    "UpdateAgentAlias": {**effective("aliasInvocationState"), **_ALIAS},
    "ListAgentAliases": _LIST,
    "ListAgentVersions": _LIST,
    "DeleteAgentVersion": _IN_USE,
}

REASONS: dict[str, str] = {
    "DeleteAgentActionGroup": "the clean-up of the reference notebook",
    "DeleteAgentAlias": "the clean-up of AWS's samples",
    "ListAgentVersions": "to choose the version that an alias points at",
    "DeleteAgentVersion": "to make room: each alias that is pointed at the DRAFT leaves a version",
    "UntagResource": "to undo TagResource",
}
"""Why a user needs the operations that neither the client nor provision and the pages of this project call."""
