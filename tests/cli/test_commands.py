"""The command line: what it imports, what it refuses, and in which words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.terminal import installed, running
from tests.endpoint import RunningEndpoint
from travel_tui.cli import travel_tui


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [installed(), *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60
    )


def test_help_names_the_commands_and_imports_neither_textual_nor_boto3() -> None:
    script = (
        "import sys\nfrom travel_tui.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'textual', 'boto3', 'botocore', 'rich', 'aiohttp'}\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & heavy))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    for word in ("demo", "local", "chat", "ask", "memory", "sessions", "serve", "doctor", "completion"):
        assert word in done.stdout


def test_the_commands_without_a_screen_import_none_of_it(endpoint: RunningEndpoint) -> None:
    for arguments, heavy in (
        (["sessions"], {"textual", "boto3", "rich"}),
        (["ask", "Hello", "--endpoint-url", endpoint.url], {"textual", "rich"}),
    ):
        script = (
            f"import sys\nfrom travel_tui.cli import main\ntry:\n    main({arguments})\nexcept SystemExit:\n    pass\n"
            f"print(sorted({{name.partition('.')[0] for name in sys.modules}} & {heavy}))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("arguments", [("nonsense",), ("demo", "--now", "yesterday"), ("demo", "--seed", "x")])
def test_wrong_use_is_status_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sesions",), "No such command 'sesions'. Did you mean 'sessions'?"),
        (("zzz",), "No such command 'zzz'.\n"),
        (("memory", "lst"), "Did you mean 'list'?"),
        (("recall", "run", "stroy"), "Did you mean story?"),
        (("shot", "tiwn"), "Did you mean twin?"),
        (("local", "--tz", "oslo"), "Did you mean Europe/Oslo?"),
        (("recall", "new", ""), "'' is not a name for a check, such as moved_city; nothing was written."),
        (("recall", "new", ".yaml"), "nothing was written"),
    ],
    ids=str,
)
def test_what_may_be_meant_is_said(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(travel_tui, list(arguments))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.glob("*.yaml")) == []


def config(text: str) -> Path:
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "travel-tui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = 1\n[agents.travel\n", "not TOML"),
        ('version = 1\n[agents.travel]\nalias_id = "TSTALIASID"\n', "agent_id"),
        ('version = 1\n[agents.travel]\nagent_id = 7\nalias_id = "TSTALIASID"\n', "line 3"),
        ("version = 99\n", "version"),
    ],
)
def test_a_config_that_cannot_be_used_is_said_with_its_place(text: str, said: str) -> None:
    path = config(text)
    done = run()
    assert done.returncode == 1
    assert str(path) in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_memory_id_outside_the_pattern_is_refused() -> None:
    config('version = 1\n[agents.travel]\nagent_id = "ABCDEFGHIJ"\nalias_id = "TSTALIASID"\n')
    done = run("chat", "--memory", "an na")
    assert done.returncode == 2
    assert "'an na'" in done.stderr


def test_a_config_file_that_is_not_there_is_said() -> None:
    done = run("--config", "/nowhere/config.toml")
    assert done.returncode == 1
    assert "/nowhere/config.toml" in done.stderr
    assert "travel-tui demo" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("doctor", "--config"),
        ("ask", "Hello", "--agent"),
        ("recall", "run", "--resume"),
        ("recall", "run", "check.yaml", "--html"),
        ("memory", "export", "--output"),
        ("local", "--state"),
    ],
    ids=" ".join,
)
def test_an_empty_option_as_of_an_unset_variable_is_refused_not_ignored(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(travel_tui, [*command, ""])
    assert done.exit_code == 2
    assert f"'{command[-1]}'" in done.output


def test_what_the_terminals_encoding_lacks_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    done = run("doctor")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "? versions" in done.stdout


@pytest.mark.slow
def test_without_a_config_one_chooses_the_demo() -> None:
    with running() as terminal:
        terminal.sees("No agent is configured yet", "Demo", "config.toml")
        terminal.send("\r")
        terminal.sees("No memories yet")
        terminal.send("\x11")
        assert terminal.ended() == 0


def test_without_a_config_one_can_quit() -> None:
    with running() as terminal:
        terminal.sees("No agent is configured yet")
        terminal.send("q")
        assert terminal.ended() == 0
