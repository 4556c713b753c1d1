"""Sessions on the screen: ending one, beginning the next, the idle limit, and what becomes of one on quitting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from travel_tui.agent import AgentError
from travel_tui.tui.room import Room
from travel_tui.tui.text import countdown, short_id

ENDS_THEN = "The session ends when the answer is there. Escape stops the answer."
STILL_ANSWERING = "The agent is still answering. Escape stops it."
ENDING_S = 5.0
"""How long quitting waits for the end of a session; it takes a tenth of that on a slow day of AWS."""


async def begin_session(room: Room) -> None:
    """A new session, with a line in the chat where it begins."""
    conversation = await room.talk.begin()
    await room.chat.rule(f"New session {short_id(conversation.session_id)}")
    room.story.began()


class Sessions:
    """Verbs of the session's life. They return at once; what they start is done one after the other."""

    def __init__(self, room: Room, answering: Callable[[], bool], answered: Callable[[], Awaitable[object]]) -> None:
        """`answering` says whether an answer is coming, and `answered` waits until none is."""
        self._room = room
        self._answering = answering
        self._answered = answered
        self._lock = asyncio.Lock()
        self._asking = False

    @property
    def open(self) -> bool:
        """Whether a session has begun that nobody has ended."""
        conversation = self._room.talk.conversation
        return conversation is not None and conversation.turns > 0 and conversation.state == "open"

    def end(self) -> None:
        """End the session; where an answer is coming, once it is there."""
        if self._answering():
            self._room.notify(ENDS_THEN)
            self._room.start(self._end_then(), "session")
        elif self.open:
            self._room.start(self._end(), "session")
        elif not self._lock.locked():
            self._room.notify("There is no open session to end. Say something first.")

    def new(self) -> None:
        """Begin a new session; where one is open, ask what becomes of it."""
        if not self._asking and not self._still_answering():
            self._room.start(self._new(), "session")

    def idle(self) -> None:
        """Note where the service has ended the session by itself."""
        if self._room.talk.idle_limit_reached:
            self._room.start(self._expire(), "session")

    def leave(self) -> bool:
        """Ask what becomes of the open session before the application ends; False where there is nothing to ask."""
        if not self.open or self._asking:
            return False
        self._asking = True
        self._room.start(self._leave(), "session")
        return True

    async def _end_then(self) -> None:
        await self._answered()
        await self._end()

    def _still_answering(self) -> bool:
        if answering := self._answering():
            self._room.notify(STILL_ANSWERING)
        return answering

    async def _end(self) -> None:
        async with self._lock:
            try:
                if self.open:
                    await self._room.talk.end()
                    self._room.story.ended()
            except AgentError as error:
                await self._room.chat.notice(error.trouble)
            finally:
                self._room.changed()

    async def may_begin(self) -> bool:
        """Ask what becomes of the session where one is open; whether another may begin now."""
        room = self._room
        async with self._lock:  # a session that is being ended has ended before it is asked about
            pass
        if self.open:
            left = (
                "Its idle limit ends it later." if (s := room.talk.idle_left) is None else f"It ends in {countdown(s)}."
            )
            answer = await self._ask(
                "This session is still open",
                f"A memory is made of it once it ends. {left}",
                {"stay": "Stay", "open": "Leave it open", "end": "End it"},
            )
            if answer == "stay":
                return False
            if answer == "end" and not self._answering():
                await self._end()
                return not self.open
        return not self._still_answering()

    async def _new(self) -> None:
        room = self._room
        if not await self.may_begin():
            return
        conversation = room.talk.conversation
        if conversation is not None and conversation.turns:
            await begin_session(room)
        room.screen.pane = "chat"
        room.prompt.focus()
        room.changed()

    async def _expire(self) -> None:
        async with self._lock:
            if self._room.talk.idle_limit_reached:
                await self._room.chat.rule("The idle limit ended this session")
                await self._room.talk.expire()
                self._room.story.ended()
                self._room.changed()

    async def _leave(self) -> None:
        app = self._room.screen.app
        answer = await self._ask(
            "End the session before you go?",
            "A memory is made of it once it ends. Left open, it ends at its idle limit.",
            {"stay": "Stay", "open": "Leave it open", "end": "End it"},
        )
        if answer == "end":
            try:
                async with asyncio.timeout(ENDING_S):
                    await self._end()
            except TimeoutError:
                self._room.notify("The service does not answer, so the session is still open. Quit again to leave it.")
        if answer == "open" or (answer == "end" and not self.open):
            app.exit()

    async def _ask(self, question: str, details: str, answers: dict[str, str]) -> str:
        from travel_tui.tui.screens.ask import Ask

        self._asking = True
        try:
            return await self._room.screen.app.push_screen_wait(Ask(question, details, answers))
        finally:
            self._asking = False
