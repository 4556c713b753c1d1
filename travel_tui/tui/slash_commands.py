"""Parser of the prompt's text: a message or a slash command."""

from __future__ import annotations

import re
from dataclasses import dataclass

from travel_tui.text import one_line
from travel_tui.tui.commands import Argument, Command, like, named

_NAMED = re.compile(r"(?P<slashes>/+)(?P<name>[^\W\d_](?:[^\s/.]|\.(?!\w))*)(?:\s+(?P<argument>.*))?", re.DOTALL)
"""Slashes, a name, and text after white space. A name begins with a letter; a path has a slash or a dot within."""
ROOT_FOLDERS = frozenset(
    (
        *("bin", "boot", "dev", "etc", "home", "lib", "media", "mnt", "opt"),
        *("proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"),
        *("applications", "library", "private", "system", "users", "volumes"),
    )
)
"""Common paths of one name: the folders of a root file system (Filesystem Hierarchy Standard 3.0, macOS).

None of them is the name of a command.
"""


class SlashError(Exception):
    """Invalid slash command; the message says what to type instead."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A parsed command. `argument` has no surrounding white space."""

    command: Command
    argument: str


def parse(text: str) -> CommandLine | str:
    """Parse the prompt's text; return a command, or the message to send.

    A message that would be parsed as a command is typed with one more slash, which is not sent; paths are messages as
    they are. Raises SlashError for an unknown command, and for a missing or unexpected argument.
    """
    found = _match(text)
    if found is None:
        return text
    if len(found["slashes"]) > 1:
        return text[1:]
    name, argument = found["name"], (found["argument"] or "").strip()
    if (command := named(name)) is None:
        raise SlashError(_no_such(name))
    if command.argument is Argument.NONE and argument:
        raise SlashError(
            f"/{command.slash} takes no arguments: send it alone, or start with // to send this as a message."
        )
    if command.argument is Argument.REQUIRED and not argument:
        raise SlashError(missing(command))
    return CommandLine(command, argument)


def typed(message: str) -> str:
    """Return the text to type to send `message`: one more slash if it would be parsed as a command."""
    return f"/{message}" if _match(message) else message


def missing(command: Command) -> str:
    """Return the error for a command without its required argument."""
    return f"/{command.slash} needs an argument: {command.usage}."


def _match(text: str) -> re.Match[str] | None:
    found = _NAMED.fullmatch(text) if text.startswith("/") else None
    if found is None or (found["slashes"] == "/" and found["name"].casefold() in ROOT_FOLDERS):
        return None
    return found


def _no_such(name: str) -> str:
    known = ", ".join(f"/{each}" for each in like(name[:40]))
    meant = f"Did you mean {known}? " if known else ""
    return (
        f"Unknown command /{one_line(name, 40)}. {meant}F1 lists commands; to send this as a message, start it with //."
    )
