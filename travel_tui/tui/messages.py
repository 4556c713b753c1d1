"""Messages from controllers to the application."""

from __future__ import annotations

from textual.message import Message


class UserChosen(Message):
    """Requests a switch to the memory id `memory_id`; any open session has been dealt with."""

    def __init__(self, memory_id: str) -> None:
        super().__init__()
        self.memory_id = memory_id
