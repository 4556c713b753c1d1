"""What the main screen's controllers share: telling and asking the user, other screens, and workers."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import finalize

from travel_tui.agent import ErrorKind, Problem
from travel_tui.conversation.problems import problem_of
from travel_tui.text import one_line, safe
from travel_tui.tui.commands import by_id
from travel_tui.tui.widgets.chat.chat import Chat
from travel_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import Worker

    from travel_tui.tui.screens.main import MainScreen


R = TypeVar("R")


class Feedback(Protocol):
    """Tells the user what became of a command, asks, and runs its work: all that controllers need of the screen."""

    def notify(self, words: str) -> None:
        """Show a transient notification."""

    def put_back(self, command_id: str, argument: str) -> None:
        """Put a command that came from the prompt back into it, with its argument."""

    def refuse(self, command_id: str, argument: str, why: str) -> None:
        """Notify the user why a command's argument is invalid, and put the command back into the prompt."""

    def fail(self, command_id: str, argument: str, what: str, advice: str = "") -> None:
        """Report a failed command in the chat, where the message stays, and put the command back into the prompt."""

    def give_back(self, text: str) -> None:
        """Put the text of a turn without an answer back into the prompt, unless the screen was closed."""

    def show_problem(self, problem: Problem) -> None:
        """Show a problem from outside a turn in the chat."""

    def show_result(self, head: str, text: str = "") -> None:
        """Show a command's result in the chat, where it stays and can be copied."""

    def show_pane(self, name: str) -> str:
        """Show a pane where the window has room for one only; return the one shown before."""
        ...

    @property
    def covered(self) -> bool:
        """Whether another screen is in front, such as the dialog of a key that was pressed twice."""
        ...

    async def ask(self, dialog: Screen[R]) -> R:
        """Show a dialog and return its answer. Called in a worker."""
        ...

    def open_screen(self, screen: Screen[Any]) -> Awaitable[None]:
        """Show another screen at once; await the result for it to be mounted."""
        ...

    def run_worker(self, work: Coroutine[Any, Any, None], group: str) -> Worker[None]:
        """Run a coroutine as a worker of the screen; it is cancelled when the screen is removed."""
        ...


async def report_errors(feedback: Feedback, work: Coroutine[Any, Any, None], command_id: str, words: str) -> None:
    """Run `work` and report archive and file errors in the chat; on an error, put `words` back into the prompt."""
    from travel_tui.archive import ArchiveError

    try:
        await work
    except ArchiveError as error:
        feedback.put_back(command_id, words)
        feedback.show_problem(problem_of(error))
    except OSError as error:
        done = "read" if command_id == "open" else "written"
        why = f"{one_line(str(error.filename or 'The file'))} cannot be {done}: {error.strerror or error}."
        feedback.fail(command_id, words, why)


@dataclass(frozen=True, slots=True)
class ScreenFeedback:
    """The feedback of the main screen."""

    screen: MainScreen
    chat: Chat
    prompt: Prompt

    def notify(self, words: str) -> None:
        """Show a transient notification."""
        self.screen.notify(safe(words), markup=False)

    def put_back(self, command_id: str, argument: str) -> None:
        """Put a command that came from the prompt back into it, with its argument."""
        if argument:
            self.prompt.put_back(f"/{by_id(command_id).slash} {argument}")

    def refuse(self, command_id: str, argument: str, why: str) -> None:
        """Notify the user why a command's argument is invalid, and put the command back into the prompt."""
        self.put_back(command_id, argument)
        self.notify(why)

    def fail(self, command_id: str, argument: str, what: str, advice: str = "") -> None:
        """Report a failed command in the chat, where the message stays, and put the command back into the prompt."""
        self.put_back(command_id, argument)
        self.show_pane("chat")
        self.run_worker(self._fail(Problem(ErrorKind.INVALID, what, "", advice)), "notice")

    def give_back(self, text: str) -> None:
        """Put the text of a turn without an answer back into the prompt, unless the screen was closed."""
        if self.screen in self.screen.app.screen_stack:
            self.prompt.give_back(text)

    def show_problem(self, problem: Problem) -> None:
        """Show a problem from outside a turn in the chat."""
        self.run_worker(self.chat.notice(problem), "notice")

    def show_result(self, head: str, text: str = "") -> None:
        """Show a command's result in the chat, where it stays and can be copied."""
        self.show_pane("chat")
        self.run_worker(self.chat.show_result(head, text), "notice")

    def show_pane(self, name: str) -> str:
        """Show a pane where the window has room for one only; return the one shown before."""
        before, self.screen.pane = self.screen.pane, name
        return before

    @property
    def covered(self) -> bool:
        """Whether another screen is in front, such as the dialog of a key that was pressed twice."""
        return not self.screen.is_active

    async def ask(self, dialog: Screen[R]) -> R:
        """Show a dialog and return its answer. Called in a worker."""
        return await self.screen.app.push_screen_wait(dialog)

    def open_screen(self, screen: Screen[Any]) -> Awaitable[None]:
        """Show another screen at once; await the result for it to be mounted."""
        mounted: Awaitable[None] = self.screen.app.push_screen(screen)
        return mounted

    async def _fail(self, problem: Problem) -> None:
        await self.chat.notice(problem)
        self.chat.anchor()

    def run_worker(self, work: Coroutine[Any, Any, None], group: str) -> Worker[None]:
        """Run a coroutine as a worker of the screen; it is cancelled when the screen is removed."""
        worker = self.screen.run_worker(work, group=group, exit_on_error=True)
        finalize(worker, work.close)  # a worker that is cancelled before its first step would leave it never awaited
        return worker
