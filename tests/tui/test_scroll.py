"""The bar beside what scrolls shows where the view is."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

from travel_tui.screenshots.pilot_user import PilotUser, running_app
from travel_tui.tui.widgets.scroll import Scroll

ROWS = 49


class Following(App[None]):
    """Rows whose end is followed, and lines that may come below them."""

    def compose(self) -> ComposeResult:
        with Scroll():
            yield Static("\n".join(map(str, range(ROWS))))


def bar(anna: PilotUser) -> list[str]:
    """The last column, and how it is drawn."""
    return [str(list(strip.crop(anna.app.size.width - 1))) for strip in anna.strips()]


async def test_it_follows_the_end_while_the_view_loses_rows() -> None:
    async with running_app(Following(), (40, 18)) as anna:
        scroll = anna.app.query_one(Scroll)
        scroll.anchor()
        await anna.pilot.pause()
        for number in range(4):
            await anna.app.mount(Static(f"line {number}"))
            await anna.pilot.pause()
            drawn = bar(anna)
            scroll.vertical_scrollbar.refresh()
            await anna.pilot.pause()
            assert drawn == bar(anna), number
