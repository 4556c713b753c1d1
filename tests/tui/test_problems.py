"""What goes wrong is said on the screen, with what to do; the text is kept and the next turn works."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.endpoint import running_endpoint
from tests.fakes import REFUSED, FakeAgent, answer, summary
from tests.tui.client import CLOCK, PilotUser, client, running_client
from travel_tui.agent import ErrorKind, MemoryRecord, Problem
from travel_tui.archive import Archive
from travel_tui.cli.app_context import app_context
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.screenshots.scene import client_for
from travel_tui.tui.app import TravelApp
from travel_tui.tui.widgets.prompt import Prompt

TRAVEL = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", memory_id="anna")


def real(config: AgentConfig) -> TravelApp:
    """The client on a configured agent, as `travel-tui chat` opens it, with an archive in memory."""
    return TravelApp(app_context(config, CLOCK, Ids(7), None))


def aside(folder: Path) -> list[Path]:
    """Archives that were set aside."""
    return list(folder.glob("archive.sqlite3.damaged-*"))


def prompt(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


async def test_a_full_disk_is_told_once_per_turn(tmp_path: Path) -> None:
    def full() -> Archive:
        archive = Archive(tmp_path / "archive.sqlite3", CLOCK)
        with archive.exclusive() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return archive

    agent = FakeAgent([answer("A long answer. " * 10_000), answer("There.")])
    async with running_client(client_for(agent, full, clock=CLOCK)) as user:
        await user.say("Hello")
        await user.sees("The latest changes are not on disk yet", "is full", "enter send")
        await user.say("Are you there?")
        await user.sees("Nothing was sent, because it could not be kept.", "enter send")
        await user.settled()
        turn = " ".join(user.text().partition("Nothing was sent")[2].split())
        assert turn.count("is full") == 1
        assert "the next turn retries" not in turn
        assert prompt(user) == "Are you there?"
        assert len(agent.requests) == 1


async def test_no_endpoint() -> None:
    async with running_client(real(replace(TRAVEL, endpoint_url="http://127.0.0.1:9"))) as user:
        await user.say("Hello [there]")
        await user.sees("failed", "127.0.0.1:9", "→", "enter send")
        assert prompt(user) == "Hello [there]"


async def test_an_unknown_agent() -> None:
    with running_endpoint() as endpoint:
        async with running_client(real(replace(TRAVEL, agent_id="NOSUCHAGNT", endpoint_url=endpoint.url))) as user:
            await user.say("Hello")
            await user.sees("failed", "NOSUCHAGNT", "→", "enter send")
            assert prompt(user) == "Hello"


async def test_no_credentials() -> None:
    async with running_client(real(TRAVEL)) as user:
        await user.say("Hello")
        await user.sees("failed", "credentials", "aws ", "enter send")
        assert prompt(user) == "Hello"


async def test_credentials_that_the_service_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXPIRED")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "expired")
    with running_endpoint(require_key=True) as endpoint:
        async with running_client(real(replace(TRAVEL, endpoint_url=endpoint.url))) as user:
            await user.say("Hello")
            await user.sees("failed", "redentials", "→", "enter send")
            assert prompt(user) == "Hello"


async def test_a_profile_that_does_not_exist() -> None:
    async with running_client(real(replace(TRAVEL, profile="nobody"))) as user:
        await user.say("Hello")
        await user.sees("failed", "nobody", "→")


async def test_a_megabyte_is_sent_whole_and_shown_in_part() -> None:
    with running_endpoint() as endpoint:
        async with running_client(real(replace(TRAVEL, endpoint_url=endpoint.url))) as user:
            await user.say("[x] \x1b[31m" * 120_000)
            await user.sees("more characters were sent", "enter send")
            await user.sees("1 turn")
            await user.say("Hello")
            await user.sees("2 turns", "enter send")


async def test_brackets_and_escape_sequences_are_shown_as_they_are() -> None:
    text = "[bold]a[/] \x1b]0;title\x07 $text {x}"
    agent = FakeAgent([answer("[red]b[/red] \x1b[2J `[c]`")])
    async with running_client(client(agent)) as user:
        await user.say(text)
        await user.sees("[bold]a[/] ␛]0;title␇ $text {x}", "[red]b[/red] ␛[2J [c]")
        assert agent.requests[0].text == text
        assert "\x1b" not in user.text()


async def test_a_refusal_to_end_leaves_the_session_open() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("Hello")
        await user.sees("1 turn", "enter send")
        agent.failing = REFUSED
        await user.press("f2")
        await user.sees("Access denied.", "→ Ask for access.")
        agent.failing = None
        await user.press("f2")
        await user.sees("Summarising the last session")


async def test_a_throttled_look_says_that_it_is_retried() -> None:
    throttled = Problem(ErrorKind.THROTTLED, "Throttled.", "Rate exceeded.", "Wait a moment.")
    async with running_client(client(FakeAgent(failing=throttled))) as user:
        shown = await user.sees("Throttled. Rate exceeded.", "Retrying automatically")
        assert "Wait a moment" not in shown
        await user.say("/pause")
        await user.sees("paused", "Wait a moment.")


class BrokenAgent(FakeAgent):
    """An agent whose memory cannot be listed, because of a mistake in the program."""

    mistake: Exception | None = ValueError("no such [kind]")

    async def list_memories(self, memory_id: str) -> list[MemoryRecord]:
        if self.mistake:
            raise self.mistake
        return await super().list_memories(memory_id)


async def test_a_mistake_while_polling_is_told_and_polling_can_be_tried_again() -> None:
    agent = BrokenAgent(stored=[summary("one", "Anna likes trains.")])
    async with running_client(client(agent)) as user:
        await user.sees(
            "The memory could not be read, so polling is paused.", "ValueError: no such [kind]", "F5", "paused"
        )
        agent.mistake = None
        await user.press("f5")
        await user.sees("Anna likes trains.")


async def test_a_memory_that_cannot_be_read_says_why() -> None:
    async with running_client(client(FakeAgent(failing=REFUSED))) as user:
        await user.sees("Access denied. AccessDeniedException: no.")


async def test_a_damaged_archive_is_set_aside_and_said(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    archive.write_bytes(b"not a database" * 1000)
    async with running_client(client(FakeAgent(), archive=archive)) as user:
        await user.sees("damaged")
        await user.say("Hello")
        await user.sees("You said: Hello")
    assert aside(tmp_path)


async def test_an_archive_that_cannot_be_opened_leaves_no_panel_loading_and_f5_tries_again(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.write_text("a file where the folder should be")
    async with running_client(client(FakeAgent(), archive=folder / "archive.sqlite3")) as user:
        await user.sees("cannot be opened", "Not loaded: the archive cannot be opened. F5 tries again.")
        await user.sees_no("Loading")
        folder.unlink()
        await user.press("f5")
        await user.sees("No memories yet")
        await user.sees_no("Not loaded")


async def test_a_locked_archive_keeps_the_text_and_takes_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travel_tui.archive.file.BUSY_S", 0.05)
    path = tmp_path / "archive.sqlite3"
    Archive(path, CLOCK).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        agent = FakeAgent()
        async with running_client(client(agent, archive=path)) as user:
            await user.say("Hello")
            await user.sees("failed", "archive", "enter send")
            assert prompt(user) == "Hello"
            assert agent.requests == []
            other.execute("ROLLBACK")
            await user.press("enter")
            await user.sees("You said: Hello")
