"""The session panel: agent, session and the state of its life."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from travel_tui.text import one_line, short_id
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.view_models import SessionLifeView
from travel_tui.tui.widgets.clicks import presses
from travel_tui.tui.widgets.session.life_line import LifeLine


class IdLine(Static, can_focus=True):
    """A name and a value; enter or a click copies the value."""

    BINDINGS = [Binding("enter,space", "copy", "copy", id="id.copy")]

    class Copy(Message):
        """Requests to copy `value`."""

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

    def on_click(self, event: events.Click) -> None:
        if presses(self, event):
            self.action_copy()


class SessionPanel(Vertical):
    """Agent, session, life line, and the two buttons."""

    DEFAULT_CSS = load_css(__file__)

    class End(Message):
        """Requests the end of the session."""

    class New(Message):
        """Requests a new session."""

    def __init__(self, title: str, address: str, place: str, memory_id: str) -> None:
        super().__init__(id="session")
        self._heading = Static(classes="heading")
        self._life = LifeLine()
        self._line = Static(classes="line", markup=False)
        self._session = IdLine("session")
        self._memory = IdLine("memory", memory_id)
        self._attributes = Static(classes="fact")
        self._tokens = Static(classes="fact")
        self._attributes.display = self._tokens.display = False
        self._agent = _fact("agent", title)
        self._address = _fact("id", address, place)
        self._address.add_class("address")
        self._end = Button("End session", id="end", disabled=True)
        self._new = Button("New session", id="new")
        self._shown: tuple[str, SessionLifeView, str, str] | None = None

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
        yield self._tokens
        yield self._attributes

    def show(self, session_id: str, life: SessionLifeView, attributes: str = "", tokens: str = "") -> None:
        """Show a session, the state of its life, the number of attributes, and the tokens used by its turns.

        Does nothing if nothing has changed.
        """
        if self._shown == (session_id, life, attributes, tokens):
            return
        before, self._shown = self._shown, (session_id, life, attributes, tokens)
        # The duration changes every second: redraw nothing else then, and lay out the screen only if the number of
        # lines changes.
        if before is None or before[2] != attributes:
            self._attributes.update(Content.assemble(("with     ", "$foreground-muted"), attributes), layout=False)
            self._attributes.display = bool(attributes)
        if before is None or before[3] != tokens:
            self._tokens.update(Content.assemble(("tokens   ", "$foreground-muted"), tokens), layout=False)
            self._tokens.display = bool(tokens)
        if before is None or before[0] != session_id:
            words = Content.assemble(("Session", "bold"), (f"  {one_line(short_id(session_id))}", "$foreground-muted"))
            self._heading.update(words, layout=False)
            self._session.show(session_id)
        self._life.stations = life.stations
        self._life.stage, self._life.progress, self._life.overdue = life.stage, life.progress, life.overdue
        several = "\n" in life.line or (before is not None and "\n" in before[1].line)
        longest = max(cell_len(before[1].line), cell_len(life.line)) if before else 0
        self._line.update(life.line, layout=before is None or several or longest > self._line.size.width)
        self._end.disabled = not life.can_end
        self._end.variant = "primary" if life.can_end else "default"
        self._new.variant = "primary" if life.stage == 3 else "default"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.End() if event.button.id == "end" else self.New())


def _fact(label: str, value: str, more: str = "") -> Static:
    muted = "$foreground-muted"
    return Static(
        Content.assemble((f"{label:<9}", muted), one_line(value), (f"  {one_line(more)}", muted)), classes="fact"
    )
