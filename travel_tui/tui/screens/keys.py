"""Dialog that lists the keys of the current screen."""

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
"""Actions common to all text areas and lists, left out so that the other keys are easy to find."""

_WORDS = {"app.focus_next": "next field", "app.focus_previous": "previous field"}
"""Descriptions by action, replacing Textual's own."""


class KeysScreen(Dialog[None]):
    """A list of keys and their actions; escape, enter, F1 or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,enter,f1,q", "dismiss", "close")]

    def __init__(
        self,
        bindings: Iterable[ActiveBinding],
        commands: Iterable[Command] = (),
        elsewhere: Iterable[tuple[str, str]] = (),
    ) -> None:
        """`elsewhere` has the keys that are no bindings here, as they are written, and what they do."""
        super().__init__(classes="reader")
        self._slashes = [(each.usage, each.help) for each in commands if each.slash]
        rows: dict[str, list[str]] = {}
        # Bindings that override a text area's own take its place, ahead of the rest: list them last, so that sending
        # comes first.
        for active in sorted(bindings, key=lambda each: (each.binding.id or "").startswith("chat.")):
            binding = active.binding
            if binding.description and not binding.system and not EDITING.match(binding.action):
                words = _WORDS.get(binding.action, binding.description.lower())
                rows.setdefault(words, []).append(written(binding.key))
        for key, words in elsewhere:
            rows.setdefault(words, [key])
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
                yield Static("Commands", classes="question more")
                width = max(len(slash) for slash, _ in self._slashes)
                for slash, text in self._slashes:
                    name = Static(Content.styled(slash, "$text-accent"), classes="name")
                    name.styles.width = width + 2
                    yield Horizontal(name, Static(text, markup=False, classes="text"), classes="row")
            yield Static(
                "Typing / lists the commands. Text fields use the usual editing keys. ^p: themes and more.",
                classes="foot details",
            )
