"""Tabs of the panes in narrow windows, each with its status."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from travel_tui.tui.rendering.styles import load_css

PANES = ("chat", "session", "memory")


class Tab(Static):
    """The name of a pane, with a word on its status."""

    def __init__(self, pane: str) -> None:
        super().__init__(classes="tab", id=f"tab-{pane}")
        self._pane = pane
        self._word = ""

    def show(self, word: str) -> None:
        if word != self._word:
            self._word = word
            self.refresh(layout=True)

    def render(self) -> Content:
        return Content.assemble(
            (self._pane.capitalize(), "bold"), (f" {self._word}" if self._word else "", "$foreground-muted")
        )

    def on_click(self) -> None:
        self.post_message(TabStrip.Chosen(self._pane))


class TabStrip(Horizontal):
    """A line of tabs, shown only in narrow windows."""

    DEFAULT_CSS = load_css(__file__)

    class Chosen(Message):
        """A pane was chosen."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self) -> None:
        super().__init__(id="tabs")
        self._tabs = {pane: Tab(pane) for pane in PANES}

    def compose(self) -> ComposeResult:
        yield from self._tabs.values()

    def show(self, chosen: str, words: dict[str, str]) -> None:
        """Mark the chosen tab and show the status of each."""
        for pane, tab in self._tabs.items():
            tab.set_class(pane == chosen, "-chosen")
            tab.show(words.get(pane, ""))
