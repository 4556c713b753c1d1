"""Ids and ARNs in AWS's formats."""

from __future__ import annotations

import string

from travel_tui.ids import Ids
from travel_tui.local.state.scope import Scope

_DIGITS = string.digits + string.ascii_uppercase


def short_id(ids: Ids, length: int = 10) -> str:
    """Return an id of upper-case letters and digits."""
    number = int(ids.hex(2 * length), 16)
    made = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        made += _DIGITS[digit]
    return made


def caller_arn(scope: Scope) -> str:
    """Return the identity that every request is attributed to."""
    return iam_arn(scope, "root")


def iam_arn(scope: Scope, resource: str) -> str:
    """Return the ARN of an IAM resource such as role/path/name."""
    return scope.of_account.arn("iam", resource)


def function_arn(scope: Scope, name: str) -> str:
    """Return the ARN of a Lambda function."""
    return scope.arn("lambda", f"function:{name}")
