"""The session panel: whose agent, which session, and where it is in its life."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from travel_tui.tui.styles import beside
from travel_tui.tui.text import one_line, short_id
from travel_tui.tui.views import LifeView
from travel_tui.tui.widgets.life_line import LifeLine


class IdLine(Static, can_focus=True):
    """A name and a value; enter or a click copies the value."""

    BINDINGS = [Binding("enter,space", "copy", "copy", id="id.copy")]

    class Copy(Message):
        """The person wants `value` on the clipboard."""

        def __init__(self, name: str, value: str) -> None:
            super().__init__()
            self.name, self.value = name, value

    def __init__(self, label: str, value: str = "") -> None:
        super().__init__(markup=False, classes="fact")
        self._label, self._value = label, value

    def show(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.refresh()

    def render(self) -> Content:
        room = max(8, self.size.width - 15)
        shown = short_id(self._value) if self.screen.has_class("-stage") else self._value
        value = Content(one_line(shown)).truncate(room, ellipsis=True)
        return Content.assemble(
            (f"{self._label:<9}", "$foreground-muted"), value, ("  copy" if self._value else "", "$foreground-muted")
        )

    def action_copy(self) -> None:
        if self._value:
            self.post_message(self.Copy(self._label, self._value))

    def on_click(self) -> None:
        self.action_copy()


class SessionPanel(Vertical):
    """Agent, session, life line, and the two buttons."""

    DEFAULT_CSS = beside(__file__)

    class End(Message):
        """The person wants the session ended."""

    class New(Message):
        """The person wants a new session."""

    def __init__(self, title: str, address: str, place: str, memory_id: str) -> None:
        super().__init__(id="session")
        self._heading = Static(classes="heading")
        self._life = LifeLine()
        self._line = Static(classes="line", markup=False)
        self._session = IdLine("session")
        self._memory = IdLine("memory", memory_id)
        self._attributes = Static(classes="fact")
        self._attributes.display = False
        self._agent = _fact("agent", title)
        self._address = _fact("id", address, place)
        self._address.add_class("address")
        self._end = Button("End session", id="end", disabled=True)
        self._new = Button("New session", id="new")
        self._shown: tuple[str, LifeView, str] | None = None

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self._life
        yield self._line
        with Horizontal(id="buttons"):
            yield self._end
            yield self._new
        yield self._agent
        yield self._address
        yield self._session
        yield self._memory
        yield self._attributes

    def show(self, session_id: str, life: LifeView, attributes: str = "") -> None:
        """Show a session in its life, and how many attributes go with its turns; does nothing where nothing changed."""
        if self._shown == (session_id, life, attributes):
            return
        before, self._shown = self._shown, (session_id, life, attributes)
        # The clock changes every second: nothing else is drawn then, and the screen is laid out again only where a
        # line becomes two.
        if before is None or before[2] != attributes:
            self._attributes.update(Content.assemble(("with     ", "$foreground-muted"), attributes), layout=False)
            self._attributes.display = bool(attributes)
        if before is None or before[0] != session_id:
            words = Content.assemble(("Session", "bold"), (f"  {one_line(short_id(session_id))}", "$foreground-muted"))
            self._heading.update(words, layout=False)
            self._session.show(session_id)
        self._life.station, self._life.progress, self._life.overdue = life.station, life.progress, life.overdue
        longest = max(cell_len(before[1].line), cell_len(life.line)) if before else 0
        self._line.update(life.line, layout=before is None or longest > self._line.size.width)
        self._end.disabled = not life.can_end
        self._end.variant = "primary" if life.can_end else "default"
        self._new.variant = "primary" if life.station == 3 else "default"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.End() if event.button.id == "end" else self.New())


def _fact(label: str, value: str, more: str = "") -> Static:
    muted = "$foreground-muted"
    return Static(
        Content.assemble((f"{label:<9}", muted), one_line(value), (f"  {one_line(more)}", muted)), classes="fact"
    )
