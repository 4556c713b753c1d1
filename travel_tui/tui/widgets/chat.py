"""The conversation as it stands on the screen, newest at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from travel_tui.tui.styles import beside
from travel_tui.tui.text import safe

if TYPE_CHECKING:
    from travel_tui.agent import Trouble
    from travel_tui.tui.widgets.turn import AgentTurn, UserTurn

WELCOME = Content.assemble(
    ("What does an agent still know tomorrow?\n\n", "bold"),
    ("1  ", "$primary"), "Tell it something, or book a trip.\n",
    ("2  ", "$primary"), "End the session with ", ("F2", "bold"), ". The service makes a memory of it.\n",
    ("3  ", "$primary"), "Start a new one with ", ("F3", "bold"), " and ask what it remembers.",
)  # fmt: skip


MOST = 120
"""Questions, answers and notices that are mounted; layout, focus and themes cost by the widget."""
EARLIER = "Earlier turns are in the archive: /past reads them."


class Chat(VerticalScroll, can_focus=False):
    """Turns and notices. The end stays in view until the reader scrolls up."""

    DEFAULT_CSS = beside(__file__)

    def __init__(self) -> None:
        super().__init__(id="chat")
        self._welcome = Static(WELCOME, id="welcome")
        # As high as the view at least: an anchored container scrolls shorter content below its top.
        self._turns = Vertical(self._welcome, id="turns")

    def compose(self) -> ComposeResult:
        yield self._turns

    def on_mount(self) -> None:
        self.anchor()

    async def begin(self, user: UserTurn, agent: AgentTurn) -> None:
        """Add a turn and bring it into view."""
        self._welcome.display = False
        await self._turns.mount(user, agent)
        await self._drop()
        self.anchor()

    async def _drop(self) -> None:
        """Take the oldest turns off the screen where there are too many: they are far out of view."""
        shown = list(self._turns.children)[1:]  # the first is the welcome
        if len(shown) > MOST:
            with self.app.batch_update():
                await self._turns.remove_children(shown[: len(shown) - MOST])
                self._welcome.update(Content.styled(EARLIER, "$foreground-muted"))
                self._welcome.set_class(True, "-earlier")
                self._welcome.display = True

    async def notice(self, trouble: Trouble) -> None:
        """Say something that belongs to no turn."""
        from travel_tui.tui.widgets.turn import Notice

        self._welcome.display = False
        await self._turns.mount(Notice(trouble))

    async def rule(self, words: str) -> None:
        """A line between two sessions."""
        if self.query(".user"):
            await self._turns.mount(Vertical(Static(Content(safe(words)), classes="rule-words"), classes="rule"))
