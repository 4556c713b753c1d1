"""What a run of recall checks found, to be read: the tests on one side, the chosen one's conversation on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import Reactive
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from travel_tui.tui.styles import beside
from travel_tui.tui.text import one_line, safe

if TYPE_CHECKING:
    from travel_tui.recall.results import TestResult

NARROW = 100
"""Below so many columns the conversation stands under the list."""
_STYLES = {"held": "$text-success", "broke": "$text-error", "undecided": "$text-warning"}


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test as it is shown: its mark and outcome, why it did not hold, and all lines of its conversation."""

    name: str
    category: str
    mark: str
    outcome: str
    why: Sequence[str]
    lines: Sequence[str]


class RecallResult(App[None]):
    """Reads one result; nothing is run and nothing is changed."""

    CSS = beside(__file__)
    TITLE = "travel-tui"
    theme: Reactive[str] = Reactive("tokyo-night")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,ctrl+q", "quit", "close")]

    def __init__(self, heading: str, tests: Sequence[ShownTest]) -> None:
        super().__init__()
        self._heading, self._tests = heading, tests

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("Recall checks", "bold"), f"  {one_line(self._heading)}"), id="top")
        with Horizontal(id="panes"):
            yield OptionList(*(Option(_row(test)) for test in self._tests), compact=True, id="tests")
            with VerticalScroll(id="test"):
                yield Static(id="text", markup=False)
        yield Static("↑↓ test   tab its conversation   esc close", id="hints")

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
    """Tests of a run as they are shown."""
    from travel_tui.recall.report.text import conversation
    from travel_tui.recall.report.words import MARKS, why

    return [
        ShownTest(each.key, each.category, MARKS[each.outcome], str(each.outcome), why(each), [*conversation(each)][1:])
        for each in tests
    ]
