"""All configurable keys of the client."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from textual.binding import Binding, BindingType
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from travel_tui.tui.commands import APP_BINDINGS, COMMANDS
from travel_tui.tui.screens.compare import CompareScreen
from travel_tui.tui.screens.evidence import EvidenceScreen
from travel_tui.tui.screens.main import MainScreen
from travel_tui.tui.screens.text_viewer import TextViewer
from travel_tui.tui.screens.trace import TraceScreen
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.chat.tool_line import ToolLine
from travel_tui.tui.widgets.chat.turn_header import TurnHeader
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.prompt import Prompt
from travel_tui.tui.widgets.session.session_panel import IdLine

_WIDGETS = (TurnHeader, ToolLine, MemoryLine, IdLine, SummaryCard)
_SCREENS = (TraceScreen, CompareScreen, EvidenceScreen, TextViewer)
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED_KEYS = frozenset((*(each.value.rpartition("+")[2] for each in Keys), *KEY_NAME_REPLACEMENTS.values()))


def key_names() -> dict[str, tuple[str, str]]:
    """Return all configurable keys by name: the default keys and a description."""
    found = {each.id: (each.key, each.title.lower()) for each in COMMANDS}
    places = (MainScreen, Prompt, *_WIDGETS, *_SCREENS)
    for binding in _named([*APP_BINDINGS, *(each for place in places for each in place.BINDINGS)]):
        found.setdefault(binding.id or "", (binding.key, binding.description))
    return found


def key_problems(keys: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the keys of a config: unknown names and keys, and keys that two names have."""
    names = key_names()
    found = []
    if unknown := [name for name in keys if name not in names]:
        found.append(f"Unknown key name {', '.join(unknown)}; `travel-tui config keys` lists the names.")
    found += [
        f"Unknown key {key!r} for {name}. Expected: a key such as f6, ctrl+e or escape."
        for name in keys
        if name in names
        for key in _split(keys[name])
        if not _is_key(key)
    ]
    places = ((*MainScreen.BINDINGS, *Prompt.BINDINGS), *(each.BINDINGS for each in _SCREENS))
    clashes = dict.fromkeys(clash for place in places for clash in _clashes((*APP_BINDINGS, *place), keys))
    return found + [
        f"{key} is the key of {first} and of {second}. Give one of them another." for key, first, second in clashes
    ]


def _clashes(place: Iterable[BindingType], keys: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each key that the config gives to a second name of one place, with both names."""
    holders: dict[str, str] = {}
    for binding in _named(place):
        name = binding.id or ""
        for key in _split(keys.get(name, binding.key)):
            other = holders.setdefault(key, name)
            if other != name and keys.keys() & {name, other}:
                yield key, other, name


def _named(bindings: Iterable[BindingType]) -> Iterator[Binding]:
    return (each for each in bindings if isinstance(each, Binding) and each.id)


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]


def _is_key(key: str) -> bool:
    """Return whether Textual knows a key: a character, its Unicode name with underscores, or a named key."""
    *modifiers, last = key.split("+")
    if not _MODIFIERS.issuperset(modifiers) or not last:
        return False
    if len(last) == 1 or last in _NAMED_KEYS:
        return True
    try:
        unicodedata.lookup(last.replace("_", " "))
    except KeyError:
        return False
    return True
