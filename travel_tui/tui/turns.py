"""Turns on the screen: sending one, showing what comes, stopping it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from travel_tui.agent import MemoryInjected, ReturnControl, ReturnedResult, TurnEvent
from travel_tui.tui.room import Room
from travel_tui.tui.sessions import STILL_ANSWERING, begin_session
from travel_tui.tui.talk import trouble_of
from travel_tui.tui.text import clock_time

if TYPE_CHECKING:
    from textual.worker import Worker

    from travel_tui.conversation import Conversation
    from travel_tui.tui.widgets.agent_turn import AgentTurn

NOTHING_SENT = "Nothing was sent yet."


class Turns:
    """One turn at a time, from the prompt to the chat."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._turn: Worker[None] | None = None
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.last: tuple[str, AgentTurn] | None = None
        """The newest turn: what was sent, and the answer on the screen."""
        self.synopsis: str | None = None
        """What of the memory stood in the last answer's prompt; None where the trace does not tell."""
        self._said: list[str] = []
        self._said_in = ""

    @property
    def answering(self) -> bool:
        """Whether a turn is under way."""
        return self._turn is not None

    async def answered(self) -> None:
        """Wait until no turn is under way."""
        await self._quiet.wait()

    def submit(self, text: str) -> None:
        """Send `text`, or give it back where an answer is still coming."""
        if self.answering:
            self._room.prompt.put_back(text)
            self._room.notify(STILL_ANSWERING)
        else:
            self.send(text)

    def send(self, text: str) -> None:
        """Send `text` as a turn."""
        self._turn = self._room.start(self._send(text), "turn")
        self._quiet.clear()
        self._room.screen.hints()

    def cancel(self) -> bool:
        """Stop the answer that is coming; False where none is."""
        if self._turn is None:
            return False
        # A task that is cancelled before its first step never runs, not even to its `finally`; that step is
        # scheduled already, so what is scheduled now comes after it.
        asyncio.get_running_loop().call_soon(self._turn.cancel)
        return True

    def edit(self) -> None:
        """Put the last message into the prompt again."""
        if self.last is None:
            self._room.notify(NOTHING_SENT)
        else:
            self._room.prompt.put_back(self.last[0])

    def trace(self) -> None:
        """Show the steps of the newest turn."""
        from travel_tui.tui.screens.trace import TraceScreen

        if self.last is None:
            self._room.notify(NOTHING_SENT)
        else:
            text, turn = self.last
            self._room.screen.app.push_screen(TraceScreen(text, turn.steps))

    def retry(self) -> None:
        """Send the last message once more; ask first where it called something, which may be done twice then."""
        if self.answering:
            self._room.notify(STILL_ANSWERING)
        elif self.last is None:
            self._room.notify(NOTHING_SENT)
        elif called := self.last[1].called:
            self._room.start(self._retry(called), "retry")
        else:
            self.send(self.last[0])

    async def _retry(self, called: Sequence[str]) -> None:
        from travel_tui.tui.screens.ask import Ask

        question = Ask(
            "Send the message again?",
            f"Its turn called {', '.join(called)}. Sent again, it may do that a second time.",
            {"leave": "Leave it", "send": "Send again"},
            risky="send",
        )
        if await self._room.screen.app.push_screen_wait(question) == "send" and self.last and not self.answering:
            self.send(self.last[0])

    async def _send(self, text: str) -> None:
        from travel_tui.archive import ArchiveError
        from travel_tui.tui.widgets.agent_turn import AgentTurn
        from travel_tui.tui.widgets.turn import UserTurn

        room = self._room
        at = clock_time(room.setting.clock.shown(room.setting.clock.now()))
        turn = AgentTurn(text, at, room.setting.clock.counter)
        self.last = (text, turn)
        whole = False
        try:
            if room.talk.conversation is not None and room.talk.conversation.ended_at is not None:
                await begin_session(room)
            await room.chat.begin(UserTurn(text, at), turn)
            conversation = await room.talk.open()
            turn.sent()
            self.synopsis = None
            whole = await self._answer(conversation, text, turn)
            if whole:
                await self._explain(conversation, text, turn)
            if conversation.unsaved is not None:
                await room.chat.notice(conversation.unsaved)
        except ArchiveError as error:
            turn.fail(trouble_of(error))
        finally:
            room.talk.heard()
            if turn.answering:
                turn.cancelled()
            if whole:
                room.story.said(text)
            elif room.screen in room.screen.app.screen_stack:  # else there is no prompt any more
                room.prompt.give_back(text)
            self._turn = None
            self._quiet.set()
            room.screen.hints()
            room.changed()

    async def _answer(self, conversation: Conversation, text: str, turn: AgentTurn) -> bool:
        """Show the events of a turn as they come; whether the answer is whole."""
        talk = self._room.talk
        send = partial(
            conversation.send, session_attributes=talk.session_attributes, prompt_attributes=talk.prompt_attributes
        )
        stream = send(text)
        while (control := await self._show(stream, turn)) is not None:
            results = await self._results(control, turn)
            if results is None:
                return False
            stream = send("", invocation_id=control.invocation_id, returned=results)
        return turn.whole

    async def _show(self, stream: AsyncGenerator[TurnEvent, None], turn: AgentTurn) -> ReturnControl | None:
        """Show what comes; where the agent hands control back, how it did."""
        async with aclosing(stream):
            async for event in stream:
                if turn.silent:
                    self._room.changed()  # the turn counts from now on
                turn.take(event)
                match event:
                    case MemoryInjected(synopsis):
                        self._used(synopsis, turn)
                    case ReturnControl():
                        return event
        return None

    async def _results(self, control: ReturnControl, turn: AgentTurn) -> tuple[ReturnedResult, ...] | None:
        """What the person answers to the calls that the agent handed back; None where they would not."""
        from travel_tui.tui.screens.returned import Returned

        results = await self._room.screen.app.push_screen_wait(Returned(control.calls, self._room.setting.call_here))
        turn.answered(control, results or ())
        return results

    async def _explain(self, conversation: Conversation, text: str, turn: AgentTurn) -> None:
        """Under a whole answer, say what stood in its prompt and which of its facts came of that."""
        from travel_tui.tui.insights import memory_use

        if self._said_in != conversation.session_id:
            self._said_in, self._said = conversation.session_id, []
        before = [*self._said, text, *turn.results]
        self._said += [text, *turn.results, turn.text]
        watcher = self._room.talk.watcher
        summaries = watcher.view.summaries if watcher else ()
        today = self._room.setting.clock.now().date()
        use = await asyncio.to_thread(memory_use, turn.text, before, self.synopsis, summaries, today)
        if use.quotes != () or any(fact.origin == "from neither" for fact in use.facts):
            await turn.explain(use)

    def _used(self, synopsis: str, turn: AgentTurn) -> None:
        from travel_tui.memory.attribution import injected

        self.synopsis = synopsis
        talk = self._room.talk
        if talk.watcher is not None:
            talk.used = frozenset(injected(synopsis, talk.watcher.view.summaries))
            turn.used(len(talk.used))
            self._room.changed()
