"""What one keeps of conversations: notes and marks on turns, past ones to read and search, what is taken along."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual.content import Content

from travel_tui.tui.room import Room
from travel_tui.tui.talk import trouble_of
from travel_tui.tui.text import count, moment, one_line, safe, short_id
from travel_tui.tui.turns import NOTHING_SENT, Turns

if TYPE_CHECKING:
    from travel_tui.archive import Archive, Kind, Notes, SessionRecord
    from travel_tui.tui.transcript import Held

R = TypeVar("R")
SHOWN = 200
"""Past sessions and found turns that are listed at most."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class Records:
    """The verbs of it; each returns at once."""

    def __init__(self, room: Room, turns: Turns) -> None:
        self._room = room
        self._turns = turns

    def note(self, words: str) -> None:
        """Keep a note on the newest turn."""
        if words:
            self._start(self._note("note", words))
        else:
            self._room.notify("Say what to note: /note WORDS.")

    def fact(self, words: str) -> None:
        """Mark words, or the facts of the newest message, as what the memory has to keep."""
        self._start(self._mark("fact", words))

    def expect(self, words: str) -> None:
        """Mark words, or the facts of the newest answer, as what the answer has to have."""
        self._start(self._mark("expect", words))

    def past(self, words: str) -> None:
        """List the sessions of this memory, or with words the turns that have them, and read one."""
        self._start(self._found(words) if words else self._past())

    def save(self, words: str) -> None:
        """Save the sessions held since the client was opened as a recall check."""
        name = words.removesuffix(".yaml") or "recorded"
        if _NAME.fullmatch(name):
            self._start(self._save(name))
        else:
            self._room.notify("A check's name has letters, digits, dots, hyphens and underscores, at most 80 of them.")

    def export(self, words: str) -> None:
        """Write what was said, remembered and traced, and the screen's picture, to a folder."""
        self._start(self._export(words))

    def open(self, words: str) -> None:
        """Read what /export wrote to a folder."""
        if words:
            self._start(self._open(Path(words).expanduser()))
        else:
            self._room.notify("Say which folder: /open FOLDER.")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._room.start(self._told(work), "records")

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it, and say in the chat where the archive or the disk does not take it."""
        from travel_tui.archive import ArchiveError

        try:
            await work
        except ArchiveError as error:
            self._room.say(trouble_of(error))
        except OSError as error:
            self._room.notify(f"{error.filename or 'The file'} cannot be written: {error.strerror or error}.")

    async def _note(self, kind: str, *texts: str) -> None:
        conversation = self._room.talk.conversation
        if self._turns.last is None or conversation is None or not conversation.turns:
            self._room.notify(NOTHING_SENT)
            return
        from travel_tui.archive import Kind

        now = self._room.setting.clock.now()
        session_id = conversation.session_id
        await self._in_notes(lambda notes: [notes.add(session_id, Kind(kind), text, now) for text in texts])
        self._turns.last[1].note(kind, texts)

    async def _mark(self, kind: str, words: str) -> None:
        if words or self._turns.last is None:
            await self._note(kind, *([words] if words else []))
            return
        from travel_tui.memory.claims import claims

        said, turn = self._turns.last
        today = self._room.setting.clock.now().date()
        found = dict.fromkeys(fact.text for fact in claims(said if kind == "fact" else turn.text, today))
        if found:
            await self._note(kind, *found)
        else:
            self._room.notify(f"No fact was found there. Say the words: /{kind} WORDS.")

    async def _past(self) -> None:
        sessions = await self._in_archive(
            lambda archive: archive.sessions(self._room.setting.agent_key, self._room.setting.memory_id, SHOWN)
        )
        if not sessions:
            self._room.notify("No session with this memory was held from here yet.")
            return
        chosen = await self._choose(f"Sessions of {self._whose}", [self._row(each) for each in sessions])
        if chosen >= 0:
            await self._read(sessions[chosen].session_id)

    async def _found(self, words: str) -> None:
        hits = await self._in_notes(lambda notes: notes.search(self._room.setting.memory_id, words, SHOWN))
        if not hits:
            self._room.notify(f"Nobody said “{one_line(words, 40)}” to this memory from here.")
            return
        rows = [
            Content.assemble(
                (f"{short_id(hit.session_id)}  {self._when(hit.sent_at)}  ", "$foreground-muted"),
                one_line(hit.text, 120),
            )
            for hit in hits
        ]
        title = f"“{one_line(words, 30)}” in {count(len(hits), 'turn')} of {self._whose}"
        if (chosen := await self._choose(title, rows)) >= 0:
            await self._read(hits[chosen].session_id, words)

    async def _read(self, session_id: str, words: str = "") -> None:
        from travel_tui.tui.screens.reader import Reader
        from travel_tui.tui.transcript import markdown

        held = await self._held([session_id])
        text = markdown(held, self._room.setting.memory_id, self._room.setting.clock)
        shown = Content(text)
        if words:
            shown = shown.highlight_regex(re.compile(re.escape(words), re.I), style="reverse")
        await self._room.screen.app.push_screen(Reader(f"Session {one_line(session_id)}", [shown], text))

    async def _save(self, name: str) -> None:
        from travel_tui.archive import Kind
        from travel_tui.paths import write_whole
        from travel_tui.recall.recorder import HeldSession, HeldTurn, recorded

        held = await self._held(self._room.talk.held)
        if not any(each.turns for each in held):
            self._room.notify(NOTHING_SENT)
            return

        def marked(each: Held, number: int, kind: Kind) -> tuple[str, ...]:
            return tuple(note.text for note in each.notes if note.number == number and note.kind is kind)

        sessions = [
            HeldSession(
                [
                    HeldTurn(
                        turn.text,
                        turn.answer,
                        marked(each, turn.number, Kind.FACT),
                        marked(each, turn.number, Kind.EXPECT),
                    )
                    for turn in each.turns
                    if turn.text
                ],
                each.session.ended_at is not None,
            )
            for each in held
            if each.turns
        ]
        path = Path(f"{name}.yaml")
        if await asyncio.to_thread(path.exists):
            self._room.notify(f"{path} is there already. Choose another name: /save NAME.")
            return
        await asyncio.to_thread(write_whole, path, recorded(name, sessions))
        self._room.notify(f"Saved. It runs with: travel-tui recall run {path}")

    async def _export(self, words: str) -> None:
        from travel_tui.tui.bundle import Bundle, folder_for, write

        room = self._room
        asked = words.split()
        redacted = "--redact" in asked
        named = [word for word in asked if word != "--redact"]
        folder = folder_for(" ".join(named), room.setting.clock)
        if await asyncio.to_thread(folder.exists):
            room.notify(f"{folder} is there already. Choose another one: /export FOLDER.")
            return
        held = await self._held(room.talk.held)
        history = await room.talk.history()
        watcher = room.talk.watcher
        bundle = Bundle(
            room.setting.memory_id,
            room.setting.agent_key,
            room.setting.address,
            held,
            history,
            watcher.view.summaries if watcher else (),
            room.screen.app.export_screenshot(title="travel-tui"),
        )
        await asyncio.to_thread(write, folder, bundle, room.setting.clock, redacted=redacted)
        room.notify(f"Written to {folder}: conversation, memory, picture, hashes{', redacted' if redacted else ''}.")

    async def _open(self, folder: Path) -> None:
        from travel_tui.tui.evidence import read
        from travel_tui.tui.screens.evidence import EvidenceScreen

        try:
            opened = await asyncio.to_thread(read, folder)
        except FileNotFoundError as error:
            self._room.notify(f"{error.filename} is not there, so {folder} is nothing that /export wrote.")
            return
        except ValueError as error:
            self._room.notify(f"{folder} cannot be read as what /export wrote: {error}")
            return
        await self._room.screen.app.push_screen(EvidenceScreen(folder, opened, self._room.setting.clock))

    async def _held(self, session_ids: list[str]) -> list[Held]:
        """Sessions with their turns and notes, in the order that is asked for."""
        from travel_tui.archive import Notes
        from travel_tui.tui.transcript import Held

        key = self._room.setting.agent_key

        def read(archive: Archive) -> list[Held]:
            known = {each.session_id: each for each in archive.sessions(key)}
            notes = Notes(archive, key).of(session_ids)
            return [
                Held(known[each], archive.turns(each), [note for note in notes if note.session_id == each])
                for each in session_ids
                if each in known
            ]

        return await self._in_archive(read)

    async def _in_archive(self, call: Callable[[Archive], R]) -> R:
        return await self._room.talk.with_archive(call)

    async def _in_notes(self, call: Callable[[Notes], R]) -> R:
        from travel_tui.archive import Notes

        return await self._in_archive(lambda archive: call(Notes(archive, self._room.setting.agent_key)))

    async def _choose(self, title: str, rows: list[Content]) -> int:
        from travel_tui.tui.screens.past import Past

        return await self._room.screen.app.push_screen_wait(Past(title, rows, "enter reads it, esc leaves"))

    def _row(self, session: SessionRecord) -> Content:
        ended = "" if session.ended_at else "  open"
        return Content.assemble(
            (short_id(session.session_id), "bold"),
            (f"  {self._when(session.opened_at)}  {count(session.turns, 'turn')}{ended}", "$foreground-muted"),
        )

    def _when(self, at: Any) -> str:
        clock = self._room.setting.clock
        return moment(clock.shown(at), clock.shown(clock.now()))

    @property
    def _whose(self) -> str:
        return safe(one_line(self._room.setting.memory_id, 40))
