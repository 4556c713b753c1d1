"""/export and /open: evidence is whole, its hashes hold, and what was changed since is told."""

from __future__ import annotations

import hashlib
import json
import resource
from pathlib import Path

import pytest

from tests.fakes import FakeAgent, summary
from tests.tui.client import NARROW, PilotUser, client, running_client
from travel_tui.tui.screens.evidence import ReadOnlyCard
from travel_tui.tui.widgets.chat.turn_header import TurnHeader


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the client was started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def turn(user: PilotUser, text: str, said: str = "") -> None:
    await user.say(text)
    await user.sees(said or f"You said: {text}", "enter send")


async def test_what_is_taken_along_is_whole_and_its_hashes_hold(folder: Path) -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with running_client(client(agent, archive=folder / "archive.sqlite3")) as user:
        await user.sees("Anna lives in Oslo.")
        await turn(user, "Where do I live?")
        await user.say("/note look here")
        await user.sees("✎ note look here")
        await user.say("/export evidence")
        await user.sees("Written to evidence")
        await user.say("/export evidence")
        await user.sees("evidence already exists")
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
    async with running_client(client(FakeAgent())) as user:
        await turn(user, "Where do I live?")
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))  # less than the picture
        try:
            await user.say("/export evidence")
            await user.sees("evidence/screen.svg cannot be written: File too large.")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not (folder / "evidence").exists()
        await user.press("enter")  # the command is in the prompt again
        await user.sees("Written to evidence")


async def test_what_was_taken_along_opens_again_and_tells_what_was_changed(folder: Path) -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with running_client(client(agent, archive=folder / "archive.sqlite3")) as user:
        await turn(user, "Where do I live?")
        await user.say("/note look here")
        await user.sees("✎ note look here")
        await user.say("/export evidence")
        await user.sees("Written to evidence")
        await user.say("/open evidence")
        await user.sees("Evidence in evidence", "read-only", "All hashes verified.", "Where do I live?")
        await user.sees("You said: Where do I live?", "✎ note look here", "1 session, 1 turn")
        await user.sees("Memory before Nothing. Memory after", "Anna lives in Oslo.")
        user.app.screen.query_one(ReadOnlyCard).focus()
        await user.press("delete", "r")
        await user.sees("Session session-one", '"session_id": "session-one"')
        assert agent.forgotten == []
        await user.press("escape")
        await user.sees("Memory before Nothing.")
        user.app.screen.query_one(TurnHeader).focus()
        await user.press("enter")
        await user.sees("Trace of “Where do I live?”")
        await user.press("escape")
        await user.sees("Memory before Nothing.")
        await user.press("escape")
        with (folder / "evidence/conversation.md").open("a") as file:
            file.write("And more.")
        await user.say("/open evidence")
        await user.sees("Modified since export: conversation.md")
        await user.press("escape")
        (folder / "evidence/memory-before.json").unlink()
        (folder / "evidence/screen.svg").unlink()
        await user.say("/open evidence")
        await user.sees("Modified since export: conversation.md")
        await user.sees("Missing since export: memory-before.json, screen.svg", "Where do I live?")
        await user.sees("Memory before Unknown: memory-before.json is missing. Memory after", "Anna lives in Oslo.")
        await user.press("escape")
        (folder / "evidence/manifest.json").write_text("[]")
        await user.say("/open evidence")
        await user.sees("evidence cannot be read")
        await user.say("/open nowhere")
        await user.sees("nowhere/manifest.json")


async def test_what_is_redacted_has_no_id_left(folder: Path) -> None:
    agent = FakeAgent(stored=[summary("session-one", "Anna lives in Oslo.")])
    async with running_client(client(agent, archive=folder / "archive.sqlite3"), NARROW) as user:
        await turn(user, "I am in session-one of TRAVELDEMO")
        session_id = agent.requests[0].session_id
        await user.say("/export out --redact")
        await user.sees("Written to out", "redacted")
    files = [file for file in (folder / "out").iterdir() if file.suffix != ".svg"]
    assert len(files) == 6
    for file in files:
        text = file.read_text()
        assert not [each for each in (session_id, "session-one", "TRAVELDEMO", '"anna"') if each in text], file.name
    assert "I am in id-" in (folder / "out/conversation.md").read_text()
