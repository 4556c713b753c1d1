"""Ids and ARNs as AWS makes them."""

from __future__ import annotations

import string

from travel_tui.ids import Ids
from travel_tui.local.settings import ACCOUNT

CALLER_ARN = f"arn:aws:iam::{ACCOUNT}:root"
"""Whom every request here comes from."""

_DIGITS = string.digits + string.ascii_uppercase


def short_id(ids: Ids, length: int = 10) -> str:
    """An id of upper-case letters and digits."""
    number = int(ids.hex(2 * length), 16)
    made = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        made += _DIGITS[digit]
    return made


def iam_arn(resource: str) -> str:
    """The ARN of an IAM resource such as role/path/name."""
    return f"arn:aws:iam::{ACCOUNT}:{resource}"


def function_arn(region: str, name: str) -> str:
    """The ARN of a Lambda function."""
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"
