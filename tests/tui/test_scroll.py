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


def bar(user: PilotUser) -> list[str]:
    """The last column, and how it is drawn."""
    return [str(list(strip.crop(user.app.size.width - 1))) for strip in user.strips()]


async def test_it_follows_the_end_while_the_view_loses_rows() -> None:
    async with running_app(Following(), (40, 18)) as user:
        scroll = user.app.query_one(Scroll)
        scroll.anchor()
        await user.pilot.pause()
        for number in range(4):
            await user.app.mount(Static(f"line {number}"))
            await user.pilot.pause()
            drawn = bar(user)
            scroll.vertical_scrollbar.refresh()
            await user.pilot.pause()
            assert drawn == bar(user), number
