"""What goes wrong is said on the screen, with what to do; the text is kept and the next turn works."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.endpoint import running_endpoint
from tests.fakes import REFUSED, FakeAgent, answer
from tests.tui.client import CLOCK, Person, client, sitting_at
from travel_tui.archive import Archive
from travel_tui.cli.chat import setting
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.tui.app import TravelApp
from travel_tui.tui.widgets.prompt import Prompt

TRAVEL = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", memory_id="anna")


def real(config: AgentConfig) -> TravelApp:
    """The client on a configured agent, as `travel-tui chat` opens it, with an archive in memory."""
    return TravelApp(setting(config, CLOCK, Ids(7), None))


def aside(folder: Path) -> list[Path]:
    """Archives that were set aside."""
    return list(folder.glob("archive.sqlite3.damaged-*"))


def prompt(person: Person) -> str:
    return person.main.query_one(Prompt).text


async def test_no_endpoint() -> None:
    async with sitting_at(real(replace(TRAVEL, endpoint_url="http://127.0.0.1:9"))) as anna:
        await anna.say("Hello [there]")
        await anna.sees("failed", "127.0.0.1:9", "→", "enter send")
        assert prompt(anna) == "Hello [there]"


async def test_an_unknown_agent() -> None:
    with running_endpoint() as endpoint:
        async with sitting_at(real(replace(TRAVEL, agent_id="NOSUCHAGNT", endpoint_url=endpoint.url))) as anna:
            await anna.say("Hello")
            await anna.sees("failed", "NOSUCHAGNT", "→", "enter send")
            assert prompt(anna) == "Hello"


async def test_no_credentials() -> None:
    async with sitting_at(real(TRAVEL)) as anna:
        await anna.say("Hello")
        await anna.sees("failed", "credentials", "aws ", "enter send")
        assert prompt(anna) == "Hello"


async def test_credentials_that_the_service_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXPIRED")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "expired")
    with running_endpoint(require_key=True) as endpoint:
        async with sitting_at(real(replace(TRAVEL, endpoint_url=endpoint.url))) as anna:
            await anna.say("Hello")
            await anna.sees("failed", "redentials", "→", "enter send")
            assert prompt(anna) == "Hello"


async def test_a_profile_that_does_not_exist() -> None:
    async with sitting_at(real(replace(TRAVEL, profile="nobody"))) as anna:
        await anna.say("Hello")
        await anna.sees("failed", "nobody", "→")


async def test_a_megabyte_is_sent_whole_and_shown_in_part() -> None:
    with running_endpoint() as endpoint:
        async with sitting_at(real(replace(TRAVEL, endpoint_url=endpoint.url))) as anna:
            await anna.say("[x] \x1b[31m" * 120_000)
            await anna.sees("more characters were sent", "enter send")
            await anna.sees("1 turn")
            await anna.say("Hello")
            await anna.sees("2 turns", "enter send")


async def test_brackets_and_escape_sequences_are_shown_as_they_are() -> None:
    text = "[bold]a[/] \x1b]0;title\x07 $text {x}"
    agent = FakeAgent([answer("[red]b[/red] \x1b[2J `[c]`")])
    async with sitting_at(client(agent)) as anna:
        await anna.say(text)
        await anna.sees("[bold]a[/] ␛]0;title␇ $text {x}", "[red]b[/red] ␛[2J [c]")
        assert agent.requests[0].text == text
        assert "\x1b" not in anna.text()


async def test_a_refusal_to_end_leaves_the_session_open() -> None:
    agent = FakeAgent()
    async with sitting_at(client(agent)) as anna:
        await anna.say("Hello")
        await anna.sees("1 turn", "enter send")
        agent.failing = REFUSED
        await anna.press("f2")
        await anna.sees("You may not do this.", "→ Ask for access.")
        agent.failing = None
        await anna.press("f2")
        await anna.sees("Summarising the session that ended")


async def test_a_memory_that_cannot_be_read_says_why() -> None:
    async with sitting_at(client(FakeAgent(failing=REFUSED))) as anna:
        await anna.sees("You may not do this. AccessDeniedException: no.")


async def test_a_damaged_archive_is_set_aside_and_said(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    archive.write_bytes(b"not a database" * 1000)
    async with sitting_at(client(FakeAgent(), archive=archive)) as anna:
        await anna.sees("damaged")
        await anna.say("Hello")
        await anna.sees("You said: Hello")
    assert aside(tmp_path)


async def test_a_locked_archive_keeps_the_text_and_takes_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travel_tui.archive.file.BUSY_S", 0.05)
    path = tmp_path / "archive.sqlite3"
    Archive(path, CLOCK).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        agent = FakeAgent()
        async with sitting_at(client(agent, archive=path)) as anna:
            await anna.say("Hello")
            await anna.sees("failed", "archive", "enter send")
            assert prompt(anna) == "Hello"
            assert agent.requests == []
            other.execute("ROLLBACK")
            await anna.press("enter")
            await anna.sees("You said: Hello")
