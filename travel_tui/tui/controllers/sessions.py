"""Controller of sessions: ends them, starts new ones, applies the idle limit and asks before quitting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from travel_tui.agent import AgentError
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.text import countdown, short_id
from travel_tui.tui.controllers.base import ControllerContext

ENDS_THEN = "The session ends when the answer is complete. Escape stops the answer."
STILL_ANSWERING = "The agent is still answering. Escape stops it."
ENDING_S = 5.0
"""Seconds that quitting waits for a session to end; even when AWS is slow, it takes a tenth of that."""


async def begin_session(context: ControllerContext) -> None:
    """Start a new session and add a rule to the chat."""
    conversation = await context.service.start_session()
    await context.chat.rule(f"New session {short_id(conversation.session_id)}")
    context.demo_script.record_start()


class SessionController:
    """Runs the session commands. They return at once; the workers they start run one after the other."""

    def __init__(
        self, context: ControllerContext, answering: Callable[[], bool], answered: Callable[[], Awaitable[object]]
    ) -> None:
        """`answering` tells whether an answer is streaming; `answered` waits until none is."""
        self._context = context
        self._answering = answering
        self._answered = answered
        self._lock = asyncio.Lock()
        self._asking = False

    @property
    def open(self) -> bool:
        """Whether the current session has turns and is not ended."""
        conversation = self._context.service.conversation
        return conversation is not None and conversation.turns > 0 and conversation.state is SessionState.OPEN

    @property
    def _open_at_service(self) -> bool:
        """Whether the service holds the session open; its memory then waits for its end."""
        return self.open and self._context.app_context.capabilities.ends_sessions

    @property
    def _session_id(self) -> str:
        conversation = self._context.service.conversation
        return conversation.session_id if conversation else ""

    def end(self) -> None:
        """End the session, after the current answer if one is streaming."""
        if self._answering():
            self._context.notify(ENDS_THEN)
            self._context.run_worker(self._end_then(), "session")
        elif self.open:
            self._context.run_worker(self._end(), "session")
        elif not self._lock.locked():
            self._context.notify("No open session to end. Send a message first.")

    def new(self) -> None:
        """Start a new session; if one is open, ask whether to end it."""
        if not self._asking and not self._still_answering():
            self._context.run_worker(self._new(), "session")

    def check_idle_limit(self) -> None:
        """End the session locally if the service's idle limit has passed."""
        if self._context.service.idle_limit_reached:
            self._context.run_worker(self._expire(), "session")

    def confirm_quit(self) -> bool:
        """Ask whether to end the open session before quitting; return False if there is nothing to ask."""
        if not self._open_at_service or self._asking:
            return False
        self._asking = True
        self._context.run_worker(self._confirm_quit(), "session")
        return True

    async def _end_then(self) -> None:
        await self._answered()
        await self._end()

    def _still_answering(self) -> bool:
        if answering := self._answering():
            self._context.notify(STILL_ANSWERING)
        return answering

    async def _end(self) -> None:
        async with self._lock:
            try:
                if self.open:
                    await self._context.service.end_session()
                    self._context.demo_script.record_end(self._session_id)
            except AgentError as error:
                await self._context.chat.notice(error.problem)
            finally:
                self._context.refresh_panels()

    async def confirm_close_open(self) -> bool:
        """Ask whether to end the open session, if any; return whether another session may start now."""
        context = self._context
        async with self._lock:  # if the session is ending, wait for that before asking
            pass
        if self._open_at_service:
            left = (
                "Otherwise it ends at its idle limit."
                if (s := context.service.idle_left) is None
                else f"Otherwise it expires in {countdown(s)}."
            )
            answer = await self._ask(
                "This session is still open",
                f"Its memory is created when it ends. {left}",
                {"stay": "Stay", "open": "Keep open", "end": "End session"},
            )
            if answer == "stay":
                return False
            if answer == "end" and not self._answering():
                await self._end()
                return not self.open
        return not self._still_answering()

    async def _new(self) -> None:
        context = self._context
        if not await self.confirm_close_open():
            return
        conversation = context.service.conversation
        if conversation is not None and conversation.turns:
            await begin_session(context)
        context.screen.pane = "chat"
        context.prompt.focus()
        context.refresh_panels()

    async def _expire(self) -> None:
        async with self._lock:
            if self._context.service.idle_limit_reached:
                await self._context.chat.rule("Session expired (idle limit)")
                await self._context.service.expire()
                self._context.demo_script.record_end(self._session_id)
                self._context.refresh_panels()

    async def _confirm_quit(self) -> None:
        app = self._context.screen.app
        answer = await self._ask(
            "End the session before quitting?",
            "Its memory is created when it ends. Left open, it ends at its idle limit.",
            {"stay": "Stay", "open": "Keep open", "end": "End session"},
        )
        if answer == "end":
            try:
                async with asyncio.timeout(ENDING_S):
                    await self._end()
            except TimeoutError:
                self._context.notify(
                    "The service is not responding, so the session is still open. Quit again to leave it open."
                )
        if answer == "open" or (answer == "end" and not self.open):
            app.exit()

    async def _ask(self, question: str, details: str, answers: dict[str, str]) -> str:
        from travel_tui.tui.screens.confirm import ConfirmDialog

        self._asking = True
        try:
            return await self._context.screen.app.push_screen_wait(ConfirmDialog(question, details, answers))
        finally:
            self._asking = False
