"""Widget of the conversation, newest at the bottom; items far out of view are not mounted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.textual_compat import follows_end
from travel_tui.tui.widgets.line_list import LineList
from travel_tui.tui.widgets.passive_container import PassiveContainer
from travel_tui.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from textual.widget import Widget

    from travel_tui.agent import Problem


SCREENS = 1
"""Screens of turns that stay mounted, at least LEAST turns; layout, focus and themes cost time per widget.

Earlier ones are unmounted when a turn begins, and when its answer alone fills as many screens.
"""
LEAST = 2
MOST = 240
"""Most mounted items, messages and answers counted, when loading earlier turns for a search."""
AT_ONCE = 12
"""Turns loaded together when the user scrolls to the first."""
EARLIER = "▴ Earlier turns: scroll up or page up"


@dataclass(frozen=True, slots=True)
class SearchMatch:
    """A search match: its number, counted from the end, and the total; `more` if earlier turns are not searched yet."""

    number: int
    total: int
    more: bool = False


Earlier = Callable[[], Awaitable[Sequence["Widget"]]]
"""Loader of turns that were unmounted or never mounted."""


class Chat(Scroll, can_focus=False):
    """Turns, notices and rules between sessions. Follows the end until the user scrolls up."""

    DEFAULT_CSS = load_css(__file__)

    def __init__(self, after_end: str = "") -> None:
        """`after_end` goes on the sentence "End the session with F2" of the welcome."""
        super().__init__(id="chat")
        self._greeting = _greeting(after_end)
        self._welcome = Static(self._greeting, id="welcome")
        # At least as high as the view: an anchored container scrolls shorter content below its top.
        self._turns = PassiveContainer(self._welcome, id="turns")
        self._earlier: list[Earlier] = []
        """Oldest first."""
        self._loading_earlier = False
        self._dropping = asyncio.Lock()
        self._scrolled_back = False
        """Whether earlier turns were loaded since the last turn began."""
        self._place: tuple[LineList, int] | None = None
        """The current search match: the widget and its row."""

    def compose(self) -> ComposeResult:
        yield self._turns

    def on_mount(self) -> None:
        self.anchor()

    @property
    def shown(self) -> list[Widget]:
        """The mounted items, oldest first."""
        return list(self._turns.children[1:])

    async def find(self, words: str) -> SearchMatch | None:
        """Move to the previous match of `words`, loading earlier turns as needed; return None if there is none."""
        wanted = _pattern(words)
        while True:
            places = self._places(wanted)
            before = places.index(self._place) if self._place in places else len(places)
            if before > 0:
                break
            if not await self._load_earlier():
                return None
        for text in self._turns.query(LineList):
            text.mark(wanted)
        self._place = text, row = places[before - 1]
        self._scroll_to_row(text, row)
        return SearchMatch(len(places) - before + 1, len(places), more=bool(self._earlier))

    async def count(self, words: str) -> SearchMatch | None:
        """Load up to MOST earlier turns and return the position of the current match, or None without one."""
        wanted = _pattern(words)
        while self._place is not None and await self._load_earlier():
            pass
        places = self._places(wanted)
        if self._place not in places:
            return None
        for text in self._turns.query(LineList):
            text.mark(wanted)
        return SearchMatch(len(places) - places.index(self._place), len(places), more=bool(self._earlier))

    async def reveal(
        self,
        wanted: Callable[[Widget], bool],
        before: Widget | None = None,
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> Widget | None:
        """Scroll to the newest item that is wanted, or the newest before another; return None if there is none.

        Earlier turns are loaded as needed. `ready` waits until `wanted` can tell of all mounted items.
        """
        await self.laid_out()  # the conversation may have been hidden
        while True:
            if ready is not None:
                await ready()
            shown = self.shown
            end = shown.index(before) if before in shown else len(shown)
            if (found := next((each for each in reversed(shown[:end]) if wanted(each)), None)) is not None:
                self._scroll_to_row(found, 0)
                return found
            if not await self._load_earlier():
                return None

    def _scroll_to_row(self, widget: Widget, row: int) -> None:
        """Scroll to a row of an item, with some of what is before it."""
        above = widget.region.y + widget.styles.gutter.top + row - self.region.y
        self.scroll_to(y=self.scroll_y + above - self.size.height // 3, animate=False)

    def _places(self, wanted: re.Pattern[str]) -> list[tuple[LineList, int]]:
        return [(text, row) for text in self._turns.query(LineList) for row in text.match_rows(wanted)]

    async def _load_earlier(self) -> bool:
        """Load earlier turns for a search; return False if there are no more, or too many are mounted."""
        if not self._earlier or len(self.shown) > MOST:
            return False
        await self.earlier()
        await self.laid_out()
        return True

    async def laid_out(self) -> None:
        """Wait until newly mounted widgets are laid out."""
        there = asyncio.Event()
        self.call_after_refresh(there.set)
        await there.wait()

    @property
    def found(self) -> bool:
        """Whether a search match is highlighted."""
        return self._place is not None and self._place[0].is_attached

    def forget_place(self) -> None:
        """Clear the search match; the next search starts at the end."""
        self._place = None
        for text in self._turns.query(LineList):
            text.mark(None)

    async def begin(self, *turns: Widget) -> None:
        """Append a message and its answer, and scroll to them."""
        self._welcome.display = False
        self.forget_place()
        self._scrolled_back = False
        await self._drop()
        await self._turns.mount(*turns)
        self._show_earlier_hint()
        self.anchor()

    async def notice(self, problem: Problem) -> None:
        """Append a problem that belongs to no turn."""
        from travel_tui.tui.widgets.chat.turn import Notice

        self._welcome.display = False
        await self._turns.mount(Notice(problem))
        self._show_earlier_hint()

    async def show_result(self, head: str, text: str = "") -> None:
        """Append the result of a command, and scroll to it."""
        from travel_tui.tui.widgets.chat.turn import CommandResult

        self._welcome.display = False
        await self._turns.mount(CommandResult(head, text))
        self._show_earlier_hint()
        self.anchor()

    async def greet(self, words: str) -> None:
        """Show a message at startup: below the welcome text if visible, else as an item of the conversation."""
        if self._welcome.display and not self._earlier:
            self._welcome.update(Content.assemble(self._greeting, "\n\n", (words, "bold $text-accent")))
        else:
            await self.show_result(words)

    async def rule(self, words: str, earlier: Earlier | None = None) -> None:
        """Append a rule between two sessions; `earlier` loads the turns before it that are not mounted."""
        from travel_tui.tui.widgets.chat.turn import Rule, UserTurn

        if earlier is not None:
            await self._drop(all_of_it=True)
            rule = Rule(words).factory()

            async def line() -> Sequence[Widget]:
                return [rule()]

            self._earlier += [line, earlier]
        elif any(isinstance(each, UserTurn) for each in self.shown):
            await self._turns.mount(Rule(words))

    def watch_virtual_size(self) -> None:
        """A long answer, whose end is followed, has pushed what was said before it out of view."""
        if follows_end(self) and not self._scrolled_back and not self._dropping.locked():
            shown = self.shown
            if len(shown) > LEAST and shown[-1].outer_size.height > SCREENS * self.size.height:
                self.run_worker(self._drop_and_say(), group="drop")

    async def _drop_and_say(self) -> None:
        await self._drop()
        self._show_earlier_hint()

    async def _drop(self, *, all_of_it: bool = False) -> None:
        """Unmount turns far out of view, or all; `earlier` restores them."""
        from travel_tui.tui.widgets.chat.turn import Restorable

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
                self._earlier += [back(turn.factory()) for turn in dropped if isinstance(turn, Restorable)]
                with self.app.batch_update():
                    await self._turns.remove_children(dropped)

    def _show_earlier_hint(self) -> None:
        """Show a hint above the first turn if there are earlier ones."""
        if self._earlier:
            self._welcome.update(Content.styled(EARLIER, "$foreground-muted"))
            self._welcome.set_class(True, "-earlier")
        self._welcome.display = bool(self._earlier)

    async def earlier(self) -> None:
        """Load some of the turns before the first one, keeping the view in place."""
        if self._loading_earlier or not self._earlier:
            return
        self._loading_earlier = self._scrolled_back = True
        try:
            turns: list[Widget] = []
            while self._earlier and len(turns) < AT_ONCE:
                turns[:0] = await self._earlier.pop()()
            self._show_earlier_hint()
            async with self.keep_distance_to_end():
                await self._turns.mount(*turns, after=self._welcome)
        finally:
            self._loading_earlier = False

    @asynccontextmanager
    async def keep_view(self, item: Widget) -> AsyncIterator[None]:
        """Keep what the user reads in place while the height of an item may change."""
        await self.laid_out()  # the change before this one may not have been
        if follows_end(self) or item.region.y >= self.region.y:  # the end stays, or the item grows downwards
            yield
        else:
            async with self.keep_distance_to_end():
                yield

    def add_loader(self, earlier: Earlier) -> None:
        """Register another loader for turns older than those being restored."""
        self._earlier.append(earlier)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and new_value < 1:
            self._at_the_top()

    def action_page_up(self) -> None:
        """Scroll up one page, loading earlier turns at the top."""
        if self.scroll_y < 1:
            self._at_the_top()
        else:
            self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll down one page."""
        self.scroll_page_down(animate=False)

    def on_mouse_scroll_up(self) -> None:
        if self.scroll_y < 1:
            self._at_the_top()

    def _at_the_top(self) -> None:
        if self._earlier:
            self.run_worker(self.earlier(), group="earlier")


def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern for `words` that ignores case and matches any white space between them."""
    return re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)


def _greeting(after_end: str) -> Content:
    return Content.assemble(
        ("What will the agent remember tomorrow?\n\n", "bold"),
        ("1  ", "$primary"), "Tell it something, or book a trip.\n",
        ("2  ", "$primary"), "End the session with ", ("F2", "bold"), f"{after_end}\n",
        ("3  ", "$primary"), "Start a new one with ", ("F3", "bold"), " and ask what it remembers.",
    )  # fmt: skip
