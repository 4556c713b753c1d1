"""Read-only screen of exported evidence: conversation, sessions, and memory before and after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from travel_tui.agent import MemoryRecord
from travel_tui.clock import Clock
from travel_tui.conversation.memory_labels import title
from travel_tui.evidence.load import Evidence
from travel_tui.text import count, moment, one_line, safe, short_id
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.view_models import SummaryView
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.archived_turns import archived_turns, explain_archived_turns
from travel_tui.tui.widgets.chat.chat import Chat, Earlier
from travel_tui.tui.widgets.chat.memory_answers import MemoryAnswers, toggle_marks
from travel_tui.tui.widgets.chat.memory_line import MemoryLine
from travel_tui.tui.widgets.chat.turn import Rule
from travel_tui.tui.widgets.key_line import ScreenKeyLine
from travel_tui.tui.widgets.memory.summary_card import SummaryCard
from travel_tui.tui.widgets.scroll import Scroll

NARROW = 100
"""Width in columns below which the memories are shown below the conversation."""
AT_ONCE = 12
"""Number of newest turns shown at first; scrolling up loads earlier ones."""


HINTS = (
    ("pgup pgdn", "read"), ("tab", "memories"), ("evidence.copy", "copy the conversation"), ("evidence.back", "back"),
)  # fmt: skip


class ReadOnlyCard(SummaryCard, inherit_bindings=False):
    """A summary in exported evidence; it cannot be deleted."""

    BINDINGS = [
        Binding("enter,space", "fold", "fold, unfold", id="memory.fold"),
        Binding("r", "read", "raw", id="memory.read"),
        Binding("a", "answers", "answers", id="memory.answers"),
    ]


class EvidenceScreen(Screen[None]):
    """The conversation on one side, the memories on the other."""

    CSS = load_css(__file__)
    AUTO_FOCUS = "#kept"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "back", id="evidence.back"),
        Binding("c", "copy", "copy the conversation", id="evidence.copy"),
        Binding("ctrl+o", "marks", "source marks", id="answer.marks"),
        Binding("pageup", "turn(-1)", "scroll up", id="evidence.up"),
        Binding("pagedown", "turn(1)", "scroll down", id="evidence.down"),
    ]

    def __init__(self, folder: Path, evidence: Evidence, clock: Clock) -> None:
        super().__init__()
        self._folder, self._evidence, self._clock = folder, evidence, clock
        self._chat = Chat()
        self._answers = MemoryAnswers(self._chat)

    def compose(self) -> ComposeResult:
        found = self._evidence
        top = Content.assemble(("Evidence", "bold"), f" in {one_line(str(self._folder))}  read-only")
        yield Static(top, id="evidence-top")
        with Horizontal(id="evidence"):
            yield self._chat
            with Vertical(id="kept-side"), Scroll(id="kept"):
                yield Static(self._about(), id="about")
                yield from self._cards("Memory before", found.before, "memory-before.json")
                yield from self._cards("Memory after", found.after, "memory-after.json")
        yield ScreenKeyLine(HINTS, id="evidence-hints")

    def _about(self) -> Content:
        found = self._evidence
        problems = [("Modified since export", found.changed), ("Missing since export", found.missing)]
        told = [f"{what}: {', '.join(map(one_line, names))}" for what, names in problems if names]
        sound = ("\n".join(told), "bold $text-error") if told else "All hashes verified."
        turns = sum(len(each.turns) for each in found.sessions)
        facts = [
            ("written", self._written()),
            ("agent", one_line(found.agent)),
            ("holds", f"{count(len(found.sessions), 'session')}, {count(turns, 'turn')}"),
            *((one_line(name), one_line(str(version))) for name, version in found.versions.items()),
        ]
        lines = [Content.assemble((f"{name:<11}", "$foreground-muted"), value) for name, value in facts]
        return Content("\n").join([Content.assemble(sound), *lines])

    def _written(self) -> str:
        """Return when the evidence was written, in the display time zone; the raw value if it is not a valid time."""
        try:
            at = datetime.fromisoformat(self._evidence.written_at)
        except ValueError:
            return one_line(self._evidence.written_at)
        return f"{self._clock.shown(at if at.tzinfo else at.replace(tzinfo=UTC)):%Y-%m-%d %H:%M:%S}"

    def _cards(self, heading: str, records: Sequence[MemoryRecord], file: str) -> ComposeResult:
        yield Static(Content.styled(heading, "bold"), classes="kept-title")
        now = self._clock.shown(self._clock.now())
        for each in records:
            when = moment(self._clock.shown(each.started_at), now) if each.started_at else ""
            yield ReadOnlyCard(SummaryView(each.record_id, title(each), each.session_id, each.text, when))
        if not records:
            missing = f"Unknown: {file} is missing."
            yield Static(missing if file in self._evidence.missing else "Nothing.", classes="kept-none")

    async def on_mount(self) -> None:
        shown: list[Widget] = []
        answers: list[list[AgentTurn]] = []
        for session in self._evidence.sessions:
            pairs = archived_turns(session.turns, self._clock, session.notes)
            shown += [Rule(f"Session {short_id(session.session_id)}"), *(widget for pair in pairs for widget in pair)]
            answers.append([answer for _, answer in pairs])
        first = max(0, len(shown) - 2 * AT_ONCE)
        for start in range(0, first, 2 * AT_ONCE):
            self._chat.add_loader(_loader_of(shown[start : min(first, start + 2 * AT_ONCE)]))
        await self._chat.begin(*shown[first:])
        self.run_worker(self._explain(answers), group="explain")

    async def _explain(self, answers: Sequence[Sequence[AgentTurn]]) -> None:
        """Show the memory use of each session's answers as far as their traces show it, that of the newest first."""
        found = self._evidence
        records = [*found.after, *found.before]
        for session, its in zip(reversed(found.sessions), reversed(answers), strict=True):
            await explain_archived_turns(self._chat, session.turns, its, (), records, self._clock, found.history)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")

    def on_summary_card_read(self, event: SummaryCard.Read) -> None:
        from travel_tui.tui.screens.record_viewer import record_viewer

        viewer = record_viewer((*self._evidence.after, *self._evidence.before), event.record_id)
        if viewer is not None and self.is_active:
            self.app.push_screen(viewer)

    def on_summary_card_answers(self, event: SummaryCard.Answers) -> None:
        self.run_worker(self._show_answer(event.record_id), group="answers")

    async def _show_answer(self, record_id: str) -> None:
        if not await self._answers.show(record_id):
            self.notify("No answer in this conversation used this memory.", markup=False)

    def on_memory_line_chosen(self, event: MemoryLine.Chosen) -> None:
        record_id, sentence = self._answers.choose(event)
        for card in self.query(ReadOnlyCard):
            cited = card.view.record_id == record_id and card.display
            card.cite(sentence if cited else "")
            if cited:
                card.call_after_refresh(card.scroll_visible, animate=False)

    def on_memory_line_card(self, event: MemoryLine.Card) -> None:
        for card in self.query(ReadOnlyCard):
            if card.view.record_id == event.record_id:
                card.focus()
                return

    def action_marks(self) -> None:
        toggle_marks(self)

    def action_turn(self, pages: int) -> None:
        if pages < 0:
            self._chat.action_page_up()
        else:
            self._chat.action_page_down()

    async def action_copy(self) -> None:
        from travel_tui.tui.clipboard import copy

        await copy(self.app, safe(self._evidence.conversation), "conversation")

    def action_back(self) -> None:
        self.dismiss(None)


def _loader_of(widgets: list[Widget]) -> Earlier:
    """Return a loader of widgets that are created but not mounted."""

    async def bring() -> list[Widget]:
        return widgets

    return bring
