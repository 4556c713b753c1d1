"""The memory inspector: what the agent remembers, how fresh that view of it is, and what is awaited."""

from __future__ import annotations

from collections.abc import Collection

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from travel_tui.tui.styles import beside
from travel_tui.tui.text import one_line, safe
from travel_tui.tui.views import MemoryView
from travel_tui.tui.widgets.scroll import Scroll
from travel_tui.tui.widgets.summary_card import SummaryCard

AT_ONCE = 6
"""Cards that are mounted; of a longer list the next as many at its end, since each costs a widget."""


class Link(Static, can_focus=True):
    """A word that does something on click or enter."""

    BINDINGS = [("enter,space", "press", "press")]

    class Pressed(Message):
        """The word was clicked."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self) -> None:
        self.action_press()


class CardList(Scroll, can_focus=False):
    """The cards; says when the reader has come to the last of them."""

    class Ended(Message):
        """The last card is in view."""

    def __init__(self) -> None:
        super().__init__(id="cards")

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and new_value >= self.max_scroll_y - 1:
            self.post_message(self.Ended())

    def watch_virtual_size(self, size: Size) -> None:
        """Short summaries leave room for more."""
        if 0 < size.height <= self.size.height:
            self.post_message(self.Ended())


class MemoryPanel(Vertical):
    """Summaries, newest first. A look that finds nothing new redraws none of them."""

    DEFAULT_CSS = beside(__file__)

    class Grown(Message):
        """More cards are mounted."""

    class ForgetAll(Message):
        """The person wants the whole memory deleted."""

    def __init__(self, memory_id: str) -> None:
        super().__init__(id="memory")
        self._heading = Static(
            Content.assemble(("Memory", "bold"), (f"  of {one_line(memory_id, 24)}", "$foreground-muted")),
            classes="heading",
        )
        self._status = Static(classes="status", markup=False)
        self._note = Static(classes="note", markup=False)
        self._list = CardList()
        self._cards: dict[str, SummaryCard] = {}
        self._shown: MemoryView | None = None
        self._forget = Link("forget all", id="forget-all", markup=False)
        self._more = Link(id="more-cards", markup=False)
        self._most = AT_ONCE

    def compose(self) -> ComposeResult:
        with Horizontal(id="memory-head"):
            yield self._heading
            yield self._forget
        yield self._status
        yield self._note
        yield self._list
        yield self._more

    def on_mount(self) -> None:
        self._forget.display = False
        self._note.display = False
        self._more.display = False

    @property
    def mounted(self) -> Collection[str]:
        """The sessions whose cards are mounted."""
        return self._cards.keys()

    async def show(self, view: MemoryView) -> None:
        """Show the memory as it is; only what differs is drawn."""
        before, self._shown = self._shown, view
        if before is None or before.status != view.status:
            self._status.update(view.status, layout=False)
        if before is None or (before.note, before.trouble) != (view.note, view.trouble):
            self._note.update(safe(view.note))
            self._note.display = bool(view.note)
            self._note.set_class(view.trouble, "-trouble")
        if before is None or (before.cards is not view.cards and before.cards != view.cards):
            await self._show_cards(view)
            if before is not None and any(card.new for card in view.cards):
                self._list.scroll_home(animate=False)

    async def _show_cards(self, view: MemoryView) -> None:
        wanted = {card.session_id: card for card in view.cards[: self._most]}
        if hidden := len(view.cards) - len(wanted):
            self._more.update(f"▾ {hidden:,} older; enter shows {min(hidden, AT_ONCE)} more")
        self._more.display = hidden > 0
        async with self.batch():
            for session_id in [key for key in self._cards if key not in wanted]:
                await self._cards.pop(session_id).remove()
            for place, (session_id, card) in enumerate(wanted.items()):
                if session_id in self._cards:
                    self._cards[session_id].show(card)
                else:
                    self._cards[session_id] = SummaryCard(card)
                    await self._list.mount(
                        self._cards[session_id], before=place if place < len(self._list.children) else None
                    )
        self._forget.display = bool(view.cards)

    async def on_link_pressed(self, event: Link.Pressed) -> None:
        event.stop()
        if event.link is self._more:
            await self._show_more()
        else:
            self.post_message(self.ForgetAll())

    async def on_card_list_ended(self, event: CardList.Ended) -> None:
        event.stop()
        await self._show_more()

    async def _show_more(self) -> None:
        if self._shown is not None and len(self._shown.cards) > len(self._cards):
            self._most = len(self._cards) + AT_ONCE
            await self._show_cards(self._shown)
            self.post_message(self.Grown())
