"""The bar at the top of the main screen."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from travel_tui.text import one_line
from travel_tui.tui.commands import written
from travel_tui.tui.widgets.clicks import presses


class TopBar(Static):
    """The agent on the left; on the right the user and the key for help, which take clicks."""

    class UserPressed(Message):
        """The user's name was clicked."""

    def __init__(self, title: str, place: str, memory_id: str, keys_key: str) -> None:
        """`keys_key` is the key that lists the keys, by Textual's name."""
        super().__init__(id="top")
        self._keys_key = keys_key
        muted = "$foreground-muted"
        dot = ("  ·  ", muted)
        self._agent = Content.assemble(
            ("travel-tui", "bold"), dot, one_line(title), dot, (one_line(place), "$text-success")
        )
        self._user = _user(memory_id)
        self._keys = Content.styled(f"{written(keys_key)} keys", muted)

    def show_user(self, name: str) -> None:
        """Show the name of the user, or the memory id of one without a name."""
        self._user = _user(name)
        self.refresh()

    def render(self) -> Content:
        right = self._user + "   " + self._keys
        room = max(0, self.content_size.width - right.cell_length - 2)
        agent = self._agent.truncate(room, ellipsis=True)
        return agent + " " * (room - agent.cell_length + 2) + right

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not presses(self, event):
            return
        keys = self.content_size.width - self._keys.cell_length
        user = keys - 3 - self._user.cell_length
        if offset.x >= keys:
            self.app.simulate_key(self._keys_key)
        elif user <= offset.x < keys - 3:
            self.post_message(self.UserPressed())


def _user(name: str) -> Content:
    return Content.assemble(("user ", "$foreground-muted"), one_line(name, 24))
