"""Long conversations: what is in view is mounted, and scrolling up brings the rest back."""

from __future__ import annotations

import pytest

from tests.fakes import FakeAgent
from tests.tui.client import client, running_client
from travel_tui.agent import TextDelta


@pytest.mark.slow
async def test_of_a_long_conversation_what_is_in_view_is_mounted_and_scrolling_up_brings_the_rest_back() -> None:
    from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
    from travel_tui.tui.widgets.chat.chat import EARLIER, Chat
    from travel_tui.tui.widgets.chat.turn import UserTurn

    many = 40
    async with running_client(client(FakeAgent())) as user:
        await user.sees("No memories yet")
        chat = user.main.query_one(Chat)
        for number in range(many):
            turn = AgentTurn("Hello", "16:04", lambda: 0.0)
            await chat.begin(UserTurn(f"Question {number}.", "16:04"), turn)
            turn.handle_event(TextDelta(f"Answer {number}."))
            turn.cancelled()
            await user.sees(f"Answer {number}.")
        assert len(chat.query(AgentTurn)) < many / 2
        seen = user.text()
        while "Question 0." not in seen:
            await user.press("pageup")
            await user.settled()
            seen += user.text()
        for number in range(many):
            assert f"Question {number}." in seen, number
            assert f"Answer {number}." in seen, number
        assert EARLIER not in user.text()
        await user.say("Hello")
        await user.sees("You said: Hello")
        assert len(chat.query(AgentTurn)) < many / 2


async def test_what_comes_back_above_does_not_move_what_is_read() -> None:
    from travel_tui.tui.widgets.chat.chat import Chat
    from travel_tui.tui.widgets.chat.turn import UserTurn

    async with running_client(client(FakeAgent())) as user:
        await user.sees("No memories yet")
        chat = user.main.query_one(Chat)
        for number in range(60):
            await chat.begin(UserTurn(f"Question {number}.", "16:04"))
            await user.sees(f"Question {number}.")
        chat.scroll_to(y=1, animate=False)
        await user.until(lambda: chat.scroll_y == 1)

        def read() -> list[str]:
            return [row[:50] for row in user.text().splitlines()[5:30]]

        before, mounted = read(), len(chat.shown)
        await chat.earlier()
        await user.settled()
        assert len(chat.shown) > mounted
        assert read() == before
