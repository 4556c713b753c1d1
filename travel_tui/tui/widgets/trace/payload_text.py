"""The text of a trace step, with the parts of its payload in colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.style import Style
from rich.text import Text

from travel_tui.tui.rendering.payload_syntax import PARTS, Part, json_parts, readable_parts
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.trace.indented_text import IndentedText


class PayloadText(IndentedText):
    """Colours names, strings and other values line by line, as each is drawn."""

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES = {f"payload-text--{part}" for part in PARTS}

    _parts: Callable[[str], Iterator[tuple[Part, int, int]]] = staticmethod(readable_parts)

    def load(self, text: str, *, is_json: bool) -> None:
        """Show a text, as JSON or in its readable form."""
        self._parts = json_parts if is_json else readable_parts
        self.load_text(text)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        for part, start, end in self._parts(line.plain):
            # Its colour alone: the background is that of the text, the cursor's line or the selection.
            line.stylize(Style(color=self.get_component_rich_style(f"payload-text--{part}").color), start, end)
        return line
