"""The keys of where one is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from travel_tui.tui.commands import Command, written
from travel_tui.tui.screens.dialog import Dialog

EDITING = re.compile(r"(cursor|select|delete|page|scroll|copy|cut|paste|undo|redo|home|end|dismiss)(_|\(|$)(?!session)")
"""Actions that every text area and list has; they would bury the rest."""


class KeysScreen(Dialog[None]):
    """A list of keys and what they do; any of escape, enter, F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,f1,q", "dismiss", "close")]

    def __init__(self, bindings: Iterable[ActiveBinding], commands: Iterable[Command] = ()) -> None:
        super().__init__(classes="reader")
        self._slashes = [(f"/{each.slash} {each.takes}".rstrip(), each.help) for each in commands if each.slash]
        rows: dict[str, list[str]] = {}
        # Those that take the place of a text area's own come where that had its own; sending comes first.
        for active in sorted(bindings, key=lambda each: (each.binding.id or "").startswith("chat.")):
            binding = active.binding
            if binding.description and not binding.system and not EDITING.match(binding.action):
                rows.setdefault(binding.description.lower(), []).append(written(binding.key))
        self._rows = rows

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static("Keys", classes="question")
            width = max((len(", ".join(keys)) for keys in self._rows.values()), default=0)
            yield Static(
                Content("\n").join(
                    Content.assemble((", ".join(keys).ljust(width + 2), "$text-accent"), description)
                    for description, keys in self._rows.items()
                )
            )
            if self._slashes:
                yield Static("Written in the prompt", classes="question more")
                width = max(len(slash) for slash, _ in self._slashes)
                for slash, text in self._slashes:
                    name = Static(Content.styled(slash, "$text-accent"), classes="name")
                    name.styles.width = width + 2
                    yield Horizontal(name, Static(text, markup=False, classes="text"), classes="row")
            yield Static("Text is edited with the usual keys. ^p has themes and more.", classes="details")
