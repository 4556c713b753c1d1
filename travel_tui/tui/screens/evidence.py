"""Evidence as it was when it was taken: conversation, sessions, and memory before and after. Nothing can be changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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

from travel_tui.agent import MemoryInjected, SessionSummary, ToolResult
from travel_tui.clock import Clock
from travel_tui.tui.evidence import Evidence, OpenedSession
from travel_tui.tui.hints import hints
from travel_tui.tui.insights import as_it_came, memory_use
from travel_tui.tui.past_turns import past_turns
from travel_tui.tui.styles import beside
from travel_tui.tui.text import count, moment, one_line, safe, short_id
from travel_tui.tui.widgets.chat import Chat, Earlier
from travel_tui.tui.widgets.memory_line import MemoryUse
from travel_tui.tui.widgets.scroll import Scroll
from travel_tui.tui.widgets.summary_card import SummaryCard, SummaryView
from travel_tui.tui.widgets.turn import Rule

NARROW = 100
"""Below so many columns what was remembered stands under what was said."""
AT_ONCE = 12
"""Turns that are shown at first, the last ones; scrolling up brings the others."""


HINTS = (
    ("pgup pgdn", "read"), ("tab", "memories"), ("evidence.copy", "copy the conversation"), ("evidence.back", "back"),
)  # fmt: skip


class KeptCard(SummaryCard, inherit_bindings=False):
    """A summary as it was, which nobody can have forgotten from here."""

    BINDINGS = [
        Binding("enter,space", "fold", "fold, unfold", id="memory.fold"),
        Binding("r", "read", "read as it came", id="memory.read"),
    ]


class EvidenceScreen(Screen[None]):
    """What was said on one side, what was remembered on the other."""

    CSS = beside(__file__)
    AUTO_FOCUS = "#kept"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "back", id="evidence.back"),
        Binding("c", "copy", "copy the conversation", id="evidence.copy"),
        Binding("pageup", "turn(-1)", "read back", id="evidence.up"),
        Binding("pagedown", "turn(1)", "read on", id="evidence.down"),
    ]

    def __init__(self, folder: Path, evidence: Evidence, clock: Clock) -> None:
        super().__init__()
        self._folder, self._evidence, self._clock = folder, evidence, clock
        self._chat = Chat()

    def compose(self) -> ComposeResult:
        found = self._evidence
        top = Content.assemble(("Evidence", "bold"), f" in {one_line(str(self._folder))}  read-only")
        yield Static(top, id="evidence-top")
        with Horizontal(id="evidence"):
            yield self._chat
            with Vertical(id="kept-side"), Scroll(id="kept"):
                yield Static(self._about(), id="about")
                yield from self._cards("Memory before", found.before)
                yield from self._cards("Memory after", found.after)
        yield Static(id="evidence-hints")

    def _about(self) -> Content:
        found = self._evidence
        changed = ", ".join(map(one_line, found.changed))
        sound = (f"Changed since it was written: {changed}", "bold $text-error") if changed else "All hashes hold."
        turns = sum(len(each.turns) for each in found.sessions)
        facts = [
            ("written", one_line(found.written_at.partition(".")[0])),
            ("agent", one_line(found.agent)),
            ("holds", f"{count(len(found.sessions), 'session')}, {count(turns, 'turn')}"),
            *((one_line(name), one_line(str(version))) for name, version in found.versions.items()),
        ]
        lines = [Content.assemble((f"{name:<11}", "$foreground-muted"), value) for name, value in facts]
        return Content("\n").join([Content.assemble(sound), *lines])

    def _cards(self, title: str, summaries: Sequence[SessionSummary]) -> ComposeResult:
        yield Static(Content.styled(title, "bold"), classes="kept-title")
        now = self._clock.shown(self._clock.now())
        for each in summaries:
            when = moment(self._clock.shown(each.started_at), now) if each.started_at else ""
            yield KeptCard(SummaryView(each.session_id, each.text, when))
        if not summaries:
            yield Static("Nothing.", classes="kept-none")

    async def on_mount(self) -> None:
        self.query_one("#evidence-hints", Static).update(hints(self, *HINTS))
        shown = [widget for each in self._evidence.sessions for widget in await self._said(each)]
        first = max(0, len(shown) - 2 * AT_ONCE)
        for start in range(0, first, 2 * AT_ONCE):
            self._chat.more_earlier(_kept(shown[start : min(first, start + 2 * AT_ONCE)]))
        await self._chat.begin(*shown[first:])

    async def _said(self, session: OpenedSession) -> list[Widget]:
        """A session's turns, and under each answer what memory did for it, as far as its trace tells."""
        widgets: list[Widget] = [Rule(f"Session {short_id(session.session_id)}")]
        uses = await asyncio.to_thread(self._uses, session)
        for use, (user, answer) in zip(uses, past_turns(session.turns, self._clock, session.notes), strict=True):
            if use is not None:
                await answer.explain(use)
            widgets += [user, answer]
        return widgets

    def _uses(self, session: OpenedSession) -> list[MemoryUse | None]:
        """What memory did for each answer; None where there is nothing to say. Takes milliseconds a turn."""
        said: list[str] = []
        uses: list[MemoryUse | None] = []
        summaries = [*self._evidence.after, *self._evidence.before]
        for turn in session.turns:
            synopsis = next((each.synopsis for each in turn.events if isinstance(each, MemoryInjected)), None)
            said += [turn.text, *(each.text for each in turn.events if isinstance(each, ToolResult))]
            use = memory_use(turn.answer, said, synopsis, summaries, turn.sent_at.date()) if turn.answer else None
            told = use is not None and (use.quotes != () or any(fact.origin == "from neither" for fact in use.facts))
            uses.append(use if told else None)
            said.append(turn.answer)
        return uses

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < NARROW, "-narrow")

    def on_summary_card_read(self, event: SummaryCard.Read) -> None:
        from travel_tui.tui.screens.reader import Reader

        for each in (*self._evidence.after, *self._evidence.before):
            if each.session_id == event.session_id:
                self.app.push_screen(Reader(f"Session {one_line(each.session_id)}", *as_it_came(each)))
                return

    def action_turn(self, pages: int) -> None:
        if pages < 0:
            self._chat.action_page_up()
        else:
            self._chat.action_page_down()

    async def action_copy(self) -> None:
        from travel_tui.tui.clipboard import copy

        await copy(self.app, safe(self._evidence.conversation), "the conversation")

    def action_back(self) -> None:
        self.dismiss(None)


def _kept(widgets: list[Widget]) -> Earlier:
    """Widgets that were made and not mounted yet."""

    async def bring() -> list[Widget]:
        return widgets

    return bring
