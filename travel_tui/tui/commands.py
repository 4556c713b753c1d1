"""Commands of the main screen: one registry for keys, palette, slash commands and help.

An id never changes: configs remap keys by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto

from textual.binding import Binding, BindingType


class Argument(Enum):
    """Whether a command takes an argument."""

    NONE = auto()
    OPTIONAL = auto()
    REQUIRED = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the registry. `slash` is its name as a slash command.

    `handler` names the method that does it, as an attribute path from the main controller (`sessions.end`). It gets the
    text behind the command where one may follow, and no argument otherwise.
    `takes` names the text that follows it there, in brackets where it may be left out; empty where none may follow.
    """

    id: str
    handler: str
    title: str
    help: str
    key: str = ""
    slash: str = ""
    takes: str = ""

    @property
    def argument(self) -> Argument:
        """Whether the command takes an argument."""
        if not self.takes:
            return Argument.NONE
        return Argument.OPTIONAL if self.takes.startswith("[") else Argument.REQUIRED

    @property
    def usage(self) -> str:
        """The command as typed in the prompt: /name and its argument."""
        return f"/{self.slash} {self.takes}".rstrip()


COMMANDS = (
    Command("session.end", "sessions.end", "End session", "End the session and wait for its memory", "f2", "end"),
    Command(
        "session.new", "sessions.new", "New session", "Start a new session; only the memory carries over", "f3", "new"
    ),
    Command(
        "turn.retry",
        "turns.retry",
        "Send again",
        "Send the last message again; asks first if it called a function",
        slash="retry",
    ),
    Command(
        "turn.edit", "turns.edit", "Edit and send again", "Put the last message back into the prompt", slash="edit"
    ),
    Command(
        "copy",
        "clipboard.copy",
        "Copy",
        "Copy the last answer, its code, the session id or the memory id",
        "f8",
        "copy",
        "[code|session|memory]",
    ),
    Command(
        "turn.trace",
        "turns.trace",
        "Trace",
        "Show the trace of the last turn",
        "ctrl+t",
        "trace",
    ),
    Command(
        "session.attributes",
        "edit_attributes",
        "Attributes",
        "Set session and prompt attributes",
        slash="attributes",
    ),
    Command(
        "user.choose",
        "users.choose",
        "Switch user",
        "Switch to another memory id, or name one",
        "f9",
        "user",
        "[ID [NAME]]",
    ),
    Command(
        "screen.stage",
        "toggle_stage",
        "Presentation mode",
        "More space and shorter ids, for an audience; repeat to leave",
        slash="stage",
    ),
    Command(
        "chat.find",
        "search.find",
        "Find",
        "Find words in this conversation, newest first; without words: previous match",
        slash="find",
        takes="[WORDS]",
    ),
    Command(
        "answer.marks",
        "sources.toggle_marks",
        "Source marks",
        "Show or hide in answers where each fact comes from",
        "ctrl+o",
        "sources",
    ),
    Command("memory.look", "poll_now", "Refresh memory", "Poll the agent's memory now", "f5", "look"),
    Command(
        "memory.filter",
        "filter_memories",
        "Filter memories",
        "Show only memories with these words; without words: all",
        slash="memory",
        takes="[WORDS]",
    ),
    Command(
        "memory.records",
        "records.open",
        "Browse records",
        "Records by kind, sessions and events, failed extractions; edit, add, delete",
        slash="records",
    ),
    Command(
        "memory.pause",
        "toggle_polling",
        "Pause or resume polling",
        "Stop polling the memory; repeat to resume",
        slash="pause",
    ),
    Command(
        "memory.history",
        "memory.show_history",
        "Memory history",
        "Every recorded change of this memory, deletions included",
        slash="history",
    ),
    Command(
        "memory.why",
        "recall_diagnosis.explain",
        "Why wasn't this recalled?",
        "Find where recall failed: never said, not stored, deleted, not injected, not used",
        slash="why",
        takes="WORDS",
    ),
    Command("session.resume", "resume.resume", "Resume", "Resume an open session", slash="resume"),
    Command(
        "twin",
        "compare.compare",
        "Compare with and without memory",
        "Ask the last message, or QUESTION, with this memory and with an empty one, side by side",
        slash="twin",
        takes="[QUESTION]",
    ),
    Command("turn.note", "notes.note", "Note", "Add a note to the last turn", slash="note", takes="WORDS"),
    Command(
        "turn.fact",
        "notes.fact",
        "Mark a fact",
        "Mark a fact the memory must keep; without words: all facts found",
        slash="fact",
        takes="[WORDS]",
    ),
    Command(
        "turn.expect",
        "notes.expect",
        "Mark an expectation",
        "Mark words the answer must have; without words: all facts found",
        slash="expect",
        takes="[WORDS]",
    ),
    Command(
        "recall.save",
        "archive.save",
        "Save as recall check",
        "Save these sessions as a check for travel-tui recall run",
        slash="save",
        takes="[NAME]",
    ),
    Command(
        "sessions.past",
        "archive.show_past_sessions",
        "Past sessions",
        "Read an earlier session; with words: search all sessions",
        slash="past",
        takes="[WORDS]",
    ),
    Command(
        "export",
        "archive.export",
        "Export",
        "Write conversation, memory, traces and a screenshot to a folder",
        slash="export",
        takes="[FOLDER] [--redact]",
    ),
    Command("open", "archive.open", "Open evidence", "Read a folder that /export wrote", slash="open", takes="FOLDER"),
    Command(
        "memory.forget",
        "memory.delete_all",
        "Delete all memories",
        "Delete everything in this memory; asks first",
        slash="forget",
    ),
)

APP_BINDINGS: list[BindingType] = [
    Binding("f1", "keys", "keys", id="app.keys"),
    Binding("ctrl+q", "quit", "quit", id="app.quit", priority=True),
    Binding("ctrl+c", "interrupt", "copy, or quit", show=False, id="app.interrupt", priority=True),
]
"""Keys of the application, on every screen."""
_BY_ID = {each.id: each for each in COMMANDS}


def by_id(command_id: str) -> Command:
    """Look up a command by its id. Raises KeyError."""
    return _BY_ID[command_id]


def named(slash: str) -> Command | None:
    """Return the command with this slash name, ignoring case; None if there is none."""
    return next((each for each in COMMANDS if each.slash and each.slash == slash.casefold()), None)


def like(slash: str) -> list[str]:
    """Return slash names that start with `slash`, or similar names if none does."""
    slash = slash.casefold()
    names = sorted(each.slash for each in COMMANDS if each.slash)
    return [name for name in names if name.startswith(slash)] or get_close_matches(slash, names)


def bindings() -> Iterator[Binding]:
    """Yield the key bindings of all commands that have a key."""
    for each in COMMANDS:
        if each.key:
            yield Binding(each.key, f"command('{each.id}')", each.title.lower(), id=each.id)


def first_key(name: str, keys: Mapping[str, str], usual: str = "") -> str:
    """The first key of a command or a binding, by Textual's name; `keys` are those that the person wants instead."""
    usual = usual or next((each.key for each in COMMANDS if each.id == name), "")
    return keys.get(name, usual).split(",")[0]


def shown_key(name: str, keys: Mapping[str, str], usual: str = "") -> str:
    """How the first key of a command or a binding is written; `keys` are those that the person wants instead."""
    return written(first_key(name, keys, usual))


def written(key: str) -> str:
    """Return the display name of a key."""
    short = {"escape": "esc", "slash": "/", "pageup": "pgup", "pagedown": "pgdn"}
    return key.upper() if re.fullmatch(r"f\d+", key) else short.get(key, key.replace("ctrl+", "^"))
