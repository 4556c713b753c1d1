"""Shell completion: what a shell is told, and what it gets to choose from."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.terminal import installed
from tests.docs.examples import ROOT
from travel_tui.archive import Archive, SessionKey
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig, save_agent
from travel_tui.paths import archive_file, config_file


def completed(words: str, *, shell: str = "bash") -> list[str]:
    """What one can choose from behind `words`, whose last is not whole."""
    surroundings = {
        **os.environ,
        "_TRAVEL_TUI_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run([installed()], env=surroundings, capture_output=True, text=True, check=True, timeout=60)
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_options_and_agents_are_completed() -> None:
    for name in ("travel", "train", "other"):
        save_agent(config_file(), AgentConfig(name, "TRAVELDEMO", "TSTALIASID"))
    assert {"ask", "chat", "demo", "memory", "sessions"} <= set(completed("travel-tui "))
    assert completed("travel-tui mem") == ["memory"]
    assert set(completed("travel-tui memory ")) == {"list", "wait", "delete", "export", "events", "retrieve"}
    assert {"--session", "--end", "--agent"} <= set(completed("travel-tui ask --"))
    assert completed("travel-tui local --tz America/Los_") == ["America/Los_Angeles"]
    assert completed("travel-tui sessions ") == ["delete"]
    assert {"--all", "--json"} <= set(completed("travel-tui sessions --"))
    assert {"--older-than", "--yes"} <= set(completed("travel-tui sessions delete --"))
    assert completed("travel-tui sessions delete ") == []
    with closing(Archive(archive_file(), Clock())) as archive:
        for session_id in ("trip-1", "trip-2", "other"):
            archive.open_session(SessionKey("A/T@us-east-1", session_id, "anna"), Clock().now())
    assert sorted(completed("travel-tui sessions delete tr")) == ["trip-1", "trip-2"]
    assert completed("travel-tui ask --agent tra") == ["travel", "train"]
    assert "--version" in completed("travel-tui --")
    assert "--agent" in completed("travel-tui --"), "as chat takes it, which runs where no command is named"
    assert completed("travel-tui --agent o") == ["other"]


def test_a_broken_config_completes_no_agents_and_says_nothing() -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text("[agents")
    assert completed("travel-tui ask --agent ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_it_can_read(shell: str) -> None:
    done = subprocess.run([installed(), "completion", shell], capture_output=True, text=True, check=True, timeout=60)
    assert f"_TRAVEL_TUI_COMPLETE={shell}_complete" in done.stdout
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=True, timeout=60)


FILES = {"bash": "travel-tui.bash", "zsh": "_travel-tui", "fish": "travel-tui.fish"}
COMPLETIONS = ROOT / "travel_tui" / "cli" / "completions"


@pytest.mark.parametrize("shell", FILES)
def test_the_files_in_the_wheel_are_those_that_the_command_prints(shell: str) -> None:
    if f"click=={version('click')}\n" not in (ROOT / "constraints.txt").read_text():
        pytest.skip("another click than the pinned one may write them differently")
    done = subprocess.run([installed(), "completion", shell], capture_output=True, text=True, check=True, timeout=60)
    assert (COMPLETIONS / FILES[shell]).read_text() == done.stdout, "make completions"


def test_bash_itself_completes_with_it() -> None:
    words = 'COMP_WORDS=(travel-tui mem); COMP_CWORD=1; _travel_tui_completion travel-tui mem; echo "${COMPREPLY[@]}"'
    script = f'PATH="{Path(installed()).parent}:$PATH"; eval "$(travel-tui completion bash)"; {words}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "memory\n"
