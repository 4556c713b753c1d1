"""travel-tui demo --backend agentcore, as it is installed, in a real terminal."""

from __future__ import annotations

from tests.cli.headless import lines, run
from tests.cli.terminal import running
from tests.endpoint import running_endpoint
from travel_tui.cli.agent_options import AgentSelection, built_in
from travel_tui.local.runtime.demo_harness import HARNESS_ID


def test_the_demos_harness_is_the_built_in_one_of_every_endpoint() -> None:
    config = built_in("demo", "agentcore")
    assert config.agentcore is not None
    assert config.agentcore.harness_id == HARNESS_ID
    assert AgentSelection(demo=True, backend="agentcore").options == " --demo --backend agentcore"


def test_the_built_in_harness_is_found_whatever_account_the_endpoint_has() -> None:
    with running_endpoint(account="999988887777") as endpoint:
        asked = run(endpoint, "ask", "Hello", "--backend", "agentcore", "--memory", "anna", "--json")
        assert lines(asked)[-1]["event"] == "answer"


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
