"""Going on and asking anew: an open session resumed, and one question with and without the memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from travel_tui.agent import AgentError, TurnEvent, TurnFailed, TurnRequest
from travel_tui.tui.room import Room
from travel_tui.tui.sessions import STILL_ANSWERING, Sessions
from travel_tui.tui.talk import trouble_of
from travel_tui.tui.text import clock_time, count, moment, one_line, short_id
from travel_tui.tui.turns import NOTHING_SENT, Turns

if TYPE_CHECKING:
    from textual.widget import Widget

    from travel_tui.archive import Archive, SessionRecord, TurnRecord
    from travel_tui.tui.widgets.agent_turn import AgentTurn
    from travel_tui.tui.widgets.chat import Earlier
    from travel_tui.tui.widgets.turn import UserTurn

SHOWN = 12
"""Turns of a resumed session that the chat shows at once; scrolling up brings those before."""


class Again:
    """The verbs of it; each returns at once."""

    def __init__(self, room: Room, turns: Turns, sessions: Sessions) -> None:
        self._room, self._turns, self._sessions = room, turns, sessions

    def resume(self) -> None:
        """Choose a session that nobody has ended, and go on with it."""
        self._room.start(self._resume(), "session")

    def twin(self, question: str) -> None:
        """Ask the question, or the last message, of this memory and of an empty one."""
        text = question or (self._turns.last[0] if self._turns.last else "")
        if not text:
            self._room.notify(NOTHING_SENT)
        elif self._turns.answering:
            self._room.notify(STILL_ANSWERING)
        else:
            self._room.start(self._twin(text), "twin")

    async def _resume(self) -> None:
        from travel_tui.archive import ArchiveError

        room = self._room
        try:
            found = await room.talk.with_archive(self._open_ones)
            if not found:
                room.notify("No session with this memory is open that could go on.")
                return
            if (chosen := await self._choose(found)) is None or not await self._sessions.may_begin():
                return
            turns = await self._turns_of(chosen.session_id)
            await room.talk.resume(chosen.session_id, chosen.turns, turns[-1].sent_at)
        except ArchiveError as error:
            room.say(trouble_of(error))
            return
        shown = self._shown(turns)
        await room.chat.rule(f"Session {short_id(chosen.session_id)} goes on", self._before(turns[0]))
        await room.chat.begin(*(widget for pair in shown for widget in pair))
        self._turns.last = (turns[-1].text, shown[-1][-1])
        room.screen.pane = "chat"
        room.prompt.focus()

    async def _turns_of(self, session_id: str, before: int | None = None) -> list[TurnRecord]:
        return await self._room.talk.with_archive(lambda archive: archive.turns(session_id, last=SHOWN, before=before))

    def _before(self, first: TurnRecord) -> Earlier | None:
        """Brings back the turns of its session that stand before this one; None where there are none."""
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.widgets.turn import Notice

        async def bring() -> list[Widget]:
            try:
                turns = await self._turns_of(first.session_id, first.number)
            except ArchiveError as error:
                return [Notice(trouble_of(error))]
            if earlier := self._before(turns[0]):
                self._room.chat.more_earlier(earlier)
            return [widget for pair in self._shown(turns) for widget in pair]

        return bring if first.number > 1 else None

    def _open_ones(self, archive: Archive) -> list[SessionRecord]:
        """In the archive's thread: sessions that the service still has open, as far as is known here, newest first."""
        setting, talk = self._room.setting, self._room.talk
        current = talk.conversation.session_id if talk.conversation else ""
        limit = timedelta(seconds=setting.idle_limit_s) if setting.idle_limit_s is not None else timedelta.max
        now = setting.clock.now()
        return [
            session
            for session in archive.sessions(setting.agent_key, setting.memory_id)
            if session.ended_at is None and session.session_id != current
            if session.last_sent_at is not None and now - session.last_sent_at < limit
        ]

    async def _choose(self, sessions: list[SessionRecord]) -> SessionRecord | None:
        from travel_tui.tui.screens.past import Past

        rows = [
            Content.assemble(
                (short_id(each.session_id), "bold"),
                (f"  {self._when(each.opened_at)}  {count(each.turns, 'turn')}", "$foreground-muted"),
            )
            for each in sessions
        ]
        dialog = Past("Which session goes on?", rows, "enter goes on with it, esc leaves")
        chosen = await self._room.screen.app.push_screen_wait(dialog)
        return sessions[chosen] if chosen >= 0 else None

    def _shown(self, turns: Sequence[TurnRecord]) -> list[tuple[UserTurn, AgentTurn]]:
        from travel_tui.tui.past_turns import past_turns

        return past_turns(turns, self._room.setting.clock)

    async def _twin(self, text: str) -> None:
        from travel_tui.tui.screens.ask import Ask
        from travel_tui.tui.screens.twin import Twin
        from travel_tui.tui.widgets.agent_turn import AgentTurn

        room, setting = self._room, self._room.setting
        question = Ask(
            "Ask with and without the memory?",
            f"“{one_line(text, 200)}” is sent in two new sessions, which nobody ends: one with this memory, one with "
            "a memory id for this alone. Where the agent can act, it may act twice.",
            {"leave": "Leave it", "ask": "Ask both"},
            risky="ask",
        )
        if await room.screen.app.push_screen_wait(question) != "ask":
            return
        at = clock_time(setting.clock.shown(setting.clock.now()))
        turns = (AgentTurn(text, at, setting.clock.counter), AgentTurn(text, at, setting.clock.counter))
        known = self._asker(text, setting.memory_id)
        nothing = self._asker(text, f"twin-{setting.ids.hex()}")
        await room.screen.app.push_screen(Twin(text, setting.memory_id, turns, known, nothing))

    def _asker(self, text: str, memory_id: str) -> Callable[[], AsyncGenerator[TurnEvent, None]]:
        talk = self._room.talk
        session_id = self._room.setting.ids.uuid()

        async def ask() -> AsyncGenerator[TurnEvent, None]:
            request = TurnRequest(
                text,
                session_id,
                memory_id,
                session_attributes=talk.session_attributes,
                prompt_attributes=talk.prompt_attributes,
            )
            try:
                agent = await talk.agent()
                async for event in agent.invoke(request):
                    yield event
            except AgentError as error:
                yield TurnFailed(error.trouble)

        return ask

    def _when(self, at: datetime) -> str:
        clock = self._room.setting.clock
        return moment(clock.shown(at), clock.shown(clock.now()))
