"""Log groups: how they are kept."""

from __future__ import annotations

from datetime import datetime

from travel_tui.local.state.resources import Document, Resources
from travel_tui.local.state.scope import Scope

KIND = "log group"


def ensure_group(resources: Resources, scope: Scope, name: str, now: datetime) -> Document:
    """A log group, which is made where it is missing."""
    return resources.get(KIND, name) or make_group(resources, scope, name, now, {})


def make_group(resources: Resources, scope: Scope, name: str, now: datetime, tags: dict[str, str]) -> Document:
    """A new log group in `scope`, which is that of `resources`."""
    arn = scope.arn("logs", f"log-group:{name}")
    group: Document = {
        "logGroupName": name,
        "creationTime": int(now.timestamp() * 1000),
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "logGroupClass": "STANDARD",
        "tags": tags,
    }
    resources.put(KIND, name, group)
    return group
