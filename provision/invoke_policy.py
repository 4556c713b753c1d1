"""Evaluation of a Lambda function's resource policy: whether it lets an agent invoke the function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

AGENTS = "bedrock.amazonaws.com"
INVOKE = "lambda:InvokeFunction"
_EQUALS = frozenset({"StringEquals", "ArnEquals", "ArnLike", "StringLike"})
"""Operators evaluated as patterns here; ArnEquals accepts wildcards like ArnLike."""


def allows_invoke(policy: Mapping[str, Any], agent_arn: str) -> bool | None:
    """Whether the policy allows it; None if that depends on an unsupported condition."""
    met: dict[str, set[bool | None]] = {"Allow": set(), "Deny": set()}
    for statement in _list(policy.get("Statement")):
        if _is_agents(statement.get("Principal")) and _covers(statement.get("Action")):
            met.setdefault(statement.get("Effect", ""), set()).add(_met(statement.get("Condition") or {}, agent_arn))
    if True in met["Deny"] or not met["Allow"] - {False}:
        return False
    return True if True in met["Allow"] and None not in met["Deny"] else None


def _is_agents(principal: Any) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    return AGENTS in _list(principal.get("Service")) or "*" in _list(principal.get("AWS"))


def _covers(action: Any) -> bool:
    return any(_like(INVOKE.lower(), str(each).lower()) for each in _list(action))


def _met(condition: Mapping[str, Mapping[str, Any]], agent_arn: str) -> bool | None:
    """Whether every condition holds for that agent; None if one is unsupported and none fails."""
    account = agent_arn.split(":")[4]
    values = {"aws:sourcearn": agent_arn, "aws:sourceaccount": account}
    met: bool | None = True
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            value = values.get(key.lower())
            if operator.removesuffix("IfExists") not in _EQUALS or value is None:
                met = None
            elif not any(_like(value, str(each)) for each in _list(wanted)):
                return False
    return met


def _like(value: str, pattern: str) -> bool:
    """Whether `value` matches an IAM pattern: * matches any characters, ? matches one."""
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _list(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
