"""Operation tables of bedrock-agentcore and bedrock-agentcore-control."""

from __future__ import annotations

from travel_tui.local.endpoint import Step
from travel_tui.local.services.agentcore import (
    events,
    extraction_jobs,
    harness_endpoints,
    harness_versions,
    harnesses,
    memories,
    record_batches,
    records,
    sessions,
    tags,
)
from travel_tui.local.services.agentcore.invoke.operation import invoke_harness
from travel_tui.local.services.operation_table import Operation, operations

DATA_OPERATIONS: dict[str, Operation] = {
    "InvokeHarness": invoke_harness,
    **operations(
        events.create_event,
        events.get_event,
        events.delete_event,
        events.list_events,
        sessions.list_actors,
        sessions.list_sessions,
        records.list_memory_records,
        records.retrieve_memory_records,
        records.get_memory_record,
        records.delete_memory_record,
        record_batches.batch_create_memory_records,
        record_batches.batch_update_memory_records,
        record_batches.batch_delete_memory_records,
        extraction_jobs.list_memory_extraction_jobs,
        extraction_jobs.start_memory_extraction_job,
    ),
}

CONTROL_OPERATIONS: dict[str, Operation] = operations(
    memories.create_memory,
    memories.get_memory,
    memories.list_memories,
    memories.update_memory,
    memories.delete_memory,
    harnesses.create_harness,
    harnesses.get_harness,
    harnesses.list_harnesses,
    harnesses.update_harness,
    harnesses.delete_harness,
    harness_versions.list_harness_versions,
    harness_endpoints.create_harness_endpoint,
    harness_endpoints.get_harness_endpoint,
    harness_endpoints.list_harness_endpoints,
    harness_endpoints.update_harness_endpoint,
    harness_endpoints.delete_harness_endpoint,
    tags.list_tags_for_resource,
    tags.tag_resource,
    tags.untag_resource,
)

STEPS: dict[str, Step] = {
    function.__name__: function
    for function in (
        memories.memory_active,
        memories.memory_deleted,
        harnesses.harness_ready,
        harnesses.harness_deleted,
        harness_endpoints.harness_endpoint_ready,
        harness_endpoints.harness_endpoint_deleted,
    )
}
