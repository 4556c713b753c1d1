"""Document paths: positions of values in an item."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


def pick(item: Item, paths: Collection[Path], kind: str) -> Item:
    """Return the parts of an item at these paths; the elements of a list close up. `kind` names the expression."""
    check_apart(paths, kind)
    shown = _picked({"M": item}, paths)
    found: Item = shown["M"] if shown else {}
    return found


def _picked(value: Value, paths: Collection[Path]) -> Value | None:
    """Return a value with only what is at these paths in it; None if nothing is."""
    if () in paths:
        return value
    inner: dict[str | int, list[Path]] = {}
    for path in paths:
        inner.setdefault(path[0], []).append(path[1:])
    ((kind, content),) = value.items()
    if kind == "M":
        found = {
            name: picked
            for name in content
            if name in inner and (picked := _picked(content[name], inner[name])) is not None
        }
        return {"M": found} if found else None
    if kind == "L":
        elements = (_picked(each, inner[index]) for index, each in enumerate(content) if index in inner)
        listed = [each for each in elements if each is not None]
        return {"L": listed} if listed else None
    return None


def check_apart(paths: Iterable[Path], kind: str) -> None:
    """Reject paths of which one contains another."""
    known: list[Path] = []
    for path in paths:
        for other in known:
            shorter = min(len(path), len(other))
            if path[:shorter] == other[:shorter]:
                raise invalid(
                    f"Invalid {kind}: Two document paths overlap with each other; must remove or rewrite one "
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
