"""Minimal IAM policies for the operations of travel-tui."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provision.spec import Spec

CHAT_ACTIONS = ("bedrock:DeleteAgentMemory", "bedrock:GetAgentMemory", "bedrock:InvokeAgent")
"""Every call of the client during a chat, by its IAM action."""


def alias_arn(partition: str, agent_id: str, alias_id: str, region: str, account: str) -> str:
    """Return the ARN of an agent's alias."""
    return f"arn:{partition}:bedrock:{region}:{account}:agent-alias/{agent_id}/{alias_id}"


def chat_policy(arn: str) -> dict[str, Any]:
    """Return the policy to chat with the alias of that ARN, and to read and delete its memories."""
    statement = {"Sid": "Chat", "Effect": "Allow", "Action": list(CHAT_ACTIONS), "Resource": arn}
    return {"Version": "2012-10-17", "Statement": [statement]}


def provision_policy(spec: Spec) -> dict[str, Any]:
    """Return the policy to provision this agent, to update it, and to destroy it."""
    agents, aliases = spec.arn("bedrock", "agent/*"), spec.arn("bedrock", "agent-alias/*")
    *first, account = shared_statements(spec, spec.agent_role, "bedrock.amazonaws.com")
    statements = [
        *first,
        _statement("Agents", "bedrock", AGENT_CALLS, [agents, aliases]),
        _statement("FindAgents", "bedrock", ("CreateAgent", "ListAgents"), ["*"]),
        account,
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def shared_statements(spec: Spec, role: str, service: str) -> list[dict[str, Any]]:
    """Return the statements for what every agent has: roles, function, log and table; `role` is passed to `service`."""
    function = spec.arn("lambda", f"function:{spec.function}")
    table = spec.arn("dynamodb", f"table/{spec.table_name}")
    group = spec.arn("logs", f"log-group:{spec.log_group}")
    roles = [spec.role_arn(role), spec.role_arn(spec.function_role)]
    passed = {"StringEquals": {"iam:PassedToService": [service, "lambda.amazonaws.com"]}}
    statements = [
        _statement("Roles", "iam", ROLE_CALLS, roles),
        _statement("PassRoles", "iam", ("PassRole",), roles) | {"Condition": passed},
        _statement("Function", "lambda", FUNCTION_CALLS, [function]),
        _statement("Log", "logs", LOG_CALLS, [group, f"{group}:*"]),
        _statement("FindLog", "logs", ("DescribeLogGroups",), ["*"]),
        _statement("Account", "sts", ("GetCallerIdentity",), ["*"]),
    ]
    if spec.table:
        statements.insert(4, _statement("Bookings", "dynamodb", TABLE_CALLS, [table]))
    return statements


def _statement(sid: str, service: str, operations: Iterable[str], resources: list[str]) -> dict[str, Any]:
    actions = sorted(f"{service}:{operation}" for operation in operations)
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


ROLE_CALLS = (
    "CreateRole", "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy", "ListRoleTags", "PutRolePolicy",
    "TagRole", "UpdateAssumeRolePolicy",
)  # fmt: skip
FUNCTION_CALLS = (
    "AddPermission", "CreateFunction", "DeleteFunction", "GetFunction", "GetPolicy", "RemovePermission", "TagResource",
    "UpdateFunctionCode", "UpdateFunctionConfiguration",
)  # fmt: skip
LOG_CALLS = ("CreateLogGroup", "DeleteLogGroup", "ListTagsForResource", "TagResource")
TABLE_CALLS = (
    "CreateTable", "DeleteTable", "DescribeTable", "DescribeTimeToLive", "ListTagsOfResource", "TagResource",
    "UpdateTimeToLive",
)  # fmt: skip
AGENT_CALLS = (
    "CreateAgentActionGroup", "CreateAgentAlias", "DeleteAgent", "GetAgent", "GetAgentActionGroup",
    "ListAgentActionGroups", "ListAgentAliases", "ListTagsForResource", "PrepareAgent", "TagResource", "UpdateAgent",
    "UpdateAgentActionGroup", "UpdateAgentAlias",
)  # fmt: skip
"""Every call of provision and destroy, by its IAM action; a test verifies the list."""
