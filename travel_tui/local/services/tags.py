"""Tags in the form used by IAM and DynamoDB: a list of {Key, Value}."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Tag = dict[str, Any]


def merged(tags: Iterable[Tag], more: Iterable[Tag]) -> list[Tag]:
    """Return tags with others added; the later of two with the same key wins."""
    return list({tag["Key"]: tag for tag in (*tags, *more)}.values())


def without(tags: Iterable[Tag], keys: Iterable[str]) -> list[Tag]:
    """Return the tags except those with the given keys."""
    gone = set(keys)
    return [tag for tag in tags if tag["Key"] not in gone]
