"""travel-tui bug-report: a file that helps, and that can be shared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.endpoint import AGENT, RunningEndpoint, running_endpoint
from travel_tui.cli import travel_tui
from travel_tui.cli.redaction import without_accounts, without_secrets
from travel_tui.config import AgentConfig, save_agent
from travel_tui.paths import config_file

ACCOUNT, PASSWORD, KEY = "123456789012", "correct-horse", "AKIAIOSFODNN7EXAMPLE"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[RunningEndpoint]:
    with running_endpoint() as found:
        yield found


@pytest.fixture
def configured(endpoint: RunningEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A config with an agent of the endpoint, and a folder of its own to write to."""
    made = {"role": f"arn:aws:iam::{ACCOUNT}:role/travel"}
    ids = (AGENT["agentId"], AGENT["agentAliasId"])
    agent = AgentConfig("travel", *ids, "us-east-1", None, endpoint.url, "anna-of-oslo", 30, "Anna's trips", made)
    save_agent(config_file(), agent)
    with config_file().open("a") as file:
        file.write(f'\n[other]\nurl = "https://anna:{PASSWORD}@example.com/{ACCOUNT}"\nversion = "{PASSWORD}"\n')
    monkeypatch.chdir(tmp_path)


def report(*options: str, **environment: str) -> Result:
    return CliRunner().invoke(travel_tui, ["bug-report", *options], env=environment)


@pytest.mark.usefixtures("configured")
def test_a_report_has_what_helps_and_nothing_private() -> None:
    done = report(AWS_SECRET_ACCESS_KEY=PASSWORD, AWS_ACCESS_KEY_ID=KEY, TERM_PROGRAM="WezTerm")
    assert done.exit_code == 0, done.output
    (file,) = Path().glob("travel-tui-bug-report-*.txt")
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    for part in (
        "== Checks (travel-tui doctor) ==", "✓ agent", "No problems found", "textual ", "boto3 ", "SQLite ", "WezTerm",
        "AWS_SECRET_ACCESS_KEY", "[agents.travel]", "agents.travel.memory_days = 30", "agents.travel.memory_id = (left",
        "agents.travel.endpoint_url = 'http://127.0.0.1:", "other.version = (left out: str)", "== Log ==",
    ):  # fmt: skip
        assert part in text, part
    for private in (ACCOUNT, ACCOUNT[-4:] + ":", PASSWORD, KEY, os.environ["HOME"], "anna-of-oslo", "Anna's trips"):
        assert private not in text, private
    assert f"{file} is written. It holds:" in done.stdout
    for told in ("- versions", "It leaves out:", "- what was said", "Nothing was sent."):
        assert told in done.stdout


@pytest.mark.usefixtures("configured")
def test_the_end_of_a_log_is_added_unless_it_has_what_was_said(tmp_path: Path) -> None:
    for content in ((), ("--log-content",)):
        log = tmp_path / f"log{len(content)}"
        asked = CliRunner().invoke(travel_tui, ["ask", "I live in Trondheim", "--log", str(log), *content])
        assert asked.exit_code == 0, asked.output
        out = tmp_path / f"report{len(content)}"
        done = report("--include-log", str(log), "--out", str(out))
        assert done.exit_code == 0, done.output
        text = out.read_text()
        assert "Trondheim" not in text
        assert ("turn sent: session" in text) == (not content)
        assert (f"- the log {log.name}: it holds what was said" in done.stdout) is bool(content)


@pytest.mark.usefixtures("configured")
def test_a_file_that_exists_stays(tmp_path: Path) -> None:
    out = tmp_path / "mine.txt"
    out.write_text("mine")
    done = report("--out", str(out))
    assert (done.exit_code, out.read_text()) == (2, "mine")
    assert "exists and is left as it is. Name another file with --out." in done.stderr
    done = report("--out", str(tmp_path / "nosuch" / "a.txt"))
    assert done.exit_code == 1
    assert "cannot be written: No such file or directory." in done.stderr


def test_a_broken_config_is_reported_and_not_shown(tmp_path: Path) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(f'[agents.travel]\nagent_id = "{PASSWORD}"\n[[')
    out = tmp_path / "a.txt"
    done = report("--out", str(out))
    assert done.exit_code == 0, done.output
    assert "is not TOML" in out.read_text()
    assert "It cannot be read (TOMLDecodeError)" in out.read_text()
    assert PASSWORD not in out.read_text()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"key {KEY}.", "key …."),
        ("https://anna:pw@host/x", "https://host/x"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=x", "Authorization: …"),
        ("aws_secret_access_key = abc/def+x", "aws_secret_access_key = …"),
        ("with Bearer abcdefgh12345", "with Bearer …"),
        ('{"api_key": "sk-abc"}', '{"api_key": …'),
        ("sk-proj-0123456789abcdef0", "…"),
        ("235 tokens in, 42 out", "235 tokens in, 42 out"),
    ],
)
def test_secrets_are_removed(text: str, left: str) -> None:
    assert without_secrets(text).startswith(left)


def test_accounts_are_removed() -> None:
    text = f"arn:aws:sts::{ACCOUNT}:assumed-role/travel/anna is of …9012"
    assert without_accounts(text) == "arn:aws:sts::[account]:assumed-role/travel/… is of [account]"
