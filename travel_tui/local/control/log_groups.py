"""Log groups: how they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.local.settings import ACCOUNT

if TYPE_CHECKING:
    from travel_tui.local.endpoint import Endpoint
    from travel_tui.local.state.resources import Document

KIND = "log group"


def ensure_group(endpoint: Endpoint, name: str) -> Document:
    """A log group, which is made where it is missing."""
    found = endpoint.control.resources.get(KIND, name)
    return found or make_group(endpoint, name, {})


def make_group(endpoint: Endpoint, name: str, tags: dict[str, str]) -> Document:
    """A new log group."""
    arn = f"arn:aws:logs:{endpoint.settings.region}:{ACCOUNT}:log-group:{name}"
    group: Document = {
        "logGroupName": name,
        "creationTime": int(endpoint.clock.now().timestamp() * 1000),
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "logGroupClass": "STANDARD",
        "tags": tags,
    }
    endpoint.control.resources.put(KIND, name, group)
    return group
