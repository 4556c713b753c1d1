"""The commands that the prompt offers while the name of one is being typed, and which of them is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches

from travel_tui.tui.commands import COMMANDS, Argument, Command, named
from travel_tui.tui.slash_commands import ROOT_FOLDERS

_TYPED = re.compile(r"/(?P<name>[^\W\d_]*)(?P<space> ?)")
_FEWEST = 2
"""Letters from which on titles are searched too: one is in most of them."""
_CLOSE = 0.65
"""How alike a name has to be to one that was mistyped, as difflib counts it."""


@dataclass(frozen=True, slots=True)
class CommandMenu:
    """The commands that `text` may mean, and which of them is chosen; or the one command whose usage is shown."""

    text: str = ""
    commands: tuple[Command, ...] = ()
    chosen: int = 0
    moved: bool = False
    """Whether the person chose another than the first."""
    usage: Command | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.commands) or self.usage is not None

    @property
    def command(self) -> Command | None:
        """The chosen command; None where there is none to choose."""
        return self.commands[self.chosen] if self.commands else None

    @property
    def runs(self) -> bool:
        """Whether enter runs the chosen command; it only completes one that needs text, or was not typed so far."""
        if (command := self.command) is None or command.argument is Argument.REQUIRED:
            return False
        return self.moved or command.slash.startswith(self.text[1:].casefold())

    def move(self, step: int) -> CommandMenu:
        """Choose the next command, or the one before; from the last on to the first."""
        return replace(self, chosen=(self.chosen + step) % len(self.commands), moved=True)


CLOSED = CommandMenu()


def menu_for(text: str) -> CommandMenu:
    """Find the commands to offer for what is written so far; CLOSED where it is no command's name."""
    found = _TYPED.fullmatch(text)
    if found is None or (name := found["name"].casefold()) in ROOT_FOLDERS:
        return CLOSED
    if found["space"]:
        command = named(name)
        return CommandMenu(text, usage=command) if command else CLOSED
    commands = tuple(_matching(name))
    return CommandMenu(text, commands) if commands else CLOSED


def _matching(name: str) -> list[Command]:
    """Commands whose name begins so, by name; then those with such a word in their title, or else close ones."""
    every = sorted((each for each in COMMANDS if each.slash), key=lambda each: each.slash)
    by_name = [each for each in every if each.slash.startswith(name)]
    if len(name) < _FEWEST or (not by_name and any(folder.startswith(name) for folder in ROOT_FOLDERS)):
        return by_name
    by_title = [each for each in every if any(word.startswith(name) for word in _words(each)) and each not in by_name]
    return [*by_name, *by_title] or _close(name, every)


def _close(name: str, every: list[Command]) -> list[Command]:
    words = {word for each in every for word in _words(each)}
    close = get_close_matches(name, words, n=5, cutoff=_CLOSE)
    ranked = [(min((close.index(word) for word in _words(each) if word in close), default=-1), each) for each in every]
    return [each for rank, each in sorted(ranked, key=lambda pair: pair[0]) if rank >= 0]


def _words(command: Command) -> list[str]:
    return [command.slash, *command.title.casefold().split()]
