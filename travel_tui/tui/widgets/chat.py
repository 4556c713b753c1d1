"""The conversation as it stands on the screen, newest at the bottom; what is far out of view is not mounted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from travel_tui.tui.styles import beside
from travel_tui.tui.widgets.blank import Blank
from travel_tui.tui.widgets.rows import Rows
from travel_tui.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from textual.widget import Widget

    from travel_tui.agent import Trouble

WELCOME = Content.assemble(
    ("What does an agent still know tomorrow?\n\n", "bold"),
    ("1  ", "$primary"), "Tell it something, or book a trip.\n",
    ("2  ", "$primary"), "End the session with ", ("F2", "bold"), ". The service makes a memory of it.\n",
    ("3  ", "$primary"), "Start a new one with ", ("F3", "bold"), " and ask what it remembers.",
)  # fmt: skip

SCREENS = 1
"""So many screens of turns stay mounted, LEAST at least, when one begins and when its answer alone fills as many:
layout, focus, and themes cost by the widget."""
LEAST = 2
MOST = 240
"""Turns, messages and answers counted, that are mounted at most to find words in them."""
AT_ONCE = 12
"""Turns that come back together when the reader has come to the first."""
EARLIER = "▴ Earlier turns: scroll up, or page up."

Earlier = Callable[[], Awaitable[Sequence["Widget"]]]
"""Brings turns back that were taken off the screen, or were never on it."""


class Chat(Scroll, can_focus=False):
    """Turns, notices and lines between sessions. The end stays in view until the reader scrolls up."""

    DEFAULT_CSS = beside(__file__)

    def __init__(self) -> None:
        super().__init__(id="chat")
        self._welcome = Static(WELCOME, id="welcome")
        # As high as the view at least: an anchored container scrolls shorter content below its top.
        self._turns = Blank(self._welcome, id="turns")
        self._earlier: list[Earlier] = []
        """Oldest first."""
        self._bringing = False
        self._dropping = asyncio.Lock()
        self._looked_back = False
        """Whether earlier turns were asked for since the last began."""
        self._place: tuple[Rows, int] | None = None
        """Where the words were found last that are looked for: in which text, in which of its rows."""

    def compose(self) -> ComposeResult:
        yield self._turns

    def on_mount(self) -> None:
        self.anchor()

    @property
    def shown(self) -> list[Widget]:
        """What is mounted, oldest first."""
        return list(self._turns.children[1:])

    async def find(self, words: str) -> bool:
        """Go to where these words stand before the place found last, bringing back what is not mounted; else False."""
        wanted = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
        while True:
            texts = list(self._turns.query(Rows))
            places = [(text, row) for text in texts for row in text.places(wanted)]
            before = places.index(self._place) if self._place in places else len(places)
            if before > 0:
                break
            if not self._earlier or len(self.shown) > MOST:
                return False
            await self.earlier()
            await self._laid_out()
        for text in texts:
            text.mark(wanted)
        self._place = text, row = places[before - 1]
        above = text.region.y + text.styles.gutter.top + row - self.region.y
        self.scroll_to(y=self.scroll_y + above - self.size.height // 3, animate=False)
        return True

    async def _laid_out(self) -> None:
        """Wait until what was mounted has its place."""
        there = asyncio.Event()
        self.call_after_refresh(there.set)
        await there.wait()

    @property
    def found(self) -> bool:
        """Whether a place of the words that are looked for was found."""
        return self._place is not None

    def forget_place(self) -> None:
        """Look for other words from the end on."""
        self._place = None

    async def begin(self, *turns: Widget) -> None:
        """Add what was said and what answers it, and bring it into view."""
        self._welcome.display = False
        self.forget_place()
        for text in self._turns.query(Rows):
            text.mark(None)
        self._looked_back = False
        await self._drop()
        await self._turns.mount(*turns)
        self._say_earlier()
        self.anchor()

    async def notice(self, trouble: Trouble) -> None:
        """Say something that belongs to no turn."""
        from travel_tui.tui.widgets.turn import Notice

        self._welcome.display = False
        await self._turns.mount(Notice(trouble))
        self._say_earlier()

    async def rule(self, words: str, earlier: Earlier | None = None) -> None:
        """A line between two sessions; `earlier` brings back what stands behind it and is not mounted."""
        from travel_tui.tui.widgets.turn import Rule, UserTurn

        if earlier is not None:
            await self._drop(all_of_it=True)
            rule = Rule(words).again()

            async def line() -> Sequence[Widget]:
                return [rule()]

            self._earlier += [line, earlier]
        elif any(isinstance(each, UserTurn) for each in self.shown):
            await self._turns.mount(Rule(words))

    def watch_virtual_size(self) -> None:
        """A long answer, whose end is followed, has pushed what was said before it out of view."""
        if self._anchored and not self._anchor_released and not self._looked_back and not self._dropping.locked():
            shown = self.shown
            if len(shown) > LEAST and shown[-1].outer_size.height > SCREENS * self.size.height:
                self.run_worker(self._drop_and_say(), group="drop")

    async def _drop_and_say(self) -> None:
        await self._drop()
        self._say_earlier()

    async def _drop(self, *, all_of_it: bool = False) -> None:
        """Take turns off the screen that are far out of view, or all; `earlier` brings them back."""
        from travel_tui.tui.widgets.turn import Shown

        def back(make: Callable[[], Widget]) -> Earlier:
            async def made() -> Sequence[Widget]:
                return [make()]

            return made

        async with self._dropping:
            shown, room = self.shown, SCREENS * self.size.height
            kept = 0
            for turn in reversed(shown):
                if all_of_it or (kept >= LEAST and room <= 0):
                    break
                room -= turn.outer_size.height + 1
                kept += 1
            if dropped := shown[: len(shown) - kept]:
                self._earlier += [back(turn.again()) for turn in dropped if isinstance(turn, Shown)]
                with self.app.batch_update():
                    await self._turns.remove_children(dropped)

    def _say_earlier(self) -> None:
        """Say above the first turn that there are others before it."""
        if self._earlier:
            self._welcome.update(Content.styled(EARLIER, "$foreground-muted"))
            self._welcome.set_class(True, "-earlier")
        self._welcome.display = bool(self._earlier)

    async def earlier(self) -> None:
        """Bring some of what stood before the first turn back, with the view where it is."""
        if self._bringing or not self._earlier:
            return
        self._bringing = self._looked_back = True
        try:
            turns: list[Widget] = []
            while self._earlier and len(turns) < AT_ONCE:
                turns[:0] = await self._earlier.pop()()
            self._say_earlier()
            async with self.held_from_below():
                await self._turns.mount(*turns, after=self._welcome)
        finally:
            self._bringing = False

    def more_earlier(self, earlier: Earlier) -> None:
        """There is still something before what is just being brought back."""
        self._earlier.append(earlier)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and new_value < 1:
            self._at_the_top()

    def action_page_up(self) -> None:
        """A page back, which also brings earlier turns."""
        if self.scroll_y < 1:
            self._at_the_top()
        else:
            self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """A page on."""
        self.scroll_page_down(animate=False)

    def on_mouse_scroll_up(self) -> None:
        if self.scroll_y < 1:
            self._at_the_top()

    def _at_the_top(self) -> None:
        if self._earlier:
            self.run_worker(self.earlier(), group="earlier")
