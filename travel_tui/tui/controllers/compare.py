"""Controller for comparing answers with and without the memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from travel_tui.agent import Agent, AgentError, ReturnControl, TurnEvent, TurnFailed, TurnRequest
from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.recall_preview import preview_recall
from travel_tui.conversation.returned_calls import numbered_calls, results_of, tool_result
from travel_tui.conversation.service import ConversationService
from travel_tui.text import clock_time, one_line
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.controllers.sessions import STILL_ANSWERING
from travel_tui.tui.controllers.turns import NOTHING_SENT, TurnController


class CompareController:
    """Runs /twin in a screen of its own; the sessions there are not those of the chat."""

    def __init__(
        self,
        feedback: Feedback,
        context: ConversationContext,
        service: ConversationService,
        turns: TurnController,
    ) -> None:
        self._feedback = feedback
        self._app_context = context
        self._service = service
        self._turns = turns

    def compare(self, question: str) -> None:
        """Ask `question`, or the last message if empty, with this memory and with an empty one."""
        text = question or (self._turns.last[0] if self._turns.last else "")
        if not text:
            self._feedback.notify(NOTHING_SENT)
        elif self._turns.answering:
            self._feedback.refuse("twin", question, STILL_ANSWERING)
        else:
            self._feedback.run_worker(self._compare(text, question), "twin")

    async def _compare(self, text: str, written: str) -> None:
        """Confirm, then ask `text` twice; `written` is the command's argument as typed."""
        from travel_tui.tui.screens.compare import CompareScreen
        from travel_tui.tui.screens.confirm import ConfirmDialog
        from travel_tui.tui.widgets.chat.agent_turn import AgentTurn

        question = ConfirmDialog(
            "Ask with and without the memory?",
            f"“{one_line(text, 200)}” runs in two new sessions{self._left}: one with this memory, one with a new, "
            "empty memory id. Tool calls may run twice.",
            {"leave": "Cancel", "ask": "Ask both"},
            risky="ask",
        )
        if await self._feedback.ask(question) != "ask":
            self._feedback.put_back("twin", written)
            return
        at = clock_time(self._app_context.clock.shown(self._app_context.clock.now()))
        turns = (
            AgentTurn(text, at, self._app_context.clock.counter),
            AgentTurn(text, at, self._app_context.clock.counter),
        )
        known = self._asker(text, self._app_context.memory_id)
        nothing = self._asker(text, f"twin-{self._app_context.ids.hex()}")
        await self._feedback.open_screen(CompareScreen(text, self._app_context.memory_id, turns, known, nothing))

    @property
    def _left(self) -> str:
        """What the two sessions leave at the service, to go on "two new sessions"."""
        return " that stay open" if self._app_context.capabilities.ends_sessions else ", which become records too"

    def _asker(self, text: str, memory_id: str) -> Callable[[], AsyncGenerator[TurnEvent, None]]:
        service = self._service
        session_id = self._app_context.ids.uuid()

        async def ask() -> AsyncGenerator[TurnEvent, None]:
            request = TurnRequest(
                text,
                session_id,
                memory_id,
                session_attributes=service.session_attributes,
                prompt_attributes=service.prompt_attributes,
            )
            try:
                agent = await service.agent()
                async for event in self._answered(agent, request):
                    yield event
                for event in (await preview_recall(agent, memory_id, session_id, text, None))[0]:
                    yield event
            except AgentError as error:
                yield TurnFailed(error.problem)

        return ask

    async def _answered(self, agent: Agent, request: TurnRequest) -> AsyncGenerator[TurnEvent, None]:
        """Yield the events of a turn, its returned calls answered where nobody has to be asked. Raises AgentError."""
        answer_call = self._app_context.answer_call
        control: ReturnControl | None = None
        async with aclosing(agent.invoke(request)) as events:
            async for event in events:
                yield event
                control = event if isinstance(event, ReturnControl) else None
        if control is None or answer_call is None:
            return
        results = await results_of(control, agent, answer_call)
        for call, result in zip(numbered_calls(control), results, strict=True):
            yield tool_result(call, result)
        goes_on = replace(request, text="", invocation_id=control.invocation_id, returned=results)
        async with aclosing(self._answered(agent, goes_on)) as events:
            async for event in events:
                yield event
