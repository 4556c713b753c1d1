"""Users on the screen: whose memory is talked with, and who else there is."""

from __future__ import annotations

from textual.message import Message

from travel_tui.agent import refused_id
from travel_tui.tui.room import Room
from travel_tui.tui.sessions import Sessions
from travel_tui.tui.talk import trouble_of


class UserChosen(Message):
    """The person wants to talk with the memory of `memory_id`, and nothing is left open that they would miss."""

    def __init__(self, memory_id: str) -> None:
        super().__init__()
        self.memory_id = memory_id


class Users:
    """Adds, names and switches memory ids."""

    def __init__(self, room: Room, sessions: Sessions) -> None:
        self._room = room
        self._sessions = sessions

    def choose(self, argument: str) -> None:
        """Switch to the memory id that `argument` begins with and give it the name behind it; ask where it is empty."""
        self._room.start(self._choose(argument), "users")

    async def _choose(self, argument: str) -> None:
        from travel_tui.archive import ArchiveError

        room = self._room
        try:
            people = await room.talk.people()
            if not argument:
                from travel_tui.tui.screens.users import Users as Screen

                known = await room.talk.in_archive(people.users)
                argument = await room.screen.app.push_screen_wait(
                    Screen(known, room.setting.memory_id, room.setting.clock)
                )
            memory_id, _, name = argument.partition(" ")
            if not memory_id:
                return
            if trouble := refused_id("memory", memory_id):
                room.say(trouble)
                return
            if name.strip() or memory_id not in {user.memory_id for user in await room.talk.in_archive(people.users)}:
                await room.talk.in_archive(lambda: people.name(memory_id, name.strip()))
                room.changed()
        except ArchiveError as error:
            room.say(trouble_of(error))
            return
        if memory_id != room.setting.memory_id and await self._sessions.may_begin():
            room.screen.post_message(UserChosen(memory_id))
