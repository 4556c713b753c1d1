"""Minimal IAM policies for harnesses and memories of Amazon Bedrock AgentCore."""

from __future__ import annotations

from typing import Any

from provision.policies import shared_statements
from provision.spec import Spec

HARNESS_CALLS = ("GetHarness", "InvokeAgentRuntime", "InvokeHarness")
"""Invoking a harness needs both Invoke actions on its ARN (AWS devguide, harness-security)."""
MEMORY_CALLS = (
    "BatchCreateMemoryRecords", "BatchDeleteMemoryRecords", "BatchUpdateMemoryRecords", "DeleteEvent", "GetMemory",
    "ListActors", "ListEvents", "ListMemoryExtractionJobs", "ListMemoryRecords", "ListSessions",
    "RetrieveMemoryRecords", "StartMemoryExtractionJob",
)  # fmt: skip
"""Every call of the client about a memory, by its IAM action."""


def client_policy(harness_arn: str | None, memory_arn: str) -> dict[str, Any]:
    """Return the policy to chat with a harness, if there is one, and to inspect and edit its memory."""
    statements = [_statement("Memory", MEMORY_CALLS, memory_arn)]
    if harness_arn is not None:
        statements.insert(0, _statement("Chat", HARNESS_CALLS, harness_arn))
    return {"Version": "2012-10-17", "Statement": statements}


def agentcore_provision_policy(spec: Spec) -> dict[str, Any]:
    """Return the policy to provision this harness with its memory, to update it, and to destroy it."""
    harnesses = [spec.arn("bedrock-agentcore", "harness/*"), spec.arn("bedrock-agentcore", "runtime/*")]
    memories = [spec.arn("bedrock-agentcore", "memory/*")]
    service = "bedrock-agentcore.amazonaws.com"
    return {
        "Version": "2012-10-17",
        "Statement": [
            *shared_statements(spec, spec.harness_role, service),
            _statement("Harnesses", HARNESS_BUILD, harnesses),
            _statement("Memories", MEMORY_BUILD, memories),
            _statement("Find", ("CreateHarness", "CreateMemory", "ListHarnesses", "ListMemories"), "*"),
        ],
    }


HARNESS_BUILD = (
    "CreateAgentRuntime", "CreateHarness", "DeleteAgentRuntime", "DeleteHarness", "GetAgentRuntime", "GetHarness",
    "ListTagsForResource", "TagResource", "UpdateAgentRuntime", "UpdateHarness",
)  # fmt: skip
"""Creating, updating and deleting a harness needs the same for its runtime (AWS devguide, harness-security)."""
MEMORY_BUILD = ("CreateMemory", "DeleteMemory", "GetMemory", "ListTagsForResource", "TagResource", "UpdateMemory")


def _statement(sid: str, calls: tuple[str, ...], resource: str | list[str]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": [f"bedrock-agentcore:{each}" for each in calls],
        "Resource": resource,
    }
