"""Document paths: positions of values in an item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from travel_tui.local.services.dynamodb.values import Item, Value, invalid

Path = tuple[str | int, ...]
"""Attribute names and list indices, from the item inwards."""


def find(item: Item, path: Path) -> Value | None:
    """Return the value at a path; None if there is none."""
    found: Value | None = item.get(str(path[0]))
    for part in path[1:]:
        if found is None:
            return None
        inner: Any = found.get("M" if isinstance(part, str) else "L")
        if isinstance(part, str):
            found = (inner or {}).get(part)
        else:
            found = inner[part] if inner is not None and part < len(inner) else None
    return found


def put(item: Item, path: Path, value: Value) -> None:
    """Set the value at a path, whose parent must exist; an index past the end of a list appends."""
    parent, last = _parent(item, path), path[-1]
    if isinstance(last, str) and isinstance(parent, dict):
        parent[last] = value
    elif isinstance(last, int) and isinstance(parent, list):
        parent[last : last + 1] = [value]
    else:
        raise _no_place()


def remove(item: Item, path: Path) -> None:
    """Remove the value at a path, if it exists."""
    parent, last = _parent(item, path), path[-1]
    if isinstance(last, str) and isinstance(parent, dict):
        parent.pop(last, None)
    elif isinstance(last, int) and isinstance(parent, list):
        del parent[last : last + 1]


def check_apart(paths: Iterable[Path]) -> None:
    """Reject paths of which one contains another."""
    known: list[Path] = []
    for path in paths:
        for other in known:
            shorter = min(len(path), len(other))
            if path[:shorter] == other[:shorter]:
                raise invalid(
                    "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one "
                    f"of these paths; path one: {_text(other)}, path two: {_text(path)}"
                )
        known.append(path)


def _parent(item: Item, path: Path) -> Any:
    if len(path) == 1:
        return item
    found = find(item, path[:-1])
    if found is None:
        raise _no_place()
    return found.get("M" if isinstance(path[-1], str) else "L")


def _no_place() -> Exception:
    return invalid("The document path provided in the update expression is invalid for update")


def _text(path: Path) -> str:
    return "[" + ", ".join(str(part) for part in path) + "]"
