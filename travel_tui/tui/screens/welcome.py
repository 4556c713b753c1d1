"""Welcome screen, shown if no agent is configured."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from travel_tui.tui.rendering.gc_tuning import freeze_startup_objects
from travel_tui.tui.widgets.choices import Choices

EXAMPLE = """\
version = 1
default = "travel"

[agents.travel]
agent_id = "the agent's id"
alias_id = "TSTALIASID"
region = "us-east-1"
memory_id = "anna"
"""


class WelcomeScreen(Screen[None]):
    """Offers the demo, and shows how to configure an agent in AWS."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q", "app.quit", "quit")]

    def __init__(self, config_file: str) -> None:
        super().__init__()
        self._config_file = config_file

    def compose(self) -> ComposeResult:
        with Vertical(id="choice"):
            yield Static(Content.assemble(("travel-tui", "bold"), "  chat with an agent that remembers"), id="title")
            yield Static("No agent is configured yet.", classes="quiet")
            yield Choices(
                Option(
                    Content.assemble(("Demo", "bold"), "  Chat with a travel agent on this machine; no AWS needed."),
                    id="demo",
                ),
                Option(Content.assemble(("Quit", "bold")), id="quit"),
            )
            yield Static(
                Content.assemble(
                    ("To use your own agent on AWS, quit, run\n", "$foreground-muted"),
                    ("travel-tui connect", "bold"),
                    ("\nand start travel-tui again. It writes a config like this to\n", "$foreground-muted"),
                    (self._config_file, ""),
                    ("\n\n", ""),
                    EXAMPLE,
                ),
                id="how",
            )

    def on_mount(self) -> None:
        freeze_startup_objects()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.app.exit("demo" if event.option.id == "demo" else None)
