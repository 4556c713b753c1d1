"""Finding words in the conversation, from its end back, also in turns that are not on the screen."""

from __future__ import annotations

from travel_tui.tui.room import Room
from travel_tui.tui.text import one_line


class Find:
    """The verb of it. The same words again, or none, go on to the place before."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._words = ""

    def __call__(self, words: str) -> None:
        if words and words != self._words:
            self._words = words
            self._room.chat.forget_place()
        if self._words:
            self._room.start(self._find(self._words), "find")
        else:
            self._room.notify("Say what to find: /find WORDS. /past WORDS looks in all sessions.")

    async def _find(self, words: str) -> None:
        self._room.screen.pane = "chat"
        if not await self._room.chat.find(words):
            where = "before this" if self._room.chat.found else "here"
            self._room.notify(f"“{one_line(words, 40)}” is not found {where}. /past WORDS looks in all sessions.")
