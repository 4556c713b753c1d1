"""Controller of users: switch between memory ids."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from travel_tui.agent import AgentError
from travel_tui.conversation.context import ConversationContext
from travel_tui.conversation.problems import problem_of
from travel_tui.conversation.service import ConversationService
from travel_tui.memory_store import memory_store
from travel_tui.text import one_line
from travel_tui.tui.controllers.base import Feedback


class UserController:
    """Adds, names and switches memory ids."""

    def __init__(
        self,
        feedback: Feedback,
        context: ConversationContext,
        service: ConversationService,
        *,
        show_name: Callable[[str], None],
        may_leave: Callable[[], Awaitable[bool]],
        switch: Callable[[str], object],
    ) -> None:
        """`show_name` shows the name of the current user, or the memory id of one without a name.

        `may_leave` asks about an open session and tells whether another may start; `switch` goes to a memory id.
        """
        self._feedback, self._context, self._service = feedback, context, service
        self._show_name = show_name
        self._may_leave = may_leave
        self._switch = switch

    async def show_current(self) -> None:
        """Show the current user's name. Raises ArchiveError."""
        people, memory_id = await self._service.users(), self._context.memory_id
        known = await self._service.run_in_archive(people.users)
        self._show_name(next((user.name for user in known if user.memory_id == memory_id and user.name), memory_id))

    def choose(self, argument: str) -> None:
        """Switch to the memory id in `argument` and name it if a name follows; open the user picker if empty."""
        memory_id = argument.split(maxsplit=1)[:1]
        if memory_id and (problem := self._context.capabilities.check_id("memory", memory_id[0])):
            self._feedback.refuse("user.choose", argument, f"{problem.what} {problem.why}")
        else:
            self._feedback.run_worker(self._choose(argument), "users")

    async def _listed(self, known: list[str]) -> list[str]:
        """Return the other memory ids that the service knows, where it lists them."""
        if not self._context.capabilities.lists_users:
            return []
        try:
            store = memory_store(await self._service.agent())
            return await store.list_users(known) if store is not None else []
        except AgentError as error:
            self._feedback.notify(f"{error.problem.what} Only the users known on this machine are listed.")
            return []

    async def _choose(self, written: str) -> None:
        from travel_tui.archive import ArchiveError, User

        service, argument = self._service, written
        try:
            people = await service.users()
            if not argument:
                from travel_tui.tui.screens.user_picker import UserPicker as Screen

                known = await service.run_in_archive(people.users)
                others = await self._listed([user.memory_id for user in known])
                known += [User(each) for each in others]
                if self._feedback.covered:
                    return  # the picker is already open: the key was pressed twice
                argument = await self._feedback.ask(Screen(known, self._context, frozenset(others)))
            if not argument:
                return
            memory_id, *rest = argument.split(maxsplit=1)
            name = one_line(" ".join(rest))
            if name or memory_id not in {user.memory_id for user in await service.run_in_archive(people.users)}:
                await service.run_in_archive(lambda: people.name(memory_id, name))
                await self.show_current()
        except ArchiveError as error:
            self._feedback.put_back("user.choose", written)
            self._feedback.show_problem(problem_of(error))
            return
        if memory_id != self._context.memory_id and await self._may_leave():
            self._switch(memory_id)
