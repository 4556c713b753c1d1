"""Validation and evaluation of policy documents."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from travel_tui.local.wire.errors import ServiceError

Policy = dict[str, Any]

_VERSIONS = ("2012-10-17", "2008-10-17")


def read(text: str, *, trust: bool) -> Policy:
    """Parse a policy document. Raises MalformedPolicyDocument, with IAM's messages, if it is invalid.

    `trust` is true for a trust policy (who may assume a role), false for permissions.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _malformed("This policy contains invalid Json") from None
    if not isinstance(document, dict) or not list(statements(document)):
        raise _malformed("Syntax errors in policy.")
    if document.get("Version", "2008-10-17") not in _VERSIONS:
        raise _malformed("The policy must contain a valid version string")
    for statement in statements(document):
        if statement.get("Effect") not in ("Allow", "Deny") or not _has_conditions(statement.get("Condition", {})):
            raise _malformed("Syntax errors in policy.")
        if not _list(statement.get("Action", statement.get("NotAction"))):
            raise _malformed("Policy statement must contain actions.")
        if trust:
            _check_trust(statement)
        else:
            _check_permission(statement)
    return document


def _has_conditions(conditions: Any) -> bool:
    """Whether conditions are keys with values, below operators."""
    return isinstance(conditions, dict) and all(isinstance(keys, dict) for keys in conditions.values())


def _check_trust(statement: Mapping[str, Any]) -> None:
    if "Resource" in statement or "NotResource" in statement:
        raise _malformed("Has prohibited field Resource")
    if not (statement.get("Principal") or statement.get("NotPrincipal")):
        raise _malformed("Missing required field Principal")
    if not all(action.lower().startswith("sts:") for action in _list(statement.get("Action"))):
        raise _malformed("AssumeRole policy may only specify STS AssumeRole actions.")


def _check_permission(statement: Mapping[str, Any]) -> None:
    if "Principal" in statement or "NotPrincipal" in statement:
        raise _malformed("Policy document should not specify a principal.")
    if not _list(statement.get("Resource", statement.get("NotResource"))):
        raise _malformed("Policy statement must contain resources.")
    actions = _list(statement.get("Action", statement.get("NotAction")))
    if not all(action == "*" or re.fullmatch(r"[\w-]+:[\w*?]+", action) for action in actions):
        raise _malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")


def allows(policy: Policy, service: str, action: str, context: Mapping[str, str]) -> bool:
    """Whether a policy lets a service, such as bedrock.amazonaws.com, perform an action.

    `context` has the request's condition keys, in lower case; a condition on any other key does not match.
    """
    effects = {
        statement["Effect"]
        for statement in statements(policy)
        if _is_for(statement.get("Principal"), service)
        and any(_like(pattern.lower(), action.lower()) for pattern in _list(statement.get("Action")))
        and _holds(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def statements(policy: Policy) -> Iterator[dict[str, Any]]:
    """Iterate over the statements of a policy; a single one may be given without a list."""
    found = policy.get("Statement")
    for statement in found if isinstance(found, list) else [found]:
        if isinstance(statement, dict):
            yield statement


def _list(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, str)]


def _is_for(principal: Any, service: str) -> bool:
    if isinstance(principal, dict):
        return service in _list(principal.get("Service")) or "*" in _list(principal.get("AWS"))
    return bool(principal == "*")


def _holds(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    for operator, wanted in conditions.items():
        compare = _OPERATORS.get(operator)
        if compare is None:
            return False
        for key, values in wanted.items():
            actual = context.get(key.lower())
            if actual is None or not any(compare(value, actual) for value in _list(values)):
                return False
    return True


def _like(pattern: str, value: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _arn_like(pattern: str, value: str) -> bool:
    """Compare each of the six parts of an ARN separately: an asterisk does not match across a colon."""
    wanted, actual = pattern.split(":", 5), value.split(":", 5)
    return len(wanted) == len(actual) and all(map(_like, wanted, actual))


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringEqualsIgnoreCase": lambda wanted, actual: wanted.lower() == actual.lower(),
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
}


def _malformed(message: str) -> ServiceError:
    return ServiceError("MalformedPolicyDocument", message)
