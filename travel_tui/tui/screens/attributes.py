"""Dialog for editing session and prompt attributes, one name = value per line."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static, TextArea

from travel_tui.text import one_line
from travel_tui.tui.screens.dialog import Dialog
from travel_tui.tui.widgets.safe_text_area import SafeTextArea

HELP = "One name = value per line; sent until you change them."


class AttributesError(Exception):
    """Invalid attribute line; the message describes the error, `line` is counted from 0."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line + 1}: {message}")
        self.line = line


class AttributesDialog(Dialog[tuple[dict[str, str], dict[str, str]] | None]):
    """Edits session and prompt attributes. Returns both as dicts, or None if cancelled."""

    BINDINGS = [("escape", "dismiss(None)", "cancel"), ("ctrl+s", "save", "save")]

    def __init__(self, session: Mapping[str, str], prompt: Mapping[str, str]) -> None:
        super().__init__()
        self._fields = {
            "Session attributes": SafeTextArea(_lines(session), id="session-attributes", tab_behavior="focus"),
            "Prompt attributes": SafeTextArea(_lines(prompt), id="prompt-attributes", tab_behavior="focus"),
        }

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Attributes", classes="question")
            for (name, field), what in zip(
                self._fields.items(), ("sent to action groups", "added to each turn's prompt"), strict=True
            ):
                yield Static(Content.assemble((name, "bold"), (f"  {what}", "$foreground-muted")), classes="label")
                yield field
            with Vertical(classes="foot"):
                yield Static(HELP, classes="details", markup=False)
                with Horizontal(classes="answers"):
                    yield Button("Cancel", id="cancel")
                    yield Button("Save", id="save", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#session-attributes").focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._say(HELP)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "save":
            self.action_save()
        else:
            self.dismiss(None)

    def action_save(self) -> None:
        """Close with the parsed attributes; on an invalid line, show the error and move the cursor to that line."""
        read: list[dict[str, str]] = []
        for name, field in self._fields.items():
            try:
                read.append(parse_attributes(field.text))
            except AttributesError as error:
                self._say(f"{name}, {error}", problem=True)
                field.focus()
                field.cursor_location = (error.line, len(field.document[error.line]))
                return
        self.dismiss((read[0], read[1]))

    def _say(self, words: str, *, problem: bool = False) -> None:
        details = self.query_one(".details", Static)
        details.update(Content(words))
        details.set_class(problem, "-problem")


def parse_attributes(text: str) -> dict[str, str]:
    """Parse lines of name = value; skip blank lines. Raises AttributesError."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n")):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not equals:
            raise AttributesError(number, f"missing “=” in “{one_line(line, 24)}”")
        if not name:
            raise AttributesError(number, f"missing name in “{one_line(line, 24)}”")
        if name in found:
            raise AttributesError(number, f"“{one_line(name, 24)}” is set twice")
        found[name] = value
    return found


def _lines(values: Mapping[str, str]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in values.items())
