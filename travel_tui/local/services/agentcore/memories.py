"""Operations on memories, from creation to deletion."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.agentcore_resources import MEMORY, memory_arn
from travel_tui.local.services.agentcore.lookups import (
    CONTROL,
    PAGE,
    check_role,
    conflict_error,
    control_output,
    memory_of,
    new_id,
    now_text,
    quota_error,
    save_memory,
    strategy_of,
    validation_error,
)
from travel_tui.local.services.agentcore.metadata_schemas import check_schemas
from travel_tui.local.services.agentcore.namespace_keys import check_namespaces
from travel_tui.local.services.agentcore.strategies import (
    check_strategies,
    namespace_of,
    strategies_from,
    with_templates,
)
from travel_tui.local.services.agentcore.tags import drop_tags, keep_tags
from travel_tui.local.services.agentcore.tokens import drop_results, find_created, keep_token, was_done
from travel_tui.local.services.pages import page
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params

_MAX_MEMORIES = 1_000
_KEPT = ("description", "encryptionKeyArn", "memoryExecutionRoleArn", "eventExpiryDuration", "indexedKeys")
_SETTINGS = (*_KEPT, "namespaceKeys", "streamDeliveryResources")


def create_memory(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateMemory: the memory and its strategies become ACTIVE together."""
    made = find_created(endpoint, MEMORY, params)
    if made:
        return {"memory": _shown(memory_of(endpoint, {"memoryId": made}))}
    memory = new_memory(endpoint, params)
    keep_token(endpoint, MEMORY, params, memory["id"])
    return {"memory": _shown(memory)}


def new_memory(endpoint: RegionalEndpoint, params: Params, managed_by: str | None = None) -> Document:
    """Store a memory that is CREATING; `managed_by` is the ARN of the harness that it belongs to."""
    there = endpoint.control.resources.all(MEMORY)
    if any(memory["name"] == params["name"] for memory in there):
        raise validation_error(f"Memory with name {params['name']} already exists.")
    if len(there) >= _MAX_MEMORIES:
        raise quota_error(f"An account can have up to {_MAX_MEMORIES:,} memories here. Delete some.")
    now, memory_id = now_text(endpoint), new_id(endpoint, params["name"])
    strategies = strategies_from(endpoint, params.get("memoryStrategies", []), now)
    memory: Document = {
        "arn": memory_arn(endpoint.scope, memory_id),
        "id": memory_id,
        "name": params["name"],
        **{name: params[name] for name in _SETTINGS if name in params},
        "status": "CREATING",
        "createdAt": now,
        "updatedAt": now,
        "strategies": strategies,
    }
    _check(endpoint, memory)
    if managed_by:
        memory["managedByResourceArn"] = managed_by
    save_memory(endpoint, memory)
    keep_tags(endpoint, memory["arn"], params.get("tags", {}))
    endpoint.schedule(endpoint.settings.durations.memory.creating, CONTROL, "memory_active", memory_id)
    return memory


def get_memory(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetMemory."""
    return {"memory": _shown(memory_of(endpoint, params))}


def list_memories(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListMemories."""
    size, token = params.get("maxResults", PAGE), params.get("nextToken")
    found, more = page(endpoint.control.resources.all(MEMORY), lambda each: each["id"], size, token)
    return {"memories": [control_output("MemorySummary", each) for each in found], "nextToken": more}


def update_memory(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateMemory: what is left out stays; strategies are added, changed and deleted by name."""
    memory = memory_of(endpoint, params)
    if was_done(endpoint, "UpdateMemory", memory["arn"], params):
        return {"memory": _shown(memory)}
    memory = _own(endpoint, params, "updated")
    change_memory(endpoint, memory, params)
    return {"memory": _shown(memory)}


def change_memory(endpoint: RegionalEndpoint, memory: Document, params: Params) -> None:
    """Change a memory, which is UPDATING then; `params` are those of UpdateMemory."""
    now = now_text(endpoint)
    changes = params.get("memoryStrategies", {})
    for change in changes.get("modifyMemoryStrategies", []):
        _modify(strategy_of(memory, change["memoryStrategyId"]), change, now)
    for gone in changes.get("deleteMemoryStrategies", []):
        memory["strategies"].remove(strategy_of(memory, gone["memoryStrategyId"]))
        endpoint.agentcore.records.delete_strategy(memory["arn"], gone["memoryStrategyId"])
    memory["strategies"] += strategies_from(endpoint, changes.get("addMemoryStrategies", []), now)
    memory |= {name: params[name] for name in _SETTINGS if name in params}
    if "addIndexedKeys" in params:
        memory["indexedKeys"] = [*memory.get("indexedKeys", []), *params["addIndexedKeys"]]
    _check(endpoint, memory)
    memory |= {"status": "UPDATING", "updatedAt": now}
    save_memory(endpoint, memory)
    endpoint.schedule(endpoint.settings.durations.memory.updating, CONTROL, "memory_active", memory["id"])


def delete_memory(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteMemory: with all of its events and records."""
    memory = memory_of(endpoint, params)
    if memory["status"] != "DELETING":
        memory = _own(endpoint, params, "deleted")
        remove_memory(endpoint, memory)
    return {"memoryId": memory["id"], "status": "DELETING"}


def remove_memory(endpoint: RegionalEndpoint, memory: Document) -> None:
    """Begin to delete a memory."""
    save_memory(endpoint, memory | {"status": "DELETING"})
    endpoint.schedule(endpoint.settings.durations.memory.deleting, CONTROL, "memory_deleted", memory["id"])


def memory_active(endpoint: RegionalEndpoint, memory_id: str) -> None:
    """Complete CREATING and UPDATING of a memory and its strategies."""
    memory = endpoint.control.resources.get(MEMORY, memory_id)
    if memory and memory["status"] in {"CREATING", "UPDATING"}:
        for strategy in memory["strategies"]:
            if strategy["status"] == "CREATING":
                strategy |= {"status": "ACTIVE", "updatedAt": now_text(endpoint)}
        save_memory(endpoint, memory | {"status": "ACTIVE"})


def memory_deleted(endpoint: RegionalEndpoint, memory_id: str) -> None:
    """Complete DELETING of a memory."""
    memory = endpoint.control.resources.get(MEMORY, memory_id)
    if memory is None:
        return
    endpoint.agentcore.delete_memory(memory["arn"])
    endpoint.control.resources.delete(MEMORY, memory_id)
    drop_tags(endpoint, memory["arn"])
    drop_results(endpoint, memory["arn"])


def _own(endpoint: RegionalEndpoint, params: Params, done: str) -> Document:
    """Return the memory to change. Raises an error for one that a harness manages, or that is changing."""
    memory = memory_of(endpoint, params)
    if "managedByResourceArn" in memory:
        raise validation_error(
            f"Memory {memory['id']} is managed by {memory['managedByResourceArn']} and cannot be {done} here. Change "
            "or delete the harness."
        )
    if memory["status"] not in {"ACTIVE", "FAILED"}:
        raise conflict_error(f"Memory {memory['id']} cannot be {done} while it is {memory['status']}.")
    return memory


def _check(endpoint: RegionalEndpoint, memory: Document) -> None:
    """Raise the error for a role that cannot be assumed, or settings that contradict each other."""
    if "memoryExecutionRoleArn" in memory:
        check_role(endpoint, memory["memoryExecutionRoleArn"], memory["arn"])
    check_strategies(memory["strategies"])
    check_namespaces(memory)
    check_schemas(memory)


def _modify(strategy: Document, change: Params, now: str) -> None:
    if "namespaces" in change or "namespaceTemplates" in change:
        templates = namespace_of(change, "")
        strategy |= {"namespaces": templates, "namespaceTemplates": templates}
    strategy |= {name: change[name] for name in ("description", "memoryRecordSchema") if name in change}
    expiry = change.get("recordExpirySpecification", {})
    if "recordExpiryDurationDays" in expiry:
        strategy["recordExpiryDurationDays"] = expiry["recordExpiryDurationDays"]
    elif expiry.get("action") == "REMOVE":
        strategy.pop("recordExpiryDurationDays", None)
    configuration = dict(change.get("configuration", {}))
    if "reflection" in configuration:
        ((kind, content),) = configuration["reflection"].items()
        if kind == "episodicReflectionConfiguration":
            content = with_templates(content)
        else:
            content = {name: with_templates(each) for name, each in content.items()}
        configuration["reflection"] = {kind: content}
    if configuration:
        strategy["configuration"] = strategy.get("configuration", {}) | configuration
    strategy["updatedAt"] = now


def _shown(memory: Document) -> Params:
    return control_output("Memory", memory)
