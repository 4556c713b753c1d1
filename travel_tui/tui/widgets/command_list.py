"""The list of commands above the prompt, while the name of one is typed."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from travel_tui.tui.command_menu import CommandMenu
from travel_tui.tui.commands import COMMANDS, Command
from travel_tui.tui.rendering.styles import load_css
from travel_tui.tui.widgets.choices import MARK, Choices

_GAP = "  "
_NAME = max(len(each.slash) for each in COMMANDS) + 1
_USAGE = max(len(each.usage) for each in COMMANDS if each.slash)
_HELP = max(len(each.help) for each in COMMANDS)


class SlashCommandList(Choices, can_focus=False):
    """Commands with their help, the chosen one marked; or one command's usage. The prompt keeps the focus."""

    DEFAULT_CSS = load_css(__file__)

    class Chosen(Message):
        """The person clicked a command."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        super().__init__(id="commands", markup=False)
        self.display = False
        self._menu = CommandMenu()

    def show(self, menu: CommandMenu) -> None:
        """Show this menu, or nothing where it is closed."""
        before, self._menu = self._menu, menu
        if (before.commands, before.usage) != (menu.commands, menu.usage):
            self._fill()
        else:
            self.highlighted = menu.chosen if menu.commands else None
        self.display = menu.is_open

    def _fill(self) -> None:
        menu, width = self._menu, self._name_width()
        self.set_class(menu.usage is not None, "-usage")
        if menu.usage is not None:
            row = Content.assemble((menu.usage.usage, "bold $text-accent"), _GAP, menu.usage.help)
            self.set_options([Option(row, disabled=True)])
        else:
            self.set_options([Option(_row(each, width), id=each.slash) for each in menu.commands])
            self.highlighted = menu.chosen if menu.commands else None

    def _name_width(self) -> int:
        """Columns of the names: with what the commands take, where that leaves room for every help text."""
        room = self.scrollable_content_region.width - len(MARK)
        return _USAGE if room >= _USAGE + len(_GAP) + _HELP else _NAME

    def on_resize(self) -> None:
        self._fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._menu.commands[event.option_index]))


def _row(command: Command, width: int) -> Content:
    name = command.usage if width == _USAGE else f"/{command.slash}"
    return Content.assemble((name.ljust(width), "$text-accent"), _GAP, command.help)
