"""Commands that need what not every backend has."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.fakes import FakeAgent
from tests.tui.client import CLOCK, running_client
from travel_tui.archive import Archive
from travel_tui.capabilities import Capabilities
from travel_tui.screenshots.scene import client_for
from travel_tui.screenshots.scripted_agent import CAPABILITIES
from travel_tui.tui.app import TravelApp


def client_of(capabilities: Capabilities, agent: FakeAgent | None = None) -> TravelApp:
    """The client of an agent whose backend can do that."""
    return client_for(agent or FakeAgent(), lambda: Archive(None, CLOCK), clock=CLOCK, capabilities=capabilities)


async def test_where_sessions_have_no_end_they_are_closed_here_and_nothing_asks_to_end_them() -> None:
    agent = FakeAgent()
    async with running_client(client_of(replace(CAPABILITIES, ends_sessions=False), agent)) as user:
        await user.say("I like trains.")
        await user.sees("You said", "enter send")
        await user.press("f3")
        await user.say("I like ships.")
        await user.sees("New session", "You said: I like ships.", "enter send")
        await user.press("f2")
        await user.sees("extracting for")
        assert agent.ended == []
        await user.press("ctrl+q")
        await user.until(lambda: not user.app.is_running, "the end")


async def test_a_memory_id_is_checked_as_the_backend_wants_it() -> None:
    capabilities = replace(CAPABILITIES, id_pattern=re.compile("[a-z/]+"), id_rule="Small letters and slashes.")
    async with running_client(client_of(capabilities)) as user:
        await user.say("/user Bert")
        await user.sees("Small letters and slashes.")
        await user.say("/user team/bert")
        await user.sees("user team/bert")


async def test_attributes_are_asked_for_only_where_the_agent_takes_some() -> None:
    for takes, sees in ((True, "Session attributes"), (False, "This agent takes no attributes.")):
        async with running_client(client_of(replace(CAPABILITIES, session_attributes=takes))) as user:
            await user.say("/attributes")
            await user.sees(sees)
