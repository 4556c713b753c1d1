"""Whatever the service does, the screen says what happened, the text is kept, and the next turn works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Static

from tests.endpoint import RunningEndpoint, running_endpoint
from tests.tui.client import CLOCK, PilotUser, running_client
from travel_tui.cli.app_context import app_context
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig
from travel_tui.ids import Ids
from travel_tui.local.faults import read_fault
from travel_tui.screenshots.scene import ManualClock
from travel_tui.tui.app import TravelApp
from travel_tui.tui.widgets.chat.agent_turn import AgentTurn
from travel_tui.tui.widgets.prompt import Prompt

MODELLED = (
    "ModelNotReadyException",
    "ResourceNotFoundException",
    "ConflictException",
    "ValidationException",
    "InternalServerException",
    "DependencyFailedException",
    "BadGatewayException",
    "ThrottlingException",
    "AccessDeniedException",
    "ServiceQuotaExceededException",
)
"""InvokeAgent's errors (botocore's service model); the screen has AWS's name beside its own words."""
GREETING = "by train or by air"


@asynccontextmanager
async def at(endpoint: RunningEndpoint, clock: Clock = CLOCK, memory_id: str = "anna") -> AsyncIterator[PilotUser]:
    """Somebody at the client on a real endpoint, once the memory was read."""
    config = AgentConfig(
        "travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=endpoint.url, memory_id=memory_id
    )
    async with running_client(TravelApp(app_context(config, clock, Ids(7), None))) as user:
        await user.sees("No memories yet")
        yield user


def cause(endpoint: RunningEndpoint, *faults: str) -> None:
    """Have the endpoint go wrong."""
    endpoint.do(lambda its: its.faults.add([read_fault(fault) for fault in faults]))


def mend(endpoint: RunningEndpoint) -> None:
    endpoint.do(lambda its: its.faults.clear())


def prompt(user: PilotUser) -> str:
    return user.main.query_one(Prompt).text


def newest(user: PilotUser) -> AgentTurn | None:
    """The newest answer on the screen."""
    turns = user.main.query(AgentTurn)
    return turns.last() if turns else None


async def answered(user: PilotUser, before: AgentTurn | None) -> AgentTurn:
    """The answer that follows that one, once it has come to an end."""
    await user.until(lambda: newest(user) is not before, "a turn")
    turn = user.main.query(AgentTurn).last()
    await user.until(lambda: not turn.answering, "its end")
    return turn


async def fails_then_works(user: PilotUser, endpoint: RunningEndpoint, fault: str, word: str) -> None:
    """One turn meets the fault, and the next, which is the same text sent with enter, is answered."""
    before = newest(user)
    cause(endpoint, f"InvokeAgent={fault}:1")
    await user.say("Hello [there]")
    broken = await answered(user, before)
    await user.until(lambda: len(broken.query(".problem")) >= 2, "what happened and what to do")
    said = " ".join(str(each.visual) for each in broken.query(".problem").results(Static))
    assert word.lower() in said.lower(), (fault, said)
    assert "→" in said
    await user.until(lambda: prompt(user) == "Hello [there]", "the text in the prompt")
    await user.press("enter")
    whole = await answered(user, broken)
    assert whole.whole, (fault, whole.text)
    await user.sees("enter send")


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["@stream", "", "@2"])
async def test_every_modelled_error(moment: str) -> None:
    with running_endpoint() as endpoint:
        async with at(endpoint) as user:
            for error in MODELLED:
                await fails_then_works(user, endpoint, f"{error}{moment}", error)


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("drop", "connection"),
        ("drop@2", "connection"),
        ("corrupt@2", "damaged"),
        ("truncate@2", "cut off"),
        ("no-final-chunk", "cut off"),
    ],
)
async def test_a_broken_stream(fault: str, word: str) -> None:
    with running_endpoint() as endpoint:
        async with at(endpoint) as user:
            await fails_then_works(user, endpoint, fault, word)


async def test_a_stall_is_ended_by_the_client_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.backends.shared.boto_clients.ANSWER_S", 0.5)
    with running_endpoint() as endpoint:
        async with at(endpoint) as user:
            await fails_then_works(user, endpoint, "stall@2", "stalled")


@pytest.mark.parametrize("error", ["ThrottlingException", "AccessDeniedException"])
async def test_polls_that_fail_say_why_and_come_back(error: str) -> None:
    with running_endpoint() as endpoint:
        async with at(endpoint) as user:
            cause(endpoint, f"GetAgentMemory={error}")
            await user.press("f5")
            await user.sees(error)
            mend(endpoint)
            await user.press("f5")
            await user.sees("No memories yet")


async def test_a_summary_that_never_comes_is_called_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("travel_tui.memory.polling_policy.OVERDUE_LEAST_S", 0.5)
    with running_endpoint(faults=(read_fault("InvokeAgent=summary-never"),)) as endpoint:
        async with at(endpoint) as user:
            await user.say("My name is Anna")
            await user.sees("1 turn", "enter send")
            await user.press("f2")
            await user.sees("no summary after", "overdue")
            await user.press("f3")
            await user.sees("No messages yet")
            await user.say("Hello")
            await user.sees("1 turn", "enter send")


async def test_a_memory_deleted_elsewhere_goes_from_the_screen() -> None:
    with running_endpoint() as endpoint:
        async with at(endpoint) as user:
            await user.say("My name is Anna and I am vegetarian")
            await user.sees("1 turn", "enter send")
            await user.press("f2")
            await user.sees("stored after", "vegetarian")
            endpoint.user().client.delete_agent_memory(agentId="TRAVELDEMO", agentAliasId="TSTALIASID", memoryId="anna")
            await user.press("f5")
            await user.sees("No memories: deleted elsewhere or expired.", "memory deleted elsewhere or expired")


async def test_credentials_that_expire_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_endpoint() as endpoint:
        async with at(endpoint) as user:
            cause(endpoint, "InvokeAgent=ExpiredTokenException:1")
            await user.say("Hello")
            await user.sees("failed", "redentials", "enter send")
            await user.press("enter")
            await user.sees(GREETING)


async def test_an_hour_asleep_ends_the_session_as_the_service_did() -> None:
    clock = ManualClock()
    with running_endpoint() as endpoint:
        config = AgentConfig(
            "travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", endpoint_url=endpoint.url, memory_id="anna"
        )
        from dataclasses import replace

        app = TravelApp(replace(app_context(config, clock, Ids(7), None), idle_limit_s=1800))
        async with running_client(app) as user:
            await user.say("My name is Anna and I am vegetarian")
            await user.sees("expires in 30:00", "enter send")
            clock.move(3600)
            endpoint.advance(hours=1)
            await user.sees("Session expired (idle limit)", "stored after", "vegetarian")
            await user.say("What do you know about my diet?")
            await user.sees("New session", "1 memory in prompt")
