"""travel-tui doctor: one screen that is safe to paste, in every state that a machine can be in."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.headless import lines, run
from tests.cli.terminal import running
from tests.endpoint import RunningEndpoint
from tests.provision.agents import LOOKS, forbid
from travel_tui.archive import Archive, SessionKey
from travel_tui.archive.health import NEWEST, examine
from travel_tui.cli.redaction import pasteable
from travel_tui.clock import Clock
from travel_tui.config import AgentConfig, save_agent
from travel_tui.paths import archive_file, config_file


def test_with_all_in_order_each_line_is_a_tick(endpoint: RunningEndpoint) -> None:
    agent = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", region="us-east-1", endpoint_url=endpoint.url)
    save_agent(config_file(), agent)
    Archive(archive_file(), Clock()).close()
    done = run(None, "doctor")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    shown = " ".join(done.stdout.split())
    for part in (
        "✓ versions travel-tui 0.1.0, Textual ",
        "✓ config ~/config/travel-tui/config.toml: travel; default travel",
        "✓ credentials root of account …9012",
        f"✓ Region us-east-1, at {endpoint.url}",
        "✓ agent travel-assistant-with-memory (TRAVELDEMO), PREPARED",
        "✓ memory on, kept 30 days",
        "– terminal Skipped",
        f"✓ archive ~/data/travel-tui/archive.sqlite3, version {NEWEST}, intact",
        "No problems found.",
    ):
        assert part in shown
    assert "123456789012" not in done.stdout
    assert os.environ["HOME"] not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_without_aws_it_says_what_is_missing_and_that_the_demo_needs_none() -> None:
    done = run(None, "doctor")
    assert done.exit_code == 1
    shown = " ".join(done.stdout.split())
    for part in ("✗ config None at ~/", "travel-tui connect", "✗ credentials", "aws configure", "✗ Region"):
        assert part in shown
    assert "`travel-tui demo` needs neither a config nor AWS." in shown
    assert "✓ archive none yet" in shown
    assert not archive_file().exists(), "it only looks"


@pytest.mark.parametrize("options", [(), ("--agent-id", "TRAVELDEMO")])
@pytest.mark.parametrize(("region", "faults"), [("us-east-1", 1), ("", 2)])
def test_an_endpoint_that_is_no_url_is_one_fault(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], region: str, faults: int
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:4571")
    monkeypatch.setenv("AWS_REGION", region)
    done = run(None, "doctor", *options)
    assert done.exit_code == 1
    assert done.stdout.count("AWS_ENDPOINT_URL is 'localhost:4571'") == 1
    assert done.stdout.count("✗") == faults, "a Region that is missing is another"


def test_json_says_the_same_and_what_is_denied_is_unknown(endpoint: RunningEndpoint) -> None:
    forbid(endpoint, *LOOKS)
    found = {each["subject"]: each for each in lines(run(endpoint, "doctor", "--json"))}
    assert set(found["agent"]) == {"section", "subject", "verdict", "found", "advice"}
    assert found["config"]["verdict"] == "skipped", "the options select the agent"
    assert found["agent"]["verdict"] == "unknown"
    assert found["agent"]["advice"] == "Ask for bedrock:GetAgent."
    assert found["memory read"]["verdict"] == "good"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = 1\n[agents.travel]\nagent_id = 7\n", "line 3: agents.travel.agent_id is 7"),
        ('default = "gone"\n[agents.a]\nagent_id="A"\nalias_id="A"\n', "no agent called 'gone'"),
    ],
)
def test_a_config_that_cannot_be_used_is_a_line_like_others(text: str, said: str) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(text)
    done = run(None, "doctor")
    assert done.exit_code == 1
    shown = " ".join(done.stdout.split())
    assert said in shown
    assert "✗ credentials" in shown


def test_a_config_and_an_archive_that_others_can_read_are_told(endpoint: RunningEndpoint) -> None:
    save_agent(config_file(), AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", endpoint_url=endpoint.url))
    Archive(archive_file(), Clock()).close()
    for file in (config_file(), archive_file()):
        file.chmod(0o644)
    done = run(None, "doctor")
    assert done.exit_code == 0
    assert done.stdout.count("chmod 600 ~/") == 2


def test_a_wrong_option_is_wrong_use() -> None:
    assert run(None, "doctor", "--memory", "an na").exit_code == 2


def damage(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)


def test_a_damaged_or_newer_archive_is_told_and_left_alone() -> None:
    Archive(archive_file(), Clock()).close()
    with closing(sqlite3.connect(archive_file())) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    assert "Upgrade travel-tui" in " ".join(run(None, "doctor").stdout.split())
    damage(archive_file())
    before = archive_file().read_bytes()
    done = run(None, "doctor")
    assert "✗ archive" in done.stdout
    assert archive_file().read_bytes() == before


def test_the_archive_of_a_client_that_runs_can_be_looked_at() -> None:
    with closing(Archive(archive_file(), Clock())) as archive:
        archive.open_session(SessionKey("agent", "s-1", "anna"), Clock().now())
        health = examine(archive_file())
    assert health is not None
    assert (health.version, health.sessions, health.damage, health.private) == (NEWEST, 1, None, True)


@pytest.mark.slow
def test_in_a_terminal_it_is_asked_for_its_size_colours_and_keys(endpoint: RunningEndpoint) -> None:
    with running("doctor", "--endpoint-url", endpoint.url, columns=80, rows=24) as terminal:
        terminal.until(lambda: b"\x1b[?u" in terminal.raw, "the question for the keyboard's protocol")
        terminal.send("\x1b[?0u\x1b[?62;22c")
        assert terminal.ended() == 0
        shown = " ".join(terminal.text().split())
        for part in (
            "✓ size 80 × 24",
            "✓ colours 16 million",
            "✓ keys distinguishes Shift+Enter",
            "No problems found.",
        ):
            assert part in shown
        assert "[?62" not in shown, "what a terminal answers is not typed into the shell"
        assert terminal.text().splitlines()[0].startswith("✓ versions"), "all of it on one screen"
    with running("doctor", "--endpoint-url", endpoint.url, columns=60, rows=24, NO_COLOR="1") as terminal:
        terminal.until(lambda: b"\x1b[?u" in terminal.raw, "the question for the keyboard's protocol")
        terminal.send("\x1b[?1;2c")
        assert terminal.ended() == 0
        assert b"\x1b[32m" not in terminal.raw
        shown = " ".join(terminal.text().split())
        for part in ("! size 60 × 24", "! colours none", "! keys cannot distinguish Shift+Enter from Enter"):
            assert part in shown


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        (
            "User: arn:aws:sts::123456789012:assumed-role/Admin/anna@example.com is not authorized",
            "User: arn:aws:sts::…9012:assumed-role/Admin/… is not authorized",
        ),
        ("AKIAIOSFODNN7EXAMPLE and ASIAIOSFODNN7EXAMPLE", "… and …"),
        ("http://anna:secret@127.0.0.1:4571/", "http://127.0.0.1:4571/"),
        ("function travel-us-east-1-123456789012", "function travel-us-east-1-…9012"),
    ],
)
def test_what_is_printed_can_be_pasted(text: str, pasted: str) -> None:
    assert pasteable(text) == pasted


@given(st.text(), st.integers(10**11, 10**12 - 1), st.text())
def test_no_account_number_is_left(before: str, account: int, after: str) -> None:
    around = pasteable(f"{before} {account}:{after}")
    assert f" {account}:" not in around
