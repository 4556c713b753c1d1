"""Rules for clicks that press a widget."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


def presses(widget: Widget, event: events.Click) -> bool:
    """Return whether a click presses the widget: not the second of a double click, nor one that ends a selection."""
    return event.chain == 1 and not widget.screen.selections
