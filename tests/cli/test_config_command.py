"""travel-tui config: where the config is, what it names, and another default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from travel_tui.cli import travel_tui
from travel_tui.config import AgentConfig, load, save_agent
from travel_tui.paths import config_file


def run(*arguments: str) -> Result:
    """What `travel-tui config …` prints and with which status."""
    return CliRunner().invoke(travel_tui, ["config", *arguments])


@pytest.fixture
def two() -> Path:
    """A config with two agents, the first of them the default."""
    path = config_file()
    made = {"role": "arn:aws:iam::123456789012:role/travel"}
    url = "http://anna:secret@127.0.0.1:4571"
    travel = AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", "work", url, "anna", 30, provisioned=made)
    save_agent(path, travel)
    save_agent(path, AgentConfig("other", "OTHERAGENT", "ALIAS", title="red \x1b[31m\u202e"), make_default=False)
    return path


def test_the_path_is_told_whether_there_is_a_file_or_not(tmp_path: Path) -> None:
    assert run("path").stdout == f"{config_file()}\n"
    assert run("path", "--config", str(tmp_path / "my.toml")).stdout == f"{tmp_path / 'my.toml'}\n"
    assert not config_file().exists()


def test_agents_are_shown_with_the_default_marked_and_no_secret(two: Path) -> None:
    shown = run("show")
    assert shown.exit_code == 0
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert lines == [
        str(two),
        "",
        "travel (default)",
        "agent TRAVELDEMO / TSTALIASID",
        "region us-east-1",
        "profile work",
        "endpoint http://127.0.0.1:4571",
        "memory anna, kept 30 days",
        "provisioned role",
        "",
        "other",
        "title red ␛[31m\N{REPLACEMENT CHARACTER}",
        "agent OTHERAGENT / ALIAS",
    ]


def test_as_json_the_same_is_data(two: Path) -> None:
    two.write_text(two.read_text() + '\nkey = "unknown to travel-tui"\n[agents.other.provisioned]\nat = 2026-11-23\n')
    shown = run("show", "--json")
    assert json.loads(shown.stdout) == {
        "path": str(two),
        "default": "travel",
        "agents": {
            "travel": {
                "agent_id": "TRAVELDEMO",
                "alias_id": "TSTALIASID",
                "backend": "bedrock-agents",
                "region": "us-east-1",
                "profile": "work",
                "endpoint_url": "http://127.0.0.1:4571",
                "memory_id": "anna",
                "memory_days": 30,
                "provisioned": {"role": "arn:aws:iam::123456789012:role/travel"},
            },
            "other": {
                "agent_id": "OTHERAGENT",
                "alias_id": "ALIAS",
                "backend": "bedrock-agents",
                "title": "red \x1b[31m\u202e",
                "provisioned": {"at": "2026-11-23"},
            },
        },
    }
    assert shown.stdout.isascii(), "nothing that a terminal would obey"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = 1", "It has no agents. `travel-tui connect` adds one."),
        (
            'default = "gone"\n[agents.a]\nagent_id="A"\nalias_id="A"\n[agents.b]\nagent_id="B"\nalias_id="B"',
            "gone, is",
        ),
        ('[agents.a]\nagent_id="A"\nalias_id="A"\n[agents.b]\nagent_id="B"\nalias_id="B"', "No agent is the default."),
    ],
)
def test_what_a_config_lacks_is_said_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    shown = run("show", "--config", str(path))
    assert shown.exit_code == 0
    assert said in shown.stdout


def test_use_changes_the_default_and_nothing_else(two: Path) -> None:
    before = two.read_text()
    used = run("use", "other")
    assert used.exit_code == 0
    assert used.stdout == "The default is now other (OTHERAGENT / ALIAS).\n"
    assert two.read_text() == before.replace('default = "travel"', 'default = "other"')
    config = load(two)
    assert config is not None
    assert config.chosen().name == "other"


def test_use_of_an_unknown_name_tells_the_known_ones_and_changes_nothing(two: Path) -> None:
    before = two.read_text()
    used = run("use", "tra\x1b[2J")
    assert used.exit_code == 1
    assert "travel, other" in used.stderr
    assert "\x1b" not in used.stderr
    assert two.read_text() == before


@pytest.mark.parametrize("arguments", [("show",), ("show", "--json"), ("use", "travel")])
def test_without_a_config_the_way_to_one_is_named(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert done.stdout == ""
    for part in (str(config_file()), "travel-tui connect", "travel-tui demo"):
        assert part in done.stderr


@pytest.mark.parametrize("arguments", [("config", "show", "--json"), ("sessions", "--json"), ("sessions",)])
def test_a_key_that_nothing_reads_is_told_once_beside_the_data(two: Path, arguments: tuple[str, ...]) -> None:
    two.write_text(f"{two.read_text()}\nregoin = 1\n")
    done = CliRunner().invoke(travel_tui, list(arguments))
    assert done.exit_code == 0
    assert "Warning" not in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Warning: {two} has unknown keys, which are ignored: line ")
    assert line.endswith(".regoin (did you mean region?).")


@pytest.mark.parametrize("arguments", [("show",), ("use", "travel")])
def test_a_broken_config_is_told_with_line_and_key(two: Path, arguments: tuple[str, ...]) -> None:
    two.write_text("version = 1\n[agents.travel]\nagent_id = 7\n")
    done = run(*arguments)
    assert done.exit_code == 1
    assert f"{two}, line 3: agents.travel.agent_id is 7" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("ask", "Hello", "--agent", "nosuch"), 1),
        (("ask", "Hello", "--config", "/nosuch/config.toml"), 1),
        (("ask", "Hello", "--agent-id", "TRAVELDEMO", "--region", "us-east-1", "--profile", "nosuch"), 1),
        (("memory", "list", "--agent", "nosuch"), 1),
        (("sessions", "--agent", "nosuch"), 1),
        (("config", "show", "--config", "/nosuch/config.toml"), 1),
        (("config", "show", "--config", "/tmp"), 2),
        (("ask", "Hello", "--endpoint-url", "nosuch"), 2),
        (("ask", "Hello", "--region", "nosuch region"), 2),
        (("ask", "Hello", "--agent", "nosuch", "--agent-id", "TRAVELDEMO"), 2),
    ],
)
def test_a_name_that_there_is_not_fails_and_a_value_of_the_wrong_form_is_wrong_use(
    two: Path, arguments: tuple[str, ...], status: int
) -> None:
    done = CliRunner().invoke(travel_tui, arguments)
    assert (done.exit_code, done.stdout) == (status, ""), done.output
    assert done.stderr.count("Error: ") == 1


def test_the_keys_are_those_that_the_config_sets(two: Path) -> None:
    before = {line.split()[0]: line.split(maxsplit=2)[1:] for line in run("keys").stdout.splitlines()}
    two.write_text(f'{two.read_text()}\n[keys]\nsession.end = "ctrl+y"\nsession.begin = "f7"\n')
    shown = run("keys")
    after = {line.split()[0]: line.split(maxsplit=2)[1:] for line in shown.stdout.splitlines()}
    default, words = before["session.end"]
    assert after == {**before, "session.end": ["ctrl+y", f"{words} (default: {default})"]}
    assert "Unknown key name session.begin" in shown.stderr
