"""A frame is drawn as soon as something has changed, once for however many reasons, and not while it is paused."""

from __future__ import annotations

import asyncio

from travel_tui.tui.rendering.frame_pacer import FRAME_S, FramePacer


async def frames(drawn: list[float], number: int) -> None:
    """Wait for so many."""
    for _ in range(10_000):
        if len(drawn) >= number:
            return
        await asyncio.sleep(FRAME_S / 4)
    raise TimeoutError(f"{len(drawn)} frames instead of {number}")


def unexpected(error: Exception) -> None:
    raise AssertionError from error


async def test_a_change_is_drawn_at_once_and_many_at_a_time_once() -> None:
    drawn: list[float] = []
    loop = asyncio.get_running_loop()
    pacer = FramePacer(lambda: drawn.append(loop.time()), unexpected)
    pacer.resume()
    pacer.resume()
    await frames(drawn, 1)
    pacer.resume()
    pacer.resume()
    await frames(drawn, 2)
    assert drawn[1] - drawn[0] >= FRAME_S * 0.9
    pacer.resume()
    pacer.pause()
    pacer.resume()
    await frames(drawn, 3)
    assert len(drawn) == 3


async def test_an_error_ends_nothing_but_is_told() -> None:
    told: list[Exception] = []
    drawn: list[float] = []

    def draw() -> None:
        drawn.append(0.0)
        if len(drawn) == 1:
            raise ValueError("broken")

    pacer = FramePacer(draw, told.append)
    pacer.resume()
    await frames(drawn, 1)
    pacer.resume()
    await frames(drawn, 2)
    assert [str(each) for each in told] == ["broken"]
