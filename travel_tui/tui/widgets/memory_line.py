"""What memory did for an answer, as a quiet line under it: what stood in the prompt, and which facts came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive

from travel_tui.tui.styles import beside
from travel_tui.tui.text import count, one_line, safe, short_id
from travel_tui.tui.widgets.rows import BLANK, Row, Rows, wrap

MARKS = {
    "from memory": ("◆", "$text-success"),
    "said in this session": ("○", "$text-primary"),
    "from neither": ("?", "$text-warning"),
}
"""Each origin has a mark of its own, so that nothing hangs on a colour."""
SHORT = {"from memory": "remembered", "said in this session": "said", "from neither": "neither"}
"""What they are called where there is little room."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact of the answer: its words, where it came from, and whose summary has it."""

    text: str
    origin: str
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """`quotes` are the summaries in the prompt by session, None where the trace does not tell."""

    quotes: Sequence[tuple[str, str]] | None
    facts: Sequence[Shown] = ()


class MemoryLine(Rows, can_focus=True):
    """One line that opens on enter or a click."""

    DEFAULT_CSS = beside(__file__)
    BINDINGS = [Binding("enter,space", "unfold", "open", show=False, id="line.open")]

    opened: reactive[bool] = reactive(False, init=False)

    def __init__(self, use: MemoryUse) -> None:
        super().__init__(classes="memory-line")
        self._use = use

    def watch_opened(self) -> None:
        self.changed()

    def action_unfold(self) -> None:
        self.opened = not self.opened

    def on_click(self) -> None:
        self.action_unfold()

    def lay_out(self, width: int) -> list[Row]:
        mark = "▾ " if self.opened else "▸ "
        head = next((mark + words for words in self._heads() if cell_len(mark + words) <= width), mark + "memory")
        rows = [Row(Content.styled(head, "$foreground-muted").truncate(width, ellipsis=True))]
        if self.opened:
            rows += self._details(width)
        return rows

    def _heads(self) -> Iterator[str]:
        """What the line says, in fewer and fewer words."""
        use = self._use
        prompt = _prompt_of(use)
        brief = prompt.replace(" in the prompt", "")
        for prompted, names in ((prompt, {}), (prompt, SHORT), (brief, SHORT)):
            facts = [
                f"{mark} {number} {names.get(origin, origin)}"
                for origin, (mark, _) in MARKS.items()
                if (number := sum(fact.origin == origin for fact in use.facts))
            ]
            yield " · ".join([prompted, *facts])
        yield prompt

    def _details(self, width: int) -> list[Row]:
        rows: list[Row] = []
        indent = Content("  ")
        for session_id, text in self._use.quotes or ():
            rows.append(
                Row(
                    Content.assemble(
                        "  ",
                        (one_line(short_id(session_id)) or "memory", "$text-success"),
                        (" stood in the prompt", "$foreground-muted"),
                    )
                )
            )
            rows += wrap(Content(safe(text)), width, Content("  ▏ "))
        if self._use.quotes is None:
            rows += wrap(Content("The trace does not say what of the memory stood in the prompt."), width, indent)
        if self._use.facts:
            rows.append(BLANK)
        for fact in self._use.facts:
            mark, style = MARKS[fact.origin]
            where = f" {one_line(short_id(fact.session_id))}" if fact.session_id else ""
            line = Content.assemble(
                (f"{mark} ", style), one_line(fact.text, 60), (f"  {fact.origin}{where}", "$foreground-muted")
            )
            rows += wrap(line, width, indent)
        if self._use.facts:
            note = "A heuristic: names, days, ids, places and amounts are compared."
            rows += wrap(Content.styled(note, "$foreground-muted"), width, indent)
        return rows


def _prompt_of(use: MemoryUse) -> str:
    if use.quotes is None:
        return "memory in the prompt: unknown"
    return f"{count(len(use.quotes), 'memory', 'memories')} in the prompt" if use.quotes else "no memory in the prompt"
