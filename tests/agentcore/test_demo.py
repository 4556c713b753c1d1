"""travel-tui demo --backend agentcore, as it is installed, in a real terminal."""

from __future__ import annotations

from tests.cli.terminal import running
from travel_tui.cli.agent_options import LOCAL_ACCOUNT, AgentSelection, built_in
from travel_tui.local.runtime.agentcore_resources import harness_arn
from travel_tui.local.runtime.demo_harness import HARNESS_ID
from travel_tui.local.settings import ACCOUNT
from travel_tui.local.state.scope import Scope


def test_the_demos_harness_is_the_built_in_one_of_every_endpoint() -> None:
    config = built_in("demo", "agentcore")
    assert config.agentcore is not None
    assert LOCAL_ACCOUNT == ACCOUNT
    assert config.agentcore.harness_arn == harness_arn(Scope(ACCOUNT, "us-east-1"), HARNESS_ID)
    assert AgentSelection(demo=True, backend="agentcore").options == " --demo --backend agentcore"


def test_the_demo_books_extracts_and_recalls() -> None:
    with running("demo", "--backend", "agentcore", "--seed", "7") as terminal:
        terminal.sees("Hi, my name is Anna.", "LOCAL")
        terminal.send("\t\r")
        terminal.sees("Your booking id is", "book_trip")
        terminal.send("\x1bOQ")  # F2
        terminal.sees("stored after")
        terminal.send("\x1bOR")  # F3
        terminal.sees("New session")
        terminal.send("Which trips do I have?\r")
        terminal.sees("would be recalled")
        terminal.send("\x11")
        assert terminal.ended() == 0
