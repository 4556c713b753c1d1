"""Cancelling a turn: at once, in every phase, and without harm to the next."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from pathlib import Path

import pytest
from botocore.eventstream import EventStream
from urllib3 import HTTPResponse

from tests.bedrock_agents.test_faults import REQUEST, agent_at, text_of, turn
from tests.bedrock_agents.wire import END, PATIENCE_S, chunk, head, said, whole, wire
from travel_tui.agent import TextDelta, TurnCompleted, TurnEvent
from travel_tui.backends.shared.event_frames import body_of
from travel_tui.backends.shared.threads import ROOM, stream_from_thread


async def is_set(flag: threading.Event) -> bool:
    """Whether the flag is set before the wire's patience ends."""
    return await asyncio.to_thread(flag.wait, PATIENCE_S / 2)


async def cancelled_after_first_piece(events: AsyncGenerator[TurnEvent, None]) -> TurnEvent:
    async with aclosing(events):
        return await anext(events)


async def test_cancelling_mid_answer_returns_while_the_server_is_silent_and_hangs_up() -> None:
    silence = threading.Event()
    with wire([head(), chunk(said("Hi")), silence, END], whole(said("Next"))) as server:
        agent = agent_at(server)
        assert await cancelled_after_first_piece(agent.invoke(REQUEST)) == TextDelta("Hi")
        assert await is_set(server.gone)
        assert text_of(await turn(agent)) == "Next"


async def test_cancelling_works_over_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setattr("botocore.httpsession.get_cert_path", lambda _: str(certificate))
    with wire([head(), chunk(said("Hi")), threading.Event(), END], whole(said("Next")), tls=context) as server:
        agent = agent_at(server)
        assert await cancelled_after_first_piece(agent.invoke(REQUEST)) == TextDelta("Hi")
        assert await is_set(server.gone)
        assert text_of(await turn(agent)) == "Next"


async def test_cancelling_before_the_head_returns_at_once_and_drops_the_late_answer() -> None:
    late = threading.Event()
    with wire([late, *whole(said("Too late"))], whole(said("Next"))) as server:
        agent = agent_at(server)
        reading = asyncio.create_task(turn(agent))
        assert await asyncio.to_thread(server.asked.wait, PATIENCE_S)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert not late.is_set()  # returned although the server had not answered
        late.set()
        assert text_of(await turn(agent)) == "Next"


async def test_what_cancelling_needs_of_botocore_and_urllib3_is_there() -> None:
    with wire(whole(said("Hi"))) as server:
        clients = agent_at(server)._clients
        stream = await asyncio.to_thread(
            lambda: clients.turns.invoke_agent(
                agentId="TRAVELDEMO", agentAliasId="TSTALIASID", sessionId="session-1", inputText="Hi"
            )["completion"]
        )
        assert isinstance(stream, EventStream)
        assert isinstance(body_of(stream), HTTPResponse)
        body_of(stream).shutdown()
        stream.close()


async def test_a_slow_reader_holds_the_thread_back() -> None:
    made = 0
    ahead = threading.Event()

    def source() -> Generator[int, None, None]:
        nonlocal made
        while True:
            made += 1
            if made > ROOM:
                ahead.set()
            yield made

    async with aclosing(stream_from_thread(source(), lambda: None)) as numbers:
        assert await anext(numbers) == 1
        assert await is_set(ahead)
        for expected in range(2, 3 * ROOM):
            assert await anext(numbers) == expected
            assert made <= expected + ROOM + 1


async def test_a_source_that_fails_hands_over_what_it_made_first() -> None:
    def source() -> Generator[str, None, None]:
        yield "one"
        raise ValueError("broken")

    async with aclosing(stream_from_thread(source(), lambda: None)) as items:
        assert await anext(items) == "one"
        with pytest.raises(ValueError, match="broken"):
            await anext(items)


async def test_an_answer_that_ended_by_itself_can_be_closed_again() -> None:
    with wire(whole(said("Hi"))) as server:
        async with aclosing(agent_at(server).invoke(REQUEST)) as events:
            received = [event async for event in events]
    assert received == [TextDelta("Hi"), TurnCompleted()]
