"""Controller of turns: sends messages, shows the events of the answer, and stops or repeats turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from travel_tui.agent import AgentError, MemoryInjected, ModelUsage, ReturnControl, ReturnedResult, TurnEvent
from travel_tui.attribution.types import Turn
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.text import clock_time
from travel_tui.tui.context import AppContext
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.controllers.prompt_marks import PromptMarks
from travel_tui.tui.controllers.sessions import STILL_ANSWERING, begin_session
from travel_tui.tui.demo_script import DemoScript
from travel_tui.tui.slash_commands import typed
from travel_tui.tui.widgets.chat.chat import Chat
from travel_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from textual.worker import Worker

    from travel_tui.archive import TurnRecord
    from travel_tui.conversation.session import Conversation
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn

NOTHING_SENT = "No message sent yet."
LATE_S = 1.0
"""Seconds after the usual time of an extraction until its records are looked for."""
UNKNOWN_S = 10.0
"""Seconds until records are looked for where nobody knows how long they take."""


class TurnController:
    """Sends one turn at a time from the prompt to the chat."""

    def __init__(
        self,
        feedback: Feedback,
        context: AppContext,
        service: ConversationService,
        chat: Chat,
        prompt: Prompt,
        demo_script: DemoScript,
        *,
        refresh_hints: Callable[[], None],
        refresh_panels: Callable[[], None],
    ) -> None:
        """`refresh_hints` shows the keys that count now; `refresh_panels` schedules a redraw of the panels."""
        self._feedback, self._context, self._service = feedback, context, service
        self._chat, self._prompt, self._demo_script = chat, prompt, demo_script
        self._refresh_hints, self._refresh_panels = refresh_hints, refresh_panels
        self._turn: Worker[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self.last: tuple[str, AgentTurn] | None = None
        """The newest turn: the text sent, and the widget of its answer."""
        self.marks = PromptMarks(feedback, service, context.clock, chat, refresh_panels)
        self._looking: Worker[None] | None = None
        """Waits until the newest turn should have become records."""
        self._said: list[Turn] = []
        """The turns so far of the session `_said_in`."""
        self._said_in = ""

    @property
    def answering(self) -> bool:
        """Whether a turn is in progress."""
        return self._turn is not None

    @property
    def last_session_id(self) -> str:
        """The session of the newest turn; empty if there is no turn."""
        return self._said_in

    async def answered(self) -> None:
        """Wait until no turn is in progress."""
        await self._idle.wait()

    def submit(self, text: str) -> bool:
        """Send `text`; notify the user and return False if an answer is still streaming, or nobody would answer."""
        if (closed := self._context.no_chat) is not None:
            self._feedback.notify(f"{closed.what} {closed.why}")
            return False
        if self.answering:
            self._feedback.notify(STILL_ANSWERING)
            return False
        self.send(text)
        return True

    def send(self, text: str) -> None:
        """Send `text` as a turn."""
        self._turn = self._feedback.run_worker(self._send(text), "turn")
        self._idle.clear()
        self._refresh_hints()

    def cancel(self) -> bool:
        """Stop the streaming answer; return False if there is none."""
        if self._turn is None:
            return False
        # A task cancelled before its first step never runs, not even its `finally`. That step is already scheduled, so
        # a callback scheduled now runs after it.
        asyncio.get_running_loop().call_soon(self._turn.cancel)
        return True

    def edit(self) -> None:
        """Put the last message back into the prompt."""
        if self.last is None:
            self._feedback.notify(NOTHING_SENT)
        else:
            self._prompt.put_back(typed(self.last[0]))

    def trace(self) -> None:
        """Show the trace of the newest turn."""
        from travel_tui.tui.screens.trace import TraceScreen

        if self.last is None:
            self._feedback.notify(NOTHING_SENT)
        else:
            text, turn = self.last
            self._feedback.open_screen(TraceScreen(text, turn.steps))

    def retry(self) -> None:
        """Send the last message again; ask first if its turn called tools, since those calls may run twice."""
        if self.answering:
            self._feedback.notify(STILL_ANSWERING)
        elif self.last is None:
            self._feedback.notify(NOTHING_SENT)
        elif called := self.last[1].called:
            self._feedback.run_worker(self._retry(called), "retry")
        else:
            self.send(self.last[0])

    async def _retry(self, called: Sequence[str]) -> None:
        from travel_tui.tui.screens.confirm import ConfirmDialog

        question = ConfirmDialog(
            "Send the message again?",
            f"Its turn called {', '.join(called)}. Sending it again may repeat the call.",
            {"leave": "Cancel", "send": "Send again"},
            risky="send",
        )
        if await self._feedback.ask(question) == "send" and self.last and not self.answering:
            self.send(self.last[0])

    async def _send(self, text: str) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
        from travel_tui.tui.widgets.chat.turn import TurnPlace, UserTurn

        service, chat, clock = self._service, self._chat, self._context.clock
        at = clock_time(clock.shown(clock.now()))
        turn = AgentTurn(text, at, clock.counter)
        self.last = (text, turn)
        whole = False
        try:
            if service.conversation is not None and service.conversation.ended_at is not None:
                await begin_session(service, chat, self._demo_script)
            asked = UserTurn(text, at)
            await chat.begin(asked, turn)
            conversation = await service.open()
            asked.place = TurnPlace(conversation.session_id, conversation.turns + 1)
            turn.mark_sent()
            sent_at = None if clock.at else clock.now()  # a frozen clock says nothing of the service's times
            try:
                whole = await self._answer(conversation, text, turn)
            finally:
                turns = self._record_turn(conversation, text, turn)
            if whole and self._context.capabilities.tells_injected:
                await self.marks.explain(turn, conversation.session_id, turns)
            elif whole:
                self._feedback.run_worker(self._preview(turn, conversation, text, turns, sent_at), "preview")
            if whole and not self._context.capabilities.ends_sessions:
                self._look_for_records()
            told = turn.turn_state.problem  # a turn that could not be kept says why itself
            if (unsaved := conversation.unsaved) is not None and (told is None or told.why != unsaved.why):
                await chat.notice(unsaved)
        except ArchiveError as error:
            turn.fail(problem_of(error))
        finally:
            service.touch()
            if turn.answering:
                turn.cancelled()
            if whole and service.conversation is not None:
                self._demo_script.record_message(text, service.conversation.session_id)
            else:
                self._feedback.give_back(typed(text))
            self._turn = None
            self._idle.set()
            self._refresh_hints()
            self._refresh_panels()

    def _look_for_records(self) -> None:
        """Poll the memory once the turn should have become records, where the service makes them of each message."""
        if self._looking is not None:
            self._looking.cancel()
        usual_s = self._context.usual_summary_s
        waited_s = UNKNOWN_S if usual_s is None else usual_s + LATE_S
        self._looking = self._feedback.run_worker(self._poll_later(waited_s), "records")

    async def _poll_later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        watcher = self._service.watcher
        if watcher is not None and not watcher.view.paused:
            watcher.poll_now()

    async def _preview(
        self, turn: AgentTurn, conversation: Conversation, text: str, turns: Sequence[Turn], sent_at: datetime | None
    ) -> None:
        """Show which memories would be recalled, where the service does not tell which were in the prompt."""
        for event in await self._service.preview_recall(conversation, text, sent_at):
            turn.handle_event(event)
        await self.marks.explain(turn, conversation.session_id, turns)

    async def _answer(self, conversation: Conversation, text: str, turn: AgentTurn) -> bool:
        """Send `text` and show the turn's events as they arrive; return whether the answer is complete."""
        service = self._service
        send = partial(
            conversation.send,
            session_attributes=service.session_attributes,
            prompt_attributes=service.prompt_attributes,
        )
        stream = send(text)
        while (control := await self._show(stream, turn)) is not None:
            results = await self._answer_calls(control, turn)
            if results is None:
                return False
            stream = send("", invocation_id=control.invocation_id, returned=results)
        return turn.whole

    async def _show(self, stream: AsyncGenerator[TurnEvent, None], turn: AgentTurn) -> ReturnControl | None:
        """Show the events of a stream; return the ReturnControl event if the agent returns control, else None."""
        async with aclosing(stream):
            async for event in stream:
                if turn.silent:
                    self._refresh_panels()  # the conversation counts the turn from now on
                turn.handle_event(event)
                match event:
                    case MemoryInjected() if self._service.conversation is not None:
                        await self.marks.add(turn, self._service.conversation.session_id)
                    case ModelUsage() if self._service.conversation is not None:
                        self._service.tokens.add(self._service.conversation.turns, event)
                        self._refresh_panels()
                    case ReturnControl():
                        return event
        return None

    async def _answer_calls(self, control: ReturnControl, turn: AgentTurn) -> tuple[ReturnedResult, ...] | None:
        """Run the returned tool calls, or ask the user for their results; None if the user cancels."""
        from travel_tui.conversation.returned_calls import function_of, results_of
        from travel_tui.tui.screens.return_control import ReturnControlDialog

        context = self._context
        agent = await self._service.agent()
        if context.answer_call is not None:
            try:
                answered = await results_of(control, agent, context.answer_call)
            except AgentError as error:  # the user can still answer
                await self._chat.notice(error.problem)
            else:
                turn.answered(control, answered)
                return answered
        dialog = ReturnControlDialog(
            control.calls,
            context.call_local_function,
            context.local_functions,
            call_function=function_of(agent),
            writing=bool(self._prompt.text),
        )
        results = await self._feedback.ask(dialog)
        turn.answered(control, results or ())
        return results

    def resumed(self, session_id: str, said: Sequence[Turn], last: TurnRecord, turn: AgentTurn) -> None:
        """Continue after the last turn of a resumed session; `said` holds all turns of that session."""
        self.last = (last.text, turn)
        self._said_in, self._said = session_id, list(said)
        self._demo_script.resumed(last.text, session_id)

    def _record_turn(self, conversation: Conversation, text: str, turn: AgentTurn) -> list[Turn]:
        """Record a turn, also a stopped or failed one; return the session's turns up to this one."""
        if self._said_in != conversation.session_id:
            self._said_in, self._said = conversation.session_id, []
        day = self._context.clock.today()
        self._said.append(Turn(text, turn.text, tuple(turn.results), day))
        return list(self._said)
