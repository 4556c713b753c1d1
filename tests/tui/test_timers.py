"""A timer that runs once calls what it is to call, also on a machine that is held up at every moment."""

from __future__ import annotations

from time import monotonic
from types import SimpleNamespace

import pytest
from textual import timer

from tests.fakes import FakeAgent
from tests.tui.client import client, running_client


async def test_the_client_starts_and_answers_where_every_look_at_the_clock_comes_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held_up_s = [0.0]

    def get_time() -> float:
        held_up_s[0] += 0.02
        return monotonic() + held_up_s[0]

    monkeypatch.setattr(timer, "_time", SimpleNamespace(get_time=get_time))
    async with running_client(client(FakeAgent())) as user:
        await user.say("Hello")
        await user.sees("You said: Hello", "enter send")
        user.app.notify("It is over.", timeout=0.01)
        await user.sees_no("It is over.")
