"""What can be done on the main screen: one list for the keys, the palette, the slash commands and the help.

What each does stands on the desk (`Desk.verbs`), under the same id. An id never changes: configs remap keys by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do. `slash` is its name after a slash; `takes` names the words that may follow it there."""

    id: str
    title: str
    help: str
    key: str = ""
    slash: str = ""
    takes: str = ""


COMMANDS = (
    Command("session.end", "End session", "End the session, so that its memory is made", "f2", "end"),
    Command("session.new", "New session", "Begin a session that knows only what is remembered", "f3", "new"),
    Command(
        "turn.retry",
        "Send again",
        "Send the last message once more; asks first where it called something",
        slash="retry",
    ),
    Command("turn.edit", "Edit and send again", "Put the last message back into the prompt", slash="edit"),
    Command(
        "copy",
        "Copy",
        "Copy the last answer, or its code, the session's id, the memory's",
        "f8",
        "copy",
        "[code|session|memory]",
    ),
    Command("turn.trace", "Trace", "Show the steps of the last turn: what, how long, with what", "ctrl+t", "trace"),
    Command("session.attributes", "Attributes", "Set the attributes that go with the turns", slash="attributes"),
    Command("user.choose", "Users", "Talk with another memory, or name one", "f9", "user", "[ID [NAME]]"),
    Command("screen.stage", "Stage", "More space and shorter ids, for an audience; again goes back", slash="stage"),
    Command(
        "chat.find",
        "Find",
        "Find words in this conversation, from its end back; alone it goes on to the place before",
        slash="find",
        takes="[WORDS]",
    ),
    Command("memory.look", "Look for memories", "Poll the agent's memory now", "f5", "look"),
    Command(
        "memory.filter",
        "Filter memories",
        "Show only memories with these words; alone it shows all",
        slash="memory",
        takes="[WORDS]",
    ),
    Command("memory.pause", "Pause or resume looking", "Stop polling the memory; again goes on", slash="pause"),
    Command(
        "memory.history",
        "What changed",
        "Every change of this memory that was seen, also of what was forgotten",
        slash="history",
    ),
    Command(
        "memory.why",
        "Why not recalled",
        "Where recall of something ended: never stored, not in the prompt, or not used",
        slash="why",
        takes="WORDS",
    ),
    Command("session.resume", "Resume", "Go on with a session that nobody has ended", slash="resume"),
    Command(
        "twin",
        "Twin",
        "Ask the last message, or this, with this memory and with an empty one, side by side",
        slash="twin",
        takes="[QUESTION]",
    ),
    Command("turn.note", "Note", "Keep a note on the last turn", slash="note", takes="WORDS"),
    Command(
        "turn.fact",
        "Mark a fact",
        "Mark words of the last message that the memory has to keep; alone it takes its facts",
        slash="fact",
        takes="[WORDS]",
    ),
    Command(
        "turn.expect",
        "Mark an expectation",
        "Mark words that the last answer has to have; alone it takes its facts",
        slash="expect",
        takes="[WORDS]",
    ),
    Command(
        "recall.save",
        "Save as recall check",
        "Save the sessions held here as a check that travel-tui recall run runs",
        slash="save",
        takes="[NAME]",
    ),
    Command(
        "sessions.past",
        "Past sessions",
        "Read an earlier session; with words, find them in all of them",
        slash="past",
        takes="[WORDS]",
    ),
    Command(
        "export",
        "Take along",
        "Write conversation, memory, traces and picture to a folder",
        slash="export",
        takes="[FOLDER] [--redact]",
    ),
    Command("open", "Open evidence", "Read what /export wrote to a folder", slash="open", takes="FOLDER"),
    Command("memory.forget", "Forget everything", "Delete all of this memory, after a question", slash="forget"),
)


def named(slash: str) -> Command | None:
    """The command of that name after the slash."""
    return next((each for each in COMMANDS if each.slash == slash), None)


def like(slash: str) -> list[str]:
    """Names that begin like `slash`; where none does, those that look like it."""
    names = sorted(each.slash for each in COMMANDS if each.slash)
    return [name for name in names if name.startswith(slash)] or get_close_matches(slash, names)


def bindings() -> Iterator[Binding]:
    """The keys of all commands that have one."""
    for each in COMMANDS:
        if each.key:
            yield Binding(each.key, f"command('{each.id}')", each.title.lower(), id=each.id)


def key_names() -> dict[str, tuple[str, str]]:
    """All keys that a config can change, by name: the usual keys, and what they do."""
    from travel_tui.tui.app import TravelApp
    from travel_tui.tui.screens.evidence import EvidenceScreen
    from travel_tui.tui.screens.main import MainScreen
    from travel_tui.tui.screens.reader import Reader
    from travel_tui.tui.screens.trace import TraceScreen
    from travel_tui.tui.screens.twin import Twin
    from travel_tui.tui.widgets.head import Head
    from travel_tui.tui.widgets.memory_line import MemoryLine
    from travel_tui.tui.widgets.prompt import Prompt
    from travel_tui.tui.widgets.session_panel import IdLine
    from travel_tui.tui.widgets.summary_card import SummaryCard
    from travel_tui.tui.widgets.tool_line import ToolLine

    found = {each.id: (each.key, each.title.lower()) for each in COMMANDS}
    places = (TravelApp, MainScreen, Prompt, Head, ToolLine, MemoryLine, IdLine, SummaryCard)
    for place in (*places, TraceScreen, Twin, EvidenceScreen, Reader):
        for binding in place.BINDINGS:
            if isinstance(binding, Binding) and binding.id:
                found.setdefault(binding.id, (binding.key, binding.description))
    return found


def shown_key(name: str, keys: Mapping[str, str], usual: str = "") -> str:
    """How the first key of a command or a binding is written; `keys` are those that the person wants instead."""
    usual = usual or next((each.key for each in COMMANDS if each.id == name), "")
    return written(keys.get(name, usual).split(",")[0])


def written(key: str) -> str:
    """A key as the screen names it."""
    short = {"escape": "esc", "slash": "/", "pageup": "pgup", "pagedown": "pgdn"}
    return key.upper() if re.fullmatch(r"f\d+", key) else short.get(key, key.replace("ctrl+", "^"))
