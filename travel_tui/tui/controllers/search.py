"""Controller of the /find command: searches the conversation backwards, including turns not loaded yet."""

from __future__ import annotations

from travel_tui.text import one_line
from travel_tui.tui.controllers.base import Feedback
from travel_tui.tui.widgets.chat.chat import Chat
from travel_tui.tui.widgets.chat.find_line import FindLine


class SearchController:
    """Finds words. The same words again, or none, go on to the place before."""

    def __init__(self, feedback: Feedback, chat: Chat) -> None:
        self._feedback, self._chat = feedback, chat
        self._words = ""
        self._line = FindLine()

    def find(self, words: str) -> None:
        """Go to the last place with these words, or to the one before it where they are the same, or empty."""
        if words and words != self._words:
            self._words = words
            self.close()
        if self._words:
            self._feedback.run_worker(self._find(self._words), "find")
        else:
            self._feedback.notify("Usage: /find WORDS. /past WORDS searches all sessions.")

    def close(self) -> bool:
        """Clear the highlighted match and hide the match count; return False if nothing was highlighted."""
        found = self._chat.found
        self._chat.forget_place()
        self.refresh()
        return found

    def refresh(self) -> None:
        """Hide the match count if no match is highlighted any more."""
        if self._line.is_attached and not self._chat.found:
            self._line.display = False

    async def _find(self, words: str) -> None:
        chat = self._chat
        self._feedback.show_pane("chat")
        if (found := await chat.find(words)) is None:
            where = "before this" if chat.found else "here"
            self._feedback.notify(f"“{one_line(words, 40)}” is not found {where}. /past WORDS searches all sessions.")
            self.refresh()
            return
        if not self._line.is_attached:
            await chat.screen.query_one("#left").mount(self._line, after=chat)
        self._line.show(words, found.number, found.total, more=found.more)
        if found.more and (counted := await chat.count(words)) is not None and words == self._words:
            self._line.show(words, counted.number, counted.total, more=counted.more)
