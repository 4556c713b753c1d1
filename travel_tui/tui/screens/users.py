"""Whose memory to talk with: every memory id that is known here, and a line for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from travel_tui.agent import refused_id
from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.text import count, moment, one_line, safe

if TYPE_CHECKING:
    from travel_tui.archive import User
    from travel_tui.clock import Clock


class Users(Dialog[str]):
    """Chooses a memory id: empty, or the id and perhaps a name behind it, as they would follow /user."""

    BINDINGS = [("escape", "dismiss('')", "leave")]

    def __init__(self, users: Sequence[User], current: str, clock: Clock) -> None:
        super().__init__()
        self._users, self._current, self._clock = users, current, clock

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Whose memory?", classes="question")
            yield OptionList(*(Option(self._row(user)) for user in self._users), compact=True)
            yield Input(placeholder="another memory id, and a name for it if you like", compact=True)
            yield Static("An id that is known gets another name.", classes="details")

    def on_mount(self) -> None:
        ids = [user.memory_id for user in self._users]
        listed = self.query_one(OptionList)
        if self._current in ids:
            listed.highlighted = ids.index(self._current)
        listed.focus()

    def _row(self, user: User) -> Content:
        muted = "$foreground-muted"
        now = self._clock.shown(self._clock.now())
        seen = f", last {moment(self._clock.shown(user.last_at), now)}" if user.last_at else ""
        return Content.assemble(
            ("● " if user.memory_id == self._current else "  ", "$primary"),
            (one_line(user.memory_id, 32), "bold"),
            f"  {one_line(user.name, 32)}" if user.name else "",
            (f"  {count(user.sessions, 'session')}{seen}", muted),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._users[event.option_index].memory_id)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        memory_id = event.value.split(maxsplit=1)[:1]
        if memory_id and (trouble := refused_id("memory", memory_id[0])):
            self.query_one(".details", Static).update(Content(safe(f"{trouble.what} {trouble.why}")))
        else:
            self.dismiss(event.value.strip())
