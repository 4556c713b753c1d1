"""Dialog for choosing a known memory id or entering a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from travel_tui.text import count, moment, one_line, safe
from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.widgets.choices import Choices
from travel_tui.tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from travel_tui.archive import User
    from travel_tui.conversation.context import ConversationContext


HELP = "enter switch · esc cancel · entering a known id renames it"


class UserPicker(Dialog[str]):
    """Returns the argument of /user: a memory id, optionally followed by a name, or empty if cancelled."""

    BINDINGS = [("escape", "dismiss('')", "leave")]

    def __init__(
        self, users: Sequence[User], context: ConversationContext, listed: frozenset[str] = frozenset()
    ) -> None:
        """`listed` are the memory ids that the service knows and this machine does not."""
        super().__init__()
        self._listed = listed
        self._users, self._current, self._clock = users, context.memory_id, context.clock
        self._check_id = context.capabilities.check_id

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Switch user", classes="question")
            yield Choices(*(Option(self._row(user)) for user in self._users), compact=True)
            with Vertical(classes="foot"):
                yield Static("New memory id [display name]", classes="label details", markup=False)
                yield SafeInput()
                yield Static(HELP, classes="details", id="told", markup=False)

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
            (
                "  at the service" if user.memory_id in self._listed else f"  {count(user.sessions, 'session')}{seen}",
                muted,
            ),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._users[event.option_index].memory_id)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        memory_id = event.value.split(maxsplit=1)[:1]
        if memory_id and (problem := self._check_id("memory", memory_id[0])):
            told = self.query_one("#told", Static)
            told.update(Content(safe(f"{problem.what} {problem.why}")))
            told.set_class(True, "-problem")
        else:
            self.dismiss(event.value.strip())
