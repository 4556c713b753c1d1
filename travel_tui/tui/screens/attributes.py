"""The attributes that go with the turns: name = value, a line each."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static, TextArea

from travel_tui.tui.screens.dialog import Dialog


class AttributesError(Exception):
    """A line that is no attribute; the message says which and what is expected."""


class Attributes(Dialog[tuple[dict[str, str], dict[str, str]] | None]):
    """Edits session and prompt attributes; None where they stay as they are."""

    BINDINGS = [("escape", "dismiss(None)", "leave them"), ("ctrl+s", "keep", "keep them")]

    def __init__(self, session: Mapping[str, str], prompt: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._prompt = session, prompt

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Attributes", classes="question")
            yield Static("Session attributes, which action groups get in every turn of the session", markup=False)
            yield TextArea(_lines(self._session), id="session-attributes", tab_behavior="focus", compact=True)
            yield Static("Prompt attributes, which stand in the prompt of each turn", markup=False)
            yield TextArea(_lines(self._prompt), id="prompt-attributes", tab_behavior="focus", compact=True)
            yield Static("A line each: name = value. They are sent until you change them.", classes="details")
            with Horizontal(classes="answers"):
                yield Button("Leave them", id="leave")
                yield Button("Keep", id="keep", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#session-attributes").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "keep":
            self.action_keep()
        else:
            self.dismiss(None)

    def action_keep(self) -> None:
        try:
            read = [
                attributes(self.query_one(name, TextArea).text)
                for name in ("#session-attributes", "#prompt-attributes")
            ]
        except AttributesError as error:
            self.query_one(".details", Static).update(str(error))
            return
        self.dismiss((read[0], read[1]))


def attributes(text: str) -> dict[str, str]:
    """What stands in lines of name = value; blank lines are passed over. Raises AttributesError."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not name or not equals:
            raise AttributesError(f"Line {number} is no attribute: write name = value.")
        if name in found:
            raise AttributesError(f"Line {number} has {name} a second time.")
        found[name] = value
    return found


def _lines(values: Mapping[str, str]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in values.items())
