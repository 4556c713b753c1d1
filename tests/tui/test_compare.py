"""One question asked with and without the memory, in a screen of its own."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent, answer, summary
from tests.tui.client import NARROW, WIDE, client, running_client
from travel_tui.agent import MemoryInjected


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_one_question_is_answered_with_the_memory_and_without_it(size: tuple[int, int]) -> None:
    knows = (MemoryInjected("Anna lives in Oslo."), *answer("You live in Oslo."))
    agent = FakeAgent([knows, answer("I do not know.")], stored=[summary("one", "Anna lives in Oslo.")])
    async with running_client(client(agent), size) as user:
        await user.say("/twin Where do I live?")
        await user.sees("Ask with and without the memory?", "twice.")
        await user.press("right", "enter")
        headings = ("Compare with and without memory", "With the memory of anna", "With an empty memory")
        await user.sees(*headings, "You live in Oslo.", "I do not know.")
        await user.sees("Differs: 4 words only with the memory, 4 words only without, underlined.")
        known, nothing = agent.requests
        assert known.memory_id == "anna"
        assert nothing.memory_id not in {None, "anna"}
        assert known.session_id != nothing.session_id
        await user.press("escape")
        await user.sees_no("Compare with and without memory")
        assert not agent.ended


async def test_nothing_is_compared_where_the_user_cancels() -> None:
    agent = FakeAgent()
    async with running_client(client(agent)) as user:
        await user.say("/twin")
        await user.sees("No message sent yet.")
        await user.say("/twin Who am I?")
        await user.sees("Ask with and without")
        await user.press("escape")
        await user.sees_no("Ask with and without")
        assert not agent.requests
