"""A conversation that was held in the client, saved as a check, and run as it was saved."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.endpoint import AGENT, running_endpoint
from tests.tui.client import PilotUser, running_client
from travel_tui.cli import travel_tui
from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.recall.parser import read_text
from travel_tui.recall.recorder import HeldSession, HeldTurn, recorded
from travel_tui.tui.app import TravelApp


async def held(user: PilotUser) -> None:
    await user.say("My name is Anna. Book a trip from Boston to Oslo by AIR, 2027-07-11 to 2027-07-22.")
    await user.sees("booking id", "enter send")
    await user.say("/fact Oslo")
    await user.sees("✎ fact Oslo")
    await user.press("f2")
    await user.sees("stored after")
    await user.press("f3")
    await user.sees("No messages yet")
    await user.say("What is my name?")
    await user.sees("first", "enter send", "1 memory in prompt")
    await user.say("/expect Anna")
    await user.sees("✎ expect Anna")
    await user.say("/save story")
    await user.sees("Saved. Run it with")


async def test_what_was_recorded_runs_as_it_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with running_endpoint() as endpoint:
        agent = AgentConfig(
            "travel", AGENT["agentId"], AGENT["agentAliasId"], "us-east-1", endpoint_url=endpoint.url, memory_id="anna"
        )
        async with running_client(TravelApp(app_context(agent, Clock(), Ids(1), None))) as user:
            await held(user)
    run = await asyncio.to_thread(CliRunner().invoke, travel_tui, ["recall", "run", "story.yaml", "--target", "local"])
    assert run.exit_code == 0, run.output + (tmp_path / "story.yaml").read_text()


def test_a_fact_of_the_last_session_is_asked_for_after_its_end() -> None:
    text = recorded("last", [HeldSession([HeldTurn('I am "Anna"\n: {x}', "Hello.", facts=("Anna",))], ended=True)])
    (test,) = read_text(text, "last.yaml").tests
    spoken, looked = test.sessions
    assert spoken.turns[0].user == 'I am "Anna"\n: {x}'
    assert [each.assertion.value for each in looked.memory_assert] == ["Anna"]
    assert looked.wait_memory == 300


def test_a_fact_of_a_session_that_nobody_ended_is_asked_of_no_memory() -> None:
    text = recorded("open", [HeldSession([HeldTurn("I am Anna", facts=("Anna",))], ended=False)])
    (test,) = read_text(text, "open.yaml").tests
    assert [session.memory_assert for session in test.sessions] == [()]
