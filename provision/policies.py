"""The smallest IAM policies for what travel-tui does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provision.spec import Spec

CHAT_ACTIONS = ("bedrock:DeleteAgentMemory", "bedrock:GetAgentMemory", "bedrock:InvokeAgent")
"""Every call that the client makes while one chats, by the name that IAM has for it."""


def alias_arn(partition: str, agent_id: str, alias_id: str, region: str, account: str) -> str:
    """The ARN of an agent's alias."""
    return f"arn:{partition}:bedrock:{region}:{account}:agent-alias/{agent_id}/{alias_id}"


def chat_policy(arn: str) -> dict[str, Any]:
    """What a caller needs to chat with the alias of that ARN, and to read and delete its memories."""
    statement = {"Sid": "Chat", "Effect": "Allow", "Action": list(CHAT_ACTIONS), "Resource": arn}
    return {"Version": "2012-10-17", "Statement": [statement]}


def provision_policy(spec: Spec) -> dict[str, Any]:
    """What a caller needs to provision this agent, to run it again, and to destroy it."""
    function = spec.arn("lambda", f"function:{spec.function}")
    table = spec.arn("dynamodb", f"table/{spec.table_name}")
    group = spec.arn("logs", f"log-group:{spec.log_group}")
    agents, aliases = spec.arn("bedrock", "agent/*"), spec.arn("bedrock", "agent-alias/*")
    roles = [spec.role_arn(spec.agent_role), spec.role_arn(spec.function_role)]
    passed = {"StringEquals": {"iam:PassedToService": ["bedrock.amazonaws.com", "lambda.amazonaws.com"]}}
    statements = [
        _statement("Roles", "iam", ROLE_CALLS, roles),
        _statement("PassRoles", "iam", ("PassRole",), roles) | {"Condition": passed},
        _statement("Function", "lambda", FUNCTION_CALLS, [function]),
        _statement("Log", "logs", LOG_CALLS, [group, f"{group}:*"]),
        _statement("FindLog", "logs", ("DescribeLogGroups",), ["*"]),
        _statement("Agents", "bedrock", AGENT_CALLS, [agents, aliases]),
        _statement("FindAgents", "bedrock", ("CreateAgent", "ListAgents"), ["*"]),
        _statement("Account", "sts", ("GetCallerIdentity",), ["*"]),
    ]
    if spec.table:
        statements.insert(4, _statement("Bookings", "dynamodb", TABLE_CALLS, [table]))
    return {"Version": "2012-10-17", "Statement": statements}


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
"""Every call that provision and destroy make, by the names that IAM has for them; a test holds them to that."""
