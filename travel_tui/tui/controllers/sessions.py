"""Controller of sessions: ends them, starts new ones, applies the idle limit and asks before quitting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from travel_tui.agent import AgentError
from travel_tui.conversation.lifecycle import SessionState
from travel_tui.conversation.service import ConversationService
from travel_tui.text import countdown, short_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.demo_script import DemoScript
from travel_tui.tui.widgets.chat.chat import Chat

ENDS_THEN = "The session ends when the answer is complete. Escape stops the answer."
STILL_ANSWERING = "The agent is still answering. Escape stops it."
ENDING_S = 5.0
"""Seconds that quitting waits for a session to end; even when AWS is slow, it takes a tenth of that."""


async def begin_session(service: ConversationService, chat: Chat, demo_script: DemoScript) -> None:
    """Start a new session and add a rule to the chat."""
    conversation = await service.start_session()
    await chat.rule(f"New session {short_id(conversation.session_id)}")
    demo_script.record_start()


class SessionController:
    """Runs the session commands. They return at once; the workers they start run one after the other."""

    def __init__(
        self,
        feedback: Feedback,
        service: ConversationService,
        chat: Chat,
        demo_script: DemoScript,
        *,
        ends_sessions: bool,
        answering: Callable[[], bool],
        answered: Callable[[], Awaitable[object]],
        show_prompt: Callable[[], None],
        refresh_panels: Callable[[], None],
        quit_app: Callable[[], None],
    ) -> None:
        """`ends_sessions` is the service's capability; `answering` tells whether an answer is streaming.

        `answered` waits until none is; `show_prompt` shows the chat and focuses the prompt.
        """
        self._feedback, self._service, self._chat, self._demo_script = feedback, service, chat, demo_script
        self._ends_sessions = ends_sessions
        self._answering, self._answered = answering, answered
        self._show_prompt, self._refresh_panels, self._quit_app = show_prompt, refresh_panels, quit_app
        self._lock = asyncio.Lock()
        self._asking = False

    @property
    def open(self) -> bool:
        """Whether the current session has turns and is not ended."""
        conversation = self._service.conversation
        return conversation is not None and conversation.turns > 0 and conversation.state is SessionState.OPEN

    @property
    def _open_at_service(self) -> bool:
        """Whether the service holds the session open; its memory then waits for its end."""
        return self.open and self._ends_sessions

    @property
    def _session_id(self) -> str:
        conversation = self._service.conversation
        return conversation.session_id if conversation else ""

    def end(self) -> None:
        """End the session, after the current answer if one is streaming."""
        if self._answering():
            self._feedback.notify(ENDS_THEN)
            self._feedback.run_worker(self._end_then(), "session")
        elif self.open:
            self._feedback.run_worker(self._end(), "session")
        elif not self._lock.locked():
            self._feedback.notify("No open session to end. Send a message first.")

    def new(self) -> None:
        """Start a new session; if one is open, ask whether to end it."""
        if not self._asking and not self._still_answering():
            self._feedback.run_worker(self._new(), "session")

    def check_idle_limit(self) -> None:
        """End the session locally if the service's idle limit has passed."""
        if self._service.idle_limit_reached:
            self._feedback.run_worker(self._expire(), "session")

    def confirm_quit(self) -> bool:
        """Ask whether to end the open session before quitting; return False if there is nothing to ask."""
        if not self._open_at_service or self._asking:
            return False
        self._asking = True
        self._feedback.run_worker(self._confirm_quit(), "session")
        return True

    async def _end_then(self) -> None:
        await self._answered()
        await self._end()

    def _still_answering(self) -> bool:
        if answering := self._answering():
            self._feedback.notify(STILL_ANSWERING)
        return answering

    async def _end(self) -> None:
        async with self._lock:
            try:
                if self.open:
                    await self._service.end_session()
                    self._demo_script.record_end(self._session_id)
            except AgentError as error:
                await self._chat.notice(error.problem)
            finally:
                self._refresh_panels()

    async def confirm_close_open(self) -> bool:
        """Ask whether to end the open session, if any; return whether another session may start now."""
        async with self._lock:  # if the session is ending, wait for that before asking
            pass
        if self._open_at_service:
            left = (
                "Otherwise it ends at its idle limit."
                if (s := self._service.idle_left) is None
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
        if not await self.confirm_close_open():
            return
        conversation = self._service.conversation
        if conversation is not None and conversation.turns:
            await begin_session(self._service, self._chat, self._demo_script)
        self._show_prompt()

    async def _expire(self) -> None:
        async with self._lock:
            if self._service.idle_limit_reached:
                await self._chat.rule("Session expired (idle limit)")
                await self._service.expire()
                self._demo_script.record_end(self._session_id)
                self._refresh_panels()

    async def _confirm_quit(self) -> None:
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
                self._feedback.notify(
                    "The service is not responding, so the session is still open. Quit again to leave it open."
                )
        if answer == "open" or (answer == "end" and not self.open):
            self._quit_app()

    async def _ask(self, question: str, details: str, answers: dict[str, str]) -> str:
        from travel_tui.tui.screens.confirm import ConfirmDialog

        self._asking = True
        try:
            return await self._feedback.ask(ConfirmDialog(question, details, answers))
        finally:
            self._asking = False
