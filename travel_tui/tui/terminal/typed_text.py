"""Converts keys and pastes from the terminal to events that every text field accepts."""

from __future__ import annotations

import re
import unicodedata

from textual import events
from textual.widget import Widget

from travel_tui.text import visible

_BREAKS = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


class Key(events.Key):
    """A key that stands for text, even if `str.isprintable` rejects it, which Textual's class relies on (8.2.8).

    Rejected are joiners and other format characters, every space but one, and characters newer than Python's Unicode or
    for private use. The class has Textual's name, because handlers are found by it.
    """

    @property
    def is_printable(self) -> bool:
        return True


class LineBreak(events.Key):
    """An Enter that the terminal sent together with text after it: in a text, a line break of a paste."""


LineBreak.handler_name = events.Key.handler_name  # otherwise made of the class's own name


def is_line_break(event: events.Key) -> bool:
    """Return whether an Enter is a line break of a paste."""
    return isinstance(event, LineBreak)


def is_text(event: events.Key) -> bool:
    """Return whether a key stands for text: its characters are neither controls nor surrogates."""
    return bool(event.character) and not any(
        unicodedata.category(each) in ("Cc", "Cs") for each in event.character or ""
    )


def as_text(event: events.Key) -> events.Key:
    """Return the key, as one that text fields accept if it stands for text."""
    return Key(event.key, event.character) if is_text(event) and not event.is_printable else event


async def in_order(field: Widget, event: events.Key) -> None:
    """Run a field's action for a key that is not text before the field handles later keys.

    Textual runs it once the key has bubbled to the application, when later keys are in the text already.
    """
    active = None if event.is_printable else field.screen.active_bindings.get(event.key)
    if active is not None and active.node is field and await field.app.run_action(active.binding.action, field):
        event.stop()
        event.prevent_default()


def on_one_line(text: str) -> str:
    """Return a text for a single-line field: line breaks and tabs become spaces, control characters visible."""
    return _CONTROLS.sub(visible, _BREAKS.sub(" ", text))
