"""The smallest IAM policies for what travel-tui does."""

from __future__ import annotations

from typing import Any

CHAT_ACTIONS = ("bedrock:DeleteAgentMemory", "bedrock:GetAgentMemory", "bedrock:InvokeAgent")
"""Every call that the client makes while one chats, by the name that IAM has for it."""


def alias_arn(partition: str, agent_id: str, alias_id: str, region: str, account: str) -> str:
    """The ARN of an agent's alias."""
    return f"arn:{partition}:bedrock:{region}:{account}:agent-alias/{agent_id}/{alias_id}"


def chat_policy(arn: str) -> dict[str, Any]:
    """What a caller needs to chat with the alias of that ARN, and to read and delete its memories."""
    statement = {"Sid": "Chat", "Effect": "Allow", "Action": list(CHAT_ACTIONS), "Resource": arn}
    return {"Version": "2012-10-17", "Statement": [statement]}
