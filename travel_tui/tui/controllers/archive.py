"""Controller of the archive commands: past sessions, recall checks, export and import."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual.content import Content

from travel_tui.conversation.service import ConversationService
from travel_tui.text import count, one_line, safe
from travel_tui.tui.commands import by_id
from travel_tui.tui.context import AppContext
from travel_tui.tui.controllers.base import Feedback, report_errors
from travel_tui.tui.controllers.turns import NOTHING_SENT

if TYPE_CHECKING:
    from travel_tui.archive import Archive, NoteKind, Notes
    from travel_tui.evidence.transcript import SessionTranscript

R = TypeVar("R")
SHOWN = 200
"""Most past sessions or matching turns in a list."""
MAX_SEARCHED = 4_000
"""Longest search text in characters.

SQLite limits a pattern to 50,000 bytes, and JSON can need 12 for one character.
"""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class ArchiveController:
    """Runs the archive commands. Each public method starts a worker and returns at once."""

    def __init__(
        self,
        feedback: Feedback,
        context: AppContext,
        service: ConversationService,
        screenshot: Callable[[], str],
    ) -> None:
        """`screenshot` returns an SVG of what the screen shows."""
        self._feedback, self._context, self._service = feedback, context, service
        self._screenshot = screenshot

    def show_past_sessions(self, words: str) -> None:
        """List the past sessions of this memory id, or the turns that contain `words`, and show the chosen session."""
        if len(words) > MAX_SEARCHED:
            self._feedback.refuse("sessions.past", words, f"/past takes at most {MAX_SEARCHED:,} characters.")
        else:
            self._start(self._show_matches(words) if words else self._show_past_sessions(), "sessions.past", words)

    def read_session(self, session_id: str, words: str = "") -> None:
        """Show an archived session as text, with these words highlighted."""
        self._start(self._read(session_id, words), "sessions.past", "")

    def save(self, words: str) -> None:
        """Save the sessions of this run of the client as a recall check; `words` is its name, "recorded" if empty."""
        name = words.removesuffix(".yaml") or "recorded"
        if _NAME.fullmatch(name):
            self._start(self._save(words, name), "recall.save", words)
        else:
            self._feedback.refuse(
                "recall.save",
                words,
                "A check's name may have letters, digits, dots, hyphens and underscores, at most 80 characters.",
            )

    def export(self, words: str) -> None:
        """Write the conversation, memory, traces and a screenshot to a folder; `words` may hold a path and --redact."""
        options = [word for word in words.split() if word.startswith("--")]
        if unknown := [word for word in options if word != "--redact"]:
            why = f"/export has no option {one_line(unknown[0], 40)}. Usage: {by_id('export').usage}."
            self._feedback.refuse("export", words, why)
        else:
            self._start(self._export(words, redacted=bool(options)), "export", words)

    def open(self, words: str) -> None:
        """Open a folder written by /export in the evidence screen."""
        self._start(self._open(words), "open", words)

    def _start(self, work: Coroutine[Any, Any, None], command_id: str, words: str) -> None:
        self._feedback.run_worker(report_errors(self._feedback, work, command_id, words), "records")

    async def _show_past_sessions(self) -> None:
        sessions = await self._in_archive(
            lambda archive: archive.sessions(self._context.agent_key, self._context.memory_id, SHOWN)
        )
        if not sessions:
            self._feedback.notify("No sessions with this memory on this machine yet.")
            return
        from travel_tui.tui.picker_rows import session_row

        rows = [session_row(each, self._context.clock, ended=True) for each in sessions]
        chosen = await self._choose(f"Sessions of {self._memory_label}", rows)
        if chosen >= 0:
            await self._read(sessions[chosen].session_id)

    async def _show_matches(self, words: str) -> None:
        hits = await self._in_notes(lambda notes: notes.search(self._context.memory_id, words, SHOWN))
        if not hits:
            self._feedback.notify(f"No matches for “{one_line(words, 40)}”.")
            return
        from travel_tui.tui.picker_rows import hit_row

        rows = [hit_row(hit, words, self._context.clock) for hit in hits]
        title = f"“{one_line(words, 30)}” in {count(len(hits), 'turn')} of {self._memory_label}"
        if (chosen := await self._choose(title, rows)) >= 0:
            await self._read(hits[chosen].session_id, words)

    async def _read(self, session_id: str, words: str = "") -> None:
        from travel_tui.evidence.transcript import markdown
        from travel_tui.tui.screens.text_viewer import TextViewer

        held = await self._load_transcripts([session_id])
        text = await asyncio.to_thread(markdown, held, self._context.memory_id, self._context.clock)
        shown = Content(text)
        if words:
            wanted = re.compile(re.escape(words), re.I)
            shown = await asyncio.to_thread(shown.highlight_regex, wanted, style="reverse")
        await self._feedback.open_screen(TextViewer(f"Session {one_line(session_id)}", [shown], text, "transcript"))

    async def _save(self, words: str, name: str) -> None:
        from travel_tui.archive import NoteKind
        from travel_tui.paths import write_whole
        from travel_tui.recall import builtin_checks
        from travel_tui.recall.recorder import HeldSession, HeldTurn, recorded

        held = await self._load_transcripts(self._service.session_ids)
        if not any(each.turns for each in held):
            self._feedback.refuse("recall.save", words, NOTHING_SENT)
            return

        def marked(each: SessionTranscript, number: int, kind: NoteKind) -> tuple[str, ...]:
            return tuple(note.text for note in each.notes if note.number == number and note.kind is kind)

        sessions = [
            HeldSession(
                [
                    HeldTurn(
                        turn.text,
                        turn.answer,
                        marked(each, turn.number, NoteKind.FACT),
                        marked(each, turn.number, NoteKind.EXPECT),
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
            self._feedback.fail("recall.save", words, f"{path} already exists.", "Choose another name: /save NAME.")
            return

        def write() -> None:
            write_whole(Path(builtin_checks.SCHEMA), builtin_checks.schema())  # the check names it, for editors
            write_whole(path, recorded(name, sessions))

        await asyncio.to_thread(write)
        self._feedback.show_result(f"Saved. Run it with: travel-tui recall run {path}{self._context.recall_options}")

    async def _export(self, words: str, *, redacted: bool) -> None:
        from travel_tui.evidence.export import EvidenceBundle, folder_for, write

        named = " ".join(word for word in words.split() if word != "--redact")
        folder = folder_for(named, self._context.clock)
        if await asyncio.to_thread(folder.exists):
            what = f"{one_line(str(folder))} already exists."
            self._feedback.fail("export", words, what, "Choose another one: /export FOLDER.")
            return
        held = await self._load_transcripts(self._service.session_ids)
        history = await self._service.history()
        watcher = self._service.watcher
        bundle = EvidenceBundle(
            self._context.memory_id,
            self._context.agent_key,
            self._context.address,
            held,
            history,
            watcher.view.records if watcher else (),
            self._screenshot(),
            await self._in_archive(self._session_ids),
        )
        await asyncio.to_thread(write, folder, bundle, self._context.clock, redacted=redacted)
        what = f"conversation, memory, {'hashes, redacted' if redacted else 'picture, hashes'}"
        self._feedback.show_result(f"Written to {folder}: {what}.", str(folder.absolute()))

    async def _open(self, words: str) -> None:
        from travel_tui.evidence.export import written_path
        from travel_tui.evidence.load import load_evidence
        from travel_tui.tui.screens.evidence import EvidenceScreen

        folder = written_path(words)
        try:
            opened = await asyncio.to_thread(load_evidence, folder)
        except FileNotFoundError as error:
            missing = one_line(str(error.filename))
            why = f"{missing} is missing, so {one_line(str(folder))} is not an export."
            self._feedback.fail("open", words, why)
            return
        except ValueError as error:
            self._feedback.fail("open", words, f"{one_line(str(folder))} cannot be read as an export: {error}")
            return
        await self._feedback.open_screen(EvidenceScreen(folder, opened, self._context.clock))

    async def _load_transcripts(self, session_ids: list[str]) -> list[SessionTranscript]:
        """Return the sessions with these ids, with their turns and notes, in the given order; skip unknown ids."""
        from travel_tui.archive import Notes
        from travel_tui.evidence.transcript import SessionTranscript

        key, memory_id = self._context.agent_key, self._context.memory_id

        def read(archive: Archive) -> list[SessionTranscript]:
            known = {each.session_id: each for each in archive.sessions(key, memory_id)}
            notes = Notes(archive, key).of(memory_id, session_ids)
            return [
                SessionTranscript(
                    known[each], archive.turns(known[each].key), [note for note in notes if note.session_id == each]
                )
                for each in session_ids
                if each in known
            ]

        return await self._in_archive(read)

    def _session_ids(self, archive: Archive) -> list[str]:
        """Return the ids of all sessions with this memory. Called in the archive's thread."""
        context = self._context
        return [each.session_id for each in archive.sessions(context.agent_key, context.memory_id)]

    async def _in_archive(self, call: Callable[[Archive], R]) -> R:
        return await self._service.use_archive(call)

    async def _in_notes(self, call: Callable[[Notes], R]) -> R:
        from travel_tui.archive import Notes

        return await self._in_archive(lambda archive: call(Notes(archive, self._context.agent_key)))

    async def _choose(self, title: str, rows: list[Content]) -> int:
        from travel_tui.tui.screens.picker import ListPicker

        return await self._feedback.ask(ListPicker(title, rows, "enter open · esc close"))

    @property
    def _memory_label(self) -> str:
        return safe(one_line(self._context.memory_id, 40))
