"""Controller of users: switch between memory ids."""

from __future__ import annotations

from collections.abc import Callable

from travel_tui.agent import AgentError
from travel_tui.conversation.problems import problem_of
from travel_tui.memory_store import memory_store
from travel_tui.text import one_line
from travel_tui.tui.controllers.base import ControllerContext
from travel_tui.tui.controllers.sessions import SessionController
from travel_tui.tui.messages import UserChosen


class UserController:
    """Adds, names and switches memory ids."""

    def __init__(
        self, context: ControllerContext, sessions: SessionController, show_name: Callable[[str], None]
    ) -> None:
        """`show_name` shows the name of the current user, or the memory id of one without a name."""
        self._context = context
        self._sessions = sessions
        self._show_name = show_name

    async def show_current(self) -> None:
        """Show the current user's name. Raises ArchiveError."""
        people, memory_id = await self._context.service.users(), self._context.app_context.memory_id
        known = await self._context.service.run_in_archive(people.users)
        self._show_name(next((user.name for user in known if user.memory_id == memory_id and user.name), memory_id))

    def choose(self, argument: str) -> None:
        """Switch to the memory id in `argument` and name it if a name follows; open the user picker if empty."""
        memory_id = argument.split(maxsplit=1)[:1]
        if memory_id and (problem := self._context.app_context.capabilities.check_id("memory", memory_id[0])):
            self._context.refuse("user.choose", argument, f"{problem.what} {problem.why}")
        else:
            self._context.run_worker(self._choose(argument), "users")

    async def _listed(self, known: list[str]) -> list[str]:
        """Return the other memory ids that the service knows, where it lists them."""
        context = self._context
        if not context.app_context.capabilities.lists_users:
            return []
        try:
            store = memory_store(await context.service.agent())
            return await store.list_users(known) if store is not None else []
        except AgentError as error:
            context.notify(f"{error.problem.what} Only the users known on this machine are listed.")
            return []

    async def _choose(self, written: str) -> None:
        from travel_tui.archive import ArchiveError, User

        context, argument = self._context, written
        try:
            people = await context.service.users()
            if not argument:
                from travel_tui.tui.screens.user_picker import UserPicker as Screen

                known = await context.service.run_in_archive(people.users)
                others = await self._listed([user.memory_id for user in known])
                known += [User(each) for each in others]
                if not context.screen.is_active:
                    return  # the picker is already open: the key was pressed twice
                argument = await context.screen.app.push_screen_wait(
                    Screen(known, context.app_context, frozenset(others))
                )
            if not argument:
                return
            memory_id, *rest = argument.split(maxsplit=1)
            name = one_line(" ".join(rest))
            if name or memory_id not in {user.memory_id for user in await context.service.run_in_archive(people.users)}:
                await context.service.run_in_archive(lambda: people.name(memory_id, name))
                await self.show_current()
                context.refresh_panels()
        except ArchiveError as error:
            context.put_back("user.choose", written)
            context.show_problem(problem_of(error))
            return
        if memory_id != context.app_context.memory_id and await self._sessions.confirm_close_open():
            context.screen.post_message(UserChosen(memory_id))
