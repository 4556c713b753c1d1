"""Controller of the /copy command."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from travel_tui.conversation.service import ConversationService
from travel_tui.text import one_line
from travel_tui.tui.commands import by_id
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.controllers.turns import TurnController


class ClipboardController:
    """Copies the last answer or its code, the session id or the memory id."""

    def __init__(
        self,
        feedback: Feedback,
        app: App[Any],
        memory_id: str,
        service: ConversationService,
        turns: TurnController,
    ) -> None:
        self._feedback = feedback
        self._app = app
        self._memory_id = memory_id
        self._service = service
        self._turns = turns

    def copy(self, what: str) -> None:
        """Copy the last answer, or what `what` names: code, session or memory."""
        self._feedback.run_worker(self._copy(what), "copy")

    async def _copy(self, what: str) -> None:
        from travel_tui.tui.clipboard import copy
        from travel_tui.tui.rendering.markdown import code_blocks

        answer = self._turns.last[1].text if self._turns.last else ""
        conversation = self._service.conversation
        match name := what.casefold() or "answer":
            case "answer":
                text, name = answer, "answer"
            case "code":
                text, name = "\n".join(await asyncio.to_thread(code_blocks, answer)), "code"
            case "session":
                text, name = conversation.session_id if conversation else "", "session id"
            case "memory":
                text, name = self._memory_id, "memory id"
            case _:
                self._feedback.refuse("copy", what, f"Cannot copy {one_line(what, 40)}. Usage: {by_id('copy').usage}.")
                return
        if text:
            await copy(self._app, text, name)
        else:
            self._feedback.notify(f"No {name} to copy yet.")
