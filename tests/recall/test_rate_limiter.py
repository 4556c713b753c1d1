"""Calls of recall checks begin in their order, and no faster than the rate allows."""

from __future__ import annotations

import asyncio

import pytest

from travel_tui.recall.rate_limiter import RateLimiter


async def test_calls_begin_in_their_order_and_no_sooner_than_the_rate_allows() -> None:
    loop = asyncio.get_running_loop()
    pace, began = RateLimiter(200), list[tuple[int, float]]()

    async def call(number: int) -> None:
        await pace.turn()
        began.append((number, loop.time()))

    start = loop.time()
    await asyncio.gather(*(call(number) for number in range(20)))
    assert [number for number, _ in began] == list(range(20))
    assert all(at - start >= number / 200 - 0.001 for number, at in began)


def test_without_a_rate_nothing_waits() -> None:
    with pytest.raises(StopIteration):
        RateLimiter(None).turn().send(None)
