"""Kinds and ARNs of AgentCore's resources, which the control plane keeps with all others."""

from __future__ import annotations

from travel_tui.local.state.scope import Scope

MEMORY, HARNESS = "agentcore memory", "agentcore harness"
HARNESS_VERSION, HARNESS_ENDPOINT = "agentcore harness version", "agentcore harness endpoint"
DEFAULT_ENDPOINT = "DEFAULT"


def memory_arn(scope: Scope, memory_id: str) -> str:
    """Return the ARN of a memory."""
    return scope.arn("bedrock-agentcore", f"memory/{memory_id}")


def harness_arn(scope: Scope, harness_id: str) -> str:
    """Return the ARN of a harness."""
    return scope.arn("bedrock-agentcore", f"harness/{harness_id}")
