"""Notes, /past and /save: what the archive keeps of a conversation, read again and saved as a check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, answer
from tests.tui.client import PilotUser, client, running_client
from travel_tui.recall.parser import read_file


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the client was started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def turn(user: PilotUser, text: str, said: str = "") -> None:
    await user.say(text)
    await user.sees(said or f"You said: {text}", "enter send")


async def test_a_note_stands_under_its_turn_and_in_what_is_read_later(folder: Path) -> None:
    archive = folder / "archive.sqlite3"
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.say("/note too early")
        await user.sees("No message sent yet.")
        await turn(user, "I live in Oslo.")
        await user.say("/note [b]she[/b] moved twice")
        await user.sees("✎ note [b]she[/b] moved twice")
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.say("/past")
        await user.sees("Sessions of anna", "1 turn open I live in Oslo.")
        await user.press("enter")
        await user.sees("> I live in Oslo.", "- note: [b]she[/b] moved twice")


async def test_past_turns_are_found_by_words_of_question_answer_and_note(folder: Path) -> None:
    agent = FakeAgent([answer("Zürich is 100% fine."), answer("Yes."), answer("No.")])
    async with running_client(client(agent, archive=folder / "archive.sqlite3")) as user:
        await turn(user, "Where shall I go?", "Zürich is 100% fine.")
        await turn(user, "By train?", "Yes.")
        await user.say("/note slept badly")
        for words, found in (
            ("zürich IS 100%", "Agent: Zürich is 100% fine."),
            ("BADLY", "note: slept badly"),
            ("train", "You: By train?"),
        ):
            await user.say(f"/past {words}")
            await user.sees(f"“{words}” in 1 turn of anna", found)
            assert words.casefold() in [
                segment.text.casefold()
                for strip in user.strips()
                for segment in strip
                if segment.style and segment.style.reverse
            ]
            await user.press("escape")
            await user.sees_no("in 1 turn of anna")
        await user.say("/past TextDelta")
        await user.sees("No matches for “TextDelta”.")


async def test_a_marked_conversation_is_saved_as_a_check_that_can_be_read(folder: Path) -> None:
    agent = FakeAgent([answer("Nice."), answer("In Oslo, booking 12ab34cd."), answer("Done.")], summarise=True)
    async with running_client(client(agent, archive=folder / "archive.sqlite3")) as user:
        await turn(user, "I live in Oslo {{really}}.", "Nice.")
        await user.say("/fact")
        await user.sees("✎ fact Oslo")
        await user.press("f2")
        await user.sees("stored after")
        await user.press("f3")
        await user.sees("No messages yet")
        await turn(user, "Where do I live?", "booking 12ab34cd")
        await user.say("/expect Oslo")
        await user.sees("✎ expect Oslo")
        await turn(user, "Cancel 12ab34cd", "Done.")
        await user.say("/save moved")
        await user.sees("Saved. Run it with")
        await user.say("/save moved")
        await user.sees("moved.yaml already exists")
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
