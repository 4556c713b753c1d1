"""What the parts of the desk share: the talk, the story, the widgets they speak through, and how work is started."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from travel_tui.agent import Trouble
from travel_tui.tui.setting import Setting
from travel_tui.tui.story import Story
from travel_tui.tui.talk import Talk
from travel_tui.tui.widgets.chat import Chat
from travel_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from textual.worker import Worker

    from travel_tui.tui.screens.main import MainScreen


@dataclass(frozen=True, slots=True)
class Room:
    """One for all parts of a desk. `changed` draws the panels again soon."""

    screen: MainScreen
    setting: Setting
    talk: Talk
    story: Story
    chat: Chat
    prompt: Prompt
    changed: Callable[[], None]

    def notify(self, words: str) -> None:
        """Say something that passes."""
        self.screen.notify(words, markup=False)

    def say(self, trouble: Trouble) -> None:
        """Say in the chat what went wrong outside a turn."""
        self.start(self.chat.notice(trouble), "notice")

    def start(self, work: Coroutine[Any, Any, None], group: str) -> Worker[None]:
        """Do it beside everything else, for as long as the screen stands."""
        return self.screen.run_worker(work, group=group, exit_on_error=True)
