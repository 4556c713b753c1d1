"""The application: one agent to talk with, or a choice of what there is."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from travel_tui.tui.screens.main import MainScreen
    from travel_tui.tui.setting import Setting
    from travel_tui.tui.users import UserChosen
    from travel_tui.tui.widgets.agent_turn import AgentTurn

STYLES = Path(__file__).parent / "screens"
ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Who runs the application blocks these until it can take them: in between, the terminal would be left as it is."""
FURNISHED_S = 0.5
"""After so long the panels stand, and there is time for what can wait."""
AGAIN_S = 2.0
"""A second ctrl+c within this time quits."""


class TravelApp(App[str]):
    """Shows the main screen for a setting, else the choice; returns what the person chose to do next, or None."""

    TITLE = "travel-tui"
    theme: Reactive[str] = Reactive("tokyo-night")
    """As a default, since a theme that is set later reads all styles again."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "keys", "keys", id="app.keys"),
        Binding("ctrl+q", "quit", "quit", id="app.quit", priority=True),
        Binding("ctrl+c", "interrupt", "copy, or quit", show=False, id="app.interrupt", priority=True),
    ]

    _only_focus_changes = False

    def __init__(self, setting: Setting | None, *, config_file: str = "") -> None:
        # A default screen's own CSS_PATH is not read, so the app loads it.
        super().__init__(css_path=STYLES / ("main.tcss" if setting else "choice.tcss"))
        self._setting = setting
        if setting and setting.look.theme in self.available_themes:
            self.theme = setting.look.theme
        self._config_file = config_file
        self._interrupted_at = float("-inf")

    def on_mount(self) -> None:
        if self._setting is not None:
            self.set_keymap({**self._setting.look.keys})
            self.set_timer(FURNISHED_S, self._check_look)
        for number in ENDING:
            # Not at once: a screen that is still being put together cannot be taken apart.
            asyncio.get_running_loop().add_signal_handler(number, self.call_after_refresh, self.exit)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def _check_look(self) -> None:
        """Say what of the config has no meaning."""
        from travel_tui.tui.commands import key_names

        if self._setting is None:
            return
        look = self._setting.look
        if look.theme and look.theme not in self.available_themes:
            self.notify(f"There is no theme {look.theme!r}; ^p lists them.", severity="warning", markup=False)
        if unknown := [name for name in look.keys if name not in key_names()]:
            named = ", ".join(unknown)
            self.notify(
                f"No key is called {named}; `travel-tui config keys` lists them.", severity="warning", markup=False
            )

    def get_default_screen(self) -> Screen[None]:
        if self._setting is None:
            from travel_tui.tui.screens.choice import ChoiceScreen

            return ChoiceScreen(self._config_file)
        from travel_tui.tui.screens.main import MainScreen

        return MainScreen(self._setting)

    def _watch_app_focus(self, focus: bool) -> None:
        self._only_focus_changes = True
        super()._watch_app_focus(focus)
        self._only_focus_changes = False

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        """As Textual's own, but for the whole screen when the terminal gets or loses focus: nothing here shows that."""
        if not (self._only_focus_changes and isinstance(node, Screen)):
            super().update_styles(node, animate)

    async def action_quit(self) -> None:
        """Quit, after a question where a session is open; a second time quits without."""
        from travel_tui.tui.screens.main import MainScreen

        if not any(isinstance(screen, MainScreen) and screen.leave() for screen in self.screen_stack):
            self.exit()

    async def on_user_chosen(self, event: UserChosen) -> None:
        """Go on with another memory: on a screen of its own, so that nothing of the one before is left on it."""
        from dataclasses import replace

        from travel_tui.tui.screens.main import MainScreen

        if self._setting is not None and (main := self._on_main()) is not None:
            self._setting = replace(self._setting, memory_id=event.memory_id, story=())
            main.handed_over = True
            if not main._result_callbacks:  # switch_screen takes one, and a default screen has none
                main._push_result_callback(self, None)
            await self.switch_screen(MainScreen(self._setting))

    def on_agent_turn_opened(self, event: AgentTurn.Opened) -> None:
        """Show a turn's steps, on whatever screen it stands."""
        from travel_tui.tui.screens.trace import TraceScreen

        self.push_screen(TraceScreen(event.asked, event.steps))

    def on_agent_turn_copy(self, event: AgentTurn.Copy) -> None:
        """Copy a turn's answer."""
        from travel_tui.tui.clipboard import copy

        self.run_worker(copy(self, event.text, "the answer"), group="copy")

    def action_interrupt(self) -> None:
        """Copy what is selected; else quit at the second press, so that a slip loses nothing."""
        from textual.widgets import TextArea

        focused = self.focused
        if isinstance(focused, TextArea) and focused.selected_text:
            focused.action_copy()
        elif selected := self.screen.get_selected_text():
            from travel_tui.tui.clipboard import copy

            self.run_worker(copy(self, selected, "the selection"), group="copy")
        elif time.monotonic() - self._interrupted_at < AGAIN_S:
            self.exit()
        else:
            self._interrupted_at = time.monotonic()
            self.notify("Press ctrl+c again to quit.", timeout=AGAIN_S)

    def action_keys(self) -> None:
        """Show the keys of where one is."""
        from travel_tui.tui.commands import COMMANDS
        from travel_tui.tui.screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen):
            commands = COMMANDS if self._on_main() else ()
            self.push_screen(KeysScreen(self.screen.active_bindings.values(), commands))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for command in super().get_system_commands(screen):
            if command.title in ("Theme", "Screenshot", "Quit"):
                yield command
        yield SystemCommand("Keys", "Show the keys of where you are", self.action_keys)
        from travel_tui.tui.screens.main import MainScreen

        # The screen that was in front before the palette, which is in front now.
        if isinstance(screen, MainScreen):
            from functools import partial

            from travel_tui.tui.commands import COMMANDS

            for each in COMMANDS:
                yield SystemCommand(each.title, each.help, partial(screen.action_command, each.id))

    def _on_main(self) -> MainScreen | None:
        """The main screen, where it is the one in front."""
        from travel_tui.tui.screens.main import MainScreen

        return self.screen if isinstance(self.screen, MainScreen) else None
