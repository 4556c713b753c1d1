"""The application: the main screen for one agent, or the welcome screen if none is configured."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import BindingType

from travel_tui.tui.accessible_app import AccessibleApp
from travel_tui.tui.commands import APP_BINDINGS
from travel_tui.tui.textual_compat import FocusKeepsStyles, ensure_result_callback

if TYPE_CHECKING:
    from textual.screen import Screen

    from travel_tui.tui.context import AppContext
    from travel_tui.tui.controllers.main import MainController
    from travel_tui.tui.messages import UserChosen
    from travel_tui.tui.screens.main import MainScreen
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn

STYLES = Path(__file__).parent / "screens"
STARTUP_CHECK_DELAY_S = 0.5
"""Seconds after which the panels are mounted and low-priority work can start."""
DOUBLE_PRESS_S = 2.0
"""Seconds within which a second ctrl+c quits."""
LONGEST_SEARCH = 200
"""Most characters of a paste used as a palette query: the palette compares them with every command on each key."""


class TravelApp(FocusKeepsStyles, AccessibleApp[str]):
    """Shows the main screen for a setting, else the choice; returns what the person chose to do next, or None."""

    TITLE = "travel-tui"
    BINDINGS: ClassVar[list[BindingType]] = APP_BINDINGS

    def __init__(self, app_context: AppContext | None, *, config_file: str = "") -> None:
        # A default screen's own CSS_PATH is not read, so the app loads it.
        super().__init__(css_path=STYLES / ("main.tcss" if app_context else "welcome.tcss"))
        self._app_context = app_context
        if app_context and app_context.ui_options.theme in self.available_themes:
            self.theme = app_context.ui_options.theme
        self._config_file = config_file
        self._interrupted_at = float("-inf")

    def on_mount(self) -> None:
        if self._app_context is not None:
            self.set_keymap({**self._app_context.ui_options.keys})
            self.set_timer(STARTUP_CHECK_DELAY_S, self._check_config)

    def _check_config(self) -> None:
        """Warn about unknown or invalid settings in the config."""
        from travel_tui.tui.keymap import key_problems

        if self._app_context is None:
            return
        look = self._app_context.ui_options
        if look.warning:
            self.notify(look.warning, severity="warning", markup=False)
        if look.theme and look.theme not in self.available_themes:
            self.notify(f"Unknown theme {look.theme!r}; ^p lists themes.", severity="warning", markup=False)
        for problem in key_problems(look.keys) if look.keys else ():
            self.notify(problem, severity="warning", markup=False)

    def get_default_screen(self) -> Screen[None]:
        if self._app_context is None:
            from travel_tui.tui.screens.welcome import WelcomeScreen

            return WelcomeScreen(self._config_file)
        from travel_tui.tui.screens.main import MainScreen

        return MainScreen(self._app_context, self._start_controller)

    async def _start_controller(self, screen: MainScreen) -> MainController:
        """Import the controller in a thread, so that keys are echoed meanwhile, and let it mount the panels."""
        module = await asyncio.to_thread(importlib.import_module, "travel_tui.tui.controllers.main")
        controller: MainController = await module.MainController.mount_panels(screen, self._app_context)
        return controller

    async def on_event(self, event: events.Event) -> None:
        """Dispatch an event as Textual does, but first convert keys and pastes to text and offer them to the prompt."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if not self.screen_stack:
                return  # all screens have been removed
            from travel_tui.tui.screens.main import MainScreen
            from travel_tui.tui.terminal.typed_text import as_text, on_one_line

            if isinstance(event, events.Key):
                event = as_text(event)
            elif "Input" in (kinds := [each.__name__ for each in type(self.focused).__mro__]):  # without importing it
                most = LONGEST_SEARCH if "CommandInput" in kinds else None
                event = events.Paste(on_one_line(event.text[:most]))
            if isinstance(self.screen, MainScreen) and self.screen.receive(event):
                return
            if self._passed_on(event):
                return
        await super().on_event(event)

    def _passed_on(self, event: events.Key | events.Paste) -> bool:
        """Forward a key or paste to the prompt if the dialog in front does not use it; return whether it did."""
        from travel_tui.tui.screens.dialog import Dialog
        from travel_tui.tui.screens.main import MainScreen

        main = next((each for each in self.screen_stack if isinstance(each, MainScreen)), None)
        if main is None or not isinstance(self.screen, Dialog) or not self.screen.passes_on(event):
            return False
        main.receive_behind(event)
        return True

    async def action_quit(self) -> None:
        """Quit, after confirmation if a session is open; a second press quits without confirmation."""
        from travel_tui.tui.screens.main import MainScreen

        if not any(isinstance(screen, MainScreen) and screen.confirm_quit() for screen in self.screen_stack):
            self.exit()

    async def on_user_chosen(self, event: UserChosen) -> None:
        """Switch to another memory id on a new main screen, so that nothing of the previous one remains."""
        from dataclasses import replace

        from travel_tui.tui.screens.main import MainScreen

        if self._app_context is not None and (main := self._on_main()) is not None:
            self._app_context = replace(self._app_context, memory_id=event.memory_id, demo_script=())
            main.agent_handed_over = True
            ensure_result_callback(main, self)
            await self.switch_screen(MainScreen(self._app_context, self._start_controller))

    def on_agent_turn_opened(self, event: AgentTurn.Opened) -> None:
        """Show the trace of a turn from any screen; repeated requests open it once."""
        from travel_tui.tui.screens.trace import TraceScreen

        if not isinstance(self.screen, TraceScreen):
            self.push_screen(TraceScreen(event.asked, event.steps))

    def on_agent_turn_copy(self, event: AgentTurn.Copy) -> None:
        """Copy a turn's answer."""
        from travel_tui.tui.clipboard import copy

        self.run_worker(copy(self, event.text, "answer"), group="copy")

    def action_interrupt(self) -> None:
        """Copy the selection; without one, quit on the second press, so that a slip loses nothing."""
        from textual.widgets import Input, TextArea

        focused = self.focused
        written = focused.selected_text if isinstance(focused, TextArea | Input) else ""
        if selected := written or self.screen.get_selected_text():
            from travel_tui.tui.clipboard import copy

            self.run_worker(copy(self, selected, "selection"), group="copy")
        elif time.monotonic() - self._interrupted_at < DOUBLE_PRESS_S:
            self.exit()
        else:
            self._interrupted_at = time.monotonic()
            self.notify("Press ctrl+c again to quit.", timeout=DOUBLE_PRESS_S)

    def action_keys(self) -> None:
        """Show the keys of the current screen."""
        from travel_tui.tui.commands import COMMANDS
        from travel_tui.tui.screens.keys import KeysScreen

        if not isinstance(self.screen, KeysScreen) and not self._too_small:
            on_main = self._on_main() is not None
            self.push_screen(
                KeysScreen(
                    self.screen.active_bindings.values(),
                    COMMANDS if on_main else (),
                    self._keys_elsewhere() if on_main else (),
                )
            )

    def _keys_elsewhere(self) -> list[tuple[str, str]]:
        """Return the keys of the main screen that depend on the prompt's text or on another focus, and what they do."""
        from travel_tui.tui.commands import shown_key

        keys = self._app_context.ui_options.keys if self._app_context else {}
        cards = (("memory.fold", "enter", "fold or unfold it"), ("memory.read", "r", "show it as JSON"))
        delete = shown_key("memory.forget-one", keys, "delete")
        return [
            ("up, down", "earlier messages, also of earlier runs"),
            (delete, "on a memory: delete it, after confirmation"),
            *((shown_key(name, keys, usual), f"on a memory: {words}") for name, usual, words in cards),
            (shown_key("turn.open", keys, "enter"), "on an answer: show its trace"),
        ]

    def action_command_palette(self) -> None:
        """Open the command palette, unless the window is too small for it."""
        if not self._too_small:
            super().action_command_palette()

    @property
    def _too_small(self) -> bool:
        main = self._on_main()
        return main is not None and main.too_small

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for command in super().get_system_commands(screen):
            if command.title in ("Theme", "Screenshot", "Quit"):
                yield command
        yield SystemCommand("Keys", "Show the keys of this screen", self.action_keys)
        from travel_tui.tui.screens.main import MainScreen

        # `screen` is the screen below the palette.
        if isinstance(screen, MainScreen):
            from functools import partial

            from travel_tui.tui.commands import COMMANDS

            for each in COMMANDS:
                yield SystemCommand(each.title, each.help, partial(screen.action_command, each.id))

    def _on_main(self) -> MainScreen | None:
        """Return the main screen if it is in front, else None."""
        from travel_tui.tui.screens.main import MainScreen

        return self.screen if isinstance(self.screen, MainScreen) else None
