"""The memory inspector: the agent's memories, the age of the data, and pending summaries."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from travel_tui.text import one_line, safe
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.view_models import MemoryView
from travel_tui.tui.widgets.clicks import presses
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.scroll import Scroll

AT_ONCE = 6
"""Cards mounted at once; scrolling to the end mounts as many more, since each costs a widget."""


class Link(Static, can_focus=True):
    """A word that can be pressed with a click or enter."""

    BINDINGS = [("enter,space", "press", "press")]

    class Pressed(Message):
        """The link was pressed."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        if presses(self, event):
            self.action_press()


class CardList(Scroll, can_focus=False):
    """The cards; posts a message when the user reaches the last one."""

    class Ended(Message):
        """The last card is in view."""

    def __init__(self) -> None:
        super().__init__(id="cards")

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and new_value >= self.max_scroll_y - 1:
            self.post_message(self.Ended())

    def watch_virtual_size(self, size: Size) -> None:
        """Post Ended if the cards do not fill the view, so that more are mounted."""
        if 0 < size.height <= self.size.height:
            self.post_message(self.Ended())


class StatusLine(Static):
    """Parts of a status on one line; those that do not fit are left out whole, the last first."""

    _parts: Sequence[str] = ()

    def show(self, parts: Sequence[str]) -> None:
        """Show the parts, the most important first."""
        self._parts = parts
        self.refresh()

    def render(self) -> Content:
        parts, room = list(self._parts), self.content_size.width
        while len(parts) > 1 and Content(" · ".join(parts)).cell_length > room:
            parts.pop()
        return Content(" · ".join(parts))


class MemoryPanel(Vertical):
    """Records, newest first. A poll without changes redraws none of them."""

    DEFAULT_CSS = load_css(__file__)

    class Grown(Message):
        """More cards are mounted."""

    class ForgetAll(Message):
        """Requests the deletion of all memories."""

    def __init__(self, memory_id: str) -> None:
        super().__init__(id="memory")
        self._heading = Static(_heading(memory_id), classes="heading")
        self._status = StatusLine(classes="status")
        self._note = Static(classes="note", markup=False)
        self._list = CardList()
        self._cards: dict[str, SummaryCard] = {}
        self._shown: MemoryView | None = None
        self._forget = Link("delete all", id="forget-all", markup=False)
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

    def show_user(self, name: str) -> None:
        """Show whose memory it is: a name, or the memory id of a user without one."""
        self._heading.update(_heading(name))

    def on_mount(self) -> None:
        self._forget.display = False
        self._note.display = False
        self._more.display = False

    @property
    def mounted(self) -> Collection[str]:
        """The ids of the records whose cards are mounted."""
        return self._cards.keys()

    async def show(self, view: MemoryView) -> None:
        """Show the current state of the memory; only changes are redrawn."""
        before, self._shown = self._shown, view
        if before is None or before.status != view.status:
            self._status.show(view.status)
        if before is None or (before.note, before.problem) != (view.note, view.problem):
            self._note.update(safe(view.note))
            self._note.display = bool(view.note)
            self._note.set_class(view.problem, "-problem")
        if before is None or before.cards is not view.cards:
            await self._show_cards(view)
            if before is not None and view.cards.new:
                self._list.scroll_home(animate=False)

    async def _show_cards(self, view: MemoryView) -> None:
        wanted = {card.record_id: card for card in view.cards[: self._most]}
        if hidden := len(view.cards) - len(wanted):
            self._more.update(f"▾ {hidden:,} older; enter shows {min(hidden, AT_ONCE)} more")
        self._more.display = hidden > 0
        async with self.batch():
            for record_id in [key for key in self._cards if key not in wanted]:
                await self._cards.pop(record_id).remove()
            for place, (record_id, card) in enumerate(wanted.items()):
                if record_id in self._cards:
                    self._cards[record_id].show(card)
                else:
                    self._cards[record_id] = SummaryCard(card)
                    await self._list.mount(
                        self._cards[record_id], before=place if place < len(self._list.children) else None
                    )
        self._forget.display = bool(view.cards)

    async def reveal(self, record_id: str) -> SummaryCard | None:
        """Return the card of a record, mounted and scrolled into view; None if the list has none."""
        if self._shown is None or record_id not in self._shown.cards.ids:
            return None
        place = self._shown.cards.ids.index(record_id)
        if place >= self._most:
            self._most = place + 1
            await self._show_cards(self._shown)
            self.post_message(self.Grown())
        card = self._cards[record_id]
        card.call_after_refresh(card.scroll_visible, animate=False)
        return card

    async def cite(self, record_id: str | None, sentence: str = "") -> None:
        """Highlight a sentence of a record, and nothing else; None for no record."""
        for each, card in self._cards.items():
            if each != record_id:
                card.cite("")
        if record_id is not None and (found := await self.reveal(record_id)) is not None:
            found.cite(sentence)

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


def _heading(name: str) -> Content:
    return Content.assemble(("Memory", "bold"), (f"  of {one_line(name, 24)}", "$foreground-muted"))
