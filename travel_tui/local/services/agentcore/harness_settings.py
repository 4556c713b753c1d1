"""Settings of harnesses: AWS's defaults, checks of what the service model does not say, and partial updates."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import MEMORY
from travel_tui.local.services.agentcore.lookups import check_role, validation_error
from travel_tui.local.services.agentcore.memories import change_memory, new_memory, remove_memory
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

MODEL = "global.anthropic.claude-sonnet-4-6"
"""AWS's default model of a harness (AgentCore developer guide, harness models)."""
_PLAIN = (
    "executionRoleArn",
    "environmentVariables",
    "model",
    "systemPrompt",
    "tools",
    "skills",
    "allowedTools",
    "truncation",
    "hooks",
    "maxIterations",
    "maxTokens",
    "timeoutSeconds",
)
_WRAPPED = ("environmentArtifact", "authorizerConfiguration")
"""Settings that UpdateHarness takes in {"optionalValue": …}, as it does `memory`."""
_ITERATIONS, _TIMEOUT = 75, 3600
_IDLE, _LIFETIME = 900, 28_800
"""Defaults in calls of the model, seconds of a call, and seconds of the microVM (harness operations)."""
_EVENT_DAYS = 30
_MANAGED = {
    "SEMANTIC": "semanticMemoryStrategy",
    "SUMMARIZATION": "summaryMemoryStrategy",
    "USER_PREFERENCE": "userPreferenceMemoryStrategy",
    "EPISODIC": "episodicMemoryStrategy",
}
_CONFIG_OF = {
    "inline_function": "inlineFunction",
    "remote_mcp": "remoteMcp",
    "agentcore_gateway": "agentCoreGateway",
    "agentcore_browser": "agentCoreBrowser",
    "agentcore_code_interpreter": "agentCoreCodeInterpreter",
}
_NEEDS_CONFIG = {"inline_function", "remote_mcp", "agentcore_gateway"}
_LIMITS = ("maxIterations", "maxTokens", "timeoutSeconds")


def initial_settings(params: Params) -> Document:
    """Return the settings of a new harness, apart from its memory and environment."""
    return {
        "model": {"bedrockModelConfig": {"modelId": MODEL}},
        "systemPrompt": [],
        "tools": [],
        "skills": [],
        "allowedTools": ["*"],
        "truncation": {"strategy": "sliding_window", "config": {"slidingWindow": {"messagesCount": 150}}},
        "maxIterations": _ITERATIONS,
        "timeoutSeconds": _TIMEOUT,
        **{name: params[name] for name in (*_PLAIN, *_WRAPPED) if name in params},
    }


def changed_settings(params: Params) -> Document:
    """Return the settings that an UpdateHarness changes; an empty `optionalValue` removes one."""
    changed: Document = {name: params[name] for name in _PLAIN if name in params}
    for name in _WRAPPED:
        if name in params:
            changed[name] = params[name].get("optionalValue")
    return changed


def check_settings(endpoint: RegionalEndpoint, harness: Document) -> None:
    """Raise ValidationException for settings that contradict each other, or a role that cannot be assumed."""
    check_tools(harness["tools"])
    check_limits(harness)
    _check_hooks(harness.get("hooks", []))
    check_role(endpoint, harness["executionRoleArn"], harness["arn"])


def check_limits(settings: Document) -> None:
    """Raise ValidationException for a limit below 1."""
    for name in _LIMITS:
        if settings.get(name) is not None and settings[name] < 1:
            raise validation_error(f"{name} must be 1 or more.")


def _check_hooks(hooks: list[dict[str, Any]]) -> None:
    names = [hook["name"] for each in hooks for hook in each.values()]
    if twice := _repeated(names):
        raise validation_error(f"Hook names must be unique: {', '.join(twice)}.")


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def check_tools(tools: list[dict[str, Any]]) -> None:
    """Raise ValidationException for a tool without the configuration of its type, or two of one name."""
    names = [tool["name"] for tool in tools if "name" in tool]
    if twice := _repeated(names):
        raise validation_error(f"Tool names must be unique: {', '.join(twice)}.")
    for tool in tools:
        config, wanted = tool.get("config"), _CONFIG_OF[tool["type"]]
        if (config is None and tool["type"] in _NEEDS_CONFIG) or (config is not None and wanted not in config):
            raise validation_error(f"A tool of type {tool['type']} needs config.{wanted}.")
        if tool["type"] == "inline_function" and "name" not in tool:
            raise validation_error("An inline_function needs a name.")


def environment(endpoint: RegionalEndpoint, harness_id: str, given: dict[str, Any]) -> Document:
    """Return the environment of a harness as GetHarness shows it; nothing runs in it here."""
    asked = given.get("agentCoreRuntimeEnvironment", {})
    name, _, unique = harness_id.rpartition("-")
    runtime_id = f"harness_{name}-{unique}"
    return {
        "agentCoreRuntimeEnvironment": {
            "networkConfiguration": {"networkMode": "PUBLIC"},
            **asked,
            "lifecycleConfiguration": {
                "idleRuntimeSessionTimeout": _IDLE,
                "maxLifetime": _LIFETIME,
                **asked.get("lifecycleConfiguration", {}),
            },
            "agentRuntimeArn": endpoint.scope.arn("bedrock-agentcore", f"runtime/{runtime_id}"),
            "agentRuntimeName": f"harness_{name}",
            "agentRuntimeId": runtime_id,
        }
    }


def memory_setting(endpoint: RegionalEndpoint, harness: Document, given: dict[str, Any] | None) -> Document:
    """Return a harness's memory as GetHarness shows it.

    A managed one, also where none was named, is created, or changed if it is there. Raises ValidationException.
    """
    if given and "agentCoreMemoryConfiguration" in given:
        arn = given["agentCoreMemoryConfiguration"]["arn"]
        memory = endpoint.control.resources.get(MEMORY, arn.rpartition("/")[2])
        if memory is None or memory["arn"] != arn:
            raise validation_error(f"Memory not found: {arn}")
        return given
    if given and "disabled" in given:
        return given
    asked = (given or {}).get("managedMemoryConfiguration", {})
    managed = _managed_memory(endpoint, harness)
    if managed and given is not None:
        return _changed_managed(endpoint, managed, harness["memory"]["managedMemoryConfiguration"] | asked)
    kinds = asked.get("strategies", ["SEMANTIC", "SUMMARIZATION"])
    days = asked.get("eventExpiryDuration", _EVENT_DAYS)
    name = f"harness_{harness['harnessName'][:28]}_{endpoint.ids.hex(8)}"
    asked_for = {"name": name, "eventExpiryDuration": days, "memoryStrategies": _inputs(kinds)}
    made = new_memory(endpoint, asked_for, managed_by=harness["arn"])
    return {
        "managedMemoryConfiguration": {**asked, "arn": made["arn"], "strategies": kinds, "eventExpiryDuration": days}
    }


def memory_arn_of(harness: Document) -> str | None:
    """Return the ARN of a harness's memory; None if it is disabled."""
    setting = harness["memory"]
    found = setting.get("agentCoreMemoryConfiguration") or setting.get("managedMemoryConfiguration") or {}
    arn: str | None = found.get("arn")
    return arn


def remove_managed_memory(endpoint: RegionalEndpoint, harness: Document) -> None:
    """Begin to delete the memory that a harness manages, if it has one."""
    if memory := _managed_memory(endpoint, harness):
        remove_memory(endpoint, memory)


def _managed_memory(endpoint: RegionalEndpoint, harness: Document) -> Document | None:
    arn = harness.get("memory", {}).get("managedMemoryConfiguration", {}).get("arn", "")
    memory = endpoint.control.resources.get(MEMORY, arn.rpartition("/")[2])
    return memory if memory and memory.get("managedByResourceArn") == harness["arn"] else None


def _changed_managed(endpoint: RegionalEndpoint, memory: Document, wanted: Document) -> Document:
    """Change the memory that a harness manages, which stays with what is in it; return the harness's setting."""
    there = {strategy["name"].upper(): strategy["strategyId"] for strategy in memory["strategies"]}
    kinds = wanted["strategies"]
    strategies = {
        "addMemoryStrategies": _inputs([kind for kind in kinds if kind not in there]),
        "deleteMemoryStrategies": [{"memoryStrategyId": there[kind]} for kind in there if kind not in kinds],
    }
    days = wanted["eventExpiryDuration"]
    change_memory(endpoint, memory, {"eventExpiryDuration": days, "memoryStrategies": strategies})
    return {"managedMemoryConfiguration": wanted | {"arn": memory["arn"]}}


def _inputs(kinds: list[str]) -> list[Params]:
    return [{_MANAGED[kind]: {"name": kind.lower()}} for kind in kinds]
