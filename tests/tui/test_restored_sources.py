"""Restored answers: they are shown at once, and their sources when these are found, where the reader is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import CLOCK, PilotUser, client, running_client
from travel_tui.agent import MemoryInjected, TurnEvent
from travel_tui.evidence.load import load_evidence
from travel_tui.tui.screens.evidence import EvidenceScreen
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.chat.chat import Chat
from travel_tui.tui.widgets.chat.memory_line import PENDING, MemoryLine
from travel_tui.tui.widgets.memory.summary_card import SummaryCard

OSLO = summary("session-oslo", "Anna lives in Oslo.")
CITIES = ", ".join(("Oslo", "Rome", "Paris", "Lisbon", "Madrid", "Vienna", "Prague", "Dublin"))


def recalling(said: str) -> tuple[TurnEvent, ...]:
    return (MemoryInjected(OSLO.text), *answer(said))


@asynccontextmanager
async def threads_taken() -> AsyncIterator[Event]:
    """Occupy the only thread for long work, until the event is set."""
    free = Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    taken = loop.run_in_executor(None, free.wait)
    try:
        yield free
    finally:
        free.set()
        await taken


async def archived(path: Path, *answers: str, said: str = "Where do I live") -> None:
    """Have a conversation with these answers."""
    async with running_client(
        client(FakeAgent([recalling(each) for each in answers], stored=[OSLO]), archive=path)
    ) as user:
        await user.sees(OSLO.text)
        for number in range(1, len(answers) + 1):
            await user.say(f"{said}, {number}?")
            await user.until(partial(explained, user, number), "the answer and its sources")


def explained(user: PilotUser, number: int) -> bool:
    """Whether the newest answer is the one of this number, and its sources are known."""
    turns = [each.turn_state for each in user.main.query(AgentTurn)]
    return bool(turns) and turns[-1].asked.endswith(f" {number}?") and turns[-1].use is not None


async def resume(user: PilotUser) -> None:
    """Resume the only open session."""
    await user.sees(OSLO.text)
    await user.say("/resume")
    await user.sees("Resume which session?")
    await user.press("enter")


async def test_a_resumed_session_is_there_before_its_sources_and_goes_on_meanwhile(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    await archived(archive, "You live in Oslo.")
    async with running_client(client(FakeAgent([answer("Hello.")], stored=[OSLO]), archive=archive, seed=8)) as user:
        await user.sees(OSLO.text)
        async with threads_taken() as free:
            await resume(user)
            await user.sees("You live in Oslo.", f"▸ memory in prompt · {PENDING}", "1 turn")
            user.main.query_one(MemoryLine).focus()
            await user.press("enter")
            await user.sees(f"▾ memory in prompt · {PENDING}")
            free.set()
            await user.sees("You live in Oslo◆.", "▾ 1 memory in prompt · ◆ 1 from memory", "› ◆", "the prompt")
            await user.sees_no(PENDING)


@pytest.mark.slow
async def test_sources_that_come_late_do_not_move_what_is_read(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    await archived(archive, *[f"{f'You named {CITIES}. ' * 6}\n\nThat is all."] * 6, said=f"I like {CITIES}")
    for scrolled_back in (True, False):
        async with running_client(client(FakeAgent(stored=[OSLO]), archive=archive, seed=8)) as user:
            await user.sees(OSLO.text)
            async with threads_taken() as free:
                await resume(user)
                await user.sees("That is all.", PENDING)
                chat = user.main.query_one(Chat)
                if scrolled_back:
                    await user.press("pageup")
                await user.settled()
                height = chat.virtual_size.height
                items = [each for each in chat.shown if each.region.y >= chat.region.y]
                item = items[0] if scrolled_back else items[-1].query_one(MemoryLine)
                assert chat.region.contains_region(item.region) or scrolled_back
                place = item.region.y
                free.set()
                await user.sees_no(PENDING)
                await user.settled()
                assert chat.virtual_size.height > height
                assert item.region.y == place


@pytest.mark.slow
async def test_the_way_from_a_card_to_its_answer_waits_for_the_sources(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    await archived(archive, "You live in Oslo.", *["Certainly!"] * 12)
    async with running_client(client(FakeAgent(stored=[OSLO]), archive=archive, seed=8)) as user:
        await user.sees(OSLO.text)
        async with threads_taken() as free:
            await resume(user)
            await user.sees("Certainly!", PENDING)
            user.main.query_one(SummaryCard).focus()
            await user.press("a")
            free.set()
            await user.sees("You live in Oslo◆.", "› ◆")


async def test_opened_evidence_is_there_before_its_sources(tmp_path: Path) -> None:
    async with running_client(client(FakeAgent([recalling("You live in Oslo.")], stored=[OSLO]))) as user:
        await user.sees(OSLO.text)
        await user.say("Where do I live?")
        await user.sees("You live in Oslo◆.", "enter send")
        await user.say(f"/export {tmp_path / 'taken'}")
        await user.sees("Written to")
        async with threads_taken() as free:
            evidence = load_evidence(tmp_path / "taken")
            await user.app.push_screen(EvidenceScreen(tmp_path / "taken", evidence, CLOCK))
            await user.sees("read-only", "You live in Oslo.", f"▸ memory in prompt · {PENDING}")
            free.set()
            await user.sees("You live in Oslo◆.", "▸ 1 memory in prompt · ◆ 1 from memory")
