"""The line of keys at the foot of a screen, also where the config has others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travel_tui.tui.commands import written

if TYPE_CHECKING:
    from textual.dom import DOMNode


def hints(node: DOMNode, *keys: tuple[str, str]) -> str:
    """Keys and what they do; each is named by the id of one of the node's bindings, or is written as it is given."""
    bindings = node._bindings.copy()
    bindings.apply_keymap(node.app._keymap)
    bound: dict[str, str] = {}
    for key, binding in bindings:
        if binding.id:
            bound.setdefault(binding.id, key)
    return "   ".join(f"{written(bound.get(name, name))} {does}" for name, does in keys)
