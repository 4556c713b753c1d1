"""Viewer for the result of a recall run: tests on one side, the selected test's conversation on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from travel_tui.text import one_line, safe
from travel_tui.tui.accessible_app import AccessibleApp
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.choices import Choices

if TYPE_CHECKING:
    from travel_tui.recall.results import TestResult

NARROW = 100
"""Width in columns below which the conversation is shown below the list."""
_STYLES = {"passed": "$text-success", "failed": "$text-error", "undecided": "$text-warning"}


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test for display: its mark and outcome, why it failed or is undecided, and the lines of its conversation."""

    name: str
    category: str
    mark: str
    outcome: str
    why: Sequence[str]
    lines: Sequence[str]


class RecallViewer(AccessibleApp[None]):
    """Shows one result, read-only; runs no tests."""

    CSS = AccessibleApp.CSS + load_css(__file__)
    TITLE = "travel-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,ctrl+q", "quit", "close")]

    def __init__(self, heading: str, tests: Sequence[ShownTest]) -> None:
        super().__init__()
        self._heading, self._tests = heading, tests

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("Recall checks", "bold"), f"  {one_line(self._heading)}"), id="top")
        with Horizontal(id="panes"):
            yield Choices(*(Option(_row(test)) for test in self._tests), compact=True, id="tests")
            with VerticalScroll(id="test"):
                yield Static(id="text", markup=False)
        yield Static("↑↓ test   tab details   esc close", id="hints")

    def on_mount(self) -> None:
        self.query_one("#tests").focus()

    def on_resize(self, event: events.Resize) -> None:
        self.screen.set_class(event.size.width < NARROW, "-narrow")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        test = self._tests[event.option_index]
        head = Content.styled(f"{test.mark} {test.outcome}", f"bold {_STYLES.get(test.outcome, '')}")
        parts = [Content.assemble(head, f"  {one_line(test.name)}")]
        parts += [Content.styled(safe(reason), "bold") for reason in test.why]
        parts += [Content(""), *(Content(safe(line)) for line in test.lines)]
        self.query_one("#text", Static).update(Content("\n").join(parts))
        self.query_one("#test").scroll_home(animate=False)


def _row(test: ShownTest) -> Content:
    return Content.assemble(
        (f"{test.mark} ", _STYLES.get(test.outcome, "")),
        (one_line(test.name, 60), "bold"),
        (f"  {test.category}" if test.category else "", "$foreground-muted"),
    )


def shown_tests(tests: Sequence[TestResult]) -> list[ShownTest]:
    """Convert test results for display."""
    from travel_tui.recall.report.formatting import MARKS, SHOWN, why
    from travel_tui.recall.report.text import conversation

    return [
        ShownTest(
            each.key, each.category, MARKS[each.outcome], SHOWN[each.outcome], why(each), [*conversation(each)][1:]
        )
        for each in tests
    ]
