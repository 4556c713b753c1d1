"""Keys as the screen names them, also where the config has others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.tui.commands import written
from travel_tui.tui.textual_compat import own_bindings

if TYPE_CHECKING:
    from textual.dom import DOMNode


def bound_keys(node: DOMNode) -> dict[str, str]:
    """Return the first key of each of the node's bindings that has an id, by that id."""
    bound: dict[str, str] = {}
    for key, binding in own_bindings(node):
        if binding.id:
            bound.setdefault(binding.id, key)
    return bound


def format_hints(node: DOMNode, *keys: tuple[str, str]) -> list[str]:
    """Keys and what they do; each is named by the id of one of the node's bindings, or is written as it is given."""
    bound = bound_keys(node)
    return [f"{written(bound.get(name, name))} {does}" for name, does in keys]
