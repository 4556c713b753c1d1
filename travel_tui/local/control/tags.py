"""Tags as IAM and DynamoDB have them: a list of {Key, Value}."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Tag = dict[str, Any]


def merged(tags: Iterable[Tag], more: Iterable[Tag]) -> list[Tag]:
    """Tags with others added; of two of the same key the later counts."""
    return list({tag["Key"]: tag for tag in (*tags, *more)}.values())


def without(tags: Iterable[Tag], keys: Iterable[str]) -> list[Tag]:
    """Tags but those of certain keys."""
    gone = set(keys)
    return [tag for tag in tags if tag["Key"] not in gone]
