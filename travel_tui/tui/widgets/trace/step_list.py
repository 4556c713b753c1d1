"""List of the steps of a turn, one per line; only visible lines are rendered, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from travel_tui.text import one_line, quick
from travel_tui.timeline import Step
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.line_list import own_style

LEAST_BAR, MAX_BAR = 12, 24
"""Width limits in cells of the bar that shows when a step ran."""
ROOMY = 56
"""Width in cells from which the bar is shown."""


class StepList(ScrollView, can_focus=True):
    """One step is selected; up and down move the selection."""

    DEFAULT_CSS = load_css(__file__)
    COMPONENT_CLASSES = {"step-list--chosen", "step-list--focused"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "step before", show=False),
        Binding("down", "move(1)", "step after", show=False),
        Binding("pageup", "move(-10)", "up", show=False),
        Binding("pagedown", "move(10)", "down", show=False),
        Binding("home", "move(-1000000)", "first", show=False),
        Binding("end", "move(1000000)", "last", show=False),
    ]

    chosen: reactive[int] = reactive(0)

    class Chosen(Message):
        """Another step is selected; `step` is None if there is none."""

        def __init__(self, step: Step | None) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__(id="steps")
        self._steps: Sequence[Step] = ()
        self._whole_s = 0.0
        self._took_room = self._tokens_room = 0

    def show(self, steps: Sequence[Step]) -> None:
        """Show these steps and select the first failed one, else the first."""
        self._steps = steps
        self._whole_s = max((((s.began_s or 0) + (s.took_s or 0)) for s in steps), default=0.0)
        self._took_room = max((len(_took(step)) for step in steps), default=0)
        self._tokens_room = max((len(_tokens(step)) for step in steps), default=0)
        self.virtual_size = Size(0, len(steps))
        self.set_reactive(StepList.chosen, next((n for n, step in enumerate(steps) if step.failed), 0))
        self._choose()

    def action_move(self, by: int) -> None:
        self.chosen = max(0, min(len(self._steps) - 1, self.chosen + by))

    def on_click(self, event: events.Click) -> None:
        place = event.y + self.scroll_offset.y
        if place < len(self._steps):
            self.chosen = place

    def watch_has_focus(self, _has_focus: bool) -> None:
        super().watch_has_focus(_has_focus)
        self.refresh()  # the selected step is styled by focus

    def watch_chosen(self) -> None:
        self._choose()

    def _choose(self) -> None:
        self.scroll_to_region(Region(0, self.chosen, 1, 1), animate=False)
        self.refresh()
        self.post_message(self.Chosen(self._steps[self.chosen] if self._steps else None))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        place = y + self.scroll_offset.y
        base = self.visual_style
        if place >= len(self._steps):
            return Strip.blank(width, base.rich_style)
        if place == self.chosen:
            base += own_style(self, f"step-list--{'focused' if self.has_focus else 'chosen'}")
        line = self._line(self._steps[place], width, chosen=place == self.chosen)
        segments = [Segment(text, (base + style).rich_style) for text, style in line.render(base, end="")]
        return Strip(segments).adjust_cell_length(width, base.rich_style)

    def _line(self, step: Step, width: int, *, chosen: bool) -> Content:
        muted = "$foreground-muted"
        end = Content.assemble(
            (self._bar(step, self._bar_room(width)), "$error" if step.failed else "$primary"),
            _took(step).rjust(self._took_room),
            (_tokens(step).rjust(self._tokens_room), muted),
        )
        if not end.plain.strip():
            end = Content("")
        start = Content.assemble(
            ("▸ " if chosen else "  ", "$text-accent"),
            ("✗ " if step.failed else "", "bold $text-error"),
            (one_line(step.title, width), "bold $text-error" if step.failed else "bold" if chosen else ""),
            (f"  {one_line(step.note, width)}" if step.note else "", "$text-error" if step.failed else muted),
        )
        room = max(8, width - end.cell_length - 1)
        start = start.truncate(room, ellipsis=True)
        return start + " " * (room - start.cell_length) + end

    def _bar_room(self, width: int) -> int:
        """Return the width of the time bar in cells; 0 if no step has a duration or the list is narrow."""
        return max(LEAST_BAR, min(MAX_BAR, width // 5)) if self._whole_s and width >= ROOMY else 0

    def _bar(self, step: Step, room: int) -> str:
        if not room or step.began_s is None:
            return " " * room
        start = min(room - 1, int(room * step.began_s / self._whole_s))
        length = max(1, min(room - start, round(room * (step.took_s or 0) / self._whole_s)))
        mark = "━" if step.took_s else "·"
        return (" " * start + mark * length).ljust(room)


def _took(step: Step) -> str:
    return "  …" if step.open else "" if step.took_s is None else f"  {quick(step.took_s)}"


def _tokens(step: Step) -> str:
    return f"  {step.tokens:,} tok" if step.tokens else ""
