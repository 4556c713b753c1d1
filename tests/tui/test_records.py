"""Notes, marks, past sessions, and what one takes along."""

from __future__ import annotations

import hashlib
import json
import resource
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import NARROW, PilotUser, client, sitting_at
from travel_tui.recall.parser import read_file
from travel_tui.tui.screens.evidence import ReadOnlyCard
from travel_tui.tui.widgets.chat.turn_header import TurnHeader


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the client was started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def turn(person: PilotUser, text: str, said: str = "") -> None:
    await person.say(text)
    await person.sees(said or f"You said: {text}", "enter send")


async def test_a_note_stands_under_its_turn_and_in_what_is_read_later(folder: Path) -> None:
    archive = folder / "archive.sqlite3"
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await anna.say("/note too early")
        await anna.sees("No message sent yet.")
        await turn(anna, "I live in Oslo.")
        await anna.say("/note [b]she[/b] moved twice")
        await anna.sees("✎ note [b]she[/b] moved twice")
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await anna.say("/past")
        await anna.sees("Sessions of anna", "1 turn open I live in Oslo.")
        await anna.press("enter")
        await anna.sees("> I live in Oslo.", "- note: [b]she[/b] moved twice")


async def test_past_turns_are_found_by_words_of_question_answer_and_note(folder: Path) -> None:
    agent = FakeAgent([answer("Zürich is 100% fine."), answer("Yes."), answer("No.")])
    async with sitting_at(client(agent, archive=folder / "archive.sqlite3")) as anna:
        await turn(anna, "Where shall I go?", "Zürich is 100% fine.")
        await turn(anna, "By train?", "Yes.")
        await anna.say("/note slept badly")
        for words, found in (
            ("zürich IS 100%", "Agent: Zürich is 100% fine."),
            ("BADLY", "note: slept badly"),
            ("train", "You: By train?"),
        ):
            await anna.say(f"/past {words}")
            await anna.sees(f"“{words}” in 1 turn of anna", found)
            assert words.casefold() in [
                segment.text.casefold()
                for strip in anna.strips()
                for segment in strip
                if segment.style and segment.style.reverse
            ]
            await anna.press("escape")
            await anna.sees_no("in 1 turn of anna")
        await anna.say("/past TextDelta")
        await anna.sees("No matches for “TextDelta”.")


async def test_a_marked_conversation_is_saved_as_a_check_that_can_be_read(folder: Path) -> None:
    agent = FakeAgent([answer("Nice."), answer("In Oslo, booking 12ab34cd."), answer("Done.")], summarise=True)
    async with sitting_at(client(agent, archive=folder / "archive.sqlite3")) as anna:
        await turn(anna, "I live in Oslo {{really}}.", "Nice.")
        await anna.say("/fact")
        await anna.sees("✎ fact Oslo")
        await anna.press("f2")
        await anna.sees("stored after")
        await anna.press("f3")
        await anna.sees("No messages yet")
        await turn(anna, "Where do I live?", "booking 12ab34cd")
        await anna.say("/expect Oslo")
        await anna.sees("✎ expect Oslo")
        await turn(anna, "Cancel 12ab34cd", "Done.")
        await anna.say("/save moved")
        await anna.sees("Saved. Run it with")
        await anna.say("/save moved")
        await anna.sees("moved.yaml already exists")
    named = (folder / "moved.yaml").read_text().splitlines()[0].partition("$schema=")[2]
    assert "$schema" in json.loads((folder / named).read_text())
    (test,) = read_file(folder / "moved.yaml").tests
    first, second = test.sessions
    assert (first.turns[0].user, first.end_session) == ("I live in Oslo {{open_braces}}really}}.", True)
    assert second.wait_memory == 300
    assert [each.assertion.value for each in second.memory_assert] == ["Oslo"]
    assert [each.value for each in second.turns[0].asserts] == ["Oslo"]
    assert list(second.turns[0].save) == ["id_1"]
    assert second.turns[1].user == "Cancel {{id_1}}"


async def test_what_is_taken_along_is_whole_and_its_hashes_hold(folder: Path) -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent, archive=folder / "archive.sqlite3")) as anna:
        await anna.sees("Anna lives in Oslo.")
        await turn(anna, "Where do I live?")
        await anna.say("/note look here")
        await anna.sees("✎ note look here")
        await anna.say("/export evidence")
        await anna.sees("Written to evidence")
        await anna.say("/export evidence")
        await anna.sees("evidence already exists")
    manifest = json.loads((folder / "evidence/manifest.json").read_text())
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((folder / "evidence" / name).read_bytes()).hexdigest() == digest
    assert {file.name for file in (folder / "evidence").iterdir()} == {"manifest.json", *manifest["sha256"]}
    (session,) = json.loads((folder / "evidence/conversation.json").read_text())
    assert session["turns"][0]["notes"] == [{"kind": "note", "text": "look here"}]
    assert "Oslo" in (folder / "evidence/memory-after.json").read_text()
    assert "<svg" in (folder / "evidence/screen.svg").read_text()


async def test_an_export_that_failed_leaves_nothing_and_works_once_there_is_room(folder: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with sitting_at(client(FakeAgent())) as anna:
        await turn(anna, "Where do I live?")
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))  # less than the picture
        try:
            await anna.say("/export evidence")
            await anna.sees("evidence/screen.svg cannot be written: File too large.")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not (folder / "evidence").exists()
        await anna.press("enter")  # the command is in the prompt again
        await anna.sees("Written to evidence")


async def test_what_was_taken_along_opens_again_and_tells_what_was_changed(folder: Path) -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent, archive=folder / "archive.sqlite3")) as anna:
        await turn(anna, "Where do I live?")
        await anna.say("/note look here")
        await anna.sees("✎ note look here")
        await anna.say("/export evidence")
        await anna.sees("Written to evidence")
        await anna.say("/open evidence")
        await anna.sees("Evidence in evidence", "read-only", "All hashes verified.", "Where do I live?")
        await anna.sees("You said: Where do I live?", "✎ note look here", "1 session, 1 turn")
        await anna.sees("Memory before Nothing. Memory after", "Anna lives in Oslo.")
        anna.app.screen.query_one(ReadOnlyCard).focus()
        await anna.press("delete", "r")
        await anna.sees("Session session-one", '"session_id": "session-one"')
        assert agent.forgotten == []
        await anna.press("escape")
        await anna.sees("Memory before Nothing.")
        anna.app.screen.query_one(TurnHeader).focus()
        await anna.press("enter")
        await anna.sees("Trace of “Where do I live?”")
        await anna.press("escape")
        await anna.sees("Memory before Nothing.")
        await anna.press("escape")
        with (folder / "evidence/conversation.md").open("a") as file:
            file.write("And more.")
        await anna.say("/open evidence")
        await anna.sees("Modified since export: conversation.md")
        await anna.press("escape")
        (folder / "evidence/memory-before.json").unlink()
        (folder / "evidence/screen.svg").unlink()
        await anna.say("/open evidence")
        await anna.sees("Modified since export: conversation.md")
        await anna.sees("Missing since export: memory-before.json, screen.svg", "Where do I live?")
        await anna.sees("Memory before Unknown: memory-before.json is missing. Memory after", "Anna lives in Oslo.")
        await anna.press("escape")
        (folder / "evidence/manifest.json").write_text("[]")
        await anna.say("/open evidence")
        await anna.sees("evidence cannot be read")
        await anna.say("/open nowhere")
        await anna.sees("nowhere/manifest.json")


async def test_what_is_redacted_has_no_id_left(folder: Path) -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with sitting_at(client(agent, archive=folder / "archive.sqlite3"), NARROW) as anna:
        await turn(anna, "I am in session-one of TRAVELDEMO")
        session_id = agent.requests[0].session_id
        await anna.say("/export out --redact")
        await anna.sees("Written to out", "redacted")
    files = [file for file in (folder / "out").iterdir() if file.suffix != ".svg"]
    assert len(files) == 6
    for file in files:
        text = file.read_text()
        assert not [each for each in (session_id, "session-one", "TRAVELDEMO", '"anna"') if each in text], file.name
    assert "I am in id-" in (folder / "out/conversation.md").read_text()
